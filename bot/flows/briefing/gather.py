"""Gather the input of a briefing, as it was known at one moment.

archive ──as of then──▶ articles ─ ledgers ─▶ contexts          sent, since: what the channel knew before
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.blocking import run_blocking
from bot.briefings.known import says_otherwise
from bot.faults import Fault, Faults
from bot.flows.briefing.context import StoryContext, read_by_rules, story_context
from bot.flows.briefing.coverage import coverage_of
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.revisions import older_revisions
from bot.flows.rules.reader import MAX_CONCURRENT_READINGS, RulesReader
from bot.model.briefing import Coverage, SentStory
from bot.model.conversation.reader import StoryChoice, Want
from bot.model.news import Article, Citation
from bot.model.scope import Scope, readable
from bot.model.story import Status, Story
from bot.store import Store

MIN_BACKGROUND_AGE = timedelta(hours=48)  # age at arrival from which an article is background
# Time after which a story that a channel was sent no longer counts as followed.
FOLLOWED_STORY_TIME = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingInput:
    """What is known at ``at``, and what one channel was sent of it."""

    at: datetime
    today: date
    since: datetime
    horizon: datetime  # what was published before is no news, whenever it came
    sent: Mapping[str, SentStory]
    fresh: tuple[str, ...]  # articles that came after ``since`` and are news
    moved: tuple[StoryContext, ...]  # stories with a fresh article
    still: tuple[StoryContext, ...]  # followed stories without one
    coverage: Coverage
    by: Scope  # who may read all of it
    choices: tuple[StoryChoice, ...] = ()  # what the channel follows and mutes
    waiting: tuple[str, ...] = ()  # stories that its earlier briefings had named and not told
    interests: tuple[str, ...] = ()  # what its subscription asks for
    faults: tuple[Fault, ...] = ()  # what left stories out

    @property
    def followed(self) -> dict[str, SentStory]:
        """The stories that the channel was sent lately, chose to follow, or expects an announced event of about now."""
        return followed(self.sent, self.choices, at=self.at)

    def background(self, context: StoryContext) -> frozenset[str]:
        """Return the articles of ``context`` that were old when they arrived: they are no news."""
        return _background(context.articles, horizon=self.horizon, fresh=self.fresh)

    @property
    def chosen(self) -> frozenset[str]:
        """The stories the channel chose to follow."""
        return _chosen(self.choices)

    @property
    def contexts(self) -> tuple[StoryContext, ...]:
        """All of them."""
        return (*self.moved, *self.still)


async def gather(
    request: BriefingRequest, *, store: Store, rules: RulesReader | None = None
) -> BriefingInput:
    """Return the input known at the time of ``request``.

    A story has only the articles that the subscription's filter accepts; stories of other topics are left out. A pasted link
    is no news, because the channel got an answer to it. By the channel's choices, a muted story is left out until its status
    changes, and a followed one is kept. For the stories that wait, which did not fit into the briefing before, what arrived by
    then and was not sent is still news.

    For a story that no model has read only sentences are loaded here, unless the channel was sent its status: reading it
    by ``rules`` takes a tenth of a second.
    """
    # A draft that editors see in another place must not repeat what the channel was sent of its own.
    sent = {key: value for key, value in request.sent.items() if readable(value.by, by=request.by)}
    request = replace(request, sent=sent, horizon=request.news_since)
    at, since, horizon, by = request.at, request.since, request.news_since, request.by
    choices, waiting = request.choices, request.waiting
    fresh = await store.articles.came_between(
        since, at, by=by, published_since=horizon, edited=FOLLOWED_STORY_TIME
    )
    story_of = await store.stories.of_articles(fresh)
    followed_ids = followed(sent, choices, at=at)
    ids = sorted({*story_of.values(), *followed_ids, *waiting})
    faults = Faults()
    muted = {choice.story_id: choice for choice in choices if choice.want is Want.MUTE}
    opened = await _open(
        ids,
        request,
        store=store,
        fresh=frozenset(fresh),
        guessed=frozenset({*muted, *_stood(sent)}),
        rules=rules or RulesReader(store=store),
        faults=faults,
    )
    contexts = [d for d in opened if not _silenced(d.ledger.status, muted.get(d.story.id))]
    seen = {a.id for d in contexts for a in d.articles}
    fresh = [article_id for article_id in fresh if article_id in seen]
    carried = {
        d.story.id: late
        for d in contexts
        if d.story.id in waiting
        and (late := _not_sent(d, sent.get(d.story.id), since=since, horizon=horizon, at=at))
    }
    moving = {*(story_of[article_id] for article_id in fresh), *carried}
    came = len(fresh)
    fresh += [article_id for late in carried.values() for article_id in late if article_id not in fresh]
    # A story with only a pasted link does not belong to the channel's briefings.
    contexts = [d for d in contexts if d.story.id in moving or d.story.id in followed_ids]
    return BriefingInput(
        at=at,
        today=request.today,
        since=since,
        horizon=horizon,
        sent=await _still_there(sent, contexts, store=store),
        by=by,
        choices=choices,
        waiting=waiting,
        interests=tuple(request.settings.interests),
        faults=faults.all,
        fresh=tuple(fresh),
        moved=tuple(d for d in contexts if d.story.id in moving),
        still=tuple(d for d in contexts if d.story.id not in moving),
        coverage=await coverage_of(request, store=store, articles=came, stories=len(contexts)),
    )


def _background(articles: Iterable[Article], *, horizon: datetime, fresh: Collection[str]) -> frozenset[str]:
    """Return the ``articles`` (ids) that were old when they came."""
    old = (a for a in articles if a.published_at < horizon)
    return frozenset(
        a.id for a in old if a.fetched_at - a.published_at > MIN_BACKGROUND_AGE and a.id not in fresh
    )


def _stood(sent: Mapping[str, SentStory]) -> frozenset[str]:
    """Return the stories of which a channel knows where they stood, or what was announced."""
    return frozenset(key for key, value in sent.items() if value.status or value.expectations)


def _not_sent(
    context: StoryContext, sent: SentStory | None, *, since: datetime, horizon: datetime, at: datetime
) -> tuple[str, ...]:
    """Return the articles (ids) of ``context`` that came before ``since`` and that the channel had no chance to be sent.

    They wait as long as the time that the briefing looks back, so that a story waits for one briefing, not for ever.
    """
    waits = max(at - since, since - horizon)
    sent_at = sent.sent_at if sent else since - waits
    begun = max(sent_at, since - waits)
    return tuple(
        a.id for a in context.articles if begun < a.fetched_at <= since and a.published_at >= horizon - waits
    )


def followed(
    sent: Mapping[str, SentStory], choices: Collection[StoryChoice], *, at: datetime
) -> dict[str, SentStory]:
    """Return what a channel was sent of the stories that it was sent lately, chose to follow, or expects an event of about now."""
    chosen = _chosen(choices)
    return {
        key: value
        for key, value in sent.items()
        if value.sent_at >= at - FOLLOWED_STORY_TIME or key in chosen or _is_due(value, at)
    }


def _is_due(sent: SentStory, at: datetime) -> bool:
    """Tell whether something was announced to the channel for a day about ``at``, in whatever zone."""
    today = at.date()
    return any(one.due and abs(one.due - today) <= timedelta(days=1) for one in sent.expectations)


def _chosen(choices: Collection[StoryChoice]) -> frozenset[str]:
    return frozenset(choice.story_id for choice in choices if choice.want is Want.FOLLOW)


def _silenced(status: Status | None, muted: StoryChoice | None) -> bool:
    """Return whether a ``muted`` story has the same status as then."""
    if muted is None:
        return False
    return not (says_otherwise(status, muted.status) or (status is not None and muted.status is None))


async def _open(
    ids: Sequence[str],
    request: BriefingRequest,
    *,
    store: Store,
    fresh: Collection[str],
    guessed: Collection[str],
    rules: RulesReader,
    faults: Faults,
) -> list[StoryContext]:
    stories = await store.stories.get(ids, by=request.by)
    updates = await store.updates.of(ids, by=request.by)
    reads, sent = request.subscription_filter, request.sent

    async def one(story: Story) -> StoryContext | None:
        articles = [a for a in await store.articles.as_of(story.article_ids, request.at) if reads.reads(a)]
        if not articles or not reads.about(articles):
            return None
        published = [a.published_at for a in articles]
        then_known = replace(story, first_at=min(published), last_at=max(published))
        read = [update for update in updates[story.id] if update.made_at <= request.at]
        sent_at = sent[story.id].sent_at if story.id in sent else None
        older = await older_revisions(articles, read, sent_at=sent_at, store=store)
        context = await run_blocking(story_context, then_known, articles, updates=read, older=older)
        if story.id in guessed and not read:
            background = _background(articles, horizon=request.news_since, fresh=fresh)
            return await read_by_rules(
                context, sent_at=sent_at, background=background, today=request.today, rules=rules
            )
        return context

    # A story that cannot be read is left out and does not stop the others.
    opened = await faults.each(
        stories, one, doing="reading a story for a briefing", at_once=MAX_CONCURRENT_READINGS
    )
    return [context for context in opened if isinstance(context, StoryContext)]


async def _still_there(
    sent: Mapping[str, SentStory], contexts: Sequence[StoryContext], *, store: Store
) -> dict[str, SentStory]:
    """Return what a channel was sent, without what rests on articles that were removed since."""
    ours = {d.story.id: sent[d.story.id] for d in contexts if d.story.id in sent}
    at_hand = {(a.id, a.revision) for d in contexts for a in d.articles}
    cited = {(c.article_id, c.revision) for value in ours.values() for c in _rests_on(value)}
    older = await store.articles.revisions(sorted({article_id for article_id, _ in cited - at_hand}))
    kept = at_hand | {(a.id, a.revision) for a in older}

    def stands(*citations: Citation) -> bool:
        return all((c.article_id, c.revision) in kept for c in citations)

    checked = {
        key: replace(
            value,
            status=value.status if value.status and stands(value.status.citation) else None,
            headline_citations=value.headline_citations if stands(*value.headline_citations) else (),
            expectations=tuple(e for e in value.expectations if stands(e.citation)),
        )
        for key, value in ours.items()
    }
    return {**sent, **checked}


def _rests_on(sent: SentStory) -> tuple[Citation, ...]:
    status = (sent.status.citation,) if sent.status else ()
    return (*status, *sent.headline_citations, *(e.citation for e in sent.expectations))
