"""Reads one sentence or statement into what is checked: counts, times, days, names with their places, marks, speech."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.evidence.synonyms import content
from bot.language.dates.find import find_dates
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.names import find_names
from bot.language.numbers import find_numbers
from bot.language.sentences.modality import Mark, find_marks
from bot.language.sentences.quotations import plain, quotations
from bot.language.text_cache import text_cached
from bot.language.words import fold, stem, stop_words

_WORD = re.compile(r"[^\W_]+(?:['’.&-]?[^\W_]+)*['’]?")
_BREAK = re.compile(r"[;:()“”\"—–]|\s-\s|,\s|[.!?](?=\s|$)")
_CLOCK = re.compile(
    r"(?<![\d.,])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?<![\d.,:])(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
# "425kg" is 425 kg: a unit glued to its number.
_GLUED = re.compile(
    r"(?<=\d)(?=(?:kg|km|cm|mm|m|g|ft|lb|lbs|mph|kph|km/h|mw|gw|bn|tn|mn|mln|million|billion|trillion|mm)\b)"
    r"|(?<=\d)-(?=(?:square|metre|meter|kilo|mile|foot|feet|inch|pound|year|day|week|month|hour|minute|ton)s?)",
    re.IGNORECASE,
)
_METRIC = {
    "kg": "kilogram", "kilogram": "kilogram", "kilogramme": "kilogram", "kilo": "kilogram", "km": "kilometr",
    "kilomet": "kilometr", "kilometr": "kilometr", "m": "metr", "metr": "metr", "meter": "metr", "cm": "centimetr",
    "centimet": "centimetr", "centimetr": "centimetr", "mm": "millimetr", "millimet": "millimetr", "g": "gram",
    "gramm": "gram", "ft": "feet", "foot": "feet", "lb": "pound", "mph": "mile", "tonn": "ton", "hr": "hour",
}  # fmt: skip
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        2,
    )
}
_UP = re.compile(
    r"(?:more than|at least|over|no fewer than|no less than|above|upwards? of|as (?:many|much) as)\s*(?:\S{1,3}\s?)?$",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"(?:less than|fewer than|under|below|up to|at most|no more than|nearly|almost|close to|just short of|as (?:many|much) as)\s*(?:\S{1,3}\s?)?$",
    re.IGNORECASE,
)
_NO_NOUN = frozenset(
    "and or but in on at by from to for with after before since during while when who which that than as near over under out".split()
)
_BEING = frozenset("is are was were be been being get gets got".split())
_PREPOSITIONS = frozenset("of for from at in with near on to into over against between via".split())
_CLAUSE = frozenset(
    "that which who whom whose and or but as when while after before because if than he she it they we i you so".split()
)
_VERBISH = re.compile(
    r"(?:\w{2,}(?:ed|en)|hit|shot|sent|led|held|met|told|paid|sold|bought|caught|brought|found|struck|made|won|put|cut|set|sunk|built|taught|swept|run|sued)$"
)
NEIGHBOUR_WORDS = 3  # content words on each side of a name that are its neighbours
_CALENDAR = frozenset(w.casefold() for w in (*MONTHS, *WEEKDAYS)) - {"may", "march"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it stands, folded, and its stem."""

    start: int
    end: int
    text: str
    folded: str
    stem: str
    stop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number with what stands around it: ``after`` and ``before`` are stems, ``bound`` is +1 for "more than"."""

    text: str
    value: Decimal
    unit: str
    ordinal: bool
    year: bool
    bound: int
    after: tuple[str, ...]
    before: tuple[str, ...]
    lead: str  # the word right before, folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Days a text names, as printed and resolved both ways where it does not say which."""

    text: str
    spans: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as printed; ``slots`` says what it stands before and behind, passives turned round."""

    text: str
    start: int
    end: int
    first: bool  # its capital may be due to its place at the beginning
    slots: frozenset[tuple[str, str]]
    near: frozenset[str]  # stems of the content words next to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one text says, as far as it is checked."""

    text: str
    plain: str
    words: tuple[Word, ...]
    folded: frozenset[str]
    terms: frozenset[str]
    quotes: tuple[str, ...]
    counts: tuple[Count, ...]
    times: frozenset[int]  # minutes of the day; a time without a half counts for both
    codes: frozenset[str]  # what holds digits and is neither number, time nor day: "S9", "B-44"
    days: tuple[Day, ...]
    calendar: frozenset[str]  # months and weekdays named, folded
    names: tuple[Name, ...]
    marks: tuple[Mark, ...] = field(default=())


@text_cached(maxsize=4_096)
def read(text: str, published: datetime | None, utc_offset: int = 0) -> Facts:
    """Return the facts of ``text`` by the calendar of ``published`` and ``utc_offset``; undated, it names no relative day."""
    spaced = _GLUED.sub(" ", text)
    blank = list(spaced)
    days = _days(spaced, blank, published=published, utc_offset=utc_offset)
    times = _times(spaced, blank)
    masked = "".join(blank)
    tokens = _words(spaced)
    counts, masked = _counts(masked, spaced, tokens)
    codes = frozenset(
        re.sub(r"[^\w]", "", w.folded) for w in _words(masked) if any(c.isdigit() for c in w.folded)
    )
    folded = frozenset(w.folded for w in tokens)
    return Facts(
        text=spaced,
        plain=plain(text),
        words=tokens,
        folded=folded,
        terms=content(text),
        quotes=quotations(text),
        counts=counts,
        times=times,
        codes=codes,
        days=days,
        calendar=folded & _CALENDAR,
        names=tuple(n for n in _names(spaced, tokens) if masked[n.start] != " "),
        marks=find_marks(spaced),
    )


def _words(text: str) -> tuple[Word, ...]:
    stop = stop_words("en")
    found = []
    for match in _WORD.finditer(text):
        folded = re.sub(r"['’](?:s)?$", "", fold(match[0]))
        if folded:
            found.append(
                Word(
                    match.start(),
                    match.end(),
                    match[0],
                    folded,
                    stem(folded.replace("'", "")),
                    folded in stop,
                )
            )
    return tuple(found)


def _days(text: str, blank: list[str], *, published: datetime | None, utc_offset: int) -> tuple[Day, ...]:
    found: dict[tuple[int, int], tuple[str, list[tuple[date, date]]]] = {}
    readings = [find_dates(text, published=published, utc_offset=utc_offset)]
    if readings[0]:
        readings.append(find_dates(text, published=published, utc_offset=utc_offset, direction="past"))
        readings.append(find_dates(text, published=published, utc_offset=utc_offset, direction="future"))
    for number, spans in enumerate(readings):
        for span in spans:
            key = (span.start, span.end)
            days = (span.first, span.last)
            if number == 0:
                found[key] = (span.text, [days])
                for i in range(*key):
                    blank[i] = " "
            elif key in found and days not in found[key][1]:
                found[key][1].append(days)
    if published is None:
        return tuple(Day(text=printed, spans=tuple(spans)) for printed, spans in found.values())
    for match in _IN_THE_YEAR.finditer(text):
        year = (published.astimezone(UTC) + timedelta(minutes=utc_offset)).year
        found[match.start(), match.end()] = (match[0], [(date(year, 1, 1), date(year, 12, 31))])
    feasts = _feasts(text, blank, published.astimezone(UTC).date())
    return (*(Day(text=printed, spans=tuple(spans)) for printed, spans in found.values()), *feasts)


_IN_THE_YEAR = re.compile(r"\b(?:later|earlier|early|late) (?:in|on in) the year\b", re.IGNORECASE)
_FEASTS = {"new year's day": (1, 1), "christmas day": (12, 25), "christmas eve": (12, 24), "new year's eve": (12, 31),
           "boxing day": (12, 26), "bastille day": (7, 14), "independence day": (7, 4), "valentine's day": (2, 14)}  # fmt: skip


def feast(name: str) -> tuple[int, int] | None:
    """Return month and day of the feast ``name``, else None."""
    return _FEASTS.get(plain(name).casefold())


def _feasts(text: str, blank: list[str], near: date) -> list[Day]:
    lower = text.casefold().replace("’", "'")
    found = []
    for name, (month, day) in _FEASTS.items():
        at = lower.find(name) if len(lower) == len(text) else -1
        if at >= 0:
            for i in range(at, at + len(name)):
                blank[i] = " "
            years = sorted(
                (date(near.year + shift, month, day) for shift in (-1, 0, 1)),
                key=lambda d: abs((d - near).days),
            )
            found.append(Day(text=name, spans=((years[0], years[0]),)))
    return found


def _times(text: str, blank: list[str]) -> frozenset[int]:
    found = set()
    for match in _CLOCK.finditer(text):
        for i in range(match.start(), match.end()):
            blank[i] = " "
        if match["hour"]:
            hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
            found.add(hour * 60 + int(match["minute"] or 0))
        else:
            found.add(int(match["hour24"]) * 60 + int(match["minute24"]))
    return frozenset(found)


def _counts(masked: str, text: str, tokens: tuple[Word, ...]) -> tuple[tuple[Count, ...], str]:
    found = []
    left = list(masked)
    spans = [(s.start, s.end, s.text, s.value, s.unit, s.kind) for s in find_numbers(masked)]
    taken = [(start, end) for start, end, *_ in spans]
    for word in tokens:
        if any(start < word.end and word.start < end for start, end in taken) or masked[word.start] == " ":
            continue
        if word.folded == "one":
            spans.append((word.start, word.end, word.text, Decimal(1), "", "one"))
        elif word.folded in _ORDINALS:
            spans.append((word.start, word.end, word.text, Decimal(_ORDINALS[word.folded]), "", "ordinal"))
    for start, end, printed, value, unit, kind in sorted(spans):
        for i in range(start, end):
            left[i] = " "
        after, before, lead = _around(text, tokens, start, end)
        ahead = text[max(0, start - 22) : start] + re.sub(r"[\d.,$€£]+.*", "", printed) + " "
        bound = int(bool(_UP.search(ahead))) - int(bool(_DOWN.search(ahead)))
        found.append(
            Count(
                text=printed,
                value=value,
                unit=unit,
                ordinal=kind == "ordinal",
                year=kind == "year",
                bound=bound,
                after=after,
                before=before,
                lead=lead,
            )
        )
    return tuple(found), "".join(left)


def _around(
    text: str, tokens: tuple[Word, ...], start: int, end: int
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the stems counted behind a number, the content stems before it, and the word right before it."""
    after: list[str] = []
    last = end
    for word in tokens:
        if word.start < end:
            continue
        if _BREAK.search(text, last, word.start) or (word.folded in _NO_NOUN and after) or len(after) == 3:
            break
        if word.folded[0].isdigit():
            break
        last = word.end
        if (not word.stop and len(word.folded) > 1) or word.folded in _METRIC:
            after.append(_METRIC.get(word.stem, word.stem))
    before: list[Word] = []
    for word in reversed([w for w in tokens if w.end <= start and start - w.end < 40]):
        if _BREAK.search(text, word.end, before[0].start if before else start) or word.folded[0].isdigit():
            break
        if before and word.folded in {"and", "or", "but", "while"}:
            break
        before.insert(0, word)
    stems = tuple(w.stem for w in before if not w.stop and not w.folded[0].isdigit())[-2:]
    return tuple(after), stems, before[-1].folded if before else ""


def _names(text: str, tokens: tuple[Word, ...]) -> tuple[Name, ...]:
    names = [
        Name(
            text=span.text,
            start=span.start,
            end=span.end,
            first=not re.search(r"\w", text[: span.start])
            or bool(re.search(r"[.!?:;“\"]\s*[“\"'‘]?$", text[: span.start])),
            slots=_slots(text, tokens, span.start, span.end),
            near=near(tokens, span.start, span.end),
        )
        for span in find_names(text)
    ]
    return tuple(_coordinated(text, names))


def near(tokens: tuple[Word, ...], start: int, end: int) -> frozenset[str]:
    """Return the stems of the content words next to ``start`` and ``end``."""
    plain_words = [w for w in tokens if not w.stop and not w.folded[0].isdigit()]
    before = [w.stem for w in plain_words if w.end <= start][-NEIGHBOUR_WORDS:]
    return frozenset(before + [w.stem for w in plain_words if w.start >= end][:NEIGHBOUR_WORDS])


def _coordinated(text: str, names: list[Name]) -> list[Name]:
    """Give names joined by "and" each other's slots: what Disney and Marvel do, both do."""
    for i in range(len(names) - 1):
        one, other = names[i], names[i + 1]
        if re.fullmatch(r"(?:['’]s?)?(?:,?\s(?:and|or|&)\s|,\s)(?:the\s)?", text[one.end : other.start]):
            slots = one.slots | other.slots
            names[i], names[i + 1] = replace(one, slots=slots), replace(other, slots=slots)
    return names


def _slots(text: str, tokens: tuple[Word, ...], start: int, end: int) -> frozenset[tuple[str, str]]:
    """Return what a name does and what is done to it: ("does", verb) also for "by NAME" behind a passive."""
    before = _joined([w for w in tokens if w.end <= start][::-1], text, start)[::-1]
    after = _joined([w for w in tokens if w.start >= end], text, end)
    slots = set()
    governed = next((w.folded for w in before[::-1] if w.folded != "the"), "") in _PREPOSITIONS
    ahead = None if governed else _first(after)
    if ahead is not None:
        between = {w.folded for w in after[:ahead]}
        passive = bool(between & _BEING) and bool(_VERBISH.match(after[ahead].folded))
        slots.add(("suffers" if passive else "does", after[ahead].stem))
    behind = _first(before[::-1])
    if behind is not None:
        verb = before[::-1][behind]
        by = any(w.folded == "by" for w in before[::-1][:behind])
        # "was sued for fraud by NAME": the verb stands farther off than the nearest noun.
        passive_verbs = [
            w.stem
            for last, w in pairwise(before)
            if by and last.folded in _BEING and _VERBISH.match(w.folded)
        ]
        slots.update(("does" if by else "suffers", stem_) for stem_ in passive_verbs or [verb.stem])
    return frozenset(slots)


def _joined(tokens: list[Word], text: str, at: int) -> list[Word]:
    """Return the first words of ``tokens``, going away from ``at``, up to a mark or a word that begins a clause."""
    found: list[Word] = []
    for word in tokens[:5]:
        between = text[min(at, word.end) : max(at, word.start)]
        if _BREAK.search(between + " ") or word.folded in _CLAUSE:
            break
        found.append(word)
        at = word.end if word.start >= at else word.start
    return found


def _first(tokens: list[Word]) -> int | None:
    """Return the index of the first word that carries content among the next five."""
    for index, word in enumerate(tokens[:5]):
        if (not word.stop or word.folded in {"said", "says", "told", "tells"}) and not word.folded[
            0
        ].isdigit():
            return index
    return None
