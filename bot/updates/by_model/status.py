"""The status of an update: its line, its replacement if it was refused, its state and its phase. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.kinds.load import Kind
from bot.language.sentences.clauses import word_count
from bot.model.news import sentences_of
from bot.model.record import Checked
from bot.model.update import Importance, Phase, StatusLine
from bot.updates.by_model.distrust import may_end
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import UpdateReply
from bot.updates.days import status_day

MAX_STAND_IN_WORDS = 14  # of a fact or headline in the place of a refused status


def status_of(
    reply: UpdateReply, kept: Mapping[str, Checked], who: Mapping[str, str], reading: Reading
) -> StatusLine | None:
    """Return the status of ``kept``, or a replacement if it was refused; None if the reply has none: the earlier status stays."""
    path = "status" if "status" in kept else _stand_in(reply, kept)
    if not path:
        return None
    citations = kept[path].verdict.citations
    return StatusLine(
        text=kept[path].text.rstrip("."),
        said_by=who[path],
        as_of=status_day(reply.status.day, citations, reading.articles),
        citations=citations,
    )


def _stand_in(reply: UpdateReply, kept: Mapping[str, Checked]) -> str:
    """Return the path of what replaces a refused status: the first fact, if that is a short key fact, else the headline; empty for none.

    The earlier status does not hold: a model that was shown it wrote another.
    """
    if not reply.status.text.strip():
        return ""
    is_key = bool(reply.facts) and reply.facts[0].importance == int(Importance.KEY)
    lines = [path for path in ("facts[0]" if is_key else "", "headline") if path in kept]
    return next((p for p in lines if word_count(kept[p].text) <= MAX_STAND_IN_WORDS), "")


def state_of(reply: UpdateReply, kept: Mapping[str, Checked], status: StatusLine | None, kind: Kind) -> str:
    """Return the state of the reply if the check accepted it, else an empty text.

    A state of what follows, such as an apology or an inquiry, is used only if a new status cites the sentence that says so.
    """
    found = kind.state(reply.state.name) if "state" in kept else None
    if found is None:
        return ""
    says = sentences_of(kept["state"].verdict.citations)
    if found.phase is Phase.AFTERMATH and status and says.isdisjoint(sentences_of(status.citations)):
        return ""
    return found.name


def phase_of(reply: UpdateReply, reading: Reading, *, kind: str, state: str) -> Phase | None:
    """Return the phase that the reply names, else that of its accepted state.

    A state can have several phases: an outbreak that is investigated goes on, and goods that are received may still be sold.

    A story that was not decided before cannot be over: if several sites say so, it is decided.
    """
    order = list(Phase)
    said = Phase(reply.phase) if reply.phase in set(order) else None
    found = reading.kinds[kind].state(state) if state else None
    phase = said or (found.phase if found else None)
    before = reading.ledger.now.phase if reading.ledger.now else None
    known = before is not None and order.index(before) >= order.index(Phase.DECIDED)
    return Phase.DECIDED if phase is Phase.OVER and not known and may_end(reading) else phase
