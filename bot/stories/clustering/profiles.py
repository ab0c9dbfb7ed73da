"""The state of clustering: a profile of each story, and how many articles have each term."""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.stories.clustering.features import ArticleFeatures

PRIOR_ARTICLES = 50.0  # articles imagined to have been seen before the first
PRIOR_RATE = 0.004  # share of them that hold a term never seen
MAX_PROFILE_TERMS = 400  # terms kept of a story
PROFILE_VERSION = 2
_NEVER = datetime.min.replace(tzinfo=UTC)


def heaviest_terms(weights: Mapping[str, float], count: int) -> list[str]:
    """Return the ``count`` heaviest terms of ``weights``, the heaviest first."""
    terms = sorted(weights)
    terms.sort(key=weights.__getitem__, reverse=True)  # equal ones stay in the order of the alphabet
    return terms[:count]


@dataclass(slots=True, kw_only=True)
class Corpus:
    """Document frequencies over all articles, of all terms or of the needed ones."""

    articles: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)

    def add(self, terms: Iterable[str]) -> None:
        """Count one article's terms."""
        self.articles += 1
        self.frequencies.update(set(terms))

    def rarities(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the rarity of each of ``terms``: its inverse document frequency."""
        held, articles = self.frequencies, self.articles + PRIOR_ARTICLES
        return {
            term: math.log(articles / (held.get(term, 0) + PRIOR_ARTICLES * PRIOR_RATE)) for term in terms
        }

    def weigh(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Return ``terms`` weighted by their rarity, as a vector of length 1."""
        rarities = self.rarities(terms)
        weighed = {term: weight * rarities[term] for term, weight in terms.items()}
        norm = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
        return {term: weight / norm for term, weight in weighed.items()}


@dataclass(slots=True, kw_only=True)
class StoryProfile:
    """The clustering profile of a story, which grows with each article."""

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
        """Add ``features``, whose weighted terms are ``vector``; each article has the same weight, however long."""
        for term, weight in vector.items():
            self.vector[term] = self.vector.get(term, 0.0) + weight
        if len(self.vector) > 2 * MAX_PROFILE_TERMS:
            self.vector = {term: self.vector[term] for term in heaviest_terms(self.vector, MAX_PROFILE_TERMS)}
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
    def from_bytes(cls, story_id: str, data: bytes) -> StoryProfile:
        """Return the profile that ``to_bytes`` gave."""
        stored = json.loads(zlib.decompress(data))
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


def _length(vector: Mapping[str, float]) -> float:
    return math.sqrt(sum(w * w for w in vector.values())) or 1.0
