"""What a story's own articles say that matters most while somebody was away, where no model read them. Pure.

articles since ──first sentences──▶ each weighed by what it adds ──▶ the first day, the last and one between, a line each
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.language.sentences.clauses import lead_free
from bot.language.sentences.self_contained import (
    addresses_reader,
    is_furniture,
    is_statement,
    points_back,
)
from bot.language.words import content_terms
from bot.model.news import Article
from bot.model.story import CourseFact

MAX_CHARS = 1_500  # characters of all lines
MAX_DAY_CHARS = 500  # of one
MAX_LEAD_SENTENCES = 8  # of an article: reports begin with what matters
MAX_SENTENCE_CHARS = 300
MIN_TERMS = 4  # content words of a sentence that is quoted
USUAL_CHARS = 40  # added to a sentence's length when it is weighed: a very short one says little
PLACE_COST = 0.15  # what each sentence before it takes from a sentence's weight
TITLE_SHARE = 0.5  # share of a sentence's weight that depends on how much of the title it holds
MIN_NEW_SHARE = 0.5  # share of a sentence's terms from which it adds something


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    fact: CourseFact
    day: date
    weight: float
    terms: frozenset[str]

    def worth(self, said: set[str]) -> float:
        return self.weight * len(self.terms - said) / (len(self.fact.text) + USUAL_CHARS)

    def adds(self, said: set[str]) -> bool:
        return len(self.terms - said) >= MIN_NEW_SHARE * len(self.terms) > 0


def quoted_days(
    articles: Sequence[Article],
    *,
    said: str = "",
    zone: ZoneInfo,
    most_days: int,
    most_chars: int = MAX_CHARS,
) -> tuple[tuple[CourseFact, ...], ...]:
    """Return for at most ``most_days`` days, the first and the last of ``articles`` among them, the sentences that say most.

    What ``said`` says is not said again.
    """
    candidates = [one for article in articles for one in _candidates(article, zone=zone)]
    known = {*content_terms(said)}
    days = _days(candidates, known, most=most_days)
    rooms = dict.fromkeys(days, MAX_DAY_CHARS)
    room = most_chars
    left = [one for one in candidates if one.day in rooms]
    chosen: list[_Candidate] = []
    while left:
        best = max(left, key=lambda one: one.worth(known))
        left.remove(best)
        size = len(best.fact.text)
        if size <= min(room, rooms[best.day]) and best.adds(known):
            chosen.append(best)
            known |= best.terms
            room -= size
            rooms[best.day] -= size
    told = (tuple(one.fact for one in candidates if one in chosen and one.day == day) for day in days)
    return tuple(facts for facts in told if facts)


def _candidates(article: Article, *, zone: ZoneInfo) -> list[_Candidate]:
    day = article.published_at.astimezone(zone).date()
    title = frozenset(content_terms(article.title, language=article.language or "en"))
    found: list[_Candidate] = []
    for sentence in article.sentences:
        text = lead_free(sentence.text)
        terms = frozenset(content_terms(text, language=article.language or "en"))
        if (
            len(text) <= MAX_SENTENCE_CHARS
            and len(terms) >= MIN_TERMS
            and not text[:1].islower()
            and is_statement(text)
            and not (is_furniture(text) or points_back(text) or addresses_reader(text))
        ):
            fact = CourseFact(text=text, as_of=article.published_at, citation=article.cite(sentence.number))
            about = len(terms & title) / len(title) if title else 1.0
            weight = (1 - TITLE_SHARE + TITLE_SHARE * about) / (1 + PLACE_COST * len(found))
            found.append(_Candidate(fact=fact, day=day, weight=weight, terms=terms))
        if len(found) == MAX_LEAD_SENTENCES:
            break
    return found


def _days(candidates: Sequence[_Candidate], said: set[str], *, most: int) -> list[date]:
    """Return the first day, the last, and of those between the ones that add most, in order."""
    days = sorted({one.day for one in candidates})
    if len(days) <= most:
        return days
    ends = [days[-1]] if most == 1 else [days[0], days[-1]]
    worth = {day: sum(one.worth(said) for one in candidates if one.day == day) for day in days[1:-1]}
    between = sorted(worth, key=lambda day: -worth[day])[: most - len(ends)]
    return sorted([*ends, *between])


def seen_since(articles: Sequence[Article], *, since: datetime, at: datetime) -> list[Article]:
    """Return the newest revision of each article that came after ``since``, as it stood at ``at``, oldest first."""
    newest: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: a.revision):
        if article.fetched_at <= at:
            newest[article.id] = article
    first = {a.id: a.fetched_at for a in articles if a.revision == 1}
    fresh = [a for a in newest.values() if first.get(a.id, a.fetched_at) > since]
    return sorted(fresh, key=lambda a: (a.published_at, a.id))
