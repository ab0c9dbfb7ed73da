"""Decide whether a new status is a change: the model names a reason, and code must agree. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.kinds.load import Kind
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force, find_marks
from bot.language.similarity import figures, is_copy
from bot.model.ledger import StoryLedger
from bot.model.news import Citation, sentences_of
from bot.model.update import ChangeKind, Fact, Importance, Phase, StatusLine, UpdateFigure
from bot.updates.by_model.distrust import is_same_count

# Phases that follow each other by themselves once all is decided.
_AFTER = (Phase.DECIDED, Phase.AFTERMATH, Phase.OVER)

_SERIES = frozenset({"contest", "election"})  # kinds whose results come one after the other


def change_of(
    named: str,
    *,
    status: StatusLine | None,
    phase: Phase | None,
    state: str,
    said_by: Sequence[Citation],
    facts: Sequence[Fact],
    counted: Sequence[UpdateFigure],
    kind: Kind,
    ledger: StoryLedger,
) -> ChangeKind | None:
    """Return why ``status`` replaces the one in ``ledger``, None if the model or code sees no change.

    The first status of a story is no change, nor is one about an earlier day, nor nearly the same words.
    ``said_by`` are the sentences that say the ``state``.
    """
    before, proposed = ledger.now, _named(named)
    if before is None or status is None or proposed is None:
        return None
    if status.as_of < before.status.as_of or _is_same(status.text, before.status.text):
        return None
    ours = sentences_of(status.citations)
    seen = {
        ChangeKind.PHASE: _moved(before.phase, phase) and not _is_still_ahead(ledger, status.as_of),
        # Another kind's state says nothing of this story's, and another kind alone is no change. A state that nobody named
        # as the reason is one only where the status tells of it.
        ChangeKind.STATE: bool(state)
        and kind.name == ledger.kind
        and state != before.state
        and (before.state, state) not in kind.impossible
        and (proposed is not ChangeKind.FIGURE or bool(ours & sentences_of(said_by))),
        ChangeKind.FIGURE: any(f.supersedes for f in facts)
        or _figure_moved(counted, ledger.newest_figures, status=status.text),
        ChangeKind.ACT: not _is_another_result(kind, before.state, state)
        and (
            load_rules("en", "acts").has("replaces", status.text)
            or (proposed is ChangeKind.ACT and _acted(status, facts, since=before.status.as_of))
        ),
    }
    if seen[proposed]:
        return proposed
    return next((why for why, agreed in seen.items() if agreed), None)


def _named(reason: str) -> ChangeKind | None:
    """Return the change that ``reason`` begins with: "state: the apps are back" names the state."""
    first = re.match(r"\W*(\w+)", reason)
    return next((kind for kind in ChangeKind if first and kind == first[1].casefold()), None)


def _is_another_result(kind: Kind, before: str, now: str) -> bool:
    """Tell whether a match or vote follows one that was decided before: the next of a series replaces none."""
    found = kind.state(now) if kind.name in _SERIES and now == before else None
    return found is not None and found.phase is Phase.DECIDED


def _is_same(now: str, before: str) -> bool:
    """Tell whether ``now`` is ``before`` in nearly the same words; what was ahead and is done is not."""
    return is_copy(now, before) and _is_ahead(now) == _is_ahead(before)


def _is_ahead(text: str) -> bool:
    return any(mark.force >= Force.PLANNED for mark in find_marks(text))


def _is_still_ahead(ledger: StoryLedger, day: date) -> bool:
    """Tell whether a story waits for what was announced, all of it for later than ``day``."""
    if ledger.now is None or ledger.now.phase is not Phase.EXPECTED:
        return False
    last = [one.due_end or one.due for one in ledger.unreported_announcements]
    return bool(last) and all(one is not None and one > day for one in last)


def _acted(status: StatusLine, facts: Sequence[Fact], *, since: date) -> bool:
    """Tell whether ``status`` rests on a key fact that nobody knew, of a day after ``since``."""
    if status.as_of <= since or load_rules("en", "acts").has("only said", status.text):
        return False
    ours = sentences_of(status.citations)
    return any(
        fact.importance is Importance.KEY
        and not fact.restates
        and (fact.happened_on is None or fact.happened_on > since)
        and ours & sentences_of(fact.citations)
        for fact in facts
    )


def _moved(before: Phase | None, now: Phase | None) -> bool:
    if before is None or now is None or before is now:
        return False
    return not (before in _AFTER and now in _AFTER and _AFTER.index(now) > _AFTER.index(before))


def _figure_moved(ours: Sequence[UpdateFigure], known: Sequence[UpdateFigure], *, status: str) -> bool:
    """Tell whether a number that was known has another value on no earlier day.

    By the same claimant; where ``status`` has the number, also by one who may be the same.
    """
    for figure in ours:
        value = figures(figure.value)
        leads = bool(value) and value <= figures(status)
        for other in known:
            if (
                is_same_count(figure, other, claimant_may_differ=leads)
                and figure.as_of >= other.as_of
                and value != figures(other.value)
            ):
                return True
    return False
