"""Write a reply in the short form that is asked for: many were recorded in the long one, an object for each entry."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.updates.by_model.reply import FactReply, UpdateReply, read_update

TOLD_FACTS, TOLD_ACTORS, TOLD_FIGURES = 5, 4, 4  # of one story in one briefing
_MARKS = {"new": "", "restates": "=", "supersedes": ">"}


def short_text(text: str) -> str:
    """Return the reply ``text`` in the short form; one that has it already as it is."""
    data = json.loads(text)
    if isinstance(data.get("headline"), str) or not isinstance(data, dict):
        return text
    return _written(_told(read_update(data)) | _kept(read_update(data)))


def told_text(text: str) -> str:
    """Return what a briefing tells of the reply ``text``: headline, status, facts, actors, figures and what is ahead."""
    return _written(_told(read_update(json.loads(text)), facts=TOLD_FACTS, labels=False))


def _told(reply: UpdateReply, *, facts: int = 12, labels: bool = True) -> dict[str, object]:
    status = reply.status
    return {
        "headline": _joined(reply.headline.text, cite=reply.headline.cite),
        "status": _joined(status.text, status.said_by, status.day, cite=status.cite),
        "facts": [_fact(one, labels=labels) for one in reply.facts[:facts]],
        "actors": [
            _joined(one.name, one.role, one.position, cite=one.cite) for one in reply.actors[:TOLD_ACTORS]
        ],
        "figures": [
            _joined(
                f"{one.value} {one.unit}".strip(),
                one.counts,
                one.claimant,
                *((one.day, one.series if one.series != one.counts else "") if labels else ()),
                cite=one.cite,
            )
            for one in reply.figures[:TOLD_FIGURES]
        ],
        "announcements": [
            _joined(one.what, one.when, one.due, one.due_end, one.by, cite=one.cite)
            for one in reply.announcements
        ],
    }


def _kept(reply: UpdateReply) -> dict[str, object]:
    return {
        "kind": reply.kind,
        "phase": reply.phase,
        "state": _joined(reply.state.name, cite=reply.state.cite) if reply.state.name else "",
        "change": reply.change,
        "settled": [_joined(one.known, one.outcome, one.due, cite=one.cite) for one in reply.settled],
        "contradictions": [
            " | ".join((one.question, *(_joined(side.by, side.text, cite=side.cite) for side in one.sides)))
            for one in reply.contradictions
        ],
        "background": [_joined(one.text, cite=one.cite) for one in reply.background],
        "questions": reply.questions,
        "elsewhere": reply.elsewhere,
        "roundups": reply.roundups,
    }


def _fact(one: FactReply, *, labels: bool) -> str:
    if not labels:
        return _joined(one.text, one.claimant, cite=one.cite)
    known = _MARKS[one.relation] + one.known if one.relation != "new" else ""
    return _joined(str(one.importance), one.text, one.claimant, one.day, known, cite=one.cite)


def _joined(*parts: str, cite: Iterable[int]) -> str:
    return " | ".join((*parts, ",".join(map(str, cite))))


def _written(data: dict[str, object]) -> str:
    kept = {key: value for key, value in data.items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
