"""The ledger of a story: the fold of its updates, as of one moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.model.briefing import Statement
from bot.model.ids import derive_id
from bot.model.news import Citation
from bot.model.story import OTHER_KIND
from bot.model.update import (
    ChangeKind,
    Contradiction,
    Fact,
    Phase,
    SettledAnnouncement,
    StatusLine,
    UpdateActor,
    UpdateAnnouncement,
    UpdateFigure,
)

MAX_HELD_STATUS_GAP = timedelta(days=14)  # between two statuses, after which the status in between is unknown
_LINE = "lin"  # what begins the id of a headline or status


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A fact with what later updates said of it."""

    fact: Fact
    known_at: datetime  # when its update was made
    as_of: datetime  # when the newest article of its update was published
    citations: tuple[Citation, ...]  # its own, and those of facts that restate it
    superseded_by: str = ""  # id of the fact that replaced it
    ids: tuple[str, ...] = ()  # of all facts that say it: a channel that was sent one of them was sent it
    quoted: bool = False  # a sentence as an article has it, taken by rules


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePoint:
    """The status of a story from one update on."""

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
    sites: Mapping[str, str] = field(default_factory=dict)  # whose each of them is, by id, where it is known
    kind: str = OTHER_KIND
    headline: Statement | None = None
    course: tuple[CoursePoint, ...] = ()  # by the day each status is about
    facts: tuple[KnownFact, ...] = ()
    actors: tuple[UpdateActor, ...] = ()  # the newest position of each
    figures: tuple[UpdateFigure, ...] = ()
    announcements: tuple[UpdateAnnouncement, ...] = ()
    settled: tuple[SettledAnnouncement, ...] = ()  # what became of announcements in the end, one each
    found: frozenset[str] = frozenset()  # ids of announcements whose outcome code found, and no update says
    contradictions: tuple[Contradiction, ...] = ()
    background: tuple[Statement, ...] = ()
    questions: tuple[str, ...] = ()
    asked_at: datetime | None = None  # when the newest article of the update with the questions was published
    read_by_model: bool = False  # any of it

    @property
    def now(self) -> CoursePoint | None:
        """The present status of the story."""
        return self.course[-1] if self.course else None

    @property
    def since(self) -> date | None:
        """The day on which the present state began, or the present phase if no state is known.

        An update without a state neither ends nor begins one. A phase is not assumed to last through a time without updates.
        """
        now = self.now
        if now is None:
            return None
        if now.phase is None and not now.state:
            return now.status.as_of
        held = now
        for point in reversed(self.course[:-1]):
            if _differ(point.phase, now.phase) or _differ(point.state, now.state):
                break
            if not now.state and held.status.as_of - point.status.as_of > MAX_HELD_STATUS_GAP:
                break
            if (point.state == now.state) if now.state else (point.phase == now.phase):
                held = point
        return held.status.as_of

    @property
    def unreported_announcements(self) -> tuple[UpdateAnnouncement, ...]:
        """Announcements without an outcome in any update; the next reading may find one that code did not."""
        done = {one.announcement for one in self.settled} - self.found
        return tuple(one for one in self.announcements if one.id not in done)

    @property
    def newest_figures(self) -> tuple[UpdateFigure, ...]:
        """The newest value of each counted thing by each claimant, the least recently changed first.

        The value of another site stands beside the known one, and replaces it once two sites have it.
        """
        newest: dict[tuple[str, str], list[UpdateFigure]] = {}
        for figure in self.figures:
            held = newest.pop(series_key(figure), [])
            newest[series_key(figure)] = [*self._left_beside(figure, held), figure]
        return tuple(figure for held in newest.values() for figure in held)

    def _left_beside(self, figure: UpdateFigure, held: Sequence[UpdateFigure]) -> list[UpdateFigure]:
        ours = self.sites_of(figure.citations)
        for other in held:
            if other.value.casefold() == figure.value.casefold():
                ours |= self.sites_of(other.citations)
        if len(ours) > 1:
            return []
        return [other for other in held if not may_replace(ours, self.sites_of(other.citations))]

    def sites_of(self, citations: Iterable[Citation]) -> frozenset[str]:
        """Return the known sites of the cited articles."""
        return frozenset(site for c in citations if (site := self.sites.get(c.article_id)))

    @property
    def current_facts(self) -> tuple[KnownFact, ...]:
        """Facts that no later one replaced."""
        return tuple(known for known in self.facts if not known.superseded_by)


def _differ(one: str | None, other: str | None) -> bool:
    """Tell whether two states, or two phases, are both known and are not the same."""
    return bool(one and other) and one != other


def series_key(figure: UpdateFigure) -> tuple[str, str]:
    """Return the series of a figure: the counted thing, and who claims it."""
    return figure.series or figure.counts, figure.claimant


def line_id(text: str) -> str:
    """Return the id of a headline or status, by which a repeating fact and a channel's memory refer to it."""
    return derive_id(_LINE, text)


def is_line(known_id: str) -> bool:
    """Return whether ``known_id`` belongs to a headline or status and not to a fact."""
    return known_id.startswith(f"{_LINE}-")


def may_replace(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Return whether a report of the sites ``ours`` may replace one of ``theirs``: one site alone never replaces another's.

    If the site of one of them is unknown, it may.
    """
    return len(ours) > 1 or not ours or not theirs or not set(ours).isdisjoint(theirs)
