"""Announcements and their outcomes, over all updates of a story. Pure.

announcements ──the same one in other updates──▶ one          reports by their day ──▶ moved, happened or did not: told once
                                                              of what nobody reported ──facts of later updates──▶ the same
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.language.similarity import is_copy
from bot.model.news import Citation
from bot.model.story import Announcement, Ledger, Outcome
from bot.model.update import AnnouncementOutcome, SettledAnnouncement, StoryUpdate, UpdateAnnouncement
from bot.stories.reported import DatedStatement, reported

ZONE_TOLERANCE = timedelta(days=1)  # by which the day of a report at its place may be later than in UTC


@dataclass(slots=True)
class _Followed:
    announced: UpdateAnnouncement
    at: datetime  # of the newest article of its update
    reported_at: datetime  # of the newest one that said anything of it
    by: str  # the update that announced it
    outcome: SettledAnnouncement | None = None
    found: bool = False  # by code: no update says it


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedAnnouncements:
    """The announcements of a story, oldest first, each with its newest day, and their outcomes."""

    announced: tuple[UpdateAnnouncement, ...]
    settled: tuple[SettledAnnouncement, ...]
    found: frozenset[str]  # ids of those whose outcome code found in facts, where no update says it


def followed_announcements(known: Sequence[StoryUpdate]) -> FollowedAnnouncements:
    """Return the announcements of the updates ``known`` and their outcomes.

    The same thing announced for the same day in nearly the same words is one announcement. A report counts by its own
    day, not by when it was read: one from before the announcement is ignored, and so is "happened"
    from before the day. What happened is never moved or undone; what did not happen may be moved or happen later.
    Without a report, a fact or status of a later update that certainly tells the outcome is used.
    """
    followed: dict[str, _Followed] = {}
    same: dict[str, str] = {}
    for update in known:
        for one in update.announcements:
            first = _same_as(one, followed)
            same[one.id] = first or one.id
            if first is None:
                followed[one.id] = _Followed(one, update.as_of, update.as_of, update.id)
            else:
                before = followed[first].announced
                citations = tuple(dict.fromkeys((*before.citations, *one.citations)))
                followed[first].announced = replace(before, citations=citations)
    by_news = sorted(known, key=lambda u: (u.as_of, u.made_at, u.id))
    for update in by_news:
        for report in update.settled:
            found = followed.get(same.get(report.announcement, ""))
            if found and update.as_of >= found.at:
                _record_outcome(found, report, at=update.as_of)
    for announced in followed.values():
        _find(announced, by_news)
    return FollowedAnnouncements(
        announced=tuple(one.announced for one in followed.values()),
        settled=tuple(one.outcome for one in followed.values() if one.outcome),
        found=frozenset(one.announced.id for one in followed.values() if one.found and one.outcome),
    )


def read_on(ledger: Ledger, *, today: date) -> Ledger:
    """Return ``ledger`` as of ``today``, with announcements marked that passed without a report."""
    return replace(ledger, expectations=tuple(lapse(e, today=today) for e in ledger.expectations))


def lapse(announcement: Announcement, *, today: date) -> Announcement:
    """Return ``announcement`` as "no report found" if its last day is two days past and it has no outcome."""
    last = announcement.due_end or announcement.due
    if last and announcement.outcome is Outcome.OPEN and today > last + timedelta(days=1):
        return replace(announcement, outcome=Outcome.NO_REPORT)
    return announcement


def _same_as(one: UpdateAnnouncement, followed: dict[str, _Followed]) -> str | None:
    for first, other in followed.items():
        known = other.announced
        if one.due == known.due and (is_copy(one.what, known.what) or is_copy(known.what, one.what)):
            return first
    return None


def _record_outcome(found: _Followed, report: SettledAnnouncement, *, at: datetime) -> None:
    found.reported_at = max(found.reported_at, at)
    happened = found.outcome and found.outcome.outcome is AnnouncementOutcome.HAPPENED
    announced = found.announced
    if happened:
        return
    if report.outcome is AnnouncementOutcome.MOVED and report.due:
        found.outcome = None
        if report.due != announced.due:
            found.announced = replace(
                announced, due=report.due, due_end=None, when="", announced_by="", citations=report.citations
            )  # who named the old day did not name the new one
    elif report.outcome is AnnouncementOutcome.HAPPENED:
        if announced.due is None or at.date() + ZONE_TOLERANCE >= announced.due:
            found.outcome = replace(report, announcement=announced.id)
    elif found.outcome is None:
        # What is moved to no day is not going to happen on the one that was announced.
        found.outcome = replace(
            report, announcement=announced.id, outcome=AnnouncementOutcome.DID_NOT_HAPPEN, due=None
        )


def _find(found: _Followed, by_news: Sequence[StoryUpdate]) -> None:
    """Settle ``found``, of which no report is known, by what later updates tell."""
    for update in by_news:
        if found.outcome or update.as_of < found.reported_at or update.id == found.by:
            continue
        for statement, citations in _statements(update):
            became = reported(found.announced, statement)
            if became is None:
                continue
            report = SettledAnnouncement(
                announcement=found.announced.id,
                outcome=became.outcome,
                due=became.due,
                citations=citations,
            )
            _record_outcome(found, report, at=update.as_of)
            if became.due_end:
                found.announced = replace(found.announced, due_end=became.due_end)
            found.found = True
            break


def _statements(update: StoryUpdate) -> Iterator[tuple[DatedStatement, tuple[Citation, ...]]]:
    """Yield the statements of ``update`` with their citations."""
    for fact in update.facts:
        yield (
            DatedStatement(text=fact.text, published=update.as_of, happened_on=fact.happened_on),
            fact.citations,
        )
    if update.status:
        yield DatedStatement(text=update.status.text, published=update.as_of), update.status.citations
