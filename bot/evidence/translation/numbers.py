"""The numbers, times and days of a line in one language, so that they can be compared with those in another. Pure.

1.100 | mil cien | 1,100 ──▶ 1100        7 pm | 19.00 Uhr ──▶ the same time        marzo | March ──▶ 3
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.evidence.translation.words import TranslationWords, words_of
from bot.language.words import fold

HOURS_TO_NOON, HOURS_IN_DAY = 12, 24
MIN_LONG_NAME_CHARS = 5  # of a month or weekday that may have something behind it
_DIGITS = re.compile(
    r"(?<![\w.,])(?:[^\w\s]?)(?P<digits>\d{1,3}(?:[.,\u00a0\u202f ’']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?)"
    r"(?:[:.h](?P<minutes>[0-5]\d)(?=\s?(?:uhr|h\b|[ap]\.?\s?m\b)|(?<=:\d\d)|(?<=h\d\d))(?!\d))?"
    r"(?P<hour>\s?(?:uhr|h\b|heures|horas|ore\b))?(?P<half>\s?[ap]\.?\s?m\b)?"
)
_CAPITAL_WITHIN = re.compile(r"(?<=\w)\W+[A-Z]\w+|^[A-Z]\w+(?=\s[A-Z])")
_FRENCH_TIME = re.compile(r"(?<=\d)\s?h\s?(?=[0-5]\d\b)")
_GROUPED = re.compile(r"\d{1,3}([.,\u00a0\u202f ’'])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """One number; ``values`` are all that it can mean, and ``certain`` whether it is a number at all."""

    text: str
    values: frozenset[object]
    span: tuple[int, int]  # in the ``plain`` text
    certain: bool = True


def numbers_in(text: str, *, language: str, strict: bool) -> tuple[FoundNumber, ...]:
    """Return the numbers of ``text``; with ``strict``, marks within digits mean what they mean in ``language`` alone."""
    words, folded = words_of(language), plain(text)
    found = [
        FoundNumber(
            text=match[0].strip(),
            values=_values(match, folded, words, language, strict=strict),
            span=(match.start(), match.end("minutes" if match["minutes"] else "digits")),
        )
        for match in _DIGITS.finditer(folded)
    ]
    for match in words.number.finditer(folded):
        before = folded[: match.start()].rstrip()
        if _is_scale(match[0], words, before):
            continue
        value = _spoken(match[0], words)
        found.append(
            FoundNumber(
                text=match[0],
                values=frozenset({value}),
                span=match.span(),
                # "Tres Cruces"
                certain=match[0] not in words.no_number_too and not _is_in_name(text, folded, match.start()),
            )
        )
    found += [
        FoundNumber(
            text=match[0],
            values=frozenset({Decimal(words.numbers[match[0]])}),
            span=match.span(),
            certain=False,
        )
        for match in words.number_within.finditer(folded)
    ]
    return tuple(found)


def months_in(text: str, *, language: str) -> frozenset[int]:
    """Return the months that ``text`` names."""
    words = words_of(language)
    if not words.are_months_capital:
        text = _CAPITAL_WITHIN.sub("", text)  # "Julio Arana", "autour de Mars"
    return frozenset(_calendar(text, words.months))


def weekdays_in(text: str, *, language: str) -> frozenset[int]:
    """Return the days of the week that ``text`` names, Monday is 0."""
    return frozenset(_calendar(text, words_of(language).weekdays))


def plain(text: str) -> str:
    """Return ``text`` folded, with one kind of apostrophe, and times without blanks ("6 h 40")."""
    return _FRENCH_TIME.sub("h", fold(text.replace("’", "'")))


def is_day_or_month(word: str, words: TranslationWords) -> bool:
    """Return whether ``word`` names a day of the week or a month."""
    return any(True for names in (words.weekdays, words.months) for _ in _calendar(word, names))


def _calendar(text: str, names: Mapping[str, int]) -> Iterator[int]:
    for word in re.findall(r"[^\W\d_]+(?:-feira)?", text):
        said = fold(word)
        # "May" and "March" are months, "may" and "march" are not; a day of the week is a day in either form.
        if said in _VERBS and word[0].islower():
            continue
        # "Sonntagabend", "Thursdays"; of "pazar" and "pazartesi" the longer one.
        beginnings = (said[:length] for length in range(len(said) - 1, MIN_LONG_NAME_CHARS - 1, -1))
        name = next((name for name in (said, *beginnings) if name in names), None)
        if name is not None:
            yield names[name]


def _is_in_name(text: str, folded: str, start: int) -> bool:
    return (
        len(text) == len(folded) and text[start].isupper() and text[max(0, start - 2) : start][:1].isalpha()
    )


_VERBS = frozenset({"may", "march"})


def _is_scale(word: str, words: TranslationWords, before: str) -> bool:
    """Tell whether a word such as "million" goes with the digits before it."""
    parts = re.split(r"[\s-]+", word)
    return bool(re.search(r"\d$", before)) and all(words.numbers.get(part, 0) >= 1000 for part in parts)


def _values(
    match: re.Match[str], text: str, words: TranslationWords, language: str, *, strict: bool
) -> frozenset[object]:
    digits = match["digits"]
    hours = int(re.sub(r"\D.*", "", digits))
    if (match["minutes"] or match["hour"] or match["half"]) and hours <= HOURS_IN_DAY:
        minutes = int(match["minutes"] or 0)
        fraction = re.fullmatch(r"(\d{1,2})[.,](\d\d)", digits)
        if fraction and not match["minutes"]:
            hours, minutes = int(fraction[1]), int(fraction[2])
        return frozenset(
            {("time", hours % HOURS_TO_NOON, minutes), Decimal(hours)}
            if not minutes
            else {("time", hours % HOURS_TO_NOON, minutes)}
        )
    scale = _scale_behind(text[match.end() :], words)
    found: set[object] = {reading * scale for reading in _readings(digits, language, strict=strict)}
    if re.fullmatch(r"\d{1,2}[.:]\d\d", digits):  # "19.30" may be a time
        hour, minute = re.split(r"[.:]", digits)
        found.add(("time", int(hour) % HOURS_TO_NOON, int(minute)))
    return frozenset(found)


def _readings(digits: str, language: str, *, strict: bool) -> Iterator[Decimal]:
    group, decimal = (",", ".") if language == "en" else (".", ",")
    whole = re.sub(r"[\u00a0\u202f ’']", "", digits)
    marks = re.findall(r"[.,]", whole)
    if not marks:
        yield Decimal(whole)
        return
    grouped = bool(_GROUPED.fullmatch(digits)) and re.fullmatch(
        r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", whole
    )
    if not grouped:
        yield Decimal(whole.replace(",", "."))
        return
    if len(marks) > 1:
        last = marks[-1]
        if last != marks[0]:
            yield Decimal(whole.replace(marks[0], "").replace(last, "."))
        else:
            yield Decimal(whole.replace(last, ""))
        return
    if marks[0] == decimal:
        yield Decimal(whole.replace(marks[0], "."))
    # "1,100" is eleven hundred in Mexico, and a little more than one in Spain.
    if marks[0] == group or not (strict or language == "en"):
        yield Decimal(whole.replace(marks[0], ""))


def _scale_behind(rest: str, words: TranslationWords) -> Decimal:
    scale = Decimal(1)
    for word in re.findall(r"\s?([^\W\d_]+\.?|\S+)", rest)[:2]:
        worth = words.numbers.get(word) or words.numbers.get(word.rstrip("."), 0)
        if worth < 1000:
            break
        scale *= worth
    return scale


def _spoken(said: str, words: TranslationWords) -> Decimal:
    """Return the worth of words of numbers: "doscientos mil", "zweiundzwanzig"."""
    total = current = Decimal(0)
    for part in words.one_number.findall(said):
        worth = Decimal(words.numbers[part])
        if worth >= 1000:
            total += max(current, Decimal(1)) * worth
            current = Decimal(0)
        elif worth == 100 and 0 < current < 10:
            current *= 100
        else:
            current += worth
    return total + current
