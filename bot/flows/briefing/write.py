"""Let a model read what is new in the stories of a briefing, and tell each from its ledger; what fails is quoted from the articles.

draft ──unread articles──▶ read ──updates──▶ ledger ──not sent──▶ brief
                             └─ error, late, budget: the draft in quoted sentences, with the reason
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.blocking import run_blocking
from bot.briefings.extractive import write_story
from bot.briefings.from_ledger import ChannelMemory, LedgerView, brief_of
from bot.config.time_limits import DEFAULT_LIMITS
from bot.flows.updates.read import UpdateReader
from bot.flows.updates.story import Claim, StoryMaterial, StoryReader, StoryReading
from bot.flows.updates.work import Keep, ReadBatch
from bot.model.briefing import Checks, Section, StoryBrief, Writer
from bot.model.ledger import StoryLedger
from bot.model.news import Article, Citation
from bot.model.record import Checked, Writing, count_checks
from bot.model.scope import SHARED, Scope
from bot.model.story import Ledger
from bot.model.update import StoryUpdate
from bot.prompts import Prompt
from bot.stories.ledger import corroborate
from bot.stories.view import public_ledger

_log = structlog.get_logger()

MAX_LATE_SENTENCES = 2  # quoted in a story that a model had read before
_NOT_READ = "most of the budget is used, so fewer stories are read by a model"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """A story and all that a model's reading of it needs."""

    brief: StoryBrief  # in quoted sentences, or by its name alone until it was quoted
    articles: tuple[Article, ...]
    updates: tuple[StoryUpdate, ...] = ()  # kept ones, that the channel may read
    older: tuple[Article, ...] = ()  # earlier revisions of the articles, among them all that the updates read
    memory: ChannelMemory = field(default_factory=ChannelMemory)
    scope: Scope = SHARED  # of whom it is told to
    followed: bool = False  # by the channel: read whenever an article comes

    @property
    def material(self) -> StoryMaterial:
        """What a reading of it needs."""
        return StoryMaterial(
            story_id=self.brief.story_id,
            articles=self.articles,
            updates=self.updates,
            older=self.older,
            scope=self.scope,
            followed=self.followed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A story as it will be sent, None where there is nothing to tell, and how it came about."""

    draft: StoryDraft
    brief: StoryBrief | None
    writing: Writing
    ledger: Ledger | None = None  # in the public form, where it is told from what a model read
    known: Ledger | None = None  # what was read of it, also where it is quoted
    updates: tuple[StoryUpdate, ...] = ()


async def write_stories(
    drafts: Sequence[StoryDraft],
    *,
    reader: UpdateReader,
    at: datetime,
    timezone: str = "UTC",
    most: int | None = None,
    deadline: float = DEFAULT_LIMITS.briefing,
    keep: Keep | None = None,
    claim: Claim | None = None,
    every: timedelta = timedelta(),
    quoting: Awaitable[Sequence[StoryBrief]] | None = None,
) -> list[Written]:
    """Return ``drafts`` told from what a model read, in order; never raises for a model's failure.

    Only the first ``most`` are read; others are told from what was read before, where that is all of them. Each batch
    that was read goes to ``keep`` before the next one is; a story is read while ``claim`` holds it, and at most once in
    ``every`` unless something decisive came. ``at`` is
    the moment of the briefing (aware); announcements of days before it in ``timezone`` are not told.
    ``deadline`` is in seconds, for all stories together. While the model reads, the stories are ``quoting`` elsewhere; one
    that could not be quoted keeps its name alone.
    """
    readings = [StoryReading(updates=list(draft.updates)) for draft in drafts]
    stories = StoryReader(reader=reader, at=at, keep=keep, claim=claim, every=every)
    tasks = {
        place: asyncio.ensure_future(stories.read(draft.material, reading))
        for place, (draft, reading) in enumerate(zip(drafts, readings, strict=True))
        if (most is None or place < most) and draft.material.unread
    }
    late = await _finished(tasks.values(), deadline=deadline)
    quoted = {brief.story_id: brief for brief in await quoting} if quoting else {}
    drafts = [replace(draft, brief=quoted.get(draft.brief.story_id, draft.brief)) for draft in drafts]
    written = []
    for place, (draft, reading) in enumerate(zip(drafts, readings, strict=True)):
        if place in tasks:
            task = tasks[place]
            why = "the model did not answer in time" if task in late else await _outcome(draft, task)
        else:
            why = _NOT_READ if draft.material.unread else ""
        written.append(
            await run_blocking(_from_ledger, draft, reading, why, reader, at=at, timezone=timezone)
        )
    return written


async def _finished(
    tasks: Collection[asyncio.Future[str]], *, deadline: float
) -> frozenset[asyncio.Future[str]]:
    """Wait for ``tasks`` at most ``deadline`` seconds; return those that were ended because they had not finished."""
    if not tasks:
        return frozenset()
    try:
        _, late = await asyncio.wait(tasks, timeout=deadline)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return frozenset(late)


async def _outcome(draft: StoryDraft, task: asyncio.Future[str]) -> str:
    """Return why a story was not read; a fault of ours must not cost the others their briefing."""
    error = task.exception()
    if error is None:
        return task.result()
    # In a thread: a traceback is written with lines read from files.
    await run_blocking(_log.error, "a story could not be read", story=draft.brief.story_id, exc_info=error)
    return "an error of ours, see the log"


def _from_ledger(
    draft: StoryDraft, reading: StoryReading, why: str, reader: UpdateReader, *, at: datetime, timezone: str
) -> Written:
    """Return the story as its ledger tells it; ``why`` is the reason that not all of it was read."""
    prompt = reader.prompts.update
    ledger, public = public_ledger(draft.brief.story_id, reading.updates, (*draft.articles, *draft.older))
    why = why or _no_fact(draft, reading, ledger)
    read_now = any(update.facts for update in reading.updates[len(draft.updates) :])
    if why and not read_now and not draft.updates:
        quoted = extracts(draft, why=why, batches=reading.batches, prompt=prompt)
        return replace(quoted, known=public if reading.updates else None)
    view = _view(draft, ledger, public)
    brief = _told(draft, view, at=at, timezone=timezone)
    if why and not read_now:
        # Where nothing that was read is told, or nothing is left unread, the story is quoted as a whole.
        if brief is None or not (brief.bullets and draft.material.unread):
            return replace(extracts(draft, why=why, batches=reading.batches, prompt=prompt), known=public)
        brief = _with_late(brief, draft, view)
    writing = _writing(draft, reading.batches, writer=Writer.MODEL, why=why, prompt=prompt)
    return Written(
        draft=draft,
        brief=brief,
        writing=writing,
        ledger=public,
        known=public,
        updates=tuple(reading.updates),
    )


def _view(draft: StoryDraft, ledger: StoryLedger, public: Ledger) -> LedgerView:
    claimants = [known.fact.claimant for known in ledger.standing_facts]
    corroboration = corroborate(draft.articles, claimants=claimants)
    return LedgerView(ledger=ledger, public=public, corroboration=corroboration)


def _told(draft: StoryDraft, view: LedgerView, *, at: datetime, timezone: str) -> StoryBrief | None:
    today = at.astimezone(ZoneInfo(timezone)).date()
    return brief_of(view, draft.memory, fallback=draft.brief.headline, today=today)


def has_news(draft: StoryDraft, *, at: datetime, timezone: str) -> bool:
    """Tell whether what was read of a story so far has anything that its channel was not sent."""
    everything = (*draft.articles, *draft.older)
    view = _view(draft, *public_ledger(draft.brief.story_id, draft.updates, everything))
    return _told(draft, view, at=at, timezone=timezone) is not None


def _with_late(brief: StoryBrief, draft: StoryDraft, view: LedgerView) -> StoryBrief:
    """Return ``brief`` after sentences quoted from the articles of which no fact was read in time."""
    late = {a.id for a in draft.material.unread} - draft.memory.background
    told = [statement.text for statement in brief.bullets]
    sent = draft.memory.story.statements if draft.memory.story else ()
    # What an article said before it was edited is no news, though the article is.
    before = [sentence.text for article in draft.older for sentence in article.sentences]
    quoted = write_story(
        draft.articles,
        view.public,
        view.corroboration,
        max_bullets=MAX_LATE_SENTENCES,
        sent=(*sent, *told, *before),
        old=[a for a in draft.articles if a.id not in late],
    ).bullets
    # First: they are the newest, and the headline and the status above them are older.
    changed = (*quoted, *brief.changed) if brief.section is Section.CHANGED else brief.changed
    return replace(brief, bullets=(*quoted, *brief.bullets), changed=changed)


def _no_fact(draft: StoryDraft, reading: StoryReading, ledger: StoryLedger) -> str:
    """Return why a story that was read has nothing to tell: no fact that was named stands, or none was named."""
    new = reading.updates[len(draft.updates) :]
    if any(update.facts for update in new):
        return ""
    if any(c.field.startswith("facts[") for batch in reading.batches for c in batch.checked):
        return "too little of what the model wrote is carried by the articles"
    # Even what only says known facts again is named; sentences about another event are not.
    passed_over = any(batch.batch.sentences for batch in reading.batches) and not any(
        update.elsewhere or update.roundups for update in new
    )
    return "the model named no fact of it" if passed_over or not ledger.standing_facts else ""


def extracts(
    draft: StoryDraft, *, why: str = "", batches: Sequence[ReadBatch] = (), prompt: Prompt | None = None
) -> Written:
    """Return ``draft`` in quoted sentences, with the reason that it is not told from what a model read."""
    writing = _writing(draft, batches, writer=draft.brief.writer, why=why, prompt=prompt)
    return Written(draft=draft, brief=draft.brief, writing=writing)


def _writing(
    draft: StoryDraft, batches: Sequence[ReadBatch], *, writer: Writer, why: str, prompt: Prompt | None
) -> Writing:
    return Writing(
        story_id=draft.brief.story_id,
        writer=writer.value,
        prompt=f"{prompt.name} {prompt.version}" if prompt else "",
        prompt_hash=prompt.hash if prompt else "",
        passages=tuple(
            Citation(article_id=key[0], revision=key[1], sentences=tuple(sorted(numbers)))
            for batch in batches
            for key, numbers in batch.batch.shown.items()
        ),
        exchanges=tuple(e for batch in batches for e in batch.exchanges),
        checked=tuple(c for batch in batches for c in batch.checked),
        why_extracts=why,
    )


def counts(written: Sequence[Written]) -> Checks:
    """Return how the checks of ``written`` went, every statement counted once, by its last round."""
    last: dict[tuple[str, str], Checked] = {}
    for item in written:
        for checked in item.writing.checked:
            last[item.writing.story_id, checked.field] = checked
    return count_checks(last.values())
