"""Checks every field of a story update against the sentences it cites. Pure, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.evidence.check import check_statement
from bot.evidence.citing import Articles, ShownSentences, known_citations
from bot.evidence.faults.announced import wrong_day
from bot.evidence.faults.nameless import is_nameless
from bot.evidence.faults.states import outcome_holds, state_holds
from bot.evidence.proposed import FieldKind, ProposedField
from bot.evidence.questions import answered
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, facts_of, ground_of
from bot.language.sentences.clauses import word_count
from bot.model.news import TITLE_NUMBER
from bot.model.record import Checked, Disposition, Verdict
from bot.model.update import (
    MAX_FACT_CHARS,
    MAX_HEADLINE_WORDS,
    MAX_STATUS_WORDS,
    AnnouncementOutcome,
    max_words,
)

MAX_WORDS = {FieldKind.HEADLINE: MAX_HEADLINE_WORDS, FieldKind.STATUS: MAX_STATUS_WORDS}
MAX_CHECKED_FIELDS = 200  # fields of one update that are checked; no honest one has as many


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What a model was shown: its articles, of each the numbers of the sentences, and when the update is made."""

    articles: Articles
    sentences: ShownSentences
    made_at: datetime | None

    def verdict(self, field: ProposedField, text: str, *, as_field: str, claimant: str = "") -> Verdict:
        return check_statement(
            text,
            field.citations,
            articles=self.articles,
            given=self.sentences,
            claimant=claimant,
            field=as_field,
            made_at=self.made_at,
        )

    def language(self, field: ProposedField) -> str:
        """Return the language of the first article that ``field`` cites; empty if it cites none of them."""
        cited = (self.articles.get((c.article_id, c.revision)) for c in field.citations)
        return next((article.language for article in cited if article), "")

    def held(self, field: ProposedField, judge: Callable[[Facts, Ground], Verdict]) -> Verdict:
        """Return what ``judge`` says of the text of ``field`` against the sentences it cites that were shown."""
        cited = known_citations(field.citations, articles=self.articles, given=self.sentences)
        if not cited:
            return Verdict(passed=False, reason="unknown_citation")
        ground = ground_of(cited, articles=self.articles)
        verdict = judge(facts_of(ground.articles[0], field.text), ground)
        return replace(verdict, citations=tuple(cited))


def check_fields(
    fields: Sequence[ProposedField],
    *,
    articles: Articles,
    shown: ShownSentences = None,
    made_at: datetime | None = None,
) -> tuple[Checked, ...]:
    """Return each part of ``fields`` that a reader would see with its verdict, in order.

    A field gives one result under its own path, but an actor three: ``actors[0].name``, ``.role`` and
    ``.position`` (those it has), and an announcement ``.what`` and ``.when``, so that a part can fail alone. ``articles``
    are those the writer was given, by id and revision; ``shown`` the numbers of the sentences it saw of each, None for
    all. ``made_at`` is aware. At most ``MAX_CHECKED_FIELDS`` fields are checked; those after it are left out.
    """
    given = _Shown(articles=articles, sentences=shown, made_at=made_at)
    return tuple(
        checked for field in fields[:MAX_CHECKED_FIELDS] for checked in _PARTS[field.kind](field, given)
    )


def _line(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    verdict = too_long(field, language=given.language(field)) or given.verdict(
        field, field.text, as_field=_AS_FIELD.get(field.kind, "bullet"), claimant=field.who
    )
    if verdict.passed and field.kind is FieldKind.STATUS:
        named = given.held(field, _named)
        verdict = verdict if named.passed else named
    yield _checked(field.path, field.text, verdict)


def _named(text: Facts, ground: Ground) -> Verdict:
    nameless = is_nameless(text.text, ground)
    return Verdict(passed=not nameless, reason="nameless" if nameless else "")


def too_long(field: ProposedField, *, language: str = "en") -> Verdict | None:
    """Return the refusal of a line in ``language`` that is longer than its kind allows, else None."""
    words = max_words(MAX_WORDS.get(field.kind, 0), language=language)
    if words and word_count(field.text) > words:
        return Verdict(passed=False, reason="length", words=(f"{words} words",), citations=field.citations)
    if field.kind is FieldKind.FACT and len(field.text) > MAX_FACT_CHARS:
        limit = f"{MAX_FACT_CHARS} characters"
        return Verdict(passed=False, reason="length", words=(limit,), citations=field.citations)
    return None


def _actor(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    name = given.verdict(field, field.who, as_field="name")
    yield _checked(f"{field.path}.name", field.who, name)
    if field.role:
        role = given.verdict(field, f"{field.who}: {field.role}", as_field="role")
        yield _checked(f"{field.path}.role", field.role, role)
    if field.text:
        position = given.verdict(field, field.text, as_field="position", claimant=field.who)
        yield _checked(f"{field.path}.position", field.text, position)


def _figure(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    text = " ".join(filter(None, (field.value, field.unit, field.text)))
    yield _checked(field.path, text, given.verdict(field, text, as_field="figure", claimant=field.who))


def _announcement(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    verdict = given.verdict(field, field.text, as_field="next", claimant=field.who)
    yield _checked(f"{field.path}.what", field.text, verdict)
    if field.when:
        named = given.held(field, _day_of(field))
        if verdict.passed and not named.passed:
            named = _day_in_title(field, given) or named
        yield _checked(f"{field.path}.when", field.when, named)


def _day_in_title(field: ProposedField, given: _Shown) -> Verdict | None:
    """Return that the title of a cited article names the day, where it announces the same; else None."""
    for citation in field.citations:
        article = given.articles.get((citation.article_id, citation.revision))
        if article is None or not article.title:
            continue
        titled = replace(field, citations=(article.cite(TITLE_NUMBER),))
        seen = replace(given, sentences=None)
        if seen.verdict(titled, titled.text, as_field="next").passed:
            named = seen.held(titled, _day_of(titled))
            if named.passed:
                return named
    return None


def _day_of(field: ProposedField) -> Callable[[Facts, Ground], Verdict]:
    def judge(text: Facts, ground: Ground) -> Verdict:
        del text
        wrong = wrong_day(field.when, ground)
        return Verdict(passed=not wrong, reason="date" if wrong else "", words=wrong)

    return judge


def _outcome(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    outcome = next((o for o in AnnouncementOutcome if o == field.value), None)
    verdict = (
        given.held(field, lambda text, ground: outcome_holds(text, outcome, ground))
        if outcome
        else Verdict(passed=False, reason="not_settled", words=(field.value,), citations=field.citations)
    )
    yield _checked(field.path, field.text, verdict)


def _state(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    by = field.carried_by
    verdict = given.held(field, lambda text, ground: state_holds(text, ground, carried_by=by))
    yield _checked(field.path, field.text, verdict)


def _question(field: ProposedField, given: _Shown) -> Iterator[Checked]:
    if not field.text.strip():
        verdict = Verdict(passed=False, reason="empty")
    else:
        by = answered(field.text, given.articles.values())
        verdict = Verdict(passed=not by, reason="answered" if by else "", words=(by,) if by else ())
    yield _checked(field.path, field.text, verdict)


def _checked(path: str, text: str, verdict: Verdict) -> Checked:
    disposition = Disposition.KEPT if verdict.passed else Disposition.DROPPED
    return Checked(field=path, text=text, verdict=verdict, disposition=disposition)


_AS_FIELD = {FieldKind.HEADLINE: "headline", FieldKind.STATUS: "status"}
_PARTS: dict[FieldKind, Callable[[ProposedField, _Shown], Iterator[Checked]]] = {
    FieldKind.HEADLINE: _line,
    FieldKind.STATUS: _line,
    FieldKind.FACT: _line,
    FieldKind.SIDE: _line,
    FieldKind.BACKGROUND: _line,
    FieldKind.ACTOR: _actor,
    FieldKind.FIGURE: _figure,
    FieldKind.ANNOUNCEMENT: _announcement,
    FieldKind.OUTCOME: _outcome,
    FieldKind.STATE: _state,
    FieldKind.QUESTION: _question,
}
