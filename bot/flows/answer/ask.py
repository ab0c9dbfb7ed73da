"""Ask: answer a question from the archive, every sentence cited, or decline it.

question ──read──▶ stems, names, time ──search──▶ passages ──▶ a model ──▶ its words, checked, or declined
                                                       └─support─▶ ledger rows, then extracts
                                                             └── thin: declined, with the nearest stories
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.answers.asked import QuestionKind
from bot.answers.extracts import extract
from bot.answers.ledger_answers import SAME_SENTENCE_SIMILARITY
from bot.answers.material import material
from bot.blocking import run_blocking
from bot.briefings.assemble import sources_of
from bot.config import Answers
from bot.flows.answer.memory import Memory, passages_of, read_memory
from bot.flows.answer.rerank import LazyEncoder
from bot.flows.answer.retrieve import Retrieved, retrieve
from bot.flows.answer.with_model import Emit, answer_with_model
from bot.flows.briefing.session import ModelSession
from bot.flows.rules.reader import RulesReader
from bot.language.similarity import similarity
from bot.model.briefing import Checks, Statement, Writer
from bot.model.conversation.answer import MAX_ANSWER_STATEMENTS, Answer, Nearest, Passage, Question
from bot.model.ids import derive_id
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class _WrittenAnswer:
    statements: tuple[Statement, ...] = ()
    writer: Writer = Writer.EXTRACTS
    degraded: str = ""
    checks: Checks = field(default_factory=Checks)


async def ask(
    question: Question,
    *,
    store: Store,
    settings: Answers,
    session: ModelSession | None = None,
    emit: Emit | None = None,
    encoder: LazyEncoder | None = None,
    rules: RulesReader | None = None,
) -> Answer:
    """Return the answer to ``question``, or one that is declined; never raises for a model's failure."""
    consulted = await retrieve(question, store=store, encoder=encoder)
    memory = await read_memory(consulted, store=store, threshold=settings.threshold, rules=rules)
    supported = consulted.support.value >= settings.threshold
    from_model = None
    # A model decides whether the retrieved passages answer the question, unless the bot was not addressed.
    if session and (supported or not question.overheard):
        from_model = await _by_model(consulted, memory, session=session, emit=emit)
    if from_model and not from_model.degraded and (from_model.statements or not question.offered):
        written = from_model
    else:
        written = _WrittenAnswer(
            statements=_in_their_words(consulted, memory, supported=supported),
            degraded=from_model.degraded if from_model else "",
        )
        if emit:
            for statement in written.statements:
                emit(statement)
    return await _answer(consulted, memory, written, store=store, threshold=settings.threshold)


async def _by_model(
    consulted: Retrieved, memory: Memory, *, session: ModelSession, emit: Emit | None
) -> _WrittenAnswer | None:
    """Return the answer of a model, empty if it declines; None if there is nothing to ask it about."""
    asked = consulted.asked
    shown = await run_blocking(
        lambda: material(consulted.proposed, asked, consulted.weights, first=passages_of(memory))
    )
    if not shown:
        return None
    phrased = await answer_with_model(consulted.question, asked, shown, session=session, emit=emit)
    return _WrittenAnswer(
        statements=phrased.statements, writer=Writer.MODEL, checks=phrased.checks, degraded=phrased.failed
    )


def _in_their_words(consulted: Retrieved, memory: Memory, *, supported: bool) -> tuple[Statement, ...]:
    """Return what ledgers say to the question, and where it is ``supported`` the articles' own sentences after it."""
    statements = list(memory.from_ledgers.statements)
    found = extract(_of_thread(consulted), consulted.asked, weights=consulted.weights) if supported else ()
    for statement in found:
        repeated = any(
            similarity(statement.text, other.text) >= SAME_SENTENCE_SIMILARITY for other in statements
        )
        if len(statements) < MAX_ANSWER_STATEMENTS and not repeated:
            statements.append(statement)
    return tuple(statements)


def _of_thread(consulted: Retrieved) -> Sequence[Passage]:
    """Return the passages to quote: of a follow-up that its thread's stories answer best, theirs alone."""
    passages, stories = consulted.passages, consulted.question.stories
    follows = bool(consulted.asked.context and passages) and passages[0].story_id in stories
    return [p for p in passages if p.story_id in stories] if follows else passages


async def _answer(
    consulted: Retrieved, memory: Memory, written: _WrittenAnswer, *, store: Store, threshold: float
) -> Answer:
    question, asked, statements = consulted.question, consulted.asked, written.statements
    articles = {(p.article.id, p.article.revision): p.article for p in consulted.proposed}
    differing = memory.from_ledgers.disagreements if statements else ()
    citations = [c for s in statements for c in s.citations]
    citations += [claim.citation for issue in differing for claim in issue.claims]
    return Answer(
        id=derive_id("ans", question.text, question.asked_at.isoformat(), *question.scope.parts),
        question=question.text,
        as_of=asked.known_by,
        statements=statements,
        declined="" if statements else "the news I have does not contain it",
        since=await store.search.oldest(question.scope),
        stories=_about(consulted, memory, statements),
        disagreements=differing,
        sources=sources_of(citations, {**articles, **memory.articles}),
        writer=written.writer,
        degraded=written.degraded,
        checks=written.checks,
        timezone=question.timezone,
        why=_why(consulted, memory, written, threshold=threshold),
        scope=question.scope,
    )


def _about(consulted: Retrieved, memory: Memory, statements: Sequence[Statement]) -> tuple[Nearest, ...]:
    """Return the stories of the answer; for a declined one, the nearest."""
    cited = {c.article_id for s in statements for c in s.citations}
    named = {p.story_id for p in consulted.proposed if p.article.id in cited}
    if memory.from_ledgers.statements:
        named.add(memory.stories[0].story_id)
    return tuple(story for story in memory.stories if story.story_id in named or not statements)


def _why(
    consulted: Retrieved, memory: Memory, written: _WrittenAnswer, *, threshold: float
) -> tuple[str, ...]:
    """Return how the answer came about, one line a step."""
    asked, window = consulted.asked, consulted.asked.window
    lines = [
        f"asked for: {asked.kind}" + (f" ({asked.measure})" if asked.kind is QuestionKind.FIGURE else "")
    ]
    lines.append(
        "looked for: " + ", ".join(f"{stem} {weight:.1f}" for stem, weight in consulted.weights.items())
    )
    if asked.context:
        lines.append(f"of earlier questions: {', '.join(asked.context)}")
    if window.words:
        lines.append(f"time: {window.words}, {_bound(window.since)} to {_bound(window.until)}")
    lines += [
        f"found: {p.article.outlet}: {p.article.title}, score {p.score:.1f}" for p in consulted.passages[:4]
    ]
    lines += [*consulted.support.why, f"threshold {threshold:.2f}", *memory.from_ledgers.why]
    if written.writer is Writer.MODEL and not written.statements:
        lines.append("the model found no answer in the passages")
    return tuple(lines)


def _bound(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "open"
