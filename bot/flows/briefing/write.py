"""Let a model write the stories of a briefing, concurrently; what fails falls back to sentences quoted from the articles, with the reason.

draft + passages ──prompt──▶ model ──reply──▶ check ──refused──▶ model, once ──▶ check ──merge──▶ brief
                               └─ error, bad twice, late: the draft, with the reason
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from bot.blocking import run_blocking
from bot.briefings.passages import NumberedSentence, choose_passages, lines
from bot.briefings.reply import RepairReply, SecondLookReply, StoryReply, read_reply, schema_of
from bot.briefings.write import (
    candidates,
    check,
    corrections,
    describe,
    doubted,
    fault_lines,
    looked_lines,
    merge,
    told_lines,
    worth_repair,
)
from bot.errors import ModelError
from bot.model.briefing import Checks, SentStory, StoryBrief
from bot.model.news import Article, Citation
from bot.model.record import Checked, Disposition, Exchange, Writing
from bot.ports import LanguageModel, ModelReply, ModelRequest
from bot.prompts import Prompt, load_prompt
from bot.stories.states import cues_in

_log = structlog.get_logger()

WRITING_TIMEOUT_SECONDS = 150.0  # seconds for all stories together: a briefing goes out on time
MAX_REPLY_TOKENS = 1200

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDraft:
    """A story as the extracts tell it, and what a model needs to word it."""

    brief: StoryBrief
    articles: tuple[Article, ...]
    sent: SentStory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A story as it will be sent, and how it came about."""

    brief: StoryBrief
    writing: Writing


@dataclass(slots=True, kw_only=True)
class _Work:
    """One story on its way; what was exchanged is kept even where it fails."""

    draft: StoryDraft
    passages: tuple[NumberedSentence, ...]
    exchanges: list[Exchange] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)


async def write_stories(
    drafts: Sequence[StoryDraft],
    *,
    model: LanguageModel,
    workspace: str = "",
    most: int | None = None,
    second_look: bool = False,
    deadline: float = WRITING_TIMEOUT_SECONDS,
    fence: Callable[[], str] = lambda: secrets.token_hex(6),
) -> list[Written]:
    """Return ``drafts`` worded by ``model`` where it can, in order; never raises for a model's failure.

    Only the first ``most`` are given to the model. With ``second_look`` it is asked once more about statements
    that passed the check with little overlap, and what it does not confirm is dropped. ``fence`` gives the code
    word around outside text.
    """
    # The first time they are files to be read.
    word, repair, look = await run_blocking(
        lambda: (load_prompt("briefing"), load_prompt("repair"), load_prompt("second_look"))
    )
    writer = _Writer(
        model=model,
        workspace=workspace,
        fence=fence,
        prompt=word,
        repair_prompt=repair,
        look_prompt=look if second_look else None,
    )

    async def one(draft: StoryDraft, place: int) -> Written:
        if most is not None and place >= most:
            return extracts(draft, why="most of the budget is used, so fewer stories are worded by a model")
        return await writer.write(draft)

    tasks = [asyncio.ensure_future(one(draft, place)) for place, draft in enumerate(drafts)]
    if not tasks:
        return []
    try:
        _, late = await asyncio.wait(tasks, timeout=deadline)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return [
        extracts(draft, why="the model did not answer in time")
        if task in late
        else await _result(draft, task)
        for draft, task in zip(drafts, tasks, strict=True)
    ]


async def _result(draft: StoryDraft, task: asyncio.Future[Written]) -> Written:
    """Return what became of one story: a fault of ours must not cost the others their briefing."""
    error = task.exception()
    if error is None:
        return task.result()
    # In a thread: a traceback is written with lines read from files.
    await run_blocking(_log.error, "a story could not be worded", story=draft.brief.story_id, exc_info=error)
    return extracts(draft, why="an error of ours, see the log")


def extracts(draft: StoryDraft, *, why: str = "") -> Written:
    """Return ``draft`` as it is, with the reason a model did not word it."""
    writing = Writing(story_id=draft.brief.story_id, writer=draft.brief.writer, why_extracts=why)
    return Written(brief=draft.brief, writing=writing)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    model: LanguageModel
    workspace: str
    fence: Callable[[], str]
    prompt: Prompt
    repair_prompt: Prompt
    look_prompt: Prompt | None

    async def write(self, draft: StoryDraft) -> Written:
        sent = draft.sent.statements if draft.sent else ()
        old = {a.id for a in draft.articles if draft.sent and a.fetched_at <= draft.sent.told_at}
        passages = choose_passages(
            [a for a in draft.articles if a.id not in old] or draft.articles,
            told=sent,
            keep=_own(draft.brief, old),
        )
        work = _Work(draft=draft, passages=passages)
        try:
            reply = await self._word(work)
            brief = await self._checked(work, reply, sent)
        except ModelError as error:
            return self._kept(work, brief=None, why=_why(error))
        why = "" if brief else "too little of what the model wrote is carried by the articles"
        return self._kept(work, brief=brief, why=why)

    async def _word(self, work: _Work) -> StoryReply:
        """Return the reply, asking once more where it does not fit the schema."""
        note = ""
        for attempt in (1, 2):
            answer = await self._ask(
                work,
                self.prompt,
                "briefing" if attempt == 1 else "repair",
                StoryReply,
                story=describe(work.draft.brief),
                told=told_lines(work.draft.sent.statements if work.draft.sent else ()),
                sentences=lines(work.passages),
                note=note,
            )
            try:
                return read_reply(StoryReply, answer.data)
            except ValueError as error:
                note = (
                    f"Your last answer did not fit: {error}. Answer again with exactly the object described."
                )
        raise ModelError("The model's answer did not fit the schema, twice", reason="schema")

    async def _checked(self, work: _Work, reply: StoryReply, sent: Sequence[str]) -> StoryBrief | None:
        draft, passages = work.draft.brief, work.passages
        fits = _fits(draft)
        found = tuple(candidates(reply, passages, draft=draft))
        work.checked += await run_blocking(check, found, passages=passages, fits=fits)
        refused = worth_repair(work.checked)
        if refused and len(work.exchanges) == 1:  # one repair a story, whatever it was for
            claimants = {c.field: c.claimant for c in found}
            repaired = await self._repair(work, refused)
            again = tuple(corrections(repaired.statements, refused, passages, claimants)) if repaired else ()
            work.checked += await run_blocking(check, again, passages=passages, fits=fits, round_number=2)
        await self._look(work)
        return merge(draft, work.checked, told=sent, reply=reply, passages=passages)

    async def _repair(self, work: _Work, refused: Sequence[Checked]) -> RepairReply | None:
        """Return the corrections; None where none came: what was refused is then dropped."""
        try:
            answer = await self._ask(
                work,
                self.repair_prompt,
                "repair",
                RepairReply,
                faults=fault_lines(refused, work.passages),
                sentences=lines(work.passages),
            )
            return read_reply(RepairReply, answer.data)
        except (ModelError, ValueError):
            return None

    async def _look(self, work: _Work) -> None:
        """Drop what passed with little overlap and is not confirmed; without an answer the check stands."""
        flagged = [c for c in work.checked if c.verdict.passed and c.verdict.flagged]
        if self.look_prompt is None or not flagged:
            return
        articles = {(a.id, a.revision): a for a in work.draft.articles}
        values = {"statements": looked_lines(flagged, articles)}
        try:
            answer = await self._ask(work, self.look_prompt, "second look", SecondLookReply, **values)
            looked = read_reply(SecondLookReply, answer.data)
        except (ModelError, ValueError):
            return
        work.checked[:] = doubted(work.checked, {v.field for v in looked.verdicts if not v.carried})

    async def _ask(
        self, work: _Work, prompt: Prompt, purpose: str, reply: type[BaseModel], **values: str
    ) -> ModelReply:
        story = work.draft.brief.story_id
        if "language" in prompt.variables:
            values["language"] = next((a.language for a in work.draft.articles if a.language), "en")
        request = ModelRequest(
            purpose=purpose,
            system=prompt.system,
            user=prompt.fill(fence=self.fence(), **values),
            schema_name=prompt.reply,
            schema=_SCHEMAS[reply],
            max_output_tokens=MAX_REPLY_TOKENS,
            workspace=self.workspace,
            subject=story,
            prompt_hash=prompt.hash,
        )
        try:
            answer = await self.model.complete(request)
        except ModelError as error:
            work.exchanges.append(Exchange(request=request.user, reply=error.text, failure=error.message))
            raise
        work.exchanges.append(
            Exchange(model=answer.model, request=request.user, reply=answer.text, usage=answer.usage)
        )
        return answer

    def _kept(self, work: _Work, *, brief: StoryBrief | None, why: str) -> Written:
        writing = Writing(
            story_id=work.draft.brief.story_id,
            writer=(brief or work.draft.brief).writer,
            prompt=f"{self.prompt.name} {self.prompt.version}",
            prompt_hash=self.prompt.hash,
            passages=tuple(p.citation for p in work.passages),
            exchanges=tuple(work.exchanges),
            checked=tuple(work.checked),
            why_extracts=why,
        )
        return Written(brief=brief or work.draft.brief, writing=writing)


_SCHEMAS: Mapping[type[BaseModel], Mapping[str, Any]] = {
    StoryReply: schema_of(StoryReply),
    RepairReply: schema_of(RepairReply),
    SecondLookReply: schema_of(SecondLookReply),
}


def _own(brief: StoryBrief, old: set[str]) -> list[Citation]:
    """Return the sentences the ledger rests on, as far as they are new: a model must see them."""
    citations = [brief.status.citation] if brief.status else []
    citations += [a.citation for a in brief.actors]
    return [c for c in citations if c.article_id not in old]


def _fits(brief: StoryBrief) -> Callable[[str], bool]:
    """Return whether a line can stand beside the ledger's state: it names no other one."""
    status = brief.status

    def fits(line: str) -> bool:
        if status is None:
            return True
        named = {cue.state for cue in cues_in(line, kind=status.kind)}
        return not named or status.state in named

    return fits


def _why(error: ModelError) -> str:
    message = error.message
    return message[0].lower() + message[1:]
