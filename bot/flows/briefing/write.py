"""Write stories from their ledgers, after a model read their new articles; what it did not read is quoted.

draft ──unread articles──▶ read ──updates──▶ ledger ──not sent──▶ brief
                             └─ error, late, budget, no model: an update by rules, with the reason
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from bot.blocking import run_blocking
from bot.briefings.from_ledger import LedgerView, brief_of
from bot.concurrency import end_tasks
from bot.config.time_limits import DEFAULT_LIMITS
from bot.faults import Faults
from bot.flows.briefing.draft import StoryDraft
from bot.flows.briefing.quote import quote_unread
from bot.flows.rules.reader import RulesReader
from bot.flows.updates.story import StoryReader, StoryReading
from bot.flows.updates.work import ReadBatch
from bot.model.briefing import Checks, StoryBrief, Writer
from bot.model.ledger import StoryLedger
from bot.model.news import Article, Citation
from bot.model.record import Checked, Writing, count_checks
from bot.model.story import Ledger
from bot.model.update import StoryUpdate
from bot.prompts import Prompt
from bot.stories.sources import corroborate, telling
from bot.stories.view import public_ledger
from bot.updates.by_rules.headline import title_from

_log = structlog.get_logger()

WRITING_STORY = "writing a story of a briefing"
_NOT_READ = "most of the budget is used, so fewer stories are read by a model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A story as it will be sent, None if it has no news, and the record of how it was written."""

    draft: StoryDraft
    brief: StoryBrief | None
    writing: Writing
    public: Ledger  # what is known of it
    read: bool = False  # by a model, any of it
    all_read: bool = False  # by a model: only then can it be said that nothing changed


async def write_stories(
    drafts: Sequence[StoryDraft],
    *,
    stories: StoryReader,
    timezone: str = "UTC",
    most: int | None = None,
    deadline: float = DEFAULT_LIMITS.briefing,
    rules: RulesReader | None = None,
    faults: Faults | None = None,
) -> list[Written]:
    """Return ``drafts`` written from what ``stories`` reads by a model, in order; never raises for a model's failure.

    A story that cannot be written at all is left out, with a fault in ``faults``.

    Only the first ``most`` are read; others are written from what was read before, if that is complete. Announcements
    of days before the briefing in ``timezone`` are left out. ``deadline`` is in seconds, for all stories together.
    """
    readings = [StoryReading(updates=list(draft.updates)) for draft in drafts]
    tasks = {
        place: asyncio.ensure_future(stories.read(draft.material, reading))
        for place, (draft, reading) in enumerate(zip(drafts, readings, strict=True))
        if (most is None or place < most) and draft.material.unread
    }
    late = await _finished(tasks.values(), deadline=deadline)
    written = []
    for place, (draft, reading) in enumerate(zip(drafts, readings, strict=True)):
        if place in tasks:
            task = tasks[place]
            why = "the model did not answer in time" if task in late else await _outcome(draft, task)
        else:
            why = _NOT_READ if draft.material.unread else ""
        prompt = stories.reader.prompts.update
        telling = _from_ledger(
            draft, reading, why, prompt, at=stories.at, timezone=timezone, rules=rules or RulesReader()
        )
        story = await (faults or Faults()).guard(telling, doing=WRITING_STORY)
        written += [story] if isinstance(story, Written) else []
    return written


async def tell_stories(
    drafts: Sequence[StoryDraft], *, at: datetime, timezone: str, rules: RulesReader, faults: Faults
) -> list[Written]:
    """Return ``drafts`` written without a model, in order; a story that cannot be written is left out."""

    # Reading a story takes tens of milliseconds: in a thread, those who talk to the bot do not wait for it.
    async def tell(draft: StoryDraft) -> Written:
        reading = StoryReading(updates=list(draft.updates))
        return await _from_ledger(draft, reading, at=at, timezone=timezone, rules=rules)

    found = await faults.each(drafts, tell, doing=WRITING_STORY, at_once=1)
    return [written for written in found if isinstance(written, Written)]


async def _finished(
    tasks: Collection[asyncio.Future[str]], *, deadline: float
) -> frozenset[asyncio.Future[str]]:
    """Wait for ``tasks`` at most ``deadline`` seconds; return those that were ended because they had not finished."""
    if not tasks:
        return frozenset()
    try:
        _, late = await asyncio.wait(tasks, timeout=deadline)
    finally:
        await end_tasks(tasks)
    return frozenset(late)


async def _outcome(draft: StoryDraft, task: asyncio.Future[str]) -> str:
    """Return why a story was not read; a fault of ours must not cost the others their briefing."""
    error = task.exception()
    if error is None:
        return task.result()
    # In a thread: a traceback is written with lines read from files.
    await run_blocking(_log.error, "a story could not be read", story=draft.brief.story_id, exc_info=error)
    return "an error of ours, see the log"


async def _from_ledger(
    draft: StoryDraft,
    reading: StoryReading,
    why: str = "",
    prompt: Prompt | None = None,
    *,
    at: datetime,
    timezone: str,
    rules: RulesReader,
) -> Written:
    """Return the story as its ledger tells it; ``why`` is the reason that not all of it was read.

    What was not read for a reason, or what no model is meant to read (no ``prompt``), is quoted.
    """
    known, read, why = await run_blocking(_known, draft, reading, why, prompt)
    left = _left(draft, reading, why) if why or not (prompt or draft.by_rules) else ()
    quoted = None
    if left:
        has_facts = any(update.facts for update in reading.updates)
        quoted = await quote_unread(draft, left, has_facts=has_facts, rules=rules)

    def tell() -> Written:
        ledger, public = (draft.by_rules.ledger, draft.by_rules.public) if draft.by_rules else (known, read)
        if quoted:
            ledger, public = _ledger(draft, [*reading.updates, quoted])
        brief = _brief(draft, ledger, public, at=at, timezone=timezone)
        writer = brief.writer if brief else draft.brief.writer
        return Written(
            draft=draft,
            brief=brief,
            writing=_writing(draft, reading.batches, writer=writer, why=why, prompt=prompt),
            public=read if reading.updates else public,
            read=bool(reading.updates),
            all_read=not (draft.by_rules or left),
        )

    return await run_blocking(tell)


def _ledger(draft: StoryDraft, updates: Sequence[StoryUpdate]) -> tuple[StoryLedger, Ledger]:
    return public_ledger(draft.brief.story_id, updates, (*draft.articles, *draft.older))


def _known(
    draft: StoryDraft, reading: StoryReading, why: str, prompt: Prompt | None
) -> tuple[StoryLedger, Ledger, str]:
    """Return the story by a model's updates, and the reason why it must be quoted all the same, if any."""
    known, read = _ledger(draft, reading.updates)
    return known, read, why or (_no_fact(draft, reading, known) if prompt else "")


def _left(draft: StoryDraft, reading: StoryReading, why: str) -> tuple[Article, ...]:
    """Return the articles without facts: those that were not read, and those of which no fact passed."""
    done = {key for update in reading.updates if update.facts or not why for key in update.articles}
    return tuple(a for a in draft.articles if (a.id, a.revision) not in done)


def _new_articles(draft: StoryDraft) -> Sequence[Article]:
    """Return the articles whose news is told: the new ones, not those of weeks ago, if there is one."""
    return [a for a in draft.articles if draft.memory.is_new(a.fetched_at)] or draft.articles


def _view(draft: StoryDraft, ledger: StoryLedger, public: Ledger) -> LedgerView:
    claimants = [known.fact.claimant for known in ledger.current_facts]
    corroboration = corroborate(_new_articles(draft), claimants=claimants)
    titles = {article.id: article.title for article in draft.articles}
    return LedgerView(ledger=ledger, public=public, corroboration=corroboration, titles=titles)


def _brief(
    draft: StoryDraft, ledger: StoryLedger, public: Ledger, *, at: datetime, timezone: str
) -> StoryBrief | None:
    view = _view(draft, ledger, public)
    today = at.astimezone(ZoneInfo(timezone)).date()
    brief = brief_of(view, draft.memory, fallback=draft.brief.headline, today=today)
    if brief is None or brief.writer is not Writer.EXTRACTS:
        return brief
    # Articles of one story tell of several events: who quotes one of them confirms nothing of another.
    cited = {citation.article_id for citation in brief.headline.citations}
    said = telling(brief.headline.text, _new_articles(draft), cited=cited)
    return replace(brief, corroboration=corroborate(said)) if said else brief


def news_so_far(draft: StoryDraft, *, at: datetime, timezone: str) -> StoryBrief | None:
    """Return what was read of a story so far and was not sent to its channel, None for nothing."""
    known, public = _ledger(draft, draft.updates)
    return _brief(draft, known, public, at=at, timezone=timezone)


def _no_fact(draft: StoryDraft, reading: StoryReading, ledger: StoryLedger) -> str:
    """Return why a story that was read has no news: no fact passed, or none was named."""
    new = reading.updates[len(draft.updates) :]
    if any(update.facts for update in new):
        return ""
    if any(c.field.startswith("facts[") for batch in reading.batches for c in batch.checked):
        return "too little of what the model wrote is supported by the articles"
    # Articles on many events name no story.
    if new and {a.id for b in reading.batches for a in b.batch.articles} <= {
        k for u in new for k in u.roundups
    }:
        return ""
    # Without a title of news there is no story: it is a page of advice, or of a shop.
    if new and title_from(draft.articles) is None:
        return ""
    # Even what only says known facts again is named; sentences about another event are not.
    passed_over = any(batch.batch.sentences for batch in reading.batches) and not any(
        update.elsewhere or update.roundups for update in new
    )
    return "the model named no fact of it" if passed_over or not ledger.current_facts else ""


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
    """Return the counts of the checks of ``written``; every statement counts once, by its last check."""
    last: dict[tuple[str, str], Checked] = {}
    for item in written:
        for checked in item.writing.checked:
            last[item.writing.story_id, checked.field] = checked
    return count_checks(last.values())


def degraded(written: Sequence[Written]) -> tuple[str, ...]:
    """Return why the model did not write some stories: each reason once, with the number of stories."""
    reasons = [w.writing.why_extracts for w in written if w.writing.why_extracts]
    return tuple(f"{reasons.count(reason)} of {len(written)}: {reason}" for reason in dict.fromkeys(reasons))
