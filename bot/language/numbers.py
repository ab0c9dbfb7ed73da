"""Find numbers in running text and their values: 10,000 is ten thousand is 10k."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.language.rules import any_phrase, languages_with, load_rules
from bot.language.speech import any_of

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "numbers")
_WORDS_OF = _RULES.words
_HARM_WORDS = [
    (sense, re.compile(rf"\b(?:{any_of(map(str.casefold, words))})\b"))
    for language in sorted(languages_with("counts"))
    for sense, words in load_rules(language, "counts").words.items()
    if sense.startswith("harm ")
]


def _worth(prefix: str) -> dict[str, int]:
    """Return the words whose sense is ``prefix`` and a number, each with that number."""
    return {
        word: int(number)
        for sense, words in _WORDS_OF.items()
        if (number := sense.removeprefix(prefix)).isdigit() and sense == prefix + number
        for word in words
    }


def _coded(prefix: str) -> dict[str, str]:
    return {
        word: sense.removeprefix(prefix)
        for sense, words in _WORDS_OF.items()
        if sense.startswith(prefix)
        for word in words
    }


_GROUPS = _worth("group of ")
NUMBER_WORDS = _worth("")
MAGNITUDE_WORDS = _worth("times ")
_MAGNITUDES = MAGNITUDE_WORDS | _worth("digits times ")
_PLURALS = _worth("vague ")
VAGUE_NUMBERS = frozenset(_PLURALS)
_MONEY = _coded("money ")
_CURRENCIES = _coded("sign of ") | _MONEY
_ABOUT = any_phrase(_WORDS_OF["about"])  # no blank: in a verbose pattern that is nothing
_PERCENT = any_phrase(_WORDS_OF["percent"])
_WORD_NUMBER = any_of([*NUMBER_WORDS, *_GROUPS, *MAGNITUDE_WORDS])
_NUMBER = re.compile(
    rf"""(?<![\w.,])
    (?:(?P<about>\b(?:{_ABOUT}))\s)?
    (?P<currency>US\$|[$€£¥₹]|\b(?:Rs\.?|INR)(?=\s?\d))?\s?
    (?P<digits>\d{{1,3}}(?:[,\u00a0\u202f\ ]\d{{3}})+(?:\.\d{{1,6}})?|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d{{1,6}})?|\d{{1,15}}(?:[.,]\d{{1,6}})?)
    (?P<ordinal>st|nd|rd|th)?
    (?:[\s\u00a0-]?(?P<scale>{any_phrase(_MAGNITUDES)})\b)?
    (?:[\s-]?(?P<percent>%|(?:{_PERCENT})\b))?
    (?:\s(?P<money>{any_of(_MONEY)})\b)?
    (?P<clock>:\d\d|\s?[ap]\.?m\b)?
    (?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<about>{_ABOUT})\s)?(?P<words>(?:half\sa\s|a\s)?(?:{_WORD_NUMBER})\b"
    rf"(?:(?:\s|-|\sand\s)(?:{_WORD_NUMBER})\b){{0,8}})"
    rf"(?:\s(?P<percent>{_PERCENT})\b)?(?:\s(?P<money>{any_of(_MONEY)})\b)?",
    re.IGNORECASE,
)
_VAGUE = _RULES.pattern("vague")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSpan:
    """One number: its position, words and value.

    ``unit`` is ``%``, an ISO 4217 code or empty; ``kind`` is number, ordinal, year or time; ``approximate``
    numbers carry a word such as "nearly" in ``text``, or are as vague as "dozens".
    """

    start: int
    end: int
    text: str
    value: Decimal
    unit: str = ""
    kind: str = "number"
    approximate: bool = False


def find_numbers(text: str) -> tuple[NumberSpan, ...]:
    """Return the numbers of ``text`` in order; of overlapping readings the longer one."""
    found = [*_digits(text), *_spelled(text), *_vague(text)]
    found.sort(key=lambda span: (span.start, -span.end))
    kept: list[NumberSpan] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _digits(text: str) -> list[NumberSpan]:
    found = []
    for match in _NUMBER.finditer(text):
        value = _value(match["digits"])
        scale = (match["scale"] or "").lower()
        if scale in {"m", "k"} and not match["currency"] and match["scale"] == "m":
            scale = ""  # "5 m" is a length as often as millions
        value *= _MAGNITUDES.get(scale, 1)
        unit = _unit(match["percent"], match["currency"] or match["money"])
        kind = "number"
        if match["clock"]:
            kind = "time"
        elif match["ordinal"]:
            kind = "ordinal"
        elif (
            not unit
            and not scale
            and re.fullmatch(r"(?:1[89]|20)\d\d", match["digits"])
            and not match["about"]
        ):
            kind = "year"
        found.append(_span(text, match.start(), match.end(), value, unit, kind, bool(match["about"])))
    return found


def _spelled(text: str) -> list[NumberSpan]:
    found = []
    for match in _WORDS.finditer(text):
        spoken = match["words"].lower()
        if spoken in {"one", "a one"}:
            continue  # a pronoun more often than a number
        value = _spoken(spoken)
        if value is not None:
            unit = _unit(match["percent"], match["money"])
            found.append(_span(text, match.start(), match.end(), value, unit, "number", bool(match["about"])))
    return found


def _vague(text: str) -> list[NumberSpan]:
    return [
        _span(text, m.start(), m.end(), Decimal(_PLURALS[m["words"].lower()]), "", "number", True)
        for m in _VAGUE.finditer(text)
    ]


def _span(text: str, start: int, end: int, value: Decimal, unit: str, kind: str, about: bool) -> NumberSpan:  # noqa: FBT001 - one private constructor
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return NumberSpan(
        start=start, end=end, text=text[start:end], value=value, unit=unit, kind=kind, approximate=about
    )


def _value(digits: str) -> Decimal:
    plain = re.sub(r"[\u00a0\u202f ]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    return Decimal(plain.replace(",", "."))


def _unit(percent: str | None, currency: str | None) -> str:
    if percent:
        return "%"
    return _CURRENCIES.get((currency or "").lower(), "")


def _spoken(spoken: str) -> Decimal | None:
    """Return the worth of number words: "two hundred and five thousand", "half a million", "a dozen"."""
    factor = Decimal("0.5") if spoken.startswith("half a ") else Decimal(1)
    parts = [w for w in re.split(r"[\s-]+", spoken.removeprefix("half a ").removeprefix("a ")) if w != "and"]
    total, current = Decimal(0), Decimal(0)
    for word in parts:
        if word in _GROUPS:
            current = max(current, Decimal(1)) * _GROUPS[word]
        elif word in NUMBER_WORDS:
            current += NUMBER_WORDS[word]
        elif word == "hundred":
            current = max(current, Decimal(1)) * 100
        elif word in _MAGNITUDES:
            total += max(current, Decimal(1)) * _MAGNITUDES[word]
            current = Decimal(0)
        else:
            return None
    return (total + current) * factor


def harms_in(text: str) -> frozenset[str]:
    """Return the kinds of harm that ``text`` reports, whatever the words: "killed" and "death toll" are the same."""
    said = text.casefold()
    return frozenset(harm for harm, found in _HARM_WORDS if found.search(said))
