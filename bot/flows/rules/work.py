"""The work of rules in a parser process: pure functions. Every worker loads what this module imports: no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from bot.model.ledger import StoryLedger
from bot.model.news import Article, Sentence
from bot.model.story import Actor, Ledger
from bot.model.update import StoryUpdate
from bot.stories.announcements import read_on
from bot.stories.clustering.features import ArticleFeatures, features_of
from bot.stories.view import public_ledger
from bot.updates.by_rules.headline import headline_from
from bot.updates.by_rules.read import quote_by_rules, updates_by_rules

MAX_READ_ARTICLES = 60  # newest articles of a story that rules read: bounds the work of a year-long story
MAX_MOMENTS = 12  # times of arrival up to which each is a step of the timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesLedger:
    """What rules read of a story, and its ledger."""

    updates: tuple[StoryUpdate, ...]
    ledger: StoryLedger
    public: Ledger
    actors_then: tuple[Actor, ...] = ()  # by the earlier articles alone


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFrom:
    """What is known of a story from ``at`` on."""

    at: datetime
    ledger: StoryLedger
    public: Ledger


def warm() -> None:
    """Read what the first articles would have read: the rules for a title that reports, and for one that does not."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    sentence = Sentence(
        number=1, text="The talks in Geneva may go on for a second day, two officials said on Monday."
    )
    for title in ("Two officials meet in Geneva for talks", "What to know about the talks in Geneva"):
        named_features(
            [
                Article(
                    id=title,
                    title=title,
                    published_at=at,
                    fetched_at=at,
                    language="en",
                    sentences=(sentence,),
                )
            ]
        )


def named_features(articles: Sequence[Article]) -> list[ArticleFeatures]:
    """Return the features of each of ``articles``.

    It also tests that each gets a headline: a briefing does this for every story with news, in a thread that cannot be killed.
    """
    return [_named(article) for article in articles]


def _named(article: Article) -> ArticleFeatures:
    headline_from([article])
    return features_of(article)


def ledger_by_rules(
    articles: Sequence[Article], *, story_id: str, earlier: Collection[str], today: date, changed: bool
) -> RulesLedger:
    """Return what rules read in ``articles`` of a story, those of ``earlier`` (ids) first, and its ledger on ``today``.

    Where what ``changed`` since is told, with the actors as they stood by the earlier ones.
    """
    batches = [[a for a in articles if a.id in earlier], [a for a in articles if a.id not in earlier]]
    updates = updates_by_rules(story_id, batches)
    ledger, public = public_ledger(story_id, updates, articles)
    then: tuple[Actor, ...] = ()
    if changed and all(batches):
        then = public_ledger(story_id, updates[:1], batches[0])[1].actors
    return RulesLedger(updates=updates, ledger=ledger, public=read_on(public, today=today), actors_then=then)


def quote_from(
    articles: Sequence[Article], *, story_id: str, quoted: Collection[tuple[str, int]], most: int
) -> StoryUpdate:
    """Return at most ``most`` sentences of the articles to be ``quoted`` (ids, revisions) that the other ``articles`` do not have."""
    ours = [a for a in articles if (a.id, a.revision) in quoted]
    earlier = [a for a in articles if (a.id, a.revision) not in quoted]
    return quote_by_rules(story_id, ours, earlier=earlier, most=most)


def known_by_rules(
    revisions: Sequence[Article], *, story_id: str, since: datetime | None
) -> tuple[KnownFrom, ...]:
    """Return the ledger of a story by rules, from each moment on."""
    made = updates_by_rules(story_id, in_batches(revisions, cut=since), facts=False)
    return tuple(known_from(story_id, made, revisions))


def known_from(
    story_id: str, updates: Sequence[StoryUpdate], revisions: Sequence[Article]
) -> Iterator[KnownFrom]:
    """Yield the ledger from each moment on at which an update was made, or an article that one had read was edited."""
    read = {article_id for update in updates for article_id, _ in update.articles}
    edited = {a.fetched_at for a in revisions if a.revision > 1 and a.id in read}
    first = min((update.made_at for update in updates), default=None)
    moments = {update.made_at for update in updates} | {at for at in edited if first and at > first}
    for moment in sorted(moments):
        made = [update for update in updates if update.made_at <= moment]
        there = [a for a in revisions if a.fetched_at <= moment]
        ledger, public = public_ledger(story_id, made, there)
        yield KnownFrom(at=moment, ledger=ledger, public=public)


def in_batches(articles: Iterable[Article], *, cut: datetime | None = None) -> list[list[Article]]:
    """Return the newest of ``articles`` in batches, the oldest first: one for each moment, or for each day if there are many.

    The day of ``cut`` (aware) then gives two batches: the articles up to it, and the rest.
    """
    came = sorted(newest_of(articles), key=lambda a: (a.fetched_at, a.sort_key))
    moments = [list(batch) for _, batch in groupby(came, key=lambda a: a.fetched_at)]
    if len(moments) <= MAX_MOMENTS:
        return moments
    days = groupby(came, key=lambda a: (a.fetched_at.date(), cut is not None and a.fetched_at > cut))
    return [list(batch) for _, batch in days]


def in_two_batches(
    articles: Iterable[Article], moment: datetime | None, *, background: Collection[str] = ()
) -> tuple[list[Article], list[Article]]:
    """Return ``articles`` in two batches: those that arrived by ``moment`` or are ``background`` (ids), and the others."""
    newest = newest_of(articles)
    earlier = [a for a in newest if a.id in background or (moment and a.fetched_at <= moment)]
    return earlier, [a for a in newest if a not in earlier]


def newest_of(articles: Iterable[Article]) -> list[Article]:
    """Return the newest of ``articles``, which rules read, oldest first."""
    return sorted(articles, key=lambda a: a.sort_key)[-MAX_READ_ARTICLES:]
