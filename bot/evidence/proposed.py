"""A field of a story update as a model proposes it, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.news import Citation


class FieldKind(StrEnum):
    """The kind of a proposed field, which decides how it is checked."""

    HEADLINE = "headline"
    STATUS = "status"
    FACT = "fact"
    ACTOR = "actor"
    FIGURE = "figure"
    ANNOUNCEMENT = "announcement"
    OUTCOME = "outcome"
    SIDE = "side"  # of a contradiction
    BACKGROUND = "background"
    QUESTION = "question"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedField:
    """One field with the sentences it cites; ``path`` is its place, such as ``facts[2]``.

    What ``text`` and ``who`` are, by kind:

    headline, status, fact, background   the line; who says it, empty where the outlets report it
    actor          what they say or do (may be empty); the name. ``role`` as printed.
    figure         what is counted; who claims it. ``value`` as printed, ``unit``.
    announcement   what will happen; who announced it. ``when`` as printed (may be empty).
    outcome        what was announced; ``value`` is happened, did not happen or moved. ``when`` the new day, as printed.
    side           what one side of a contradiction says; which side.
    question       the open question; it cites nothing.
    state          the sentence that describes the state, of the kind's own file; ``value`` is its name,
                   ``carried_by`` the words or phrases that carry it beside that sentence.
    """

    path: str
    kind: FieldKind
    text: str = ""
    citations: tuple[Citation, ...] = ()
    who: str = ""
    role: str = ""
    value: str = ""
    unit: str = ""
    when: str = ""
    carried_by: tuple[str, ...] = ()
