"""Choose the state that labels a status: one that its phase and its line do not contradict. Pure."""

from __future__ import annotations

from bot.kinds.carried import says_state
from bot.kinds.load import shipped_kinds
from bot.model.update import Phase

_AFTERWARDS = (Phase.AFTERMATH, Phase.OVER)


def fitting_state(kind: str, state: str, *, phase: Phase | None, line: str) -> str:
    """Return ``state`` where it is of ``phase``, or ``line`` says it by the words that its kind knows for it; else nothing.

    A cited sentence may say that an owner explains, while the line says what the owner did; "happened" labels
    no aftermath. States of an operator's own kinds are accepted, because their words are unknown here.
    """
    known = shipped_kinds().get(kind)
    found = known.state(state) if known and state else None
    if found is None or phase is None or found.phase is phase:
        return state
    if found.phase is Phase.DECIDED and phase in _AFTERWARDS:
        return ""
    return state if says_state(kind, state, line) else ""
