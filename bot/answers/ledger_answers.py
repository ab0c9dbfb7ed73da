"""Answer from the ledgers of stories: status, people, figures, announcements, changes. Pure.

A row of a ledger is shown as the sentence it cites, whole and as printed: this module writes no sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.answers.asked import Asked, QuestionKind
from bot.answers.forms import fits, tells_of_before
from bot.answers.support import share
from bot.answers.synonyms import synonyms_of
from bot.language.entities.names import same_name
from bot.language.sentences.clauses import lead_free
from bot.language.similarity import similarity
from bot.language.stems import stems
from bot.model.briefing import Statement
from bot.model.news import TITLE_NUMBER, Article, Citation
from bot.model.story import (
    Actor,
    Announcement,
    Disagreement,
    Figure,
    Ledger,
    LedgerEntry,
    Outcome,
    Status,
)

SAME_SENTENCE_SIMILARITY = 0.6  # similarity from which two sentences say the same
MIN_QUESTION_SHARE = 0.5  # share of the question's weight that a figure or announcement must hold
MIN_FACT_SHARE = 0.7  # the same, of a fact
MIN_COUNTED_SHARE = 0.3  # share of what a figure counts that must be asked for
MAX_LEDGER_STATEMENTS = 4
_ANYBODY = frozenset(stem for word in ("people", "persons", "others") for stem in stems(word))

Articles = Mapping[tuple[str, int], Article]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedFact:
    """A fact of a story with its sentences, and when the newest of its articles was published."""

    citation: Citation
    as_of: datetime


Value = Status | Actor | Figure | Announcement | CitedFact


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAnswer:
    """The answer of a ledger to a question; ``why`` names the rows."""

    statements: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    why: tuple[str, ...] = ()


def from_ledger(
    asked: Asked,
    ledger: Ledger,
    rows: Sequence[LedgerEntry],
    *,
    weights: Mapping[str, float],
    articles: Articles,
    today: date,
    facts: Sequence[CitedFact] = (),
) -> LedgerAnswer:
    """Return the answer of ``ledger``, with its ``rows``, to ``asked``, followed by that of the story's ``facts``."""
    values: tuple[Value, ...] = (
        *_values(asked, ledger, rows, weights=weights, articles=articles, today=today),
        *_facts(asked, facts, weights=weights, articles=articles),
    )
    statements: list[Statement] = []
    for value in values:
        statement = _sentence(value.citation, articles)
        if (
            statement
            and len(statements) < MAX_LEDGER_STATEMENTS
            and all(similarity(statement.text, other.text) < SAME_SENTENCE_SIMILARITY for other in statements)
        ):
            statements.append(statement)
    cited = {(c.article_id, c.revision, n) for s in statements for c in s.citations for n in c.sentences}
    differing = tuple(
        issue
        for issue in ledger.disagreements
        if asked.kind is QuestionKind.FIGURE
        and any(
            (c.citation.article_id, c.citation.revision, n) in cited
            for c in issue.claims
            for n in c.citation.sentences
        )
        and all((c.citation.article_id, c.citation.revision) in articles for c in issue.claims)
    )
    kinds = sorted({type(value).__name__.lower() for value in values})
    why = (f"from the timeline of {ledger.story_id}: {', '.join(kinds)}",) if statements else ()
    return LedgerAnswer(statements=tuple(statements), disagreements=differing, why=why)


def _values(
    asked: Asked,
    ledger: Ledger,
    rows: Sequence[LedgerEntry],
    *,
    weights: Mapping[str, float],
    articles: Articles,
    today: date,
) -> Iterator[Value]:
    if asked.kind is QuestionKind.STATUS and ledger.status:
        yield ledger.status
    elif asked.kind is QuestionKind.CHANGED:
        yield from _changed(rows, since=asked.window.since)
    elif asked.kind is QuestionKind.NEXT:
        yield from _ahead(ledger.expectations, weights=weights, articles=articles, today=today)
    elif asked.kind is QuestionKind.FIGURE:
        held = [
            f
            for f in ledger.figures
            if _about(f, weights, articles) >= MIN_QUESTION_SHARE
            and _counts(f, asked) >= MIN_COUNTED_SHARE
            and not _of_before(f, asked, articles)
            and _goes_on(f, asked, articles)
        ]
        # What counts the very thing comes before a part of it, then the newest.
        yield from sorted(held, key=lambda f: (_counts(f, asked), f.as_of), reverse=True)
    elif asked.kind is QuestionKind.WHO:
        # "Who is NAME?": by the sentence that prints the role.
        named = asked.text.rstrip("? ").partition(" is ")[2] or asked.text.rstrip("? ").partition(" was ")[2]
        yield from (a for a in ledger.actors if a.role and same_name(a.name, named))


def _changed(rows: Sequence[LedgerEntry], *, since: datetime | None) -> list[Status | Figure | Announcement]:
    """Return what was learned since, newest first, states before figures of one time."""
    order = {Status: 0, Announcement: 1, Figure: 2}
    values = [
        (row.as_of, row.value)
        for row in rows
        if not row.withdrawn
        and isinstance(row.value, Status | Figure | Announcement)
        and (since is None or row.as_of >= since)
    ]
    values.sort(key=lambda item: (-item[0].timestamp(), order[type(item[1])]))
    return [value for _, value in values]


def _ahead(
    announcements: Iterable[Announcement], *, weights: Mapping[str, float], articles: Articles, today: date
) -> list[Announcement]:
    open_ = [
        e for e in announcements if e.outcome is Outcome.OPEN and e.due and (e.due_end or e.due) >= today
    ]
    about = [e for e in open_ if _about(e, weights, articles) >= MIN_QUESTION_SHARE / 2] or open_
    return sorted(about, key=lambda e: (e.due or today, e.as_of))


def _facts(
    asked: Asked, facts: Sequence[CitedFact], *, weights: Mapping[str, float], articles: Articles
) -> list[CitedFact]:
    """Return the facts that hold most of the question and the kind of thing that answers it, the newest first."""
    fitting = []
    for fact in facts:
        article = articles.get((fact.citation.article_id, fact.citation.revision))
        sentence = _sentence(fact.citation, articles)
        if (
            article
            and sentence
            and fits(sentence.text, asked, article)
            and _about(fact, weights, articles) >= MIN_FACT_SHARE
        ):
            fitting.append(fact)
    return sorted(fitting, key=lambda f: f.as_of, reverse=True)


def _goes_on(figure: Figure, asked: Asked, articles: Articles) -> bool:
    """Tell whether a figure has a word of the follow-up question itself: a death toll does not answer "and how many boats?"."""
    own = {*asked.stems} - {*asked.context}
    statement = _sentence(figure.citation, articles)
    if not asked.context or not own or statement is None:
        return True
    held = {*stems(statement.text), *stems(figure.counts)}
    return any(stem in held or synonyms_of(stem) & held for stem in own)


def _of_before(figure: Figure, asked: Asked, articles: Articles) -> bool:
    """Tell whether a figure is one of an earlier year, which an article gave for comparison."""
    article = articles.get((figure.citation.article_id, figure.citation.revision))
    sentence = _sentence(figure.citation, articles)
    return bool(article and sentence and tells_of_before(sentence.text, asked, article))


def _counts(figure: Figure, asked: Asked) -> float:
    """Return the share of a figure's counted words that the question has, apart from names; 0 to 1."""
    names = {stem for name in asked.names for stem in name}
    wanted = {*asked.stems, *asked.context} - names
    counted = {*stems(figure.counts)} - _ANYBODY - names
    held = [stem for stem in counted if stem in wanted or synonyms_of(stem) & wanted]
    return len(held) / len(counted) if counted else 0.0


def _about(
    value: Figure | Announcement | CitedFact, weights: Mapping[str, float], articles: Articles
) -> float:
    """Return the share of the question's weight that the value's sentence and its article's title hold."""
    statement = _sentence(value.citation, articles)
    if statement is None:
        return 0.0
    title = articles[value.citation.article_id, value.citation.revision].title
    return share({*stems(statement.text), *stems(title)}, weights)


def _sentence(citation: Citation, articles: Articles) -> Statement | None:
    """Return the first sentence of ``citation`` as printed, its title if nothing else is cited; None if the article is not loaded."""
    article = articles.get((citation.article_id, citation.revision))
    if article is None or not citation.sentences:
        return None
    number = min(citation.sentences, key=lambda n: (n == TITLE_NUMBER, n))
    if not article.has(number):
        return None
    return Statement(text=lead_free(article.sentence(number).text), citations=(article.cite(number),))
