"""Tell whether a sentence holds what the asked kind of answer is made of: a sum, a length of time, a person, a day. Pure."""

from __future__ import annotations

import re

from bot.answers.asked import Asked, Measure, QuestionKind
from bot.language.dates.find import find_dates
from bot.language.entities.names import find_names
from bot.language.numbers import find_numbers
from bot.language.stems import stems
from bot.model.news import Article

NEW_NAME_WEIGHT = 0.15  # what a name that the question lacks counts, where it asks which of a kind
_NUMBER = r"(?:\d[\d,.]*|half|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|several)"
_UNITS: dict[Measure, re.Pattern[str]] = {
    Measure.TIME: re.compile(
        rf"\b{_NUMBER}(?:[\s-](?:and|a|half|or|to|more|than|\d+))*[\s-](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|seasons?)\b",
        re.IGNORECASE,
    ),
    Measure.AGE: re.compile(
        r"\b\d{1,3}[\s-]?(?:years?[\s-]old|yo\b|months?[\s-]old)|\baged?\s\d|,\s\d{1,3}(?:,|\s*$|\.)|\(\d{1,3}\)|\bturn(?:ed|s)\s\d|\bage\sof\s\d",
        re.IGNORECASE,
    ),
    Measure.LENGTH: re.compile(
        rf"\b{_NUMBER}(?:\s?(?:million|billion|hundred|thousand))?[\s-]?(?:km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|m|ft|feet|foot|inch(?:es)?|cm|light[\s-]years?|yards?)\b",
        re.IGNORECASE,
    ),
    Measure.SPEED: re.compile(
        r"\d\s?(?:mph|kph|km/h|knots)\b|\b(?:miles|kilomet(?:re|er)s)\s(?:per|an)\shour", re.IGNORECASE
    ),
    Measure.SHARE: re.compile(
        r"\d\s?(?:%|percent\b|per\scent\b)|\b(?:half|third|thirds|quarter|quarters|majority)\b", re.IGNORECASE
    ),
}
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_AHEAD = re.compile(r"\b(?:will|going\sto)\b", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?:will|would|shall|may|might|could|can|set|due|plans?|planned|planning|expect\w*|scheduled|slated|aims?|intends?"
    r"|hopes?|likely|next|upcoming|ahead|until|ready|about\sto|is\sto|are\sto)\b|[’']ll\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:in|at|near|from|outside|off|to|into)\s(?:the\s(?:\w+\s)?)?[A-Z]")


def fits(text: str, asked: Asked, article: Article) -> bool:
    """Tell whether ``text``, of ``article``, holds what the question's kind of answer is made of."""
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
    """Tell whether ``text`` names only years before the one its article came in, and the question names none."""
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
