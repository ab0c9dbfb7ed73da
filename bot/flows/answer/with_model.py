"""Have a model write an answer from the sentences found; statements that the check refuses are repaired once, then dropped.

sentences ──prompt──▶ model ──each statement, as it comes──▶ check ──▶ shown       refused ──▶ model, once ──▶ check
                       └── error, bad twice: the extracts, with the reason
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from bot.answers.asked import Asked
from bot.answers.check import ProposedStatement, check, corrections, fault_lines
from bot.answers.reply import AnswerRepairReply, AnswerReply, StatementReply, read_reply
from bot.answers.shown import lines
from bot.blocking import run_blocking
from bot.errors import ModelError
from bot.evidence.numbered import NumberedSentence, cited
from bot.flows.briefing.session import ModelSession
from bot.language.cleaning.clean import cleaned, one_line
from bot.language.locale.phrases import day_for_model
from bot.language.similarity import similarity
from bot.model.briefing import Checks, Statement
from bot.model.conversation.answer import MAX_ANSWER_STATEMENTS, Question
from bot.model.record import Checked, count_checks
from bot.model.record_key import answer_key, follow_up_key
from bot.ports import ModelReply, ModelRequest
from bot.prompts import Prompt, load_prompt, schema_of

ANSWER_VERSION, ANSWER_REPAIR_VERSION = 1, 1  # of the replies' schemas
MAX_EARLIER_TURNS = 3  # questions before this one that a model is shown
MAX_EARLIER_ANSWER_CHARS = 300  # characters of an earlier answer that are shown with a follow-up
MAX_ANSWER_TOKENS = 700
SAME_STATEMENT_SIMILARITY = 0.7  # similarity from which two statements say the same
ANSWER_REPAIR = "answer repair"  # of recorded replies to a repair
PURPOSE = "question"  # purpose of every call, so that none uses the briefings' share

Emit = Callable[[Statement], None]
"""Called with each statement once it may be shown, in order."""

_SCHEMAS: Mapping[type[BaseModel], Mapping[str, Any]] = {
    reply: schema_of(reply) for reply in (AnswerReply, AnswerRepairReply)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """The answer of a model: its statements, none if it declined; or why it failed (``failed``)."""

    statements: tuple[Statement, ...] = ()
    checks: Checks = field(default_factory=Checks)
    failed: str = ""


async def answer_with_model(
    question: Question,
    asked: Asked,
    shown: tuple[NumberedSentence, ...],
    *,
    session: ModelSession,
    emit: Emit | None = None,
) -> ModelAnswer:
    """Return the answer of a model from the sentences ``shown``; never raises for the model's failure."""
    # The first time they are files to be read.
    prompt, repair = await run_blocking(lambda: (load_prompt("answer"), load_prompt("answer_repair")))
    work = _Work(
        question=question,
        asked=asked,
        shown=shown,
        session=session,
        emit=emit,
        key=_key(question, asked, shown),
    )
    try:
        async with asyncio.timeout(session.limits.question):
            return await _write_answer(work, prompt, repair)
    except ModelError as error:
        return ModelAnswer(failed=error.clause, checks=work.counted())
    except TimeoutError:
        return ModelAnswer(failed="the model did not answer in time", checks=work.counted())


@dataclass(slots=True, kw_only=True)
class _Work:
    """One answer on its way."""

    question: Question
    asked: Asked
    shown: tuple[NumberedSentence, ...]
    session: ModelSession
    emit: Emit | None
    key: str  # of the recorded reply
    checked: dict[str, Checked] = field(default_factory=dict)  # the last verdict of each statement
    kept: list[Statement] = field(default_factory=list)

    def take(self, said: Sequence[StatementReply]) -> None:
        """Check the statements that were not there before; show those that pass.

        Where the reply begins anew, as a second model's does, what was checked before is let go.
        """
        known = [checked.text for checked in self.checked.values()]
        if [one_line(s.text) for s in said[: len(known)]] != known:
            self.checked.clear()
            self.kept.clear()
        for place in range(len(self.checked), min(len(said), MAX_ANSWER_STATEMENTS)):
            candidate = ProposedStatement(
                field=f"statements[{place}]",
                text=one_line(said[place].text),
                citations=cited(said[place].cite, self.shown),
            )
            self.judge([candidate], round_number=1)

    def judge(self, candidates: Sequence[ProposedStatement], *, round_number: int) -> None:
        """Keep what the check lets pass and nothing said before; show it."""
        for verdict in check(candidates, shown=self.shown, round_number=round_number):
            self.checked[verdict.field] = verdict
            if verdict.verdict.passed and all(
                similarity(verdict.text, k.text) < SAME_STATEMENT_SIMILARITY for k in self.kept
            ):
                statement = Statement(text=verdict.text, citations=verdict.verdict.citations)
                self.kept.append(statement)
                if self.emit:
                    self.emit(statement)

    def counted(self) -> Checks:
        """Return how the checks went, every statement by its last round."""
        return count_checks(self.checked.values())

    async def ask(
        self,
        prompt: Prompt,
        reply: type[BaseModel],
        *,
        key: str,
        on_text: Callable[[str], None] | None = None,
        **values: str,
    ) -> ModelReply:
        """Return the model's reply to ``prompt``."""
        language = next((s.article.language for s in self.shown if s.article.language), "en")
        request = ModelRequest(
            purpose=PURPOSE,
            system=prompt.system,
            user=prompt.fill(
                fence=self.session.fence(key), language=language, sentences=lines(self.shown), **values
            ),
            schema_name=prompt.reply,
            schema=_SCHEMAS[reply],
            max_output_tokens=MAX_ANSWER_TOKENS,
            workspace=self.session.workspace,
            prompt_hash=prompt.hash,
            record_key=key,
            deadline=self.session.limits.question,
            on_text=on_text,
        )
        return await self.session.model.complete(request)


async def _write_answer(work: _Work, prompt: Prompt, repair: Prompt) -> ModelAnswer:
    reply = await _reply(work, prompt)
    work.take(reply.statements)
    refused = [checked for checked in work.checked.values() if not checked.verdict.passed]
    if refused:
        await _repair(work, repair, refused)
    said = bool(reply.statements) and not work.kept
    return ModelAnswer(
        statements=tuple(work.kept),
        checks=work.counted(),
        failed="too little of what the model wrote is supported by the articles" if said else "",
    )


async def _reply(work: _Work, prompt: Prompt) -> AnswerReply:
    """Return the reply, asking once more where it does not fit the schema."""
    note = ""
    for _ in (1, 2):
        earlier = "\n".join(_earlier(work.question))
        answer = await work.ask(
            prompt,
            AnswerReply,
            key=work.key,
            on_text=lambda text: work.take(complete_statements(text)),
            question=work.asked.text,
            earlier=earlier or "- nothing",
            as_of=f"{day_for_model(work.asked.known_by)} {work.asked.known_by:%H:%M} UTC",
            note=note,
        )
        try:
            return read_reply(AnswerReply, answer.data)
        except ValueError as error:
            note = f"Your last answer did not fit: {error}. Answer again with exactly the object described."
    raise ModelError("The model's answer did not fit the schema, twice", reason="schema")


def _key(question: Question, asked: Asked, shown: Sequence[NumberedSentence]) -> str:
    """Return the key of the reply to ``question``: by what is asked and shown, not by the wording of the prompt."""
    return answer_key(
        version=ANSWER_VERSION,
        scope=question.scope,
        question=(*_earlier(question), asked.text),
        sentences=[one.text for one in shown],
    )


def _earlier(question: Question) -> Iterator[str]:
    """Yield the last questions of the thread with the beginnings of their answers, for a follow-up question."""
    for turn in question.turns[-MAX_EARLIER_TURNS:]:
        answered = one_line(turn.answer)[:MAX_EARLIER_ANSWER_CHARS]
        yield f"- {one_line(turn.question)}" + (f"\n  answered: {answered}" if answered else "")


async def _repair(work: _Work, repair: Prompt, refused: Sequence[Checked]) -> None:
    """Ask once for corrections of what was refused; without any, it is dropped."""
    key = follow_up_key(
        work.key,
        purpose=ANSWER_REPAIR,
        version=ANSWER_REPAIR_VERSION,
        statements=[one.text for one in refused],
    )
    try:
        answer = await work.ask(repair, AnswerRepairReply, key=key, faults=fault_lines(refused, work.shown))
        repaired = read_reply(AnswerRepairReply, answer.data)
    except (ModelError, ValueError):
        return
    work.judge(tuple(corrections(repaired.statements, refused, work.shown)), round_number=2)


def complete_statements(text: str) -> list[StatementReply]:
    """Return the complete statements in ``text``, the beginning of a reply."""
    start = text.find("[", text.find('"statements"'))
    found: list[StatementReply] = []
    decoder, at = json.JSONDecoder(), start + 1
    while 0 < at < len(text):
        at += len(text[at:]) - len(text[at:].lstrip(", \r\n\t"))
        if text[at : at + 1] != "{":
            break
        try:
            data, at = decoder.raw_decode(text, at)
            found.append(read_reply(StatementReply, cleaned(data)))
        except (ValueError, RecursionError):
            break
    return found
