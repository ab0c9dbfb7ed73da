"""Make a briefing: from stories to the document for one channel, compared with what that channel was sent.

input ──quoted, or read by a model, against what was sent──▶ told stories, lists ──assemble──▶ briefing, record
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.briefings.assemble import BelowStories, assemble, briefing_id, without_copies
from bot.briefings.introductions import introduced
from bot.briefings.known import due_on, readable_part
from bot.config import BriefingSettings
from bot.faults import Fault, Faults
from bot.flows.briefing.choosing.choose_stories import (
    ChosenStories,
    most_quoted,
    quoted_stories,
    ranked_by_name,
    read_stories,
)
from bot.flows.briefing.choosing.unchanged import has_unread_article, silent_stories
from bot.flows.briefing.context import StoryContext, read_by_rules
from bot.flows.briefing.gather import BriefingInput, gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.sent import cited_revisions, resolved_announcements, sent_after
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.write import WRITING_STORY, Written, counts, degraded
from bot.flows.notify import notifier, notify_of_omitted_stories
from bot.flows.rules.reader import MAX_CONCURRENT_READINGS, RulesReader
from bot.flows.updates.translations import with_translations
from bot.language.entities.names import same_name
from bot.language.position_change import changed_position
from bot.model.briefing import Briefing, SentStory, StoryBrief, Unchanged, Writer
from bot.model.news import Article
from bot.model.record import Record
from bot.model.scope import Scope
from bot.model.story import Actor
from bot.store import Store

Offer = Callable[[Briefing, Scope], Awaitable[Briefing]]
"""Returns a briefing with questions that its readers, who may read what a scope may, are offered."""


async def offer_nothing(briefing: Briefing, _by: Scope) -> Briefing:
    """Return ``briefing`` as it is."""
    return briefing


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingResult:
    """A briefing, the record of how it was made, and what its channel has been sent after it."""

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
    rules: RulesReader | None = None,
    offer: Offer = offer_nothing,
) -> Briefing:
    """Make and store the briefing of ``channel`` at ``now``, and what it was sent.

    The channel's earlier briefings decide what is new to it; its first one looks back ``window_hours``.
    """
    sent = await store.briefings.sent_stories(channel)
    before = await store.briefings.last_made(channel)
    since = before or now - timedelta(hours=settings.window_hours)
    request = BriefingRequest(
        sent=sent,
        since=since,
        at=now,
        settings=settings,
        by=scope,
        horizon=None if before else since,
        waiting=await store.briefings.named_only(channel, since=since),
    )
    inputs = await gather(request, store=store, rules=rules)
    made = await make_briefing(
        inputs, store=store, channel=channel, settings=settings, session=session, rules=rules
    )
    notify = notifier(store=store, now=lambda: now)
    await notify_of_omitted_stories(made.faults, notify=notify, version=store.database.version)
    briefing = await offer(made.briefing, scope)
    await store.briefings.save(
        briefing,
        destination=channel,
        scope=scope,
        slot=slot or now.isoformat(),
        sent=made.sent,
        record=made.record,
    )
    return briefing


async def make_briefing(
    inputs: BriefingInput,
    *,
    store: Store,
    channel: str,
    settings: BriefingSettings,
    session: ModelSession | None = None,
    keep: bool = True,
    rules: RulesReader | None = None,
) -> BriefingResult:
    """Return the briefing made from ``inputs``; with ``keep``, new story updates are stored, and nothing else.

    Stories that no model reads are read by ``rules``.
    """
    rules = rules or RulesReader(store=store)
    clock = asyncio.get_running_loop().time
    begun = clock()
    # A story that cannot be written is left out and does not stop the others.
    faults = Faults()
    ranked = await run_blocking(ranked_by_name, inputs, settings=settings)
    if session is None:
        first = frozenset(brief.story_id for brief in ranked[: most_quoted(settings)])
        inputs = await _read_by_rules(inputs, first, rules=rules, faults=faults)
        left = {context.story.id for context in inputs.moved}
        ranked = [brief for brief in ranked if brief.story_id in left]
        chosen = await quoted_stories(inputs, ranked, settings=settings, rules=rules, faults=faults)
    else:
        chosen = await read_stories(
            inputs,
            ranked,
            settings=settings,
            session=session,
            store=store,
            keep=keep,
            rules=rules,
            faults=faults,
        )
    then = {d.story.id: d.actors_then for d in inputs.moved}
    stories = without_copies(_flagged(brief, then[brief.story_id]) for brief in _briefs(chosen))
    silent = await silent_stories(inputs, faults=faults)
    contexts = tuple(_as_read(context, (*chosen.written, *chosen.passed_over)) for context in inputs.contexts)
    below = _below(inputs, chosen, stories, contexts=contexts, named=ranked, silent=silent)
    cited = await cited_revisions(store, contexts, stories, below)
    briefing = assemble(
        stories,
        title=settings.title,
        channel=channel,
        made_at=inputs.at,
        coverage=replace(
            inputs.coverage, followed=_followed(inputs, chosen), unclear=_unclear(inputs, chosen)
        ),
        articles=cited,
        below=below,
        degraded=degraded(chosen.written),
        checks=counts(chosen.written),
    )
    briefing = replace(briefing, language=settings.language)
    if settings.translate:
        briefing = await with_translations(
            briefing,
            stories,
            {context.story.id: (*context.articles, *context.older) for context in contexts},
            store=store,
            by=inputs.by,
            translator=session.translator(store, at=inputs.at)
            if session and keep and not session.is_low
            else None,
            seconds=(session.seconds if session else 0.0) - (clock() - begun),
        )
    if not briefing.translations:
        # A role is in the language of its article.
        briefing = replace(briefing, stories=await run_blocking(_introduced, briefing.stories, cited))
    memory = sent_after(
        stories,
        contexts,
        sent=inputs.sent,
        settled=below.settled,
        watch=below.watch,
        now=inputs.at,
        by=inputs.by,
    )
    return BriefingResult(
        briefing=briefing,
        record=_record(inputs, chosen, briefing_id=briefing.id, settings=settings),
        sent=tuple(memory),
        faults=(*inputs.faults, *faults.all),
    )


def _introduced(
    stories: Sequence[StoryBrief], articles: Mapping[tuple[str, int], Article]
) -> tuple[StoryBrief, ...]:
    return tuple(introduced(story, articles) for story in stories)


def _followed(inputs: BriefingInput, chosen: ChosenStories) -> int:
    """Return how many stories the channel follows of which everything that came was read."""
    followed = inputs.followed
    read = {w.draft.brief.story_id for w in (*chosen.written, *chosen.passed_over) if w.all_read}
    ours = [d for d in inputs.contexts if d.story.id in followed]
    return sum(d.story.id in read or not has_unread_article(followed[d.story.id], d) for d in ours)


def _unclear(inputs: BriefingInput, chosen: ChosenStories) -> int:
    """Return of how many new articles nothing could be told, so that nobody knows whether they change anything."""
    named, fresh = {other.story_id for other in chosen.more}, frozenset(inputs.fresh)
    silent = (w for w in chosen.passed_over if not w.all_read and w.draft.brief.story_id not in named)
    return len({a.id for w in silent for a in w.draft.material.unread if a.id in fresh})


def _briefs(chosen: ChosenStories) -> list[StoryBrief]:
    return [w.brief for w in chosen.written if w.brief]


async def _read_by_rules(
    inputs: BriefingInput, chosen: Collection[str], *, rules: RulesReader, faults: Faults
) -> BriefingInput:
    """Return ``inputs`` with what rules read in the stories ``chosen`` of which no model has read anything."""

    async def read(context: StoryContext) -> StoryContext:
        if context.story.id not in chosen or context.updates or context.by_rules:
            return context
        sent = inputs.sent.get(context.story.id)
        return await read_by_rules(
            context,
            sent_at=sent.sent_at if sent else None,
            background=inputs.background(context),
            today=inputs.today,
            rules=rules,
        )

    found = await faults.each(inputs.moved, read, doing=WRITING_STORY, at_once=MAX_CONCURRENT_READINGS)
    return replace(inputs, moved=tuple(one for one in found if isinstance(one, StoryContext)))


def _below(
    inputs: BriefingInput,
    chosen: ChosenStories,
    stories: Sequence[StoryBrief],
    *,
    contexts: Sequence[StoryContext],
    named: Sequence[StoryBrief],
    silent: Sequence[Unchanged],
) -> BelowStories:
    headlines = {d.story.id: _known_headline(inputs, d) for d in contexts} | {
        b.story_id: b.headline.text for b in (*named, *stories)
    }
    # Lists go by the stories above them, then by name: the same news, the same order.
    places = {brief.story_id: place for place, brief in enumerate(stories)}
    listed = sorted(
        contexts,
        key=lambda d: (places.get(d.story.id, len(places)), headlines.get(d.story.id, ""), d.story.id),
    )
    watch = due_on(inputs.today, {d.story.id: d.ledger.expectations for d in listed}, headlines)
    settled = resolved_announcements(listed, inputs.sent, headlines, today=inputs.today)
    unchanged = sorted((*chosen.unchanged, *silent), key=lambda one: one.headline.text)
    return BelowStories(
        watch=tuple(watch),
        settled=tuple(settled),
        unchanged=tuple(unchanged),
        more=chosen.more,
        more_count=chosen.more_count,
    )


def _known_headline(inputs: BriefingInput, context: StoryContext) -> str:
    """Return the headline that the channel was sent of the story of ``context``, empty for none that this briefing may show."""
    sent = inputs.followed.get(context.story.id)
    return readable_part(sent, {a.id for a in context.articles}).headline if sent else ""


def _record(
    inputs: BriefingInput, chosen: ChosenStories, *, briefing_id: str, settings: BriefingSettings
) -> Record:
    return Record(
        briefing_id=briefing_id,
        made_at=inputs.at,
        since=inputs.since,
        horizon=inputs.horizon,
        by=inputs.by,
        sent=tuple(inputs.sent.values()),
        choices=inputs.choices,
        waiting=inputs.waiting,
        writings=tuple(w.writing for w in chosen.written),
        settings=json.dumps(settings.model_dump(mode="json"), sort_keys=True),
    )


def result_for(channel: str, made: BriefingResult) -> BriefingResult:
    """Return the result that was ``made`` for another channel with the same request, for ``channel``."""
    briefing = replace(made.briefing, id=briefing_id(channel, made.briefing.title, made.briefing.made_at))
    return replace(made, briefing=briefing, record=replace(made.record, briefing_id=briefing.id))


def _as_read(context: StoryContext, written: Sequence[Written]) -> StoryContext:
    """Return ``context`` with the ledger as a model has just read it."""
    ledger = next((w.public for w in written if w.read and w.draft.brief.story_id == context.story.id), None)
    return replace(context, ledger=ledger) if ledger else context


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
