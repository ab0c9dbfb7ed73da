"""Ask: answer a question from the archive, every sentence cited, or say that the news we have does not hold it.

question ──read──▶ stems, names, time ──search──▶ passages ──support──▶ ledger rows, then extracts or a model's words
                                                                └── thin: declined, with the nearest stories
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.answers.asked import Asked, QuestionKind, Window, naming, read_question
from bot.answers.extracts import extract
from bot.answers.ledger_answers import LedgerAnswer, cited_articles, from_ledger
from bot.answers.rank import RankedPassage, rank, weigh, with_synonyms
from bot.answers.support import PassageSupport, support
from bot.briefings.assemble import sources_of
from bot.config import Answers
from bot.flows.answer.rerank import LazyEncoder, rerank
from bot.flows.answer.with_model import Emit, answer_with_model
from bot.flows.briefing.session import ModelSession
from bot.flows.ingest.update_ledgers import ledger_rows
from bot.language.similarity import similarity
from bot.model.answer import MAX_STATEMENTS, Answer, Nearest, Passage, Question
from bot.model.briefing import Checks, Statement, Writer
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.story import LedgerEntry, Story
from bot.store import Store
from bot.stories.history import ledger_at

MAX_PASSAGES = 12  # that are read in full
OTHER_DAYS_WEIGHT = 0.7  # what a passage of other days than those asked for counts
MAX_STORIES = 3  # named beside an answer
SAME_SENTENCE_SIMILARITY = 0.6  # similarity from which two sentences say the same
MAX_FOLLOW_UP_STEMS = 2  # stems up to which a question says so little that it means the thread's own story
LEDGER_KINDS = frozenset(
    {QuestionKind.STATUS, QuestionKind.CHANGED, QuestionKind.FIGURE, QuestionKind.NEXT, QuestionKind.WHO}
)  # asked of ledgers first

Articles = Mapping[tuple[str, int], Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What the archive gave for a question: how it was understood, and the passages, best first."""

    question: Question
    asked: Asked
    weights: Mapping[str, float]
    passages: tuple[Passage, ...]  # of the days it names, where it names some: these can answer
    around: tuple[Passage, ...] = ()  # the nearest of other days
    support: PassageSupport

    @property
    def today(self) -> date:
        """The day by which the answer is known, where it is asked."""
        return self.asked.known_by.astimezone(ZoneInfo(self.question.timezone)).date()

    @property
    def nearest(self) -> tuple[Passage, ...]:
        """The passages of any day, best first; those of the days it names before others as good."""
        others = tuple(replace(p, score=OTHER_DAYS_WEIGHT * p.score) for p in self.around)
        return tuple(sorted((*self.passages, *others), key=lambda p: -p.score))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The stories it is about, likeliest first: the thread's where the question says little, else the passages'."""
        found = [p.story_id for p in self.nearest if p.story_id]
        own = len(self.asked.stems) <= MAX_FOLLOW_UP_STEMS and not self.asked.names
        return tuple(
            dict.fromkeys((*self.question.stories, *found) if own else (*found, *self.question.stories))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """The stories a question is about, and what their ledgers say to it."""

    stories: tuple[Nearest, ...] = ()
    from_ledgers: LedgerAnswer = field(default_factory=LedgerAnswer)
    articles: Articles = field(default_factory=dict)  # that the ledgers rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
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
    meaning: LazyEncoder | None = None,
) -> Answer:
    """Return the answer to ``question``, or one that is declined; never raises for a model's failure."""
    consulted = await retrieve(question, store=store, meaning=meaning)
    memory = await _remember(consulted, store=store, threshold=settings.threshold)
    draft = _Draft(statements=memory.from_ledgers.statements)
    if consulted.support.value >= settings.threshold:
        draft = await _word(consulted, memory, session=session, emit=emit)
    elif emit:
        for statement in draft.statements:
            emit(statement)
    return await _answer(consulted, memory, draft, store=store, threshold=settings.threshold)


async def retrieve(question: Question, *, store: Store, meaning: LazyEncoder | None = None) -> Retrieved:
    """Return what the archive holds that may answer ``question``; by its words, and by ``meaning`` where there is one."""
    asked = read_question(question)
    ranked, weights = await search(asked, question, store=store)
    if meaning:
        ranked = await rerank(ranked, asked, question, store=store, meaning=meaning)
    passages = await _read(ranked[:MAX_PASSAGES], asked, store=store)
    around: tuple[Passage, ...] = ()
    if asked.window.days:
        # What happened in those days is told later, too: then it names them.
        everywhere, _ = await search(replace(asked, window=Window()), question, store=store)
        later = await _read(everywhere[: 2 * MAX_PASSAGES], asked, store=store)
        passages = _merged(passages, [p for p in (naming(one, asked.window.days) for one in later) if p])
        around = tuple(p for p in later if p.article.id not in {q.article.id for q in passages})
    return Retrieved(
        question=question,
        asked=asked,
        weights=weights,
        passages=passages,
        around=around,
        support=support(passages, asked, weights),
    )


async def search(
    asked: Asked, question: Question, *, store: Store
) -> tuple[list[RankedPassage], dict[str, float]]:
    """Return the passages that hold any of what is asked, best first, and what each stem counts."""
    wanted = dict.fromkeys((*asked.stems, *asked.context), 1.0)
    frequencies = await store.search.frequencies(with_synonyms(wanted))
    weights = weigh(asked, frequencies.weight)
    found = await store.search.find(
        with_synonyms(weights),
        frequencies=frequencies,
        by=question.scope,
        known_by=asked.known_by,
        since=asked.window.since,
        until=asked.window.until,
    )
    stories = (*question.stories, *(turn.story_id for turn in reversed(question.turns) if turn.story_id))
    return rank(found, weights, now=asked.known_by, stories=stories, recent=asked.recent), weights


def _merged(passages: Sequence[Passage], more: Sequence[Passage]) -> tuple[Passage, ...]:
    both = {(p.article.id, p.sentences): p for p in (*more, *passages)}
    return tuple(sorted(both.values(), key=lambda p: -p.score)[:MAX_PASSAGES])


async def _read(ranked: Sequence[RankedPassage], asked: Asked, *, store: Store) -> tuple[Passage, ...]:
    """Return the passages with their articles as they were known then, best first."""
    known = await store.articles.as_of({r.found.article_id for r in ranked}, asked.known_by)
    articles = {article.id: article for article in known}
    found = []
    for one in ranked:
        article = articles.get(one.found.article_id)
        # An edit may have made it longer since: what was not there then is left out.
        numbers = [n for n in one.found.sentences if article and n <= len(article.sentences)]
        if article and numbers:
            found.append(
                Passage(
                    article=article,
                    sentences=tuple(numbers),
                    score=one.score,
                    story_id=one.found.story_id,
                )
            )
    return tuple(found)


async def _remember(consulted: Retrieved, *, store: Store, threshold: float) -> _Memory:
    """Return the stories the question is about, and what the first one's ledger says to it."""
    question, asked = consulted.question, consulted.asked
    ids = consulted.subjects[:MAX_STORIES]
    by_id = {story.id: story for story in await store.stories.get(ids, by=question.scope)}
    stories = [by_id[story_id] for story_id in ids if story_id in by_id]
    rows = await ledger_rows(stories, store=store, timezone=question.timezone, by=question.scope)
    near = tuple(_near(story, rows[story.id], consulted) for story in stories)
    meant = bool(ids) and (consulted.support.value >= threshold or ids[0] in question.stories)
    if not stories or not meant or asked.kind not in LEDGER_KINDS:
        return _Memory(stories=near)
    entries = tuple(row for row in rows[stories[0].id] if row.recorded_at <= asked.known_by)
    # As they stood then: what an edit had taken out is not told.
    known = await store.articles.as_of(sorted(cited_articles(entries)), asked.known_by)
    articles = {(a.id, a.revision): a for a in known}
    stated = from_ledger(
        asked,
        ledger_at(stories[0].id, entries, at=asked.known_by, today=consulted.today),
        entries,
        weights=consulted.weights,
        articles=articles,
        today=consulted.today,
    )
    return _Memory(stories=near, from_ledgers=stated, articles=articles)


def _near(story: Story, rows: Sequence[LedgerEntry], consulted: Retrieved) -> Nearest:
    ledger = ledger_at(story.id, rows, at=consulted.asked.known_by, today=consulted.today)
    return Nearest(story_id=story.id, headline=story.title, status=ledger.status)


async def _word(
    consulted: Retrieved, memory: _Memory, *, session: ModelSession | None, emit: Emit | None
) -> _Draft:
    """Return the answer in a model's words where it finds some, else in the articles' own."""
    failed = ""
    if session:
        passages = (*_passages(memory), *consulted.passages)
        phrased = await answer_with_model(
            consulted.question, consulted.asked, passages, session=session, emit=emit
        )
        if not phrased.failed:
            return _Draft(statements=phrased.statements, writer=Writer.MODEL, checks=phrased.checks)
        failed = phrased.failed
    statements = list(memory.from_ledgers.statements)
    for statement in extract(consulted.passages, consulted.asked, weights=consulted.weights):
        repeated = any(
            similarity(statement.text, other.text) >= SAME_SENTENCE_SIMILARITY for other in statements
        )
        if len(statements) < MAX_STATEMENTS and not repeated:
            statements.append(statement)
    if emit:
        for statement in statements:
            emit(statement)
    return _Draft(statements=tuple(statements), degraded=failed)


def _passages(memory: _Memory) -> tuple[Passage, ...]:
    """Return the sentences a ledger answers with as passages for a model."""
    return tuple(
        Passage(article=memory.articles[c.article_id, c.revision], sentences=c.sentences, score=0.0)
        for statement in memory.from_ledgers.statements
        for c in statement.citations
    )


async def _answer(
    consulted: Retrieved, memory: _Memory, draft: _Draft, *, store: Store, threshold: float
) -> Answer:
    question, asked, statements = consulted.question, consulted.asked, draft.statements
    articles = {(p.article.id, p.article.revision): p.article for p in consulted.passages}
    differing = memory.from_ledgers.disagreements if statements else ()
    citations = [c for s in statements for c in s.citations]
    citations += [claim.citation for issue in differing for claim in issue.claims]
    return Answer(
        id=derive_id("ans", question.text, question.asked_at.isoformat(), *question.scope.parts),
        question=question.text,
        as_of=asked.known_by,
        statements=statements,
        declined="" if statements else "the news I have does not hold it",
        since=await store.search.oldest(question.scope),
        stories=_about(consulted, memory, statements),
        disagreements=differing,
        sources=sources_of(citations, {**articles, **memory.articles}),
        writer=draft.writer,
        degraded=draft.degraded,
        checks=draft.checks,
        timezone=question.timezone,
        why=_why(consulted, memory, draft, threshold=threshold),
        scope=question.scope,
    )


def _about(consulted: Retrieved, memory: _Memory, statements: Sequence[Statement]) -> tuple[Nearest, ...]:
    """Return the stories that the answer tells of; of one that is declined, the nearest."""
    cited = {c.article_id for s in statements for c in s.citations}
    named = {p.story_id for p in consulted.passages if p.article.id in cited}
    if memory.from_ledgers.statements:
        named.add(memory.stories[0].story_id)
    return tuple(story for story in memory.stories if story.story_id in named or not statements)


def _why(consulted: Retrieved, memory: _Memory, draft: _Draft, *, threshold: float) -> tuple[str, ...]:
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
    if draft.writer is Writer.MODEL and not draft.statements:
        lines.append("the model found no answer in the passages")
    return tuple(lines)


def _bound(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "open"
