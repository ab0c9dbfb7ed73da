"""The interface of a language: labels, sentences and counts; dates, numbers and plural forms come from CLDR (Babel).

Babel is imported when something is first formatted: it takes a third of a second, and most commands format nothing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bot.language.rules import load_rules
from bot.model.news import DateSource
from bot.model.story import Status
from bot.model.update import Phase

if TYPE_CHECKING:
    from babel import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The labels and messages of one language; braces are filled in by name, pairs are for one and for several."""

    locale: str  # as CLDR names it
    date_pattern: str = "full"  # of CLDR, or a pattern where that differs from the usual form in news
    short_date_pattern: str = "EEE, d MMMM"
    day_pattern: str = "d MMMM"  # in small print

    # Labels of a story's lines.
    was: str
    before: str  # a status that happened, and is still true beside the new one
    now: str
    status: str
    who: str
    figures: str
    differ: str
    next: str
    unknown: str
    background: str
    feature: str  # labels a story without a dated event
    returns: str  # before the headline of a story of which nothing was sent for weeks
    sources: str
    quoted: str
    according: str
    earlier_position: str
    announced_by: str
    until: str
    by_day: str
    before_day: str
    not_reported: str
    no_longer_stated: str  # of a line that an edited article no longer carries
    until_day: str
    as_of: str
    claimed_by: str  # the outlet that reports a claim
    from_day: str
    around_day: str
    earliest_day: str
    # Questions offered under a briefing.
    ask_next: str  # of a story
    ask_stands: str  # of a story
    ask_said: str  # by whom
    ask_how_many: str  # of what is counted, in the words of the news
    # Times of a subscription.
    daily: str
    weekdays: str
    weekends: str
    # Sections of a briefing.
    morning_briefing: str  # the default title
    changed: str
    new: str
    changed_and_new: str
    watch: str
    earlier: str
    unchanged: str
    others: tuple[str, str]  # stories that did not fit, before their names
    unnamed: tuple[str, str]  # the last of these, which are only counted
    # Sentences above the news.
    degraded: str
    quiet: tuple[str, str]
    quiet_unclear: tuple[str, str]  # of articles of which nothing can be told
    quiet_new: str  # where no story is followed
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
    edited: str  # why: an article was changed
    rectified: str  # why: an article was changed and says what it had wrong
    draft: str
    draft_typed: str  # where a draft has no buttons
    # What a briefing rests on.
    stories: tuple[str, str]
    articles: tuple[str, str]
    reprints: tuple[str, str]
    days: tuple[str, str]
    read: tuple[str, str]  # of how many feeds are due
    feeds: tuple[str, str]
    checked: tuple[str, str]
    repaired: tuple[str, str]
    removed: tuple[str, str]
    translated: str  # which lines are no words of the articles
    window: str
    independent: str
    with_reprints: str
    unchanged_for: str
    since: str  # a state, and from when on
    # Buttons.
    ask: str
    details: str
    manage: str
    useful: str
    wrong: str
    follow: str
    mute: str
    timeline: str
    is_wrong: str
    about_story: str  # stands in a menu that lists the stories
    approve: str
    reject: str
    words: Mapping[str, str] = field(
        default_factory=dict
    )  # of kinds of story, states, kinds of support, outcomes

    def dated(self, at: str, source: DateSource) -> str:
        """Return when an article was published, ``at`` in words; an unknown date is named as such."""
        words = {DateSource.FETCHED: self.undated, DateSource.AHEAD: self.ahead}.get(source)
        return words.format(at=at) if words else at

    def number(self, number: int) -> str:
        """Return such as "1,234"."""
        from babel.numbers import format_decimal

        return str(format_decimal(number, locale=self.locale))

    def choose(self, number: int, forms: tuple[str, str]) -> str:
        """Return the form for one or for several, as the plural rule of the language says: "0 sujet" in French."""
        return forms[0] if _locale(self.locale).plural_form(number) == "one" else forms[1]

    def count(self, number: int, noun: tuple[str, str]) -> str:
        """Return such as "3 stories"."""
        return f"{self.number(number)} {self.choose(number, noun)}"

    def language_name(self, language: str) -> str:
        """Return what ``language`` (ISO 639-1) is called."""
        return str(_locale(self.locale).languages.get(language, language))

    def word(self, english: str) -> str:
        """Return the word for a kind of story, a state, a corroboration or an outcome; its own name if there is none."""
        return self.words.get(english, english)

    def is_earlier(self, label: str) -> bool:
        """Return whether ``label`` is that of the status that was sent before."""
        return label in {self.was, self.before}

    def stands(self, status: Status) -> str:
        """Return the word for a story's state, else its phase; empty if neither is known.

        The English words of the line decide whether an event is called "decided": an accident is not.
        """
        word = status.state_or_phase
        if self.locale.startswith("en") and not status.state and word == Phase.DECIDED:
            word = word if _is_decision(status.line) else "happened"
        return self.word(word)

    def status_line(self, status: Status) -> str:
        """Return the line of ``status`` after its state or phase, if known."""
        state = self.stands(status)
        return f"{state}: {status.line}" if state else status.line

    def long_date(self, day: date) -> str:
        """Return such as "Tuesday 8 July 2025"."""
        return self.formatted(day, self.date_pattern)

    def short_date(self, day: date) -> str:
        """Return such as "Tue 8 July"."""
        return self.formatted(day, self.short_date_pattern)

    def day_and_year(self, day: date) -> str:
        """Return such as "8 July 2025"."""
        return self.formatted(day, "long")

    def days_between(self, first: date, last: date, *, today: date) -> str:
        """Return such as "Tue 8 July", "Tue 8 July to Thu 10 July", "July" or "2026": a year only where it is not that of ``today``."""
        if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
            return str(first.year)
        other = first.year != today.year or last.year != today.year
        if first.day == 1 and last == _end_of_month(first):
            return self.formatted(first, "LLLL y" if other else "LLLL")
        pattern = f"{self.short_date_pattern} y" if other else self.short_date_pattern
        begin, end = (self.formatted(day, pattern) for day in (first, last))
        return begin if first == last else self.until.format(first=begin, last=end)

    def formatted(self, day: date, pattern: str) -> str:
        """Return ``day`` by a pattern of CLDR."""
        from babel.dates import format_date

        return str(format_date(day, pattern, locale=self.locale))


def _is_decision(line: str) -> bool:
    return load_rules("en", "acts").has("decision", line.partition(";")[0])


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


@cache
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name)
