"""Tell whether a sentence has the kind of thing asked for: a sum, a length of time, a person, a day. Pure."""

from __future__ import annotations

import re

from bot.answers.asked import Asked, Measure, QuestionKind
from bot.language.dates.find import find_dates
from bot.language.entities.names import find_names
from bot.language.numbers import MAGNITUDE_WORDS, NUMBER_WORDS, VAGUE_NUMBERS, find_numbers
from bot.language.rules import any_phrase, load_rules
from bot.language.speech import any_of
from bot.language.stems import stems
from bot.model.news import Article

NEW_NAME_WEIGHT = 0.15  # bonus for a name that the question lacks, if it asks which of a kind
# Read when the module is: sentences are read in the loop, where no file may be opened.
_RULES = load_rules("en", "asked")
_WORDS = _RULES.words
_NUMBER = rf"(?:\d[\d,.]*|{any_of(_WORDS['number'] | frozenset(NUMBER_WORDS) | VAGUE_NUMBERS)})"
_UNITS: dict[Measure, re.Pattern[str]] = {
    Measure.TIME: re.compile(
        rf"\b{_NUMBER}(?:[\s-](?:{any_of(_WORDS['within number'])}|\d+))*[\s-](?:{any_of(_WORDS['unit of time'])})\b",
        re.IGNORECASE,
    ),
    Measure.AGE: _RULES.pattern("holds age"),
    Measure.LENGTH: re.compile(
        rf"\b{_NUMBER}(?:\s?(?:{any_of(MAGNITUDE_WORDS)}))?[\s-]?(?:{any_phrase(_WORDS['unit of length'])})\b",
        re.IGNORECASE,
    ),
    Measure.SPEED: _RULES.pattern("holds speed"),
    Measure.SHARE: _RULES.pattern("holds share"),
}
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_AHEAD, _PLANNED, _PLACE = _RULES.pattern("ahead"), _RULES.pattern("planned"), _RULES.pattern("place")


def fits(text: str, asked: Asked, article: Article) -> bool:
    """Return whether ``text``, of ``article``, has the kind of thing that the question asks for."""
    if _AHEAD.search(asked.text) and not _PLANNED.search(text):
        return False
    if asked.kind is QuestionKind.FIGURE:
        return _measured(text, asked.measure)
    if asked.kind in {QuestionKind.WHEN, QuestionKind.NEXT}:
        return bool(find_dates(text, published=article.dated_at, utc_offset=article.utc_offset)) or bool(
            re.search(r"\b(?:19|20)\d\d\b|\d{1,2}:\d\d\b", text)
        )
    if asked.kind is QuestionKind.WHO:
        known = {*asked.stems, *asked.context}
        return any(
            name.kind == "name"
            and not _PLACE.match(text[max(0, name.start - 4) : name.start + 1].lstrip())
            and not set(stems(name.text)) & known
            for name in find_names(text)
        )
    if asked.kind is QuestionKind.WHERE:
        return bool(_PLACE.search(text))
    return True


def tells_of_before(text: str, asked: Asked, article: Article) -> bool:
    """Tell whether ``text`` names only years before that of its article, and the question names no year."""
    years = {int(year) for year in _YEAR.findall(text)}
    return bool(years) and not _YEAR.search(asked.text) and max(years) < article.published_at.year


def brings_name(text: str, asked: Asked) -> bool:
    """Tell whether ``text`` holds a name that the question does not."""
    known = {*asked.stems, *asked.context}
    return any(name.kind == "name" and not set(stems(name.text)) & known for name in find_names(text))


def _measured(text: str, measure: Measure) -> bool:
    numbers = [span for span in find_numbers(text) if span.kind not in {"year", "time", "ordinal"}]
    if measure is Measure.MONEY:
        return any(span.unit and span.unit != "%" for span in numbers) or bool(
            re.search(r"[$€£¥]\s?\d", text)
        )
    pattern = _UNITS.get(measure)
    return bool(pattern.search(text)) if pattern else bool(numbers)
