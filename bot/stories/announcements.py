"""What was announced and what became of it, over all updates of a story. Pure.

announcements ──the same one in other updates──▶ one          reports by their day ──▶ moved, happened or did not: told once
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.language.similarity import is_copy
from bot.model.story import Expectation, Ledger, Outcome
from bot.model.update import Announcement, AnnouncementOutcome, SettledAnnouncement, StoryUpdate

ZONES = timedelta(days=1)  # by which the day of a report at its place may be later than in UTC


@dataclass(slots=True)
class _Followed:
    announced: Announcement
    at: datetime  # of the newest article of its update
    outcome: SettledAnnouncement | None = None


def followed_announcements(
    known: Sequence[StoryUpdate],
) -> tuple[tuple[Announcement, ...], tuple[SettledAnnouncement, ...]]:
    """Return the announcements of the updates ``known``, oldest first, each with its newest day, and their outcomes.

    The same thing announced for the same day in nearly the same words is one. What a report says of an announcement
    counts by the day of the report, not by when it was read: one from before the announcement says nothing of it, "happened"
    none from before the day; what happened is not moved and not undone, what did not may be moved or happen later.
    """
    followed: dict[str, _Followed] = {}
    same: dict[str, str] = {}
    for update in known:
        for one in update.announcements:
            first = _same_as(one, followed)
            same[one.id] = first or one.id
            if first is None:
                followed[one.id] = _Followed(one, update.as_of)
            else:
                before = followed[first].announced
                citations = tuple(dict.fromkeys((*before.citations, *one.citations)))
                followed[first].announced = replace(before, citations=citations)
    for update in sorted(known, key=lambda u: (u.as_of, u.made_at, u.id)):
        for report in update.settled:
            found = followed.get(same.get(report.announcement, ""))
            if found and update.as_of >= found.at:
                _settle(found, report, at=update.as_of)
    settled = (one.outcome for one in followed.values() if one.outcome)
    return tuple(one.announced for one in followed.values()), tuple(settled)


def read_on(ledger: Ledger, *, today: date) -> Ledger:
    """Return ``ledger`` as it is read on ``today``: of what went by without a report it says so."""
    return replace(ledger, expectations=tuple(lapse(e, today=today) for e in ledger.expectations))


def lapse(expectation: Expectation, *, today: date) -> Expectation:
    """Return ``expectation`` as "no report found" where its last day is two days past and nothing settled it."""
    last = expectation.due_end or expectation.due
    if last and expectation.outcome is Outcome.OPEN and today > last + timedelta(days=1):
        return replace(expectation, outcome=Outcome.NO_REPORT)
    return expectation


def _same_as(one: Announcement, followed: dict[str, _Followed]) -> str | None:
    for first, other in followed.items():
        known = other.announced
        if one.due == known.due and (is_copy(one.what, known.what) or is_copy(known.what, one.what)):
            return first
    return None


def _settle(found: _Followed, report: SettledAnnouncement, *, at: datetime) -> None:
    happened = found.outcome and found.outcome.outcome is AnnouncementOutcome.HAPPENED
    announced = found.announced
    if happened:
        return
    if report.outcome is AnnouncementOutcome.MOVED and report.due:
        found.outcome = None
        if report.due != announced.due:
            found.announced = replace(
                announced, due=report.due, due_end=None, when="", citations=report.citations
            )
    elif report.outcome is AnnouncementOutcome.HAPPENED:
        if announced.due is None or at.date() + ZONES >= announced.due:
            found.outcome = replace(report, announcement=announced.id)
    elif found.outcome is None:
        # What is moved to no day is not going to happen on the one that was announced.
        found.outcome = replace(
            report, announcement=announced.id, outcome=AnnouncementOutcome.DID_NOT_HAPPEN, due=None
        )
