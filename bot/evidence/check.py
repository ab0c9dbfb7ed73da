"""The evidence check: decides whether the cited sentences support a statement, and why not. Pure, no model.

What is checked is wording: numbers, days, names, quotations, negations, doubts, speakers, and that enough of the
statement is there. That is not proof that it is true, and no text for readers may claim more than was checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.evidence.citing import Articles, ShownSentences, are_neighbours, known_citations, other_citations
from bot.evidence.faults import clauses, names
from bot.evidence.faults.announced import not_ahead, said_long_ago
from bot.evidence.faults.claimants import unattributed, wrong_claimant, wrong_speaker
from bot.evidence.faults.cuts import cut_short
from bot.evidence.faults.hedges import hedge
from bot.evidence.faults.opposites import opposite
from bot.evidence.faults.predicates import did_to_another, predicate_of_another, role_of_another
from bot.evidence.faults.quantities import days, figures, numbers
from bot.evidence.faults.quotes import misquoted
from bot.evidence.faults.roles import unprinted_role
from bot.evidence.faults.subjects import not_theirs, said_by_another, wrong_subject
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, facts_at, facts_of, ground_of
from bot.evidence.reasons import WORDING_REASONS
from bot.language.sentences.quotations import plain
from bot.model.news import Citation
from bot.model.record import Verdict

MAX_CHECKED_STATEMENT_CHARS = 2_000
# Share of its content words from which a statement is carried: 2 % of random pairs reach it.
CARRIED_SHARE = 0.50
LEAST_SHARE = {"figure": 0.60, "position": 0.60}  # least share of supported words for fields with few words
# Faults that no other sentence repairs: what is cited says the contrary.
VETOES = frozenset({"opposite", "negation"})
# Faults that a title nobody cited may mend: it has the number or name. It leaves out who says it, and doubts.
REPAIRED_BY_TITLE = frozenset({"number", "name"})
UNFLAGGED_SHARE = 0.60  # below this a statement that passes is flagged
REPAIR_SHARE = 0.80  # least share of supported words for citations that the writer did not name


def check_statement(
    text: str,
    citations: Sequence[Citation],
    *,
    articles: Articles,
    given: ShownSentences = None,
    claimant: str = "",
    field: str = "bullet",
    made_at: datetime | None = None,
) -> Verdict:
    """Return whether ``citations`` support ``text``, or which other given sentences do.

    ``articles`` are those the writer was given, by id and revision; ``given`` the numbers of the sentences it was
    shown of each, None for all. ``claimant`` is shown beside the statement as its source. ``field`` is
    its place: headline, status, bullet, name, role, position, figure, next or quote. A
    "yesterday" of the statement is resolved from ``made_at`` (aware), or from the articles if that is None.
    """
    if not re.search(r"\w", text):
        return Verdict(passed=False, reason="empty")
    if len(text) > MAX_CHECKED_STATEMENT_CHARS:
        return Verdict(passed=False, reason="too_long")
    known = known_citations(citations, articles=articles, given=given)
    verdict = (
        _judge(
            text,
            known,
            articles=articles,
            claimant=claimant,
            field=field,
            made_at=made_at,
            enough=CARRIED_SHARE,
        )
        if known
        else Verdict(passed=False, reason="unknown_citation")
    )
    if verdict.passed and len(known) == len(citations):
        return verdict
    if verdict.passed:  # some of what it cites does not exist, the rest carries it
        return Verdict(passed=True, citations=tuple(known), repaired=True, flagged=verdict.flagged)
    if verdict.reason in VETOES:
        return verdict
    titles = verdict.reason in REPAIRED_BY_TITLE
    for other in other_citations(text, known, articles=articles, given=given, titles=titles):
        several = sum(len(citation.sentences) for citation in other) > 1
        if field == "figure" and several:
            break  # a number and what it counts stand in one sentence
        together = are_neighbours(other) and verdict.reason in WORDING_REASONS
        if several and not together and not _shared_out(text, other, articles=articles):
            continue
        found = _judge(
            text,
            other,
            articles=articles,
            claimant=claimant,
            field=field,
            made_at=made_at,
            enough=REPAIR_SHARE,
        )
        if found.passed:
            return Verdict(passed=True, citations=found.citations, repaired=True, flagged=found.flagged)
    return verdict


def _judge(
    text: str,
    citations: Sequence[Citation],
    *,
    articles: Articles,
    claimant: str,
    field: str,
    made_at: datetime | None,
    enough: float,
) -> Verdict:
    ground = ground_of(citations, articles=articles)
    cited = tuple(citations)
    whole = plain(text).rstrip(" .")
    if any(whole == facts.plain.rstrip(" .") for facts in ground.facts):
        return Verdict(passed=True, citations=cited)
    readings = [facts_of(article, text) for article in dict.fromkeys(ground.articles)]
    statement = readings[0]
    today = facts_at(ground.articles[0], text, made_at) if made_at else None
    for reason, words in _faults(
        statement, ground, readings=readings, today=today, claimant=claimant, field=field
    ):
        if words:
            return Verdict(passed=False, reason=reason, words=tuple(dict.fromkeys(words)), citations=cited)
    share, missing = clauses.coverage(statement, ground, widely=field not in LEAST_SHARE)
    if share < max(enough, LEAST_SHARE.get(field, 0.0)):
        return Verdict(passed=False, reason="uncovered", words=missing, citations=cited)
    return Verdict(passed=True, citations=cited, flagged=share < UNFLAGGED_SHARE)


def _faults(
    statement: Facts,
    ground: Ground,
    *,
    readings: Sequence[Facts],
    today: Facts | None,
    claimant: str,
    field: str,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the faults rule by rule, the gravest first; the caller stops at the first that holds words."""
    if field == "name":
        yield "name", names.unsupported(statement, ground)
        return
    if field == "role":  # a "not" beside it, or in a quotation, says nothing of a role
        yield "role", unprinted_role(statement, ground)
        return
    if field == "figure":
        yield "counted", figures.elsewhere(statement, ground)
    yield "quote", misquoted(statement, ground, field=field)
    yield "number", numbers.unsupported(statement, ground)
    yield (
        "date",
        days.wrong_days(readings, ground, today=today) or days.day_of_another(statement, ground),
    )
    yield "name", names.unsupported(statement, ground)
    yield "counted", numbers.miscounted(statement, ground) or numbers.borrowed(statement, ground)
    if field == "quote":
        return
    if field == "position" and claimant:
        yield "another", said_by_another(claimant, statement, ground)
    yield "speaker", wrong_speaker(statement, ground)
    yield "swapped", names.misplaced(statement, ground)
    yield (
        "actor",
        (
            predicate_of_another(statement, ground)
            or did_to_another(statement, ground)
            or role_of_another(statement, ground)
        ),
    )
    yield "opposite", opposite(statement, ground)
    yield "negation", clauses.negation(statement, ground)
    yield "hedge", hedge(statement, ground)
    yield "speaker", unattributed(statement, ground, who=claimant)
    if field == "position" and claimant:
        yield "actor", not_theirs(claimant, statement, ground)
        yield "cut", cut_short(claimant, statement, ground)
    if field == "next":
        yield "not_announced", not_ahead(statement, ground)
        yield "old", said_long_ago(statement, ground)
        yield "actor", wrong_subject(statement, ground)
    if claimant and field not in {"role", "position"}:
        yield "wrong_claimant", wrong_claimant(statement, ground, who=claimant)
    elif not claimant and field not in {"headline", "role"}:
        yield "claimant", clauses.claimant(statement, ground)
    yield "slant", clauses.slanted(statement, ground)
    yield "fused", clauses.fused(statement, ground)


def _shared_out(text: str, citations: Sequence[Citation], *, articles: Articles) -> bool:
    """Tell whether each clause of ``text`` is carried by one of the sentences alone."""
    single = [
        (Citation(article_id=c.article_id, revision=c.revision, sentences=(n,)),)
        for c in citations
        for n in c.sentences
    ]
    pieces = clauses.split(text)
    return len(pieces) > 1 and all(
        any(
            _judge(
                piece,
                one,
                articles=articles,
                claimant="",
                field="headline",
                made_at=None,
                enough=REPAIR_SHARE,
            ).passed
            for one in single
        )
        for piece in pieces
    )
