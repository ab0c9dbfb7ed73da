"""Make a story update of the fields that passed the evidence check; labels are accepted or dropped by code. Pure.

reply + verdicts ──fields that stand──▶ labels ──distrust of a single site──▶ story update
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.evidence.proposed import ProposedField
from bot.language.cleaning.clean import one_line
from bot.model.briefing import Statement, Writer
from bot.model.ids import derive_id
from bot.model.ledger import KnownFact, may_replace
from bot.model.record import Checked
from bot.model.story import OTHER_KIND, Claim
from bot.model.update import (
    AnnouncementOutcome,
    Contradiction,
    Fact,
    Importance,
    Phase,
    SettledAnnouncement,
    StoryUpdate,
    UpdateAnnouncement,
    UpdateFigure,
)
from bot.updates.by_model.actors import actors_of
from bot.updates.by_model.change import change_of
from bot.updates.by_model.distrust import (
    elsewhere,
    is_trusted,
    left,
    may_end,
    may_lead,
    roundups,
    sites_of,
    without_roundups,
)
from bot.updates.by_model.guard import is_plain
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import UpdateReply
from bot.updates.by_model.status import phase_of, state_of, status_of
from bot.updates.days import (
    Articles,
    as_bounded,
    due_days,
    is_only_possible,
    newest_day,
    past_day,
)
from bot.updates.labels import restated, superseded

MAX_KEY_FACTS = 4  # facts of the highest importance in one update


def update_of(
    reply: UpdateReply, fields: Sequence[ProposedField], checked: Sequence[Checked], reading: Reading
) -> StoryUpdate:
    """Return the update of ``reply``, made of the ``fields`` whose last check in ``checked`` passed."""
    last = {c.field: c for c in checked}
    kept = {field: c for field, c in last.items() if c.verdict.passed}
    who = {field.path: field.who for field in fields}
    kind = reply.kind if reply.kind in reading.kinds else OTHER_KIND
    leading = without_roundups(kept, reply, reading)
    status = status_of(reply, leading, who, reading)
    facts = tuple(_facts(reply, kept, who, reading))
    figures = tuple(_figures(reply, kept, reading))
    state = state_of(reply, leading, status, reading.kinds[kind])
    phase = phase_of(reply, reading, kind=kind, state=state) if may_lead(reply, reading) else None
    ends = phase is not Phase.OVER or may_end(reading)
    return StoryUpdate(
        id=reading.id,
        story_id=reading.story_id,
        scope=reading.scope,
        articles=tuple((a.id, a.revision) for a in reading.batch.articles),
        sites=tuple(a.owner for a in reading.batch.articles),
        as_of=max(a.published_at for a in reading.batch.articles),
        made_at=reading.made_at,
        written_by=Writer.MODEL,
        model=reading.model,
        prompt_hash=reading.prompt_hash,
        headline=_statement(leading["headline"]) if "headline" in leading else None,
        kind=kind,
        state=state,
        state_citations=leading["state"].verdict.citations if state else (),
        phase=phase if ends else Phase.AFTERMATH,
        said_over=not ends,
        status=status,
        change=change_of(
            reply.change,
            status=status,
            phase=phase if ends else Phase.AFTERMATH,
            state=state,
            said_by=leading["state"].verdict.citations if state else (),
            facts=facts,
            counted=tuple(one for one in figures if is_trusted(one, reading)),
            kind=reading.kinds[kind],
            ledger=reading.ledger,
        ),
        facts=facts,
        actors=actors_of(reply, kept, reading, other_lines=_lines(leading, facts)),
        figures=figures,
        announcements=tuple(_announcements(reply, kept, reading)),
        settled=tuple(_outcomes(reply, kept, reading)),
        contradictions=tuple(_contradictions(reply, kept)),
        background=tuple(
            _statement(kept[f"background[{i}]"])
            for i in range(len(reply.background))
            if f"background[{i}]" in kept
        ),
        questions=tuple(
            kept[f"questions[{i}]"].text for i in range(len(reply.questions)) if f"questions[{i}]" in kept
        ),
        elsewhere=elsewhere(reply, reading),
        left=left(reply, reading),
        roundups=tuple(a.id for a in reading.batch.articles if a.id in roundups(reply, reading)),
    )


def _statement(checked: Checked) -> Statement:
    return Statement(text=checked.text, citations=checked.verdict.citations)


def _facts(
    reply: UpdateReply, kept: Mapping[str, Checked], who: Mapping[str, str], reading: Reading
) -> Iterator[Fact]:
    keys = 0
    for i, item in enumerate(reply.facts):
        checked = kept.get(f"facts[{i}]")
        if checked is None:
            continue
        citations = checked.verdict.citations
        known = reading.known.facts.get(item.known)
        importance = Importance(item.importance)
        if importance is Importance.KEY:
            keys += 1
            importance = importance if keys <= MAX_KEY_FACTS else Importance.USEFUL
        fact = Fact(
            id=derive_id("fct", reading.id, str(i)),
            text=checked.text,
            citations=citations,
            importance=importance,
            happened_on=past_day(item.day, citations, reading.articles),
            claimant=who[f"facts[{i}]"],
        )
        again = reading.repeated.get(f"facts[{i}]")
        if again:
            yield replace(fact, restates=again)
        else:
            yield _labelled(fact, item.relation, known, reading)


def _labelled(fact: Fact, relation: str, known: KnownFact | None, reading: Reading) -> Fact:
    if known is None or relation == "new":
        return fact
    if relation == "restates":
        return replace(fact, restates=known.fact.id) if restated(fact, known.fact) else fact
    if not superseded(fact, known.fact, articles=reading.articles):
        return fact
    trusted = may_replace(sites_of(fact.citations, reading), sites_of(known.citations, reading))
    return replace(fact, supersedes=known.fact.id) if trusted else fact


def _lines(leading: Mapping[str, Checked], facts: Sequence[Fact]) -> Sequence[str]:
    """Return the lines of an update, in which somebody who acts is named."""
    return [
        *(leading[path].text for path in ("headline", "status") if path in leading),
        *(one.text for one in facts),
    ]


def _figures(reply: UpdateReply, kept: Mapping[str, Checked], reading: Reading) -> Iterator[UpdateFigure]:
    for i, item in enumerate(reply.figures):
        checked = kept.get(f"figures[{i}]")
        if checked is None or not item.counts.strip():
            continue
        citations = checked.verdict.citations
        day = past_day(item.day, citations, reading.articles)
        series = _series(item.series, reading)
        yield UpdateFigure(
            value=one_line(item.value),
            unit=one_line(item.unit),
            counts=one_line(item.counts),
            claimant=one_line(item.claimant),
            as_of=day or newest_day(citations, reading.articles),
            series=series if is_plain(series, tuple(reading.articles.values())) else "",
            citations=citations,
        )


def _series(named: str, reading: Reading) -> str:
    """Return the name of a series without the value before it in known lines: "27: people hurt"."""
    series = one_line(named)
    value, colon, name = series.partition(": ")
    shown = {one.value.casefold() for one in reading.ledger.newest_figures}
    return name if colon and value.casefold() in shown else series


def _announcements(
    reply: UpdateReply, kept: Mapping[str, Checked], reading: Reading
) -> Iterator[UpdateAnnouncement]:
    for i, item in enumerate(reply.announcements):
        what, when = kept.get(f"announcements[{i}].what"), kept.get(f"announcements[{i}].when")
        if what is None:
            continue
        # The announcement may be in another sentence than its day.
        citations = tuple(dict.fromkeys((*(when.verdict.citations if when else ()), *what.verdict.citations)))
        printed = as_bounded(when.text, citations, reading.articles) if when else ""
        if is_only_possible(printed):
            continue
        due, end = due_days(item.due, printed, citations, reading.articles)
        if due is None:
            continue  # what is announced for no day, "soon" or "if talks fail", can neither be watched nor settled
        yield UpdateAnnouncement(
            id=derive_id("ann", reading.id, str(i)),
            what=what.text,
            when=printed,
            due=due,
            due_end=end,
            announced_by=one_line(item.by),
            citations=citations,
        )


def _outcomes(
    reply: UpdateReply, kept: Mapping[str, Checked], reading: Reading
) -> Iterator[SettledAnnouncement]:
    for i, item in enumerate(reply.settled):
        checked = kept.get(f"settled[{i}]")
        if checked is None or item.known not in reading.known.announcements:
            continue
        announced = reading.known.announcements[item.known]
        citations = checked.verdict.citations
        reported = newest_day(citations, reading.articles)
        if item.outcome == "happened" and announced.due and reported < announced.due:
            continue  # only a report on or after the day says that it happened
        if reported < _announced_on(announced, reading.articles):
            continue  # what was written before says nothing of it
        due = due_days(item.due, "", citations, reading.articles)[0] if item.outcome == "moved" else None
        if due and due == announced.due:
            continue  # it is announced again
        yield SettledAnnouncement(
            announcement=announced.id,
            outcome=AnnouncementOutcome(item.outcome),
            due=due,
            citations=citations,
        )


def _announced_on(announced: UpdateAnnouncement, articles: Articles) -> date:
    """Return the day of the first article that announced it, if loaded."""
    keys = [(c.article_id, c.revision) for c in announced.citations]
    return min((articles[key].own_day for key in keys if key in articles), default=date.min)


def _contradictions(reply: UpdateReply, kept: Mapping[str, Checked]) -> Iterator[Contradiction]:
    for i, item in enumerate(reply.contradictions):
        sides = tuple(
            Claim(by=one_line(side.by), text=checked.text, citation=checked.verdict.citations[0])
            for j, side in enumerate(item.sides)
            if (checked := kept.get(f"contradictions[{i}].sides[{j}]"))
        )
        asked = kept.get(f"contradictions[{i}].question")
        if asked and len({side.by.casefold() for side in sides}) > 1:
            yield Contradiction(question=asked.text, sides=sides)
