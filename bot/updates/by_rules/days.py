"""Find the days that a sentence names, resolved from the date of its article, in languages with such rules. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.language.dates.calendars import DAYS_OF_WEEK, find_calendar_days
from bot.language.dates.find import DateSpan, find_dates
from bot.language.dates.resolve import begins_name, days_ahead
from bot.language.rules import languages_with
from bot.language.sentences.self_contained import is_statement
from bot.model.news import Article

_LANGUAGES = frozenset(languages_with("plans"))

# "In 2010,", "A 2004 law", "The strike in 2018-19": the sentence is about that year.
_OPENING_YEAR = re.compile(
    r"(?:[\w’'-]+\s){1,5}?(?P<year>(?:1[5-9]|20)\d\d)\b(?!\s\w+s\b\s(?:is|are|will)\b)"
)

MAX_NEWS_DAYS = 3  # days before an article: earlier events are not its news
DAY_SENTENCES = 12  # first sentences of an article, among which a report names its day


def names_near_day(text: str, article: Article) -> bool:
    """Return whether ``text`` of ``article`` names a day of its news: the article's own, or one of the days before."""
    first = article.own_day - timedelta(days=MAX_NEWS_DAYS)
    return any(first <= day.first and day.last <= article.own_day for day in _behind(text, article))


def is_of_earlier(text: str, article: Article) -> bool:
    """Return whether ``text`` of ``article`` names a day before its news, but no day of its news and no later one."""
    first = article.own_day - timedelta(days=DAYS_OF_WEEK)  # a weekday alone may be one ahead
    if not any(day.last <= first for day in _behind(text, article)) or names_near_day(text, article):
        return False
    return (article.language or "en") != "en" or not days_ahead(text, written=article.own_day)


def opens_with_earlier_year(text: str, article: Article) -> bool:
    """Return whether ``text`` begins by placing itself in a year before that of ``article``: "In 2010, the port was closed"."""
    found = _OPENING_YEAR.match(text)
    return found is not None and article.dated_at is not None and int(found["year"]) < article.own_day.year


def _behind(text: str, article: Article) -> tuple[DateSpan, ...]:
    return find_days(text, article, ahead=False) if article.dated_at else ()


def tells_of_days(article: Article) -> bool:
    """Return whether the first sentences of ``article`` name a day of its news; True if that is unknown."""
    if article.dated_at is None or (article.language or "en") not in _LANGUAGES:
        return True
    return any(
        is_statement(sentence.text) and names_near_day(sentence.text, article)
        for sentence in article.sentences[:DAY_SENTENCES]
    )


def find_days(text: str, article: Article, *, ahead: bool) -> tuple[DateSpan, ...]:
    """Return the days ``text`` of ``article`` names, in order; a bare weekday is the next one if ``ahead``, else the last."""
    language = article.language or "en"
    if language == "en":
        found = find_dates(
            text,
            published=article.dated_at,
            utc_offset=article.utc_offset,
            direction="future" if ahead else "past",
        )
        return tuple(day for day in found if not begins_name(text, day))
    if language not in _LANGUAGES or article.dated_at is None:
        return ()
    return find_calendar_days(text, language=language, today=article.own_day, ahead=ahead)
