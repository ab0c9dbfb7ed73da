"""The English expressions for days, each with what it means. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.language.dates import rules
from bot.language.dates.rules import COUNT_WORDS, MONTHS, WEEKDAYS, Days, ReportDay
from bot.language.rules import load_rules
from bot.language.speech import any_of

_WORDS = load_rules("en", "dates").words
_SHORT_MONTHS = {
    word.capitalize()
    for sense, words in load_rules("en", "calendar").words.items()
    if sense.startswith("month ")
    for word in words
}.difference(MONTHS)
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|(?:{any_of(_SHORT_MONTHS)})\b\.?)"
_ORDINAL = r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_COUNT = rf"(?P<count>\d{{1,3}}|{any_of(COUNT_WORDS)})"
_ON_WEEKDAY = rf"(?:(?:{'|'.join(WEEKDAYS)}),?\s\(?)?"

# Words that make a weekday part of a name, but not another day.
_FEASTS = "".join(rf"(?<!{word}\s)" for word in sorted(_WORDS["before a weekday"]))
_TITLES = rf"(?!\s(?:{any_of(_WORDS['behind a weekday'])})\b)(?!-)"


def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], ReportDay], Days]], ...]:
    """The order is the precedence: more exact forms are read first."""
    to = r"\s?(?:[-–]|to|and)\s?"
    in_year = rf"(?:,?\s{_YEAR})?"
    part = r"(?:(?P<part>[Ee]arly|[Mm]id|[Ll]ate|[Ll]ater|[Ee]arlier)(?:\s|-)(?:in\s)?)?"
    near = (
        r"(?P<near>(?:the )?day after tomorrow|(?:the )?day before yesterday|today|tonight|tomorrow|yesterday"
        r"|overnight|last night|this morning|this afternoon|this evening)"
    )
    table: list[tuple[str, Callable[[re.Match[str], ReportDay], Days]]] = [
        (r"\b(?:19|20)\d\d-\d\d-\d\d\b", rules.iso_day),
        (
            rf"\b{_ON_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}(?:{to}(?P<until>\d{{1,2}}){_ORDINAL})?\s"
            rf"(?:of\s)?{_MONTH}{in_year}(?!\w)",
            rules.absolute,
        ),
        (
            rf"\b{_ON_WEEKDAY}{_MONTH}\s(?P<day>\d{{1,2}}){_ORDINAL}(?:{to}(?P<until>\d{{1,2}}){_ORDINAL})?"
            rf"(?![\w%]|[.,:]\d){in_year}(?!\w)",
            rules.absolute,
        ),
        (rf"\b(?i:{near})\b", rules.near_day),
        (
            r"\b(?i:the\s)?(?i:end)\sof\s(?i:the|this|(?P<which>next))\s(?i:(?P<unit>week|month|year))\b",
            rules.end_of,
        ),
        (
            rf"\b(?i:(?:in|within|over|during)\sthe\s(?:next|coming)\s(?:{_COUNT}\s|(?:few|several)\s)?(?P<unit>day|week|month)s)\b",
            rules.within,
        ),
        (r"\b(?i:(?:in|over|within)\s(?:the\s)?coming\s(?P<unit>day|week|month)s)\b", rules.within),
        (rf"\b(?i:within\s{_COUNT}\s(?P<unit>day|week|month)s?)\b", rules.within),
        (
            rf"(?<!time\s)(?<!times\s)(?<!twice\s)(?<!once\s)\b(?i:in\s{_COUNT}\s(?P<unit>day|week|month|year|fortnight)s?(?:[’']s?\stime)?)\b(?!\sof)",
            rules.hence,
        ),
        (
            rf"\b(?i:{_COUNT}\s(?P<unit>day|week|month|year|fortnight)s?\sfrom\s(?:now|today))\b",
            rules.from_now,
        ),
        (rf"\b(?i:{_COUNT}\s(?P<unit>day|week|month|year)s?\sago)\b", rules.ago),
        (
            rf"{_FEASTS}\b(?:(?i:(?P<which>next|last|past|this\scoming|this|coming))\s)?{_WEEKDAY}\b{_TITLES}",
            rules.weekday,
        ),
        (rf"\b(?i:{part}(?P<which>this|next|last|past|the\scoming)\sweek)\b", rules.week),
        (
            r"\b(?i:(?P<which>this\scoming|the\scoming|this|next|last)\sweekend)\b|\b(?i:(?:at|over)\sthe\sweekend)\b",
            rules.weekend,
        ),
        (rf"\b(?i:{part}(?P<which>this|next|last|past)\smonth)\b", rules.relative_month),
        (
            rf"\b(?:(?P<end>(?i:(?:(?:at|by|until|till|before|from|since|near)\s)?(?:the\s)?end\sof))"
            rf"|(?i:in|since|until|till|by|of|during|from|for))\s{part}"
            rf"(?:(?P<which>this|next|last)\s)?{_MONTH}(?:,?\s{_YEAR})?(?!\w|\s\d)",
            rules.named_month,
        ),
        (
            rf"\b(?:(?P<end>(?!x)x)|(?P<part>[Ee]arly|[Mm]id|[Ll]ate)[\s-]|(?P<which>this|next|last)\s)"
            rf"{_MONTH}(?:,?\s{_YEAR})?(?!\w|\s\d)",
            rules.named_month,
        ),
        (
            rf"\b(?:(?i:in|since|by|until|during)\s{_YEAR}(?![\w-])|(?i:{part}(?P<which>this|next|last)\syear)\b)",
            rules.year,
        ),
    ]
    return tuple((re.compile(pattern), resolve) for pattern, resolve in table)


DAY_RULES = _rules()
