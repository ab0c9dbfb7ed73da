"""What is known of a story, as a bounded number of lines for a model. Pure.

First what a status can change against: headline, status, open announcements, the newest figures; then the facts most
like the new sentences. Ids are short names that hold for one call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.language.cleaning.clean import one_line
from bot.language.similarity import similarity
from bot.model.ledger import KnownFact, StoryLedger, series_key
from bot.model.update import UpdateAnnouncement, UpdateFigure

KNOWN_CHARS_PER_TOKEN = 4
MAX_FIGURES_SHOWN = 6
MAX_COMPARED_FACTS = 60  # newest facts that are compared with the new sentences
MAX_COMPARED_SENTENCES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLines:
    """The lines, and the ids behind their short ids."""

    text: str
    facts: Mapping[str, KnownFact] = field(default_factory=dict)
    announcements: Mapping[str, UpdateAnnouncement] = field(default_factory=dict)


def known_lines(ledger: StoryLedger, sentences: Sequence[str], *, max_tokens: int) -> KnownLines:
    """Return the lines of ``ledger`` in at most ``max_tokens`` (4 characters each), for a model that reads ``sentences``."""
    if not ledger.updates:
        return KnownLines(text="nothing yet")
    room = max_tokens * KNOWN_CHARS_PER_TOKEN
    written: list[str] = []
    announcements: dict[str, UpdateAnnouncement] = {}
    facts: dict[str, KnownFact] = {}

    def write(line: str, *, unsaid: str = "", free: int = 0) -> bool:
        nonlocal room
        # What the line need not repeat takes room as well: so much is known in a call, however it is written.
        taken = len(line) + len(unsaid) - free + 1
        if taken > room:
            return False
        room -= taken
        written.append(line)
        return True

    for line in _status_lines(ledger):
        write(line)
    for number, one in enumerate(ledger.unreported_announcements, 1):
        # The last day of a span takes no room: how much else is known does not hang on it.
        last = f" to {one.due_end}" if one.due_end else ""
        due = f" (due {one.due}{last})" if one.due else ""
        if write(f"A{number} announced: {one_line(one.what)}{due}", free=len(last)):
            announcements[f"A{number}"] = one
    newest = {series_key(one): one for one in ledger.newest_figures}  # one value of each series
    for figure in list(newest.values())[-MAX_FIGURES_SHOWN:]:
        write(_figure_line(figure), unsaid=_unsaid_of(figure))
    for number, known in enumerate(_most_alike(ledger, sentences), 1):
        text = one_line(known.fact.text)
        by = f" [{known.fact.claimant}]" if known.fact.claimant else ""
        line = f"F{number} {known.as_of:%Y-%m-%d}: {text}"
        says_it = bool(by) and known.fact.claimant in text
        if write(line, unsaid=by) if says_it else write(line + by):
            facts[f"F{number}"] = known
    return KnownLines(text="\n".join(written), facts=facts, announcements=announcements)


def _figure_line(figure: UpdateFigure) -> str:
    """Return the line of a figure, under the name of its series where it has one."""
    value = " ".join(filter(None, (figure.value, figure.unit)))
    by = f", {figure.claimant}" if figure.claimant else ""
    return f"figure {value}: {figure.series or one_line(figure.counts)}{by} ({figure.as_of})"


def _unsaid_of(figure: UpdateFigure) -> str:
    return f" [series: ]{one_line(figure.counts)}" if figure.series else ""


def _status_lines(ledger: StoryLedger) -> Iterator[str]:
    if ledger.headline:
        yield f"headline: {one_line(ledger.headline.text)}"
    yield f"kind: {ledger.kind}"
    if now := ledger.now:
        stands = ", ".join(filter(None, (now.state, now.phase.value if now.phase else "")))
        yield f"status ({now.status.as_of}{'; ' if stands else ''}{stands}): {one_line(now.status.text)}"


def _most_alike(ledger: StoryLedger, sentences: Sequence[str]) -> list[KnownFact]:
    """Return the standing facts, those that the new sentences speak of first; of the others the newest first."""
    newest = list(reversed(ledger.current_facts))[:MAX_COMPARED_FACTS]
    said = sentences[:MAX_COMPARED_SENTENCES]
    alike = {
        known.fact.id: max((similarity(known.fact.text, sentence) for sentence in said), default=0.0)
        for known in newest
    }
    return sorted(newest, key=lambda known: -round(alike[known.fact.id], 1))
