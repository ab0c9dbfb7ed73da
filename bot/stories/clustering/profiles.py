"""What clustering remembers: a profile of each story, and how many articles hold each term."""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.stories.clustering.features import ArticleFeatures

PRIOR_ARTICLES = 50.0  # articles imagined to have been seen before the first
PRIOR_RATE = 0.004  # share of them that hold a term never seen
MAX_TERMS = 400  # terms kept of a story
MAX_CORPUS_TERMS = 200_000  # from which terms seen once are forgotten
PROFILE_VERSION = 2
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Corpus:
    """Document frequencies over every article seen."""

    articles: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)

    def add(self, terms: Iterable[str]) -> None:
        """Count one article's terms."""
        self.articles += 1
        self.frequencies.update(set(terms))

    def weigh(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Return ``terms`` weighed by how rare they are among the articles seen, with length 1."""
        seen, total = self.frequencies, self.articles + PRIOR_ARTICLES
        unseen = PRIOR_ARTICLES * PRIOR_RATE
        weighed = {
            term: weight * math.log(total / (seen.get(term, 0) + unseen)) for term, weight in terms.items()
        }
        norm = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
        return {term: weight / norm for term, weight in weighed.items()}

    def to_bytes(self) -> bytes:
        """Return the corpus for storage; terms seen once are forgotten when there are very many."""
        kept = self.frequencies
        if len(kept) > MAX_CORPUS_TERMS:
            kept = Counter({term: n for term, n in kept.items() if n > 1})
        return zlib.compress(json.dumps([self.articles, kept], separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> Corpus:
        """Return the corpus that ``to_bytes`` gave."""
        articles, frequencies = json.loads(zlib.decompress(data))
        return cls(articles=articles, frequencies=Counter(frequencies))


@dataclass(slots=True, kw_only=True)
class StoryProfile:
    """What clustering remembers of a story; grows with each article."""

    story_id: str
    title: str = ""  # of the first article taken in
    first_at: datetime = _NEVER
    last_at: datetime = _NEVER
    count: int = 0
    vector: dict[str, float] = field(default_factory=dict)  # sum of its articles' weighed terms
    norm: float = 1.0  # the length of ``vector``
    codes: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)  # that articles name as their own

    def add(self, features: ArticleFeatures, *, vector: Mapping[str, float]) -> None:
        """Take ``features`` in, whose weighed terms are ``vector``; each article weighs the same, however long."""
        for term, weight in vector.items():
            self.vector[term] = self.vector.get(term, 0.0) + weight
        if len(self.vector) > 2 * MAX_TERMS:
            heaviest = sorted(self.vector.items(), key=lambda item: (-item[1], item[0]))
            self.vector = dict(heaviest[:MAX_TERMS])
        self.norm = _length(self.vector)
        self.codes.update(features.codes)
        self.years.update([features.year] if features.year else ())
        self.title = self.title or features.title
        at = features.published_at
        self.first_at, self.last_at = (
            (min(self.first_at, at), max(self.last_at, at)) if self.count else (at, at)
        )
        self.count += 1

    def days_to(self, at: datetime) -> float:
        """Return how many days lie between ``at`` and the days of the story; 0 within them."""
        return max((self.first_at - at).total_seconds(), (at - self.last_at).total_seconds(), 0.0) / 86_400

    def to_bytes(self) -> bytes:
        """Return the profile for storage."""
        data = {
            "version": PROFILE_VERSION,
            "title": self.title,
            "first": self.first_at.timestamp(),
            "last": self.last_at.timestamp(),
            "count": self.count,
            "vector": self.vector,
            "codes": self.codes,
            "years": {str(year): n for year, n in self.years.items()},
        }
        return zlib.compress(json.dumps(data, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, story_id: str, data: bytes, *, corpus: Corpus) -> StoryProfile:
        """Return the profile that ``to_bytes`` gave, or that of 0.2 and before, whose terms ``corpus`` weighs."""
        stored = json.loads(zlib.decompress(data))
        if isinstance(stored, list):
            return _of_earlier_release(story_id, stored, corpus=corpus)
        return cls(
            story_id=story_id,
            title=stored["title"],
            first_at=datetime.fromtimestamp(stored["first"], tz=UTC),
            last_at=datetime.fromtimestamp(stored["last"], tz=UTC),
            count=stored["count"],
            vector=stored["vector"],
            norm=_length(stored["vector"]),
            codes=Counter(stored["codes"]),
            years=Counter({int(year): n for year, n in stored["years"].items()}),
        )


def _of_earlier_release(story_id: str, stored: list[Any], *, corpus: Corpus) -> StoryProfile:
    """Return a profile that held no weights, and a year wherever one was named."""
    count, last, terms, _names, codes = stored
    at = datetime.fromtimestamp(last, tz=UTC)
    weighed = corpus.weigh(terms)
    length = _length(terms)
    return StoryProfile(
        story_id=story_id,
        first_at=at,
        last_at=at,
        count=count,
        vector={term: weight * length for term, weight in weighed.items()},
        norm=length,
        codes=Counter({code: n for code, n in codes.items() if not code.isdigit()}),
    )


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(sum(w * w for w in vector.values())) or 1.0
