"""Add the date to a relative day of a report: "on Tuesday" becomes "on Tuesday 9 January". Pure.

text + the day of its article ──▶ spans ──ahead or behind?──▶ the date, only where both readers and code can tell

In other languages than English only yesterday, today and tomorrow are sure (``calendars``). A day that cannot be resolved stays
as printed: a wrong date is worse than none. Words inside quotation marks are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time

from bot.language.dates.calendars import agreed, with_calendar_dates
from bot.language.dates.find import MAX_DATED_TEXT_CHARS, DateSpan, find_dates
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.rules import load_rules
from bot.language.speech import any_of

MAX_WEEKDAY_PAST_DAYS, MAX_WEEKDAY_FUTURE_DAYS = (
    5,
    6,
)  # days from which a weekday alone hardly names a day: reports are edited, and dated late
AROUND_DAY_CHARS = 90  # characters before a day, and after it, that tell where it lies

_RULES = load_rules("en", "days")
_PATTERNS = {rule.sense: rule.match for rule in _RULES.patterns}
_WEEKDAY = re.compile(rf"(?:(?P<which>last|past)\s)?(?P<day>{'|'.join(WEEKDAYS)})")
_NEAR_DAY, _TODAY = _PATTERNS["near"], _PATTERNS["today"]
_LONG = re.compile(r"(?P<which>next|last) (?P<unit>month|year)", re.IGNORECASE)
_ANY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b|(?i:{_PATTERNS['names a day'].pattern})")
_BORDER, _HOUR = _PATTERNS["border"], _PATTERNS["hour"]
_BESIDE_DAY = re.compile(rf"\b(?:{any_of(_RULES.words['beside a day'])})\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\s[A-ZÀ-ÖØ-Þ]\w")
_LEADS_TO_DAY = re.compile(rf"\b(?:{any_of(_RULES.words['before a day'])})\s\(?$", re.IGNORECASE)
_AUXILIARY = re.compile(rf"(?:{any_of(_RULES.words['auxiliary'])})\b")
_ADVERB = re.compile(r"\s(?:\w+ly\s)?")
_ROLLING_SPAN = _PATTERNS["rolling span"]
_Token = tuple[int, int, str, str]  # end, start, sense, words
_BACKWARD = ("last", "past")
_POSSESSIVE = ("'s", "’s")


def with_dates(text: str, *, written: Collection[date], today: date, language: str = "en") -> str:
    """Return ``text`` in ``language`` with a date added to each relative day, resolved from the day it was ``written``, with the year if it is not that of ``today``.

    If its sources were written on several days, all must give the same date.
    """
    if language != "en":
        return with_calendar_dates(text, language=language, written=written, today=today)
    if not written or len(text) > MAX_DATED_TEXT_CHARS or not _ANY.search(text):
        return text
    each = [dict((*_dates(text, day), *_rolling_spans(text, day, today=today))) for day in written]
    parts, at = [], 0
    for span, found in agreed(text, each):
        parts += [text[at : span[0]], _written(text, span, found, today=today)]
        at = _end(text, span)
    return "".join([*parts, text[at:]])


def _rolling_spans(text: str, day: date, *, today: date) -> Iterator[tuple[tuple[int, int], DateSpan]]:
    """Yield "the last 24 hours" and the like of ``text``, where ``today`` is no more the ``day`` to which or from which they are."""
    for found in _ROLLING_SPAN.finditer(text) if day != today else ():
        start, end = found.span()
        yield (start, end), DateSpan(start=start, end=end, text=found[0], first=day, last=day)


def days_ahead(text: str, *, written: date) -> tuple[date, ...]:
    """Return the days that ``text`` describes as future on the day it was ``written``: that one, or later ones."""
    noon = datetime.combine(written, time(12), tzinfo=UTC)
    found = []
    for span in find_dates(text[:MAX_DATED_TEXT_CHARS], published=noon, direction="future"):
        before = text[max(0, span.start - AROUND_DAY_CHARS) : span.start]
        far = _WEEKDAY.fullmatch(span.text) and (span.first - written).days >= MAX_WEEKDAY_FUTURE_DAYS
        if (
            span.last >= written
            and not far
            and _lies_ahead(before, text[span.end : span.end + AROUND_DAY_CHARS])
        ):
            found.append(span.last)
    return tuple(found)


def lies_behind(text: str, day: DateSpan) -> bool:
    """Tell whether the verb of ``day`` in ``text`` reports what happened: "on Sunday, the firm showed what will come"."""
    before, after = (
        text[max(0, day.start - AROUND_DAY_CHARS) : day.start],
        text[day.end : day.end + AROUND_DAY_CHARS],
    )
    return _lies_ahead(before, after) is False


def begins_name(text: str, day: DateSpan) -> bool:
    """Tell whether the weekday ``day`` in ``text`` may be the first word of a name: "their daughters, Sunday Rose and Faith".

    Before other words with a capital only a preposition or a verb says that it is a day: "said Monday Lema would resign".
    """
    named = _WEEKDAY.fullmatch(day.text)
    if not named or named["which"] or not _CAPITAL.match(text[day.end :]):
        return False
    before = text[max(0, day.start - AROUND_DAY_CHARS) : day.start]
    verbs = (found for sense in ("planned", "happened") for found in _PATTERNS[sense].finditer(before))
    return not (_LEADS_TO_DAY.search(before) or any(not before[verb.end() :].strip() for verb in verbs))


def dates_after(text: str, *, written: date) -> tuple[date, ...]:
    """Return the dates with numbers in ``text`` that are after the day it was ``written``, whatever its verbs."""
    noon = datetime.combine(written, time(12), tzinfo=UTC)
    found = find_dates(text[:MAX_DATED_TEXT_CHARS], published=noon, direction="future")
    return tuple(span.last for span in found if span.last > written and any(map(str.isdigit, span.text)))


def _dates(text: str, day: date) -> Iterator[tuple[tuple[int, int], DateSpan]]:
    """Yield the relative days of ``text`` with their dates, by position."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    behind = find_dates(text, published=noon, direction="past")
    ahead = {(span.start, span.end): span for span in find_dates(text, published=noon, direction="future")}
    stated = [span for span in behind if any(letter.isdigit() for letter in span.text)]
    for past in behind:
        place = past.start, past.end
        future = ahead.get(place)
        chosen = future and _chosen(text, past, future, day)
        if chosen and not any(_beside(chosen, one) for one in stated):
            yield place, chosen


def _chosen(text: str, past: DateSpan, future: DateSpan, day: date) -> DateSpan | None:
    """Return which of both is meant; None if that is unclear."""
    if _LONG.fullmatch(past.text):
        return past
    if _NEAR_DAY.search(past.text):
        return past
    weekday, today = _WEEKDAY.fullmatch(past.text), _TODAY.search(past.text)
    if not (weekday or today) or past.first != past.last or begins_name(text, past):
        return None
    before = text[max(0, past.start - AROUND_DAY_CHARS) : past.start]
    if _PATTERNS["no day of its own"].search(before):
        return None
    lies_ahead = _lies_ahead(before, text[past.end : past.end + AROUND_DAY_CHARS])
    if lies_ahead is None:
        return None
    back = (day - past.first).days
    if weekday and not lies_ahead and back >= MAX_WEEKDAY_PAST_DAYS and not weekday["which"]:
        return None
    if lies_ahead and (future.first - day).days >= MAX_WEEKDAY_FUTURE_DAYS:
        return None
    return future if lies_ahead else past


def _lies_ahead(before: str, after: str) -> bool | None:
    """Tell whether a day between ``before`` and ``after`` lies ahead; None where that is open."""
    clause = _BORDER.split(f" {before}")[-1]
    if _PATTERNS["coming"].search(before) and _first_verb(after) != "happened":
        return True
    tokens = sorted(
        (match.end(), match.start(), sense, match[0])
        for sense in ("planned", "happened", "infinitive")
        for match in _PATTERNS[sense].finditer(clause)
    )
    if not tokens:
        # "The court on Thursday lifted the ban": the verb right behind is what happened then.
        if re.search(r"\w", _BESIDE_DAY.sub("", clause)):
            return False if _happened_right_behind(after) else None
        return {"planned": True, "happened": False}.get(_first_verb(after))
    end, _, sense, verb = tokens[-1]
    if sense == "infinitive":
        # "Ferries to stop on Monday" is a headline's future; "voted to strike on Monday" may be either.
        sense = next((kind for _, _, kind, _ in reversed(tokens) if kind != "infinitive"), "planned")
        sense = sense if sense == "planned" else "infinitive"
    if sense == "happened" and len(tokens) > 1 and _of_modal(clause, tokens[-2], tokens[-1]):
        sense = "planned"
    between = clause[end:]
    if sense == "planned":
        return True
    if sense == "infinitive" or _PATTERNS["bound"].search(between):
        return None
    # "Announced on Sunday" was on Sunday; what was "announced for a rally on Sunday" may be ahead.
    adjacent = re.fullmatch(r"\s*(?:\w+ly\s)?(?:(?:on|late|early)\s)*", between)
    return None if _PATTERNS["arranging"].search(verb) and not adjacent else False


def _happened_right_behind(after: str) -> bool:
    """Tell whether ``after`` begins with an act of the past, and not with what "was" or is only arranged."""
    start = _ADVERB.match(after)
    verb = _PATTERNS["happened"].match(after, start.end()) if start else None
    return bool(verb and not _AUXILIARY.match(verb[0]) and not _PATTERNS["arranging"].match(verb[0]))


def _of_modal(clause: str, modal: _Token, verb: _Token) -> bool:
    """Tell whether ``verb`` belongs to ``modal``: "will stay closed", "to be released", and not "could have won"."""
    words = clause[modal[0] : verb[1]].split()
    return modal[2] == "planned" and len(words) < 3 and not {"have", "has", "and"} & set(words)


def _first_verb(after: str) -> str:
    """Return what the first verb behind a day says: "planned", "happened", or nothing."""
    clause = re.split(r"[;:.]\s", after)[0]
    found = [
        (match.start(), -match.end(), sense)
        for sense in ("planned", "happened")
        for match in [_PATTERNS[sense].search(clause)]
        if match
    ]
    return min(found)[2] if found else ""


def _beside(chosen: DateSpan, stated: DateSpan) -> bool:
    """Tell whether the text states the date itself, or another one right behind the day."""
    return (stated.first, stated.last) == (chosen.first, chosen.last) or 0 <= stated.start - chosen.end <= 12


def _end(text: str, span: tuple[int, int]) -> int:
    """Return where the words for the day end: "Tuesday", "Tuesday night", "Tuesday night's"."""
    hour = _HOUR.match(text, span[1]) if _WEEKDAY.fullmatch(text[slice(*span)]) else None
    end = hour.end() if hour else span[1]
    return end + 2 if text[end : end + 2] in _POSSESSIVE else end


def _written(text: str, span: tuple[int, int], found: DateSpan, *, today: date) -> str:
    """Return the day as printed, with its date."""
    day, year = found.first, f" {found.first.year}" if found.first.year != today.year else ""
    printed = text[span[0] : _end(text, span)]
    if long := _LONG.fullmatch(text[slice(*span)]):
        return (
            f"{printed} ({day.year})"
            if long["unit"].lower() == "year"
            else f"{printed} ({MONTHS[day.month - 1]}{year})"
        )
    dated = f"{day.day} {MONTHS[day.month - 1]}{year}"
    if rolling := _ROLLING_SPAN.fullmatch(text[slice(*span)]):
        return f"{printed} ({'to' if rolling['way'].casefold() in _BACKWARD else 'from'} {dated})"
    if not _WEEKDAY.fullmatch(text[slice(*span)]):
        return f"{printed} ({WEEKDAYS[day.weekday()]} {dated})"
    if printed.endswith(_POSSESSIVE) or re.match(r"\s\d", text[span[1] :]):
        return f"{printed} ({dated})"
    return f"{printed}, {dated}" if _HOUR.match(text, span[1]) else f"{printed} {dated}"
