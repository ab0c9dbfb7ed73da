"""Find the dates of social-media posts that are embedded in a text. Pure.

A post is left out of the text, and its day is not: reports show posts of their own days, so old posts tell an old page.
"""

from __future__ import annotations

import re
from datetime import date

from bot.feeds.document.dates import read_moment
from bot.language.rules import words_of_all
from bot.language.speech import any_of

MAX_POSTS = 40  # of a text
MAX_POSTS_PAGE_CHARS = 3_000_000
# "— Harbour Police (@harbour) May 28, 2016", with the link that the day stands in; "(@harbour) on Oct 1, 2017"
_POSTED = re.compile(
    rf"\(@\w{{1,30}}\)(?:\s|&nbsp;|<[^<>]{{0,400}}>|(?:{any_of(words_of_all('site', 'posted'))})\b){{0,6}}"
    r"(?P<day>[^\W\d_]{3,12}\.?\s\d{1,2},\s(?:19|20)\d\d|\d{1,2}\.?\s[^\W\d_]{3,12}\.?,?\s(?:19|20)\d\d)\b"
)


def post_days(markup: str) -> tuple[date, ...]:
    """Return the day of each post in ``markup``, which may be plain text; in order, without those that name no real day."""
    days: list[date] = []
    for found in _POSTED.finditer(markup[:MAX_POSTS_PAGE_CHARS]):
        moment = read_moment(found["day"])
        if moment:
            days.append(moment[0].date())
        if len(days) == MAX_POSTS:
            break
    return tuple(days)
