"""What a story remembers: the fold of its updates, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model.briefing import Statement
from bot.model.news import Citation
from bot.model.update import (
    OTHER_KIND,
    Announcement,
    ChangeKind,
    Contradiction,
    Fact,
    Phase,
    SettledAnnouncement,
    StatusLine,
    UpdateActor,
    UpdateFigure,
)

UNKNOWN_AFTER = timedelta(days=14)  # between two statuses, after which nobody knows what held


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A fact with what later updates said of it."""

    fact: Fact
    known_at: datetime  # when its update was made
    as_of: datetime  # when the newest article of its update was published
    citations: tuple[Citation, ...]  # its own, and those of facts that restate it
    superseded_by: str = ""  # id of the fact that replaced it
    ids: tuple[str, ...] = ()  # of all facts that say it: a channel that was sent one of them was sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """Where the story stood from one update on."""

    as_of: datetime
    known_at: datetime
    phase: Phase | None = None
    state: str = ""
    status: StatusLine
    change: ChangeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLedger:
    """What is known of a story; every list is oldest first."""

    story_id: str
    updates: tuple[str, ...] = ()  # ids of what it was folded from
    articles: frozenset[tuple[str, int]] = frozenset()  # (id, revision) that were read
    kind: str = OTHER_KIND
    headline: Statement | None = None
    course: tuple[CoursePoint, ...] = ()  # by the day each status is about
    facts: tuple[KnownFact, ...] = ()
    actors: tuple[UpdateActor, ...] = ()  # the newest position of each
    figures: tuple[UpdateFigure, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    settled: tuple[SettledAnnouncement, ...] = ()  # what became of announcements in the end, one each
    contradictions: tuple[Contradiction, ...] = ()
    background: tuple[Statement, ...] = ()
    questions: tuple[str, ...] = ()

    @property
    def now(self) -> CoursePoint | None:
        """Where the story stands."""
        return self.course[-1] if self.course else None

    @property
    def since(self) -> date | None:
        """The day on which the state, or where none is known the phase, began that holds now.

        What an update does not say of it neither ends it nor began it. A phase says too little to hold over a time of
        which nothing is known.
        """
        now = self.now
        if now is None:
            return None
        held = now
        for point in reversed(self.course[:-1]):
            if _differ(point.phase, now.phase) or _differ(point.state, now.state):
                break
            if not now.state and held.status.as_of - point.status.as_of > UNKNOWN_AFTER:
                break
            if (point.state == now.state) if now.state else (point.phase == now.phase):
                held = point
        return held.status.as_of

    @property
    def open_announcements(self) -> tuple[Announcement, ...]:
        """Announcements of which nobody has said what became of them; one that moved has its new day."""
        done = {one.announcement for one in self.settled}
        return tuple(one for one in self.announcements if one.id not in done)

    @property
    def newest_figures(self) -> tuple[UpdateFigure, ...]:
        """The newest value of each counted thing by each claimant, the one that is longest unchanged first."""
        newest: dict[tuple[str, str], UpdateFigure] = {}
        for figure in self.figures:
            key = (figure.series or figure.counts, figure.claimant)
            newest.pop(key, None)
            newest[key] = figure
        return tuple(newest.values())

    @property
    def standing_facts(self) -> tuple[KnownFact, ...]:
        """Facts that no later one replaced."""
        return tuple(known for known in self.facts if not known.superseded_by)


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether two states, or two phases, are both known and are not the same."""
    return bool(one and other) and one != other
