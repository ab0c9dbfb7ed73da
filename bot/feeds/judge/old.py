"""Recognise an old page with a new time stamp: by the days in its text, its posts and its address. Pure.

days of the text with their year, all weeks before the stamp ──▶ spoken of as ahead, the page's own date, or one short time? ──▶ old
no newer day in the text ──▶ what it tells machines, posts of one short time, the address: weeks before the stamp? ──▶ old
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.feeds.address_dates import day_in_address, month_in_address
from bot.language.dates.find import DateSpan, find_dates
from bot.language.dates.rules import MONTHS
from bot.language.rules import load_rules
from bot.model.news import Article

# Time between the newest day of a text and its stamp from which the text is old.
OLD_TEXT_AGE = timedelta(days=28)
# The same of an address: a page may be brought up to date for some time.
OLD_ADDRESS_AGE = timedelta(days=90)
MAX_DATING_SPAN = timedelta(
    days=31
)  # longest span by which a page is dated: a year alone occurs in any report
SAME_OCCASION_SPAN = timedelta(days=45)  # within which the days lie of a text that reports one thing
MAX_DATED_SENTENCES = 120  # of an article, in which days are looked for
MAX_DATELINE_WORDS = 9  # of a line that says when the page was written
MIN_POSTS = 2  # of one time, by which a page is dated: a report may show a single old one
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RULES = load_rules("en", "dates")
_AHEAD = _RULES.pattern("page ahead")
# Said of a day in the past, these look back and announce nothing.
_LOOKING_BACK = _RULES.pattern("looking back")
_WRITTEN = _RULES.pattern("page written")
_CLAUSE_CHARS = 60  # characters before a day that say whether it is ahead


def written_about(
    article: Article,
    *,
    posted: Sequence[date] = (),
    page_day: date | None = None,
    printed_day: date | None = None,
) -> date | None:
    """Return the newest day by which ``article`` was written, if it is an old page with a new time stamp.

    None for all others, and for a page without a time stamp. A text is old if it names no day with year within
    ``OLD_TEXT_AGE`` of its stamp, and describes an earlier day as future, says that it was written then, or reports on at
    least two close days. Without such days the day in its metadata counts (``page_day``), then
    those of embedded posts (``posted``), then the date in the address. A newer day beside the text
    (``printed_day``) shows that the page was changed.
    """
    if article.dated_at is None:
        return None
    named = [
        (sentence.text, span)
        for sentence in article.sentences[:MAX_DATED_SENTENCES]
        if _YEAR.search(sentence.text)  # without one no day is found: most sentences need no other look
        for span in find_dates(sentence.text, published=None)
    ]
    newest = article.own_day - OLD_TEXT_AGE
    beside = (*posted, *([printed_day] if printed_day else []))
    if any(day > newest for day in (*(span.last for _, span in named), *beside)):
        return None
    days = [(text, span) for text, span in named if span.last - span.first <= MAX_DATING_SPAN]
    if any(_is_ahead(text, span) or _is_dateline(text) for text, span in days) or _of_one_time(days):
        return max(span.last for _, span in days)
    if page_day and page_day <= newest:
        return page_day
    return _day_of_posts(article, posted) or _old_address(article)


def _day_of_posts(article: Article, posted: Sequence[date]) -> date | None:
    """Return the newest day of the posts that ``article`` shows, where most of them, and at least two, are of one time.

    None where the text names their year or month: then it looks back at them.
    """
    if not posted:
        return None
    together = [day for day in posted if max(posted) - day < SAME_OCCASION_SPAN]
    if len(together) < MIN_POSTS or len(together) * 2 < len(posted):
        return None
    words = {
        word for one in (article.title, *(s.text for s in article.sentences)) for word in _WORD.findall(one)
    }
    named = {name for day in together for name in (str(day.year), MONTHS[day.month - 1])}
    return None if words & named else max(together)


def _old_address(article: Article) -> date | None:
    """Return the day, or else the month, in the address of ``article``, where it is long before the stamp."""
    day = day_in_address(article.url) or month_in_address(article.url)
    return day if day and day < article.own_day - OLD_ADDRESS_AGE else None


def _of_one_time(days: Sequence[tuple[str, DateSpan]]) -> bool:
    """Tell whether most of ``days``, and at least two, lie shortly before the newest of them."""
    single = {span.last for _, span in days if span.last - span.first <= timedelta(days=1)}
    together = {day for day in single if max(single) - day < SAME_OCCASION_SPAN}
    return len(together) > 1 and len(together) * 2 >= len(single)


def _is_ahead(text: str, span: DateSpan) -> bool:
    """Tell whether ``text`` speaks of the day ``span`` as of one to come."""
    clause = text[max(0, span.start - _CLAUSE_CHARS) : span.start]
    return bool(_AHEAD.search(clause)) and not _LOOKING_BACK.search(clause)


def _is_dateline(text: str) -> bool:
    """Tell whether ``text`` is a short line that says when the page was written."""
    return len(text.split()) <= MAX_DATELINE_WORDS and bool(_WRITTEN.search(text))
