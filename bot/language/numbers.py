"""Find numbers in running text and say what they are worth: 10,000 is ten thousand is 10k."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "dozen": 12,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_MAGNITUDES = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 1_000, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12, "trn": 10**12,
    "lakh": 10**5, "crore": 10**7, "cr": 10**7, "lakh crore": 10**12,
}  # fmt: skip
_PLURALS = {
    "dozens": 12,
    "scores": 20,
    "hundreds": 100,
    "thousands": 1_000,
    "millions": 10**6,
    "billions": 10**9,
}
VAGUE_NUMBERS = frozenset(_PLURALS)
_CURRENCIES = {
    "$": "USD", "us$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "rs": "INR", "rs.": "INR", "inr": "INR", "dollar": "USD", "dollars": "USD",
    "euro": "EUR", "euros": "EUR", "pound": "GBP", "pounds": "GBP", "yen": "JPY", "rupees": "INR", "usd": "USD",
    "eur": "EUR", "gbp": "GBP",
}  # fmt: skip
_ABOUT = (
    "some|around|about|nearly|almost|approximately|roughly|more than|at least|as many as|up to|fewer than|"
    "less than|an estimated|close to|well over|just over|just under|no fewer than"
).replace(" ", r"\s")  # in a verbose pattern a blank is nothing
_WORD_NUMBER = "|".join(
    sorted([*_UNITS, *_TENS, "hundred", "thousand", "million", "billion", "trillion"], key=len, reverse=True)
)
_NUMBER = re.compile(
    rf"""(?<![\w.,])
    (?:(?P<about>\b(?:{_ABOUT}))\s)?
    (?P<currency>US\$|[$€£¥₹]|\b(?:Rs\.?|INR)(?=\s?\d))?\s?
    (?P<digits>\d{{1,3}}(?:[,\u00a0\u202f\ ]\d{{3}})+(?:\.\d{{1,6}})?|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?:\.\d{{1,6}})?|\d{{1,15}}(?:[.,]\d{{1,6}})?)
    (?P<ordinal>st|nd|rd|th)?
    (?:[\s\u00a0-]?(?P<scale>hundred|thousand|million|billion|trillion|lakh\ crore|lakh|crore|mln|mn|bn|trn|tn|cr|k|m)\b)?
    (?:[\s-]?(?P<percent>%|per\ cent\b|percent\b|percentage\ points?\b))?
    (?:\s(?P<money>dollars?|euros?|pounds?|yen|rupees|USD|EUR|GBP)\b)?
    (?P<clock>:\d\d|\s?[ap]\.?m\b)?
    (?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<about>{_ABOUT})\s)?(?P<words>(?:half\sa\s|a\s)?(?:{_WORD_NUMBER})\b"
    rf"(?:(?:\s|-|\sand\s)(?:{_WORD_NUMBER})\b){{0,8}})"
    r"(?:\s(?P<percent>per\scent\b|percent\b|percentage\spoints?\b))?(?:\s(?P<money>dollars?|euros?|pounds?)\b)?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?P<words>dozens|scores(?=\s(?:of|more|dead|killed|injured|hurt|wounded)\b)|hundreds|thousands|millions|billions)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSpan:
    """One number: where it stands, its words, its worth.

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
        if word == "dozen":
            current = max(current, Decimal(1)) * 12
        elif word in _UNITS or word in _TENS:
            current += _UNITS.get(word, _TENS.get(word, 0))
        elif word == "hundred":
            current = max(current, Decimal(1)) * 100
        elif word in _MAGNITUDES:
            total += max(current, Decimal(1)) * _MAGNITUDES[word]
            current = Decimal(0)
        else:
            return None
    return (total + current) * factor
