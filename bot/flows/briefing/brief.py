"""Make a briefing: from stories to the document one channel gets, against what that channel was sent.

gathered ──extracts──▶ drafts ──delta──▶ changed | new | unchanged ──model──▶ worded ──assemble──▶ briefing, record
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.blocking import run_blocking
from bot.briefings.assemble import assemble, briefing_id, told_once
from bot.briefings.delta import against_told, due_on, headline_of, status_changed
from bot.briefings.extractive import write_story
from bot.briefings.from_ledger import ChannelMemory, sentences_of
from bot.config import BriefingSettings
from bot.faults import Fault, Faults
from bot.flows.briefing.gather import BriefingInput, StoryContext, gather, story_context
from bot.flows.briefing.rank_stories import in_order, rank_contexts
from bot.flows.briefing.sent import cited_revisions, resolved_announcements, sent_after
from bot.flows.briefing.write import (
    StoryDraft,
    Written,
    counts,
    extracts,
    write_stories,
)
from bot.flows.notify import notifier, notify_of_omitted_stories
from bot.flows.updates.read import Keep, ReadBatch, UpdateReader, load_update_prompts, random_fence
from bot.kinds import Kind, shipped_kinds
from bot.language.names import same_name
from bot.language.position_change import changed_position
from bot.model.briefing import Briefing, Coverage, SentStory, StoryBrief, Unchanged, Writer
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.record import Record
from bot.model.scope import Scope
from bot.model.story import Actor, Story
from bot.model.time_limits import DEFAULT_LIMITS, TimeLimits
from bot.model.update import StoryUpdate
from bot.ports import LanguageModel
from bot.store import Store
from bot.stories.cluster import Clusterer
from bot.stories.features import features_of
from bot.stories.profiles import Corpus
from bot.stories.rank import RankedCandidate

WRITING_STORY = "writing a story of a briefing"
MAX_READ_PER_STORY = 2  # stories read for one that is told
LOW_BUDGET_SHARE = 0.8  # share of the budget from which fewer stories are worded by a model


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSession:
    """The model that words stories, and how much of its budget is used: from 0 to 1."""

    model: LanguageModel
    used: float = 0.0
    workspace: str = ""
    second_look: bool = False
    limits: TimeLimits = DEFAULT_LIMITS
    deadline: float = math.inf  # seconds left for all stories together, at most ``limits.briefing``
    kinds: Mapping[str, Kind] = field(default_factory=shipped_kinds)
    fence: Callable[[str], str] = random_fence  # gives the code word around outside text

    async def reader(self) -> UpdateReader:
        """Return what reads stories with the model."""
        prompts = await run_blocking(load_update_prompts, self.kinds)
        return UpdateReader(
            model=self.model,
            prompts=prompts,
            kinds=self.kinds,
            workspace=self.workspace,
            fence=self.fence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingResult:
    """A briefing, how it came about, and what its channel knows after it."""

    briefing: Briefing
    record: Record
    sent: tuple[SentStory, ...]
    asked: str = ""  # the same for all channels that share it
    faults: tuple[Fault, ...] = ()  # what left stories out


async def brief_channel(
    *,
    store: Store,
    channel: str,
    scope: Scope,
    settings: BriefingSettings,
    now: datetime,
    session: ModelSession | None = None,
    slot: str = "",
) -> Briefing:
    """Return, keep and remember the briefing of ``channel`` at ``now``.

    The channel's earlier briefings decide what is new to it; its first one looks back ``window_hours``.
    """
    sent = await store.briefings.sent_stories(channel)
    before = await store.briefings.last_made(channel)
    since = before or now - timedelta(hours=settings.window_hours)
    gathered = await gather(
        store=store,
        sent=sent,
        since=since,
        at=now,
        settings=settings,
        by=scope,
        horizon=None if before else since,
    )
    made = await make_briefing(gathered, store=store, channel=channel, settings=settings, session=session)
    notify = notifier(store=store, now=lambda: now)
    await notify_of_omitted_stories(made.faults, notify=notify, version=store.database.version)
    await store.briefings.save(
        made.briefing,
        destination=channel,
        scope=scope,
        slot=slot or now.isoformat(),
        sent=made.sent,
        record=made.record,
    )
    return made.briefing


async def make_briefing(
    gathered: BriefingInput,
    *,
    store: Store,
    channel: str,
    settings: BriefingSettings,
    session: ModelSession | None = None,
    keep: bool = True,
) -> BriefingResult:
    """Return the briefing of what was ``gathered``; of it, with ``keep``, only what a model read is kept."""
    sent, followed = gathered.sent, gathered.followed

    # Reading a story takes tens of milliseconds: in a thread, those who talk to the bot do not wait for it.
    async def read(context: StoryContext) -> StoryBrief:
        return await run_blocking(
            _write,
            context,
            sent.get(context.story.id),
            today=gathered.today,
            background=gathered.background(context),
        )

    # One that cannot be written is left out: it keeps no other from its channel.
    faults = Faults()
    found = await faults.each(gathered.moved, read, doing=WRITING_STORY, at_once=1)
    briefs = [brief for brief in found if isinstance(brief, StoryBrief)]
    if session is None:
        told = _quoted(gathered, briefs, settings=settings)
    else:
        told = await _read(gathered, briefs, settings=settings, session=session, store=store, keep=keep)
    contexts = [_as_told(context, told.written) for context in gathered.contexts]
    then = {d.story.id: d.actors_then for d in gathered.moved}
    written = told.written
    stories = told_once(_flagged(w.brief, then[w.brief.story_id]) for w in written if w.brief)
    rest = [
        await faults.guard(
            run_blocking(_silent, followed[d.story.id], d, today=gathered.today), doing=WRITING_STORY
        )
        for d in gathered.still
    ]
    silent = [one for one in rest if isinstance(one, Unchanged)]
    headlines = {t.story_id: t.headline for t in followed.values()} | {
        b.story_id: b.headline.text for b in (*briefs, *stories)
    }
    # Lists go by the stories above them, then by name: the same news, the same order.
    places = {brief.story_id: place for place, brief in enumerate(stories)}
    listed = sorted(
        contexts,
        key=lambda d: (places.get(d.story.id, len(places)), headlines.get(d.story.id, ""), d.story.id),
    )
    watch = due_on(gathered.today, {d.story.id: d.ledger.expectations for d in listed}, headlines)
    settled = resolved_announcements(listed, followed, headlines)
    unchanged = tuple(sorted((*told.unchanged, *silent), key=lambda one: one.headline.text))
    briefing = assemble(
        stories,
        title=settings.title,
        channel=channel,
        made_at=gathered.at,
        coverage=gathered.coverage,
        articles=await cited_revisions(
            store, contexts, stories, watch=watch, settled=settled, unchanged=unchanged
        ),
        watch=tuple(watch),
        settled=tuple(settled),
        unchanged=unchanged,
        degraded=_degraded(written),
        checks=counts(written),
    )
    briefing = replace(briefing, language=settings.language)
    record = Record(
        briefing_id=briefing.id,
        made_at=gathered.at,
        since=gathered.since,
        horizon=gathered.horizon,
        by=gathered.by,
        told=tuple(sent.values()),
        choices=gathered.choices,
        writings=tuple(w.writing for w in written),
        settings=json.dumps(settings.model_dump(mode="json"), sort_keys=True),
    )
    memory = sent_after(
        stories, contexts, sent=sent, settled=settled, watch=watch, now=gathered.at, by=gathered.by
    )
    return BriefingResult(
        briefing=briefing, record=record, sent=tuple(memory), faults=(*gathered.faults, *faults.all)
    )


def result_for(channel: str, made: BriefingResult) -> BriefingResult:
    """Return what was ``made`` for a channel that asked the same as ``channel``'s own."""
    briefing = replace(made.briefing, id=briefing_id(channel, made.briefing.title, made.briefing.made_at))
    return replace(made, briefing=briefing, record=replace(made.record, briefing_id=briefing.id))


async def brief_articles(
    articles: Sequence[Article],
    *,
    settings: BriefingSettings,
    now: datetime,
    session: ModelSession | None = None,
) -> Briefing:
    """Return the briefing of given ``articles``, clustered into stories; nothing is kept."""
    clusterer = Clusterer(Corpus())
    members: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda a: a.place_in_time):
        members.setdefault(clusterer.assign(features_of(article)).story_id, []).append(article)
    newest = max(article.published_at for article in articles)
    today = newest.astimezone(ZoneInfo(settings.timezone)).date()
    contexts = [
        await run_blocking(story_context, _story(story_id, found), found, today=today)
        for story_id, found in members.items()
    ]
    briefs = tuple([await run_blocking(_write, context, None, today=today) for context in contexts])
    order = rank_contexts(
        contexts, briefs, since=newest - timedelta(days=3650), settings=settings, now=newest
    )
    drafts = [
        StoryDraft(brief=brief, articles=tuple(members[brief.story_id])) for brief in in_order(briefs, order)
    ]
    if session is None:
        written = [extracts(draft) for draft in drafts]
    else:
        written = await _told(drafts, session=session, at=now, timezone=settings.timezone)
    briefing = assemble(
        told_once(w.brief or w.draft.brief for w in written),
        title="Briefing",
        channel=derive_id("given", *(a.id for a in articles)),
        made_at=now,
        coverage=Coverage(
            articles=len(articles), stories=len(contexts), until=now, timezone=settings.timezone
        ),
        articles={(a.id, a.revision): a for a in articles},
        degraded=_degraded(written),
        checks=counts(written),
    )
    return replace(briefing, language=settings.language)


def _write(
    context: StoryContext, sent: SentStory | None, *, today: date, background: Collection[str] = ()
) -> StoryBrief:
    moved = sent is not None and status_changed(context.ledger.status, sent.status)
    return write_story(
        context.articles,
        context.ledger,
        context.corroboration,
        told=sent.statements if sent else (),
        old=[a for a in context.articles if a.id in background or (sent and a.fetched_at <= sent.told_at)],
        # A name from before the turn would contradict what is sent now.
        known_headline=headline_of(sent) if sent and not moved else None,
        today=today,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The stories of a briefing, and those a channel knows of which there is nothing new."""

    written: tuple[Written, ...]
    unchanged: tuple[Unchanged, ...]


def _quoted(gathered: BriefingInput, briefs: Sequence[StoryBrief], *, settings: BriefingSettings) -> _Told:
    """Return the stories as quoted from the articles, against what the channel was sent."""
    delta = against_told(briefs, gathered.followed)
    order = _ranked(gathered, delta.stories, settings=settings)
    chosen = in_order(delta.stories, order)[: settings.stories]
    return _Told(
        written=tuple(extracts(draft) for draft in _drafts(gathered, chosen)), unchanged=delta.unchanged
    )


async def _read(
    gathered: BriefingInput,
    briefs: Sequence[StoryBrief],
    *,
    settings: BriefingSettings,
    session: ModelSession,
    store: Store,
    keep: bool,
) -> _Told:
    """Return the stories as a model read them: the first of the ranking that have anything to tell.

    At most twice as many are read as are told. One that the model fails on is quoted from its articles.
    """
    quoted = {one.story_id: one for one in against_told(briefs, gathered.followed).stories}
    place = {r.story_id: i for i, r in enumerate(_ranked(gathered, briefs, settings=settings))}
    waiting = sorted(briefs, key=lambda brief: place[brief.story_id])[: MAX_READ_PER_STORY * settings.stories]
    told: list[Written] = []
    nothing_new: list[Written] = []
    started = asyncio.get_running_loop().time()
    while waiting and len(told) < settings.stories:
        some, waiting = waiting[: settings.stories - len(told)], waiting[settings.stories - len(told) :]
        left = min(session.deadline, session.limits.briefing) - (asyncio.get_running_loop().time() - started)
        for written in await _told(
            _drafts(gathered, some),
            session=replace(session, deadline=max(0.0, left)),
            at=gathered.at,
            timezone=settings.timezone,
            keep=partial(_keep, store) if keep else None,
        ):
            brief = written.brief
            if brief is not None and written.ledger is None:  # against what the channel was sent
                brief = quoted.get(brief.story_id)
            (told if brief else nothing_new).append(replace(written, brief=brief))
    known = gathered.followed
    unchanged = [
        Unchanged(
            story_id=w.draft.brief.story_id,
            headline=headline_of(sent) or w.draft.brief.headline,
            status=sent.status,
        )
        for w in nothing_new
        if (sent := known.get(w.draft.brief.story_id))
    ]
    return _Told(written=tuple(told), unchanged=tuple(unchanged))


async def _keep(store: Store, batch: ReadBatch) -> StoryUpdate | None:
    assert batch.update  # noqa: S101 - only what was read is kept
    return await store.updates.keep(batch.update, read=batch.read, exchanges=batch.exchanges)


def _ranked(
    gathered: BriefingInput, briefs: Sequence[StoryBrief], *, settings: BriefingSettings
) -> tuple[RankedCandidate, ...]:
    return rank_contexts(
        gathered.moved,
        briefs,
        since=gathered.since,
        settings=settings,
        now=gathered.at,
        chosen=gathered.chosen,
        fresh=gathered.fresh,
    )


def _drafts(gathered: BriefingInput, briefs: Sequence[StoryBrief]) -> list[StoryDraft]:
    contexts = {context.story.id: context for context in gathered.moved}
    facts = frozenset(fact for sent in gathered.sent.values() for fact in sent.facts)
    sentences = sentences_of([c for sent in gathered.sent.values() for c in sent.sentences])
    return [
        StoryDraft(
            brief=brief,
            articles=context.articles,
            updates=context.updates,
            memory=ChannelMemory(
                story=gathered.followed.get(brief.story_id),
                facts=facts,
                sentences=sentences,
                background=gathered.background(context),
            ),
            scope=gathered.by,
        )
        for brief in briefs
        for context in [contexts[brief.story_id]]
    ]


def _as_told(context: StoryContext, written: Sequence[Written]) -> StoryContext:
    """Return ``context`` with the ledger as a model has just read it."""
    ledger = next((w.ledger for w in written if w.draft.brief.story_id == context.story.id), None)
    return replace(context, ledger=ledger) if ledger else context


async def _told(
    drafts: Sequence[StoryDraft],
    *,
    session: ModelSession,
    at: datetime,
    timezone: str,
    keep: Keep | None = None,
) -> list[Written]:
    """Return ``drafts`` as the model of ``session`` reads them; near its ceiling only the first half of them."""
    most = (len(drafts) + 1) // 2 if session.used >= LOW_BUDGET_SHARE else None
    return await write_stories(
        drafts,
        reader=await session.reader(),
        at=at,
        timezone=timezone,
        most=most,
        deadline=min(session.deadline, session.limits.briefing),
        keep=keep,
    )


def _degraded(written: Sequence[Written]) -> tuple[str, ...]:
    """Return why a model did not word what it was meant to: each reason once, with its number of stories."""
    reasons = [w.writing.why_extracts for w in written if w.writing.why_extracts]
    return tuple(f"{reasons.count(reason)} of {len(written)}: {reason}" for reason in dict.fromkeys(reasons))


def _flagged(brief: StoryBrief, then: Sequence[Actor]) -> StoryBrief:
    """Return ``brief``, quoted from articles, with the earlier position of each actor who now says something else."""
    if brief.writer is Writer.MODEL:
        return brief
    before = {actor.name: actor.position for actor in then if actor.position}

    def flag(actor: Actor) -> Actor:
        earlier = next((p for name, p in before.items() if same_name(name, actor.name)), "")
        changed = earlier and changed_position(actor.position, earlier, who=f"{actor.name} {actor.role}")
        return replace(actor, previous_position=earlier) if changed else actor

    return replace(brief, actors=tuple(flag(actor) for actor in brief.actors))


def _silent(sent: SentStory, context: StoryContext, *, today: date) -> Unchanged:
    status = sent.status or context.ledger.status
    headline = headline_of(sent) or _write(context, None, today=today).headline
    return Unchanged(story_id=sent.story_id, headline=headline, status=status)


def _story(story_id: str, articles: Sequence[Article]) -> Story:
    return Story(
        id=story_id,
        title=articles[0].title,
        article_ids=tuple(a.id for a in articles),
        first_at=min(a.published_at for a in articles),
        last_at=max(a.published_at for a in articles),
    )
