"""Ask: answer a question from the archive, every sentence cited, or say that the news we have does not hold it.

question ──read──▶ stems, names, time ──search──▶ passages ──support──▶ answer in extracts, or worded by a model
                                                                └── thin: declined, with the nearest stories
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answers.asked import Asked, Window, names_days, read_question
from bot.answers.extracts import extract
from bot.answers.rank import Ranked, rank, weigh, widened
from bot.answers.support import Support, support
from bot.briefings.assemble import sources_of
from bot.config import Answers
from bot.flows.brief import Pen
from bot.flows.remember import ledger_rows
from bot.model.answer import Answer, Nearest, Passage, Question
from bot.model.briefing import Statement
from bot.model.ids import derive_id
from bot.store import Store
from bot.stories.history import ledger_at

PASSAGES = 12  # that are read in full
STORIES = 3  # named beside an answer

Emit = Callable[[Statement], None]
"""Called with each statement once it may be shown, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """What the archive gave for a question: how it was understood, and the passages, best first."""

    question: Question
    asked: Asked
    weights: Mapping[str, float]
    passages: tuple[Passage, ...]
    support: Support


async def ask(
    question: Question,
    *,
    store: Store,
    settings: Answers,
    pen: Pen | None = None,  # noqa: ARG001 - until a model words answers
    emit: Emit | None = None,
) -> Answer:
    """Return the answer to ``question``, or one that is declined; never raises for a model's failure."""
    consulted = await consult(question, store=store)
    statements: tuple[Statement, ...] = ()
    if consulted.support.value >= settings.threshold:
        statements = extract(consulted.passages, consulted.asked, weights=consulted.weights)
    if emit:
        for statement in statements:
            emit(statement)
    return await _answer(consulted, statements, store=store)


async def consult(question: Question, *, store: Store) -> Consulted:
    """Return what the archive holds that may answer ``question``."""
    asked = read_question(question)
    ranked, weights = await search(asked, question, store=store)
    passages = await _read(ranked[:PASSAGES], asked, store=store)
    if asked.window.days:
        # What happened in those days is told later, too: then it names them.
        everywhere, _ = await search(replace(asked, window=Window()), question, store=store)
        later = await _read(everywhere[: 2 * PASSAGES], asked, store=store)
        passages = _merged(passages, [p for p in later if names_days(p, asked.window.days)])
    return Consulted(
        question=question,
        asked=asked,
        weights=weights,
        passages=passages,
        support=support(passages, asked, weights),
    )


async def search(asked: Asked, question: Question, *, store: Store) -> tuple[list[Ranked], dict[str, float]]:
    """Return the passages that hold any of what is asked, best first, and what each stem counts."""
    wanted = dict.fromkeys((*asked.stems, *asked.context), 1.0)
    frequencies = await store.search.frequencies(widened(wanted))
    weights = weigh(asked, frequencies.weight)
    found = await store.search.find(
        widened(weights),
        frequencies=frequencies,
        by=question.scope,
        known_by=asked.known_by,
        since=asked.window.since,
        until=asked.window.until,
    )
    stories = (*question.stories, *(turn.story_id for turn in reversed(question.turns) if turn.story_id))
    return rank(found, weights, now=asked.known_by, stories=stories), weights


def _merged(passages: Sequence[Passage], more: Sequence[Passage]) -> tuple[Passage, ...]:
    both = {(p.article.id, p.sentences): p for p in (*more, *passages)}
    return tuple(sorted(both.values(), key=lambda p: -p.score)[:PASSAGES])


async def _read(ranked: Sequence[Ranked], asked: Asked, *, store: Store) -> tuple[Passage, ...]:
    """Return the passages with their articles as they were known then, best first."""
    articles = {
        a.id: a for a in await store.articles.as_of({r.found.article_id for r in ranked}, asked.known_by)
    }
    return tuple(
        Passage(
            article=articles[r.found.article_id],
            sentences=tuple(n for n in r.found.sentences if n <= len(articles[r.found.article_id].sentences)),
            score=r.score,
            story_id=r.found.story_id,
        )
        for r in ranked
        if r.found.article_id in articles
    )


async def _answer(consulted: Consulted, statements: tuple[Statement, ...], *, store: Store) -> Answer:
    question, asked, passages = consulted.question, consulted.asked, consulted.passages
    since = await store.search.oldest(question.scope)
    stories = await _nearest(passages, question, at=asked.known_by, store=store)
    articles = {(p.article.id, p.article.revision): p.article for p in passages}
    citations = [c for s in statements for c in s.citations]
    return Answer(
        id=derive_id("ans", question.text, question.asked_at.isoformat(), question.scope.channel),
        question=question.text,
        as_of=asked.known_by,
        statements=statements,
        declined="" if statements else "nothing in it answers this",
        since=since,
        stories=stories,
        sources=sources_of(citations, articles),
        timezone=question.timezone,
        why=(f"looked for: {', '.join(asked.stems)}", *consulted.support.why),
        scope=question.scope,
    )


async def _nearest(
    passages: Sequence[Passage], question: Question, *, at: datetime, store: Store
) -> tuple[Nearest, ...]:
    """Return the stories the best passages belong to, with where each stood at ``at``."""
    ids = list(dict.fromkeys(p.story_id for p in passages if p.story_id))[:STORIES]
    by = question.scope
    stories = {story.id: story for story in await store.stories.get(ids, by=by)}
    rows = await ledger_rows(list(stories.values()), store=store, timezone=question.timezone, by=by)
    today = at.astimezone(ZoneInfo(question.timezone)).date()
    return tuple(
        Nearest(
            story_id=story_id,
            headline=stories[story_id].title,
            status=ledger_at(story_id, rows[story_id], at=at, today=today).status,
        )
        for story_id in ids
        if story_id in stories
    )
