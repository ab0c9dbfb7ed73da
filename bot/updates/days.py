"""Accept the day of a field only if its cited sentences or their article's date support it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

from bot.language.dates.calendars import find_calendar_days
from bot.language.dates.find import DateSpan, find_dates
from bot.language.dates.resolve import lies_behind
from bot.language.rules import load_rules
from bot.language.words import content_terms
from bot.model.news import Article, Citation

MAX_EXACT_SPAN = timedelta(days=31)  # longer ones bound a day that other words name
MIN_TERMS_BESIDE_SPAN = 2  # content terms beside the span that name a day: "the anniversary of the attacks"
MAX_STATUS_AGE = timedelta(days=10)  # before its article; what is older is background

BESIDE_DAY_CHARS = 40  # characters before and after a day that tell how firm it is

_RULES = load_rules("en", "outcomes")
_OPEN = tuple(_RULES.pattern(sense) for sense in ("around", "earliest", "possible day"))
_OTHER = _RULES.pattern("or another day")
_OR = re.compile(r"\sor\s")

Articles = Mapping[tuple[str, int], Article]


def read_day(text: str) -> date | None:
    """Return the day written as YYYY-MM-DD, None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def newest_day(citations: Iterable[Citation], articles: Articles) -> date:
    """Return the day on which the newest of the cited articles was published."""
    return max(articles[c.article_id, c.revision].own_day for c in citations)


def status_day(said: str, citations: Iterable[Citation], articles: Articles) -> date:
    """Return the day of a status: ``said`` if it is the article's own or shortly before, else the article's."""
    published = newest_day(citations, articles)
    day = read_day(said)
    return day if day and published - MAX_STATUS_AGE <= day <= published else published


def past_day(said: str, citations: Iterable[Citation], articles: Articles) -> date | None:
    """Return the day ``said`` if a cited sentence names it or its article is of that day, else None."""
    day = read_day(said)
    if day is None:
        return None
    cited = tuple(citations)
    if any(day == articles[c.article_id, c.revision].own_day for c in cited):
        return day
    return day if any(s.first <= day <= s.last for s in _named(cited, articles, direction="past")) else None


def due_days(
    said: str, when: str, citations: Iterable[Citation], articles: Articles
) -> tuple[date | None, date | None]:
    """Return the first announced day and, of a span, the last, as the cited sentences name them.

    If they name several days, ``when`` or else ``said`` (YYYY-MM-DD) decides; days before the article's are ignored.
    """
    cited = tuple(citations)
    published = newest_day(cited, articles)
    ahead = [s for s in _named(cited, articles, direction="future") if s.last >= published]
    # The same days in several sentences are one.
    named = list({(s.first, s.last, s.text.casefold()): s for s in ahead}.values())
    printed = [s for s in named if when and s.text.casefold() in when.casefold()]
    day = read_day(said)
    # What is printed and names no day, "eventually", is not the day that the sentence names for something else.
    named = printed if when else named
    agreed = [s for s in named if day and s.first <= day <= s.last]
    chosen = agreed or (named if len({(s.first, s.last) for s in named}) == 1 else [])
    if len(printed) > 1 and _OR.search(when) and _is_printed(when, cited, articles):
        # "By the end of November or early December": either of them.
        first = max(min(s.first for s in printed), published)
        return first, max(s.last for s in printed)
    if not chosen:
        return None, None
    span = min(chosen, key=lambda s: (s.last - s.first, s.first))
    beside = len(content_terms(_without(span.text, when)))
    if span.last - span.first > MAX_EXACT_SPAN and (not when or beside >= MIN_TERMS_BESIDE_SPAN):
        # "By the anniversary of the attacks this year": the year is not what is meant; nor is it of "this year's parade".
        return None, None
    first = max(span.first, published)
    return first, span.last if span.last != first else None


def as_bounded(when: str, citations: Iterable[Citation], articles: Articles) -> str:
    """Return ``when`` with the words by which a cited sentence leaves it open: "around November 8", "Monday or Tuesday"."""
    for text in _texts(citations, articles):
        start = text.casefold().find(when.casefold())
        if start < 0 or not when:
            continue
        end = start + len(when)
        before, after = text[max(0, start - BESIDE_DAY_CHARS) : start], text[end : end + BESIDE_DAY_CHARS]
        opened = next(
            (found for p in _OPEN if (found := p.search(before)) and not before[found.end() :].strip()), None
        )
        other = _OTHER.match(after)
        if opened or other:
            return f"{opened[0].strip() + ' ' if opened else ''}{text[start:end]}{other[0] if other else ''}"
    return when


def is_only_possible(when: str) -> bool:
    """Tell whether an announced day is no more than a possible one: "possibly on Thursday"."""
    return _RULES.has("possible day", when)


def _is_printed(when: str, citations: Iterable[Citation], articles: Articles) -> bool:
    return any(when.casefold() in text.casefold() for text in _texts(citations, articles))


def _texts(citations: Iterable[Citation], articles: Articles) -> Iterator[str]:
    for citation in citations:
        article = articles[citation.article_id, citation.revision]
        yield from (article.sentence(number).text for number in citation.sentences)


def _without(words: str, when: str) -> str:
    return re.sub(re.escape(words), " ", when, count=1, flags=re.IGNORECASE)


def _named(
    citations: Iterable[Citation], articles: Articles, *, direction: Literal["past", "future"]
) -> list[DateSpan]:
    found: list[DateSpan] = []
    for citation in citations:
        article = articles[citation.article_id, citation.revision]
        for number in citation.sentences:
            found += _days_of(article.sentence(number).text, article, direction=direction)
    return found


def _days_of(text: str, article: Article, *, direction: Literal["past", "future"]) -> list[DateSpan]:
    language, ahead = article.language or "en", direction == "future"
    if language != "en":
        if article.dated_at is None:
            return []
        return list(find_calendar_days(text, language=language, today=article.own_day, ahead=ahead))
    spans = find_dates(text, published=article.dated_at, utc_offset=article.utc_offset, direction=direction)
    # "The state had on Sunday said that it can wait" names no day ahead.
    return [s for s in spans if not (ahead and s.text.isalpha() and lies_behind(text, s))]
