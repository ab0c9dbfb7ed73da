"""The most important sentences of a story's articles during a time away, if no model read them. Pure.

quotes, each of a day ──those that say most──▶ days that have a line ◀── what other days say, beside the next line
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.language.words import content_terms
from bot.model.news import Article
from bot.model.story import CourseFact
from bot.stories.coverage import Sayable, choose

MAX_QUOTES_CHARS = 1_500  # characters of all lines
MAX_QUOTES_LINE_CHARS = 800  # of one
LATEST_WEIGHT = 4.0  # factor for the best sentence of the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotable sentence with the ``day`` of its article; ``weight`` is how likely an editor would choose it."""

    fact: CourseFact
    day: date
    weight: float
    terms: frozenset[str]


def quoted_days(
    quotes: Sequence[Quote], *, said: str = "", most_days: int, most_chars: int = MAX_QUOTES_CHARS
) -> tuple[tuple[CourseFact, ...], ...]:
    """Return the most important of ``quotes``, in at most ``most_days`` lines, each up to a day, the last up to the last day.

    Repetitions of ``said`` are left out.
    """
    quotes = _with_latest(quotes)
    days = sorted({one.day for one in quotes})
    known = frozenset(content_terms(said))
    texts = [
        Sayable(text=one.fact.text, line=days.index(one.day), weight=one.weight, terms=one.terms)
        for one in quotes
    ]
    lines = _lines(texts, known, most=most_days, most_chars=most_chars)
    placed = [replace(one, line=next(line for line in lines if one.line <= line)) for one in texts]
    rooms = dict.fromkeys(lines, MAX_QUOTES_LINE_CHARS)
    chosen = sorted(choose(placed, said=known, rooms=rooms, room=most_chars))
    groups = (tuple(quotes[n].fact for n in chosen if placed[n].line == line) for line in lines)
    return tuple(facts for facts in groups if facts)


def _with_latest(quotes: Sequence[Quote]) -> list[Quote]:
    """Return ``quotes`` with more weight for the best one of the last day, so that the present state is always shown."""
    last = max((one.day for one in quotes), default=None)
    best = max((one for one in quotes if one.day == last), key=lambda one: one.weight, default=None)
    return [replace(one, weight=one.weight * LATEST_WEIGHT) if one is best else one for one in quotes]


def _lines(texts: Sequence[Sayable], known: frozenset[str], *, most: int, most_chars: int) -> list[int]:
    """Return the last day, and of those before it the ones that say most if every day may be told, as places; in order."""
    days = sorted({one.line for one in texts})
    if len(days) <= most:
        return days
    rooms = dict.fromkeys(days, MAX_QUOTES_LINE_CHARS)
    adds = dict.fromkeys(days, 0.0)
    for place, added in choose(texts, said=known, rooms=rooms, room=most_chars).items():
        adds[texts[place].line] += added
    before = sorted(days[:-1], key=lambda line: (-adds[line], line))
    return sorted([*before[: most - 1], days[-1]])


def seen_since(articles: Sequence[Article], *, since: datetime, at: datetime) -> list[Article]:
    """Return the newest revision at ``at`` of each article that arrived after ``since``, oldest first."""
    newest: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: a.revision):
        if article.fetched_at <= at:
            newest[article.id] = article
    first = {a.id: a.fetched_at for a in articles if a.revision == 1}
    fresh = [a for a in newest.values() if first.get(a.id, a.fetched_at) > since]
    return sorted(fresh, key=lambda a: (a.published_at, a.id))
