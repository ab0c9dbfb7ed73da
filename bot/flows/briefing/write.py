"""Let a model read what is new in the stories of a briefing, and tell each from its ledger; what fails is quoted from the articles.

draft ──unread articles──▶ read ──updates──▶ ledger ──not sent──▶ brief
                             └─ error, late, budget: the draft in quoted sentences, with the reason
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.blocking import run_blocking
from bot.briefings.from_ledger import ChannelMemory, StoryView, brief_of
from bot.flows.updates.read import ReadBatch, UpdateReader
from bot.model.briefing import Checks, StoryBrief, Writer
from bot.model.news import Article, Citation
from bot.model.record import Checked, Disposition, Writing
from bot.model.scope import SHARED, Scope
from bot.model.story import Ledger
from bot.model.update import StoryUpdate
from bot.stories.ledger import corroborate
from bot.stories.view import public_ledger

_log = structlog.get_logger()

WRITING_TIMEOUT_SECONDS = 150.0  # seconds for all stories together: a briefing goes out on time

Keep = Callable[[ReadBatch], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """A story in quoted sentences, and all that a model's reading of it needs."""

    brief: StoryBrief
    articles: tuple[Article, ...]
    updates: tuple[StoryUpdate, ...] = ()  # kept ones, that the channel may read
    memory: ChannelMemory = field(default_factory=ChannelMemory)
    scope: Scope = SHARED  # of whom it is told to


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A story as it will be sent, None where there is nothing to tell, and how it came about."""

    draft: StoryDraft
    brief: StoryBrief | None
    writing: Writing
    ledger: Ledger | None = None  # in the public form, where a model read the story
    updates: tuple[StoryUpdate, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read of one story so far."""

    updates: list[StoryUpdate]
    batches: list[ReadBatch] = field(default_factory=list)


async def write_stories(
    drafts: Sequence[StoryDraft],
    *,
    reader: UpdateReader,
    at: datetime,
    timezone: str = "UTC",
    most: int | None = None,
    deadline: float = WRITING_TIMEOUT_SECONDS,
    keep: Keep | None = None,
) -> list[Written]:
    """Return ``drafts`` told from what a model read, in order; never raises for a model's failure.

    Only the first ``most`` are read. Each batch that was read goes to ``keep`` before the next one is. ``at`` is
    the moment of the briefing (aware); announcements of days before it in ``timezone`` are not told.
    """
    readings = [_Reading(updates=list(draft.updates)) for draft in drafts]

    async def one(draft: StoryDraft, reading: _Reading, place: int) -> str:
        if most is not None and place >= most:
            return "most of the budget is used, so fewer stories are read by a model"
        return await _read(draft, reading, reader=reader, at=at, keep=keep)

    tasks = [
        asyncio.ensure_future(one(draft, reading, place))
        for place, (draft, reading) in enumerate(zip(drafts, readings, strict=True))
    ]
    if not tasks:
        return []
    try:
        _, late = await asyncio.wait(tasks, timeout=deadline)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    written = []
    for draft, reading, task in zip(drafts, readings, tasks, strict=True):
        why = "the model did not answer in time" if task in late else await _outcome(draft, task)
        if why and reading.updates == list(draft.updates):
            written.append(
                extracts(draft, why=why, batches=reading.batches, prompt=reader.prompts.update.name)
            )
        else:
            written.append(await run_blocking(_told, draft, reading, why, reader, at=at, timezone=timezone))
    return written


async def _outcome(draft: StoryDraft, task: asyncio.Future[str]) -> str:
    """Return why a story was not read; a fault of ours must not cost the others their briefing."""
    error = task.exception()
    if error is None:
        return task.result()
    # In a thread: a traceback is written with lines read from files.
    await run_blocking(_log.error, "a story could not be read", story=draft.brief.story_id, exc_info=error)
    return "an error of ours, see the log"


async def _read(
    draft: StoryDraft, reading: _Reading, *, reader: UpdateReader, at: datetime, keep: Keep | None
) -> str:
    """Read what no kept update has read: shared articles by themselves, others with all that may be read.

    Return why the reading ended early, empty where all was read.
    """
    own = [a for a in draft.articles if a.scope != SHARED]
    shared = [a for a in draft.articles if a.scope == SHARED]
    for scope, articles in ((SHARED, shared), (draft.scope, own)):
        known = [u for u in reading.updates if scope != SHARED or u.scope == SHARED]
        done = {key for update in known for key in update.articles}
        unread = [a for a in articles if (a.id, a.revision) not in done]
        if not unread:
            continue
        seen = shared if scope == SHARED else draft.articles
        async for batch in reader.read(
            draft.brief.story_id,
            unread,
            known=known,
            old=[a for a in seen if (a.id, a.revision) in done],
            scope=scope,
            at=at,
        ):
            reading.batches.append(batch)
            if batch.update is None:
                return batch.why
            if keep:
                await keep(batch)
            reading.updates.append(batch.update)
    return ""


def _told(
    draft: StoryDraft, reading: _Reading, why: str, reader: UpdateReader, *, at: datetime, timezone: str
) -> Written:
    """Return the story as its ledger tells it; ``why`` is the reason that not all of it was read."""
    ledger, public = public_ledger(draft.brief.story_id, reading.updates, draft.articles)
    articles = {(a.id, a.revision): a for a in draft.articles}
    view = StoryView(
        ledger=ledger,
        public=public,
        # Whose claim a line is stands on the line, not on the whole report.
        corroboration=corroborate(draft.articles, replace(public, statuses=())),
        articles=articles,
    )
    today = at.astimezone(ZoneInfo(timezone)).date()
    brief = brief_of(view, draft.memory, fallback=draft.brief.headline, today=today)
    writing = _writing(draft, reading.batches, writer=Writer.MODEL.value, why=why, reader=reader)
    return Written(draft=draft, brief=brief, writing=writing, ledger=public, updates=tuple(reading.updates))


def extracts(
    draft: StoryDraft, *, why: str = "", batches: Sequence[ReadBatch] = (), prompt: str = ""
) -> Written:
    """Return ``draft`` in quoted sentences, with the reason that a model did not read it."""
    writing = Writing(
        story_id=draft.brief.story_id,
        writer=draft.brief.writer,
        prompt=prompt,
        exchanges=tuple(e for batch in batches for e in batch.exchanges),
        checked=tuple(c for batch in batches for c in batch.checked),
        why_extracts=why,
    )
    return Written(draft=draft, brief=draft.brief, writing=writing)


def _writing(
    draft: StoryDraft, batches: Sequence[ReadBatch], *, writer: str, why: str, reader: UpdateReader
) -> Writing:
    prompt = reader.prompts.update
    return Writing(
        story_id=draft.brief.story_id,
        writer=writer,
        prompt=f"{prompt.name} {prompt.version}",
        prompt_hash=prompt.hash,
        passages=tuple(
            Citation(article_id=key[0], revision=key[1], sentences=tuple(sorted(numbers)))
            for batch in batches
            for key, numbers in batch.batch.shown.items()
            if numbers
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
    return Checks(
        statements=len(last),
        repaired=sum(
            c.fate is Disposition.KEPT and (c.round > 1 or c.verdict.repaired) for c in last.values()
        ),
        dropped=sum(c.fate is Disposition.DROPPED for c in last.values()),
    )
