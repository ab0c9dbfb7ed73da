"""What a language has to have: the labels, sentences, counts and days that stand beside the news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.model.news import DateSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's words; braces are filled in by name, pairs are of one and of many."""

    # Labels of a story's lines.
    was: str
    now: str
    status: str
    who: str
    figures: str
    differ: str
    next: str
    unknown: str
    sources: str
    extracts: str
    according: str
    earlier_position: str
    announced_by: str
    until: str
    # Sections of a briefing.
    changed: str
    new: str
    watch: str
    earlier: str
    unchanged: str
    # Sentences above the news.
    degraded: str
    quiet: tuple[str, str]
    blind: str
    none_read: str  # every feed failed
    not_read: str  # no feed was read
    no_feeds: str  # there is none
    undated: str  # in the place of a date, with when it was first seen
    ahead: str  # where the stated date lies ahead
    more: str
    late: str
    corrected: str
    replaced: str
    withdrawn: str
    draft: str
    draft_typed: str  # where a draft has no buttons
    # What a briefing rests on.
    stories: tuple[str, str]
    articles: tuple[str, str]
    reprints: tuple[str, str]
    days: tuple[str, str]
    read: tuple[str, str]  # of how many feeds are due
    unread: tuple[str, str]
    checked: tuple[str, str]
    mended: str
    dropped: str
    window: str
    independent: str
    with_reprints: str
    unchanged_for: str
    # Buttons.
    ask: str
    details: str
    manage: str
    useful: str
    wrong: str
    approve: str
    keep_back: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_days: tuple[str, ...]
    dot: str = ""  # after the number of a day
    thousands: str = ","
    words: Mapping[str, str] = field(default_factory=dict)  # of states, kinds of support, outcomes

    def dated(self, at: str, source: DateSource) -> str:
        """Return when an article was published, ``at`` in words; one whose date is not known says so."""
        words = {DateSource.FETCHED: self.undated, DateSource.AHEAD: self.ahead}.get(source)
        return words.format(at=at) if words else at

    def number(self, number: int) -> str:
        """Return such as "1,234"."""
        return f"{number:,}".replace(",", self.thousands)

    def count(self, number: int, noun: tuple[str, str]) -> str:
        """Return such as "3 stories"."""
        return f"{self.number(number)} {noun[number != 1]}"

    def word(self, english: str) -> str:
        """Return the word for a state, a kind of support or an outcome."""
        return self.words.get(english, english)

    def long_date(self, day: date) -> str:
        """Return such as "Tuesday 8 July 2025"."""
        return f"{self.weekdays[day.weekday()]} {self._day(day)} {day.year}"

    def short_date(self, day: date) -> str:
        """Return such as "Tue 8 July"."""
        return f"{self.short_days[day.weekday()]} {self._day(day)}"

    def _day(self, day: date) -> str:
        return f"{day.day}{self.dot} {self.months[day.month - 1]}"
