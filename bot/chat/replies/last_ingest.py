"""How the last ingest ended, and what could not be processed, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.document.lines import short_date
from bot.language.locale.en import counted
from bot.model.briefing import FeedFailure

MAX_LISTED_PROBLEMS = 5  # things that are set aside
SHOWN_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestState:
    """The last ingest, and what is set aside: all of it in number, the newest by title and reason."""

    started_at: datetime | None = None  # None: there was none yet
    finished_at: datetime | None = None
    feeds_due: int = 0
    feeds_read: int = 0
    articles_new: int = 0
    failures: tuple[FeedFailure, ...] = ()
    cut_off: bool = False
    running: bool = False
    set_aside: int = 0
    things: tuple[tuple[str, str], ...] = ()  # title and reason

    @property
    def failed(self) -> bool:
        """Whether it was cut off, or read no feed at all."""
        nothing = self.feeds_due > 0 and self.feeds_read == 0
        return self.started_at is not None and not self.running and (self.cut_off or nothing)


def _moment(moment: datetime) -> str:
    return f"{short_date(moment.date())} {moment:%H:%M:%S} UTC"


def ingest_line(state: IngestState, *, moment: Callable[[datetime], str] = _moment) -> str:
    """Return one sentence, without a full stop, on when the last ingest ended and how; ``moment`` words a time."""
    if state.started_at is None or state.finished_at is None:
        return "no feed was read yet"
    read = f"{state.feeds_read:,} of {counted(state.feeds_due, 'feed')} read"
    failed = f", {len(state.failures):,} failed" if state.failures else ""
    seconds = (state.finished_at - state.started_at).total_seconds()
    came = f"{read}{failed}, {counted(state.articles_new, 'new article')}, {seconds:,.0f} s"
    if state.running:
        return f"running since {moment(state.started_at)}: {came} so far"
    if state.cut_off:
        return f"interrupted at {moment(state.finished_at)}: {came}; the rest is read next time"
    return f"ended {moment(state.finished_at)}: {came}"


def set_aside_lines(state: IngestState) -> list[str]:
    """Return a line for each of the newest set-aside items, and one on the others."""
    lines = [
        f"{title[:SHOWN_TITLE_CHARS] or 'without a title'}: {reason}"
        for title, reason in state.things[:MAX_LISTED_PROBLEMS]
    ]
    if state.set_aside > len(lines):
        lines.append(f"and {state.set_aside - len(lines):,} more")
    return lines
