"""The timeline of a story in words: status, and what became known when, each with its source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.document.claims import according_to
from bot.language.locale.phrases import ENGLISH, Phrases
from bot.model.news import Citation, sentence_numbers
from bot.model.story import (
    Actor,
    Announcement,
    Disagreement,
    Figure,
    Ledger,
    LedgerEntry,
    LedgerTopic,
    Outcome,
    Status,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of a timeline: time, kind of fact, words, and citation."""

    when: str
    kind: str
    text: str
    source: str = ""
    withdrawn: bool = False
    citations: tuple[Citation, ...] = ()


def timeline(
    rows: tuple[LedgerEntry, ...],
    *,
    outlets: Mapping[tuple[str, int], str],
    timezone: str,
    say: Phrases = ENGLISH,
) -> tuple[Moment, ...]:
    """Return what was added to the ledger, in the order of the articles' own time; figures and actors are left to the lists.

    A status that was withdrawn later says so; an announcement appears when announced and when settled.
    """
    zone = ZoneInfo(timezone)
    topics = (LedgerTopic.STATUS, LedgerTopic.EXPECTATION, LedgerTopic.DISAGREEMENT)
    moments = [(_at(row), row.number, _moment(row, outlets, zone, say)) for row in rows if row.fact in topics]
    return tuple(moment for _, _, moment in sorted(moments, key=lambda item: item[:2]))


def marked(
    moments: Iterable[Moment], undated: Collection[tuple[str, int]], *, say: Phrases = ENGLISH
) -> Iterator[Moment]:
    """Yield ``moments``; those of an ``undated`` article say that it was first seen then."""
    for moment in moments:
        keys = {(c.article_id, c.revision) for c in moment.citations}
        first_seen = say.undated.format(at=moment.when)
        yield replace(moment, when=first_seen) if keys & set(undated) else moment


def kind_and_state(ledger: Ledger, *, say: Phrases = ENGLISH) -> str:
    """Return the kind and state of a story, such as "negotiation: stalled"."""
    state = say.stands(ledger.status) if ledger.status else ""
    kind = say.word(ledger.kind)
    return f"{kind}: {state}" if state else kind


def facts(
    ledger: Ledger, *, outlets: Mapping[tuple[str, int], str], timezone: str, say: Phrases = ENGLISH
) -> Iterator[Moment]:
    """Yield actors, figures and open announcements as they hold now."""
    zone = ZoneInfo(timezone)
    values: tuple[Actor | Figure | Announcement, ...] = (
        *ledger.actors,
        *ledger.figures,
        *ledger.expectations,
    )
    for value in values:
        yield Moment(
            when=_when(value.as_of, zone, say),
            kind=type(value).__name__.lower(),
            text=_words(value, say),
            source=_source(value.citation, outlets),
            citations=(value.citation,),
        )


def _moment(row: LedgerEntry, outlets: Mapping[tuple[str, int], str], zone: ZoneInfo, say: Phrases) -> Moment:
    value = row.value
    citation = value.citation if value is not None and not isinstance(value, Disagreement) else None
    if isinstance(value, Announcement) and value.settled_by:
        citation = value.settled_by
    return Moment(
        when=_when(_at(row), zone, say),
        kind=row.fact.value,
        text=_words(value, say),
        source=_source(citation, outlets),
        withdrawn=row.withdrawn,
        citations=(citation,) if citation else row.citations,
    )


def _at(row: LedgerEntry) -> datetime:
    """Return when a row's news is from: the article's time, or ours for what was settled or withdrawn."""
    settled = isinstance(row.value, Announcement) and row.value.settled_by is not None
    return row.recorded_at if row.withdrawn or settled else row.as_of


def _words(value: Status | Actor | Figure | Announcement | Disagreement | None, say: Phrases) -> str:
    if isinstance(value, Status):
        return say.status_line(value) + according_to(value.said_by, beside=value.line, say=say)
    if isinstance(value, Announcement):
        when = f" ({say.short_date(value.due)})" if value.due else ""
        outcome = "" if value.outcome is Outcome.OPEN else f" — {say.word(value.outcome)}"
        return f"{value.what}{when}{outcome}"
    if isinstance(value, Actor):
        name = f"{value.name} ({value.role})" if value.role else value.name
        return f"{name}: {value.position}" if value.position else name
    if isinstance(value, Figure):
        return f"{value.value} {value.counts}".strip() + according_to(value.claimant, say=say)
    if isinstance(value, Disagreement):
        return f"{value.issue}: " + "; ".join(f"{c.text} ({c.by})" for c in value.claims)
    return ""


def _source(citation: Citation | None, outlets: Mapping[tuple[str, int], str]) -> str:
    if citation is None:
        return ""
    outlet = outlets.get((citation.article_id, citation.revision), "")
    numbers = sentence_numbers(citation.sentences)
    return f"{outlet}, {f'sentence {numbers}' if numbers else 'title'}".lstrip(", ")


def _when(moment: datetime, zone: ZoneInfo, say: Phrases) -> str:
    local = moment.astimezone(zone)
    return f"{say.short_date(local.date())} {local:%H:%M}"
