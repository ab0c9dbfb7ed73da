"""Brief: from stories to the document one channel gets, against what that channel was told.

stories ──ledger──▶ dossiers ──write──▶ briefs ──delta──▶ changed | new | unchanged ──assemble──▶ briefing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefings.assemble import assemble, citations_of, statements_of
from bot.briefings.delta import against_told, due_on
from bot.briefings.extractive import write_story
from bot.config import Briefings
from bot.model.briefing import Briefing, Coverage, FeedFailure, StoryBrief, Told, Unchanged, Watch
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.story import Corroboration, Expectation, Ledger, Outcome, Story
from bot.store import Store
from bot.stories.cluster import Clusterer, Corpus
from bot.stories.features import features_of
from bot.stories.ledger import corroborate, read_ledger
from bot.stories.rank import Candidate, Ranked, rank

REMEMBER = timedelta(days=14)  # a story a channel heard of within this time counts as followed


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story with its place among the others, explained."""

    story: Story
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All a writer gets about a story."""

    story: Story
    articles: tuple[Article, ...]
    ledger: Ledger
    corroboration: Corroboration


async def brief_channel(
    *, store: Store, channel: str, scope: Scope, settings: Briefings, now: datetime, slot: str = ""
) -> Briefing:
    """Return, keep and remember the briefing of ``channel`` at ``now``.

    The channel's earlier briefings decide what is new to it; its first one looks back ``window_hours``.
    """
    told = await store.briefings.told(channel)
    since = await store.briefings.last_made(channel) or now - timedelta(hours=settings.window_hours)
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    fresh = await store.articles.fetched_between(since, now)
    followed = {key: value for key, value in told.items() if value.told_at >= now - REMEMBER}
    placed = await store.stories.of_articles(fresh)
    dossiers = await _open(sorted({*placed.values(), *followed}), store=store, today=today)
    moved = [d for d in dossiers if d.story.id in set(placed.values())]
    briefs = [_write(d, told.get(d.story.id), today=today) for d in moved]
    delta = against_told(briefs, followed)
    order = _ranked(moved, delta.stories, since=since, settings=settings, now=now)
    stories = _in_order(delta.stories, order)[: settings.stories]
    silent = tuple(_silent(followed[d.story.id], d, today=today) for d in dossiers if d not in moved)
    headlines = {t.story_id: t.headline for t in followed.values()} | {
        b.story_id: b.headline.text for b in briefs
    }
    watch = due_on(today, {d.story.id: d.ledger.expectations for d in dossiers}, headlines)
    settled = _settled(dossiers, followed, headlines)
    unchanged = (*delta.unchanged, *silent)
    briefing = assemble(
        stories,
        title=settings.title,
        channel=channel,
        made_at=now,
        coverage=await _coverage(
            store, since=since, now=now, zone=settings.timezone, articles=len(fresh), stories=len(dossiers)
        ),
        articles=await _cited(store, dossiers, stories, watch=watch, settled=settled, unchanged=unchanged),
        watch=tuple(watch),
        settled=tuple(settled),
        unchanged=unchanged,
    )
    memory = _remember(stories, dossiers, told=told, settled=settled, watch=watch, now=now)
    await store.briefings.save(
        briefing, destination=channel, scope=scope, slot=slot or now.isoformat(), told=memory
    )
    return briefing


def brief_articles(articles: Sequence[Article], *, settings: Briefings, now: datetime) -> Briefing:
    """Return the briefing of given ``articles``, clustered into stories; nothing is kept."""
    clusterer = Clusterer(Corpus())
    members: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda a: (a.published_at, a.id)):
        members.setdefault(clusterer.assign(features_of(article)).story_id, []).append(article)
    newest = max(article.published_at for article in articles)
    today = newest.astimezone(ZoneInfo(settings.timezone)).date()
    dossiers = [
        open_dossier(_story(story_id, found), found, today=today) for story_id, found in members.items()
    ]
    briefs = tuple(_write(dossier, None, today=today) for dossier in dossiers)
    order = _ranked(dossiers, briefs, since=newest - timedelta(days=3650), settings=settings, now=newest)
    return assemble(
        _in_order(briefs, order),
        title="Briefing",
        channel=derive_id("given", *(a.id for a in articles)),
        made_at=now,
        coverage=Coverage(
            articles=len(articles), stories=len(dossiers), until=now, timezone=settings.timezone
        ),
        articles={(a.id, a.revision): a for a in articles},
    )


async def ranked_stories(
    *, store: Store, since: datetime, now: datetime, limit: int, interests: Sequence[str]
) -> list[RankedStory]:
    """Return the stories with an article after ``since``, most important first, each with its reasons."""
    stories = {story.id: story for story in await store.stories.recent(since)}
    candidates = []
    for story in stories.values():
        articles = await store.articles.many(story.article_ids)
        candidates.append(_candidate(story, articles, since=since, text=story.title))
    placed = []
    for ranked in rank(candidates, now=now, interests=interests)[:limit]:
        joined = await store.stories.why(ranked.story_id)
        reasons = [f"{p.article_id}: {'; '.join(p.why)}" for p in joined]
        placed.append(
            RankedStory(story=stories[ranked.story_id], score=ranked.score, why=(*ranked.why, *reasons))
        )
    return placed


def open_dossier(story: Story, articles: Sequence[Article], *, today: date) -> Dossier:
    """Return the dossier of ``story`` as its ``articles`` tell it on ``today``."""
    ledger = read_ledger(story.id, articles, today=today)
    return Dossier(
        story=story, articles=tuple(articles), ledger=ledger, corroboration=corroborate(articles, ledger)
    )


async def _open(ids: Sequence[str], *, store: Store, today: date) -> list[Dossier]:
    return [
        open_dossier(story, await store.articles.many(story.article_ids), today=today)
        for story in await store.stories.get(ids)
        if story.article_ids
    ]


def _write(dossier: Dossier, told: Told | None, *, today: date) -> StoryBrief:
    return write_story(
        dossier.articles,
        dossier.ledger,
        dossier.corroboration,
        told=told.statements if told else (),
        old=[a for a in dossier.articles if told and a.fetched_at <= told.told_at],
        known_headline=told.headline if told else "",
        today=today,
    )


def _ranked(
    dossiers: Sequence[Dossier],
    briefs: Sequence[StoryBrief],
    *,
    since: datetime,
    settings: Briefings,
    now: datetime,
) -> tuple[Ranked, ...]:
    text = {b.story_id: b.headline.text for b in briefs}
    candidates = [
        _candidate(d.story, d.articles, since=since, text=f"{d.story.title} {text[d.story.id]}")
        for d in dossiers
        if d.story.id in text
    ]
    return rank(candidates, now=now, interests=settings.interests)


def _candidate(story: Story, articles: Sequence[Article], *, since: datetime, text: str) -> Candidate:
    new = [a for a in articles if a.fetched_at > since]
    return Candidate(
        story_id=story.id,
        originators=len({a.text_group or a.id for a in articles}),
        new_articles=len(new),
        first_at=story.first_at,
        last_at=story.last_at,
        novelty=len(new) / len(articles) if articles else 0.0,
        text=text,
    )


def _in_order(briefs: Iterable[StoryBrief], order: Sequence[Ranked]) -> tuple[StoryBrief, ...]:
    """Return ``briefs`` as ranked, changed ones before new ones, each with the reasons for its place."""
    place = {ranked.story_id: i for i, ranked in enumerate(order)}
    # How many sources there are is said anyway, beside their names.
    reasons = {r.story_id: [why for why in r.why if "independent source" not in why] for r in order}
    ordered = sorted(briefs, key=lambda b: (b.section.value, place[b.story_id]))
    return tuple(replace(b, why=b.why or reasons[b.story_id][0].split(" (+")[0]) for b in ordered)


def _silent(told: Told, dossier: Dossier, *, today: date) -> Unchanged:
    status = told.status or dossier.ledger.status
    headline = _write(dossier, told, today=today).headline
    return Unchanged(story_id=told.story_id, headline=replace(headline, text=told.headline), status=status)


def _settled(
    dossiers: Sequence[Dossier], followed: Mapping[str, Told], headlines: Mapping[str, str]
) -> list[Watch]:
    """Return what the channel was told to expect and has since been settled."""
    found = []
    for dossier in dossiers:
        told = followed.get(dossier.story.id)
        expected = {(e.what, e.due) for e in told.expectations} if told else set()
        for expectation in dossier.ledger.expectations:
            if expectation.outcome is not Outcome.OPEN and (expectation.what, expectation.due) in expected:
                story_id = dossier.story.id
                found.append(Watch(story_id=story_id, headline=headlines[story_id], expectation=expectation))
    return found


async def _cited(
    store: Store,
    dossiers: Sequence[Dossier],
    stories: Sequence[StoryBrief],
    *,
    watch: Sequence[Watch],
    settled: Sequence[Watch],
    unchanged: Sequence[Unchanged],
) -> dict[tuple[str, int], Article]:
    """Return every cited revision: those at hand, and older ones that an earlier status rests on."""
    articles = {(a.id, a.revision): a for d in dossiers for a in d.articles}
    for citation in citations_of(stories, watch=watch, settled=settled, unchanged=unchanged):
        key = (citation.article_id, citation.revision)
        if key not in articles:
            older = await store.articles.revision(*key)
            if older:
                articles[key] = older
    return articles


async def _coverage(
    store: Store, *, since: datetime, now: datetime, zone: str, articles: int, stories: int
) -> Coverage:
    """Return what was read since ``since``; a feed counts as failed when its last poll in that time failed."""
    runs = await store.feeds.runs(since, now)
    health = await store.feeds.health()
    polled = [
        (feed, health[feed.id])
        for feed in await store.feeds.all()
        if feed.id in health and (health[feed.id].last_polled or since) > since
    ]
    failed = tuple(FeedFailure(feed=f.title or f.url, reason=h.reason) for f, h in polled if h.failures)
    return Coverage(
        feeds_due=len(polled) if runs else 0,
        feeds_read=len(polled) - len(failed) if runs else 0,
        failures=failed,
        articles=articles,
        stories=stories,
        since=since,
        until=now,
        timezone=zone,
    )


def _remember(
    stories: Sequence[StoryBrief],
    dossiers: Sequence[Dossier],
    *,
    told: Mapping[str, Told],
    settled: Sequence[Watch],
    watch: Sequence[Watch],
    now: datetime,
) -> list[Told]:
    """Return what the channel knows after this briefing of each story told in it."""
    ledgers = {d.story.id: d.ledger for d in dossiers}
    done = {(w.expectation.what, w.expectation.due) for w in settled}
    memory = []
    for brief in stories:
        before = told.get(brief.story_id)
        statements = [*(before.statements if before else ()), *(s.text for s in statements_of(brief))]
        shown = {e.what for e in brief.next} | {w.expectation.what for w in watch}
        expected: Iterable[Expectation] = ledgers[brief.story_id].expectations
        memory.append(
            Told(
                story_id=brief.story_id,
                told_at=now,
                status=brief.status or (before.status if before else None),
                headline=brief.headline.text,
                statements=tuple(dict.fromkeys(statements)),
                expectations=tuple(
                    e
                    for e in expected
                    if e.outcome is Outcome.OPEN and e.what in shown and (e.what, e.due) not in done
                ),
            )
        )
    return memory


def _story(story_id: str, articles: Sequence[Article]) -> Story:
    return Story(
        id=story_id,
        title=articles[0].title,
        article_ids=tuple(a.id for a in articles),
        first_at=min(a.published_at for a in articles),
        last_at=max(a.published_at for a in articles),
    )
