"""Place articles in stories, one at a time, in whatever order they come.

    article ──features──▶ candidates by shared terms ──similarity, vetoes──▶ join the most similar | found a new story

Similarity is the cosine between the article and the story's summed terms (tf-idf, document frequencies of all
articles seen, with a prior so that the first articles already cluster), mixed with the share of the article's
names the story knows, and slowly less the longer the story slept: stories sleep, they do not die.

The settings were chosen by cross-validation over events (``benchmarks/clusters.py``), not tuned to one.
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.model.ids import derive_id
from bot.stories.features import ArticleFeatures

JOIN_SIMILARITY = 0.15  # similarity from which an article joins a story
NAMES_WEIGHT = 0.2  # weight of shared names beside the cosine
SILENCE_HALF_LIFE_DAYS = 1460.0  # after this many silent days similarity is halved
PRIOR_ARTICLES = 50.0  # articles imagined to have been seen before the first
PRIOR_RATE = 0.004  # share of them that hold a term never seen
CERTAIN_SIMILARITY = 0.45  # similarity from which other names are no veto: the text speaks for itself
KNOWN_NAME_SHARE = 0.3  # share of a story's articles that must hold a name for the story to know it
MAX_TERMS = 400  # terms kept of a story
MAX_COMPARED_STORIES = 40  # stories compared in full


@dataclass(slots=True, kw_only=True)
class StoryProfile:
    """What clustering remembers of a story; grows with each article."""

    story_id: str
    last_at: datetime
    count: int = 0
    terms: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, features: ArticleFeatures) -> None:
        """Take ``features`` in; each article weighs the same, however long."""
        norm = math.sqrt(sum(w * w for w in features.terms.values())) or 1.0
        for term, weight in features.terms.items():
            self.terms[term] += weight / norm  # type: ignore[assignment]  # a Counter of weights
        if len(self.terms) > 2 * MAX_TERMS:
            self.terms = Counter(dict(self.terms.most_common(MAX_TERMS)))
        self.names.update(features.names)
        self.codes.update(features.codes)
        self.count += 1
        self.last_at = max(self.last_at, features.published_at)

    def to_bytes(self) -> bytes:
        """Return the profile for storage."""
        data = [self.count, self.last_at.timestamp(), self.terms, self.names, self.codes]
        return zlib.compress(json.dumps(data, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, story_id: str, data: bytes) -> StoryProfile:
        """Return the profile that ``to_bytes`` gave."""
        count, last, terms, names, codes = json.loads(zlib.decompress(data))
        return cls(
            story_id=story_id,
            last_at=datetime.fromtimestamp(last, tz=UTC),
            count=count,
            terms=Counter(terms),
            names=Counter(names),
            codes=Counter(codes),
        )


@dataclass(slots=True, kw_only=True)
class Corpus:
    """Document frequencies over every article seen."""

    articles: int = 0
    frequencies: Counter[str] = field(default_factory=Counter)

    def add(self, terms: Iterable[str]) -> None:
        """Count one article's terms."""
        self.articles += 1
        self.frequencies.update(set(terms))

    def idf(self, term: str) -> float:
        """Return the inverse document frequency of ``term``, smoothed by the prior."""
        seen = self.frequencies.get(term, 0) + PRIOR_ARTICLES * PRIOR_RATE
        return math.log((self.articles + PRIOR_ARTICLES) / seen)

    def to_bytes(self) -> bytes:
        """Return the corpus for storage; terms seen once are forgotten when there are very many."""
        kept = self.frequencies
        if len(kept) > 200_000:
            kept = Counter({term: n for term, n in kept.items() if n > 1})
        return zlib.compress(json.dumps([self.articles, kept], separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> Corpus:
        """Return the corpus that ``to_bytes`` gave."""
        articles, frequencies = json.loads(zlib.decompress(data))
        return cls(articles=articles, frequencies=Counter(frequencies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an article belongs, and why, in words."""

    article_id: str
    story_id: str
    created: bool
    score: float
    why: tuple[str, ...]


class Clusterer:
    """Places articles; holds the profiles of the stories it may place them in."""

    def __init__(self, corpus: Corpus, profiles: Iterable[StoryProfile] = ()) -> None:
        self.corpus = corpus
        self.profiles: dict[str, StoryProfile] = {}
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, str] = {}
        for profile in profiles:
            self._index(profile)

    def know_group(self, text_group: str, story_id: str) -> None:
        """Remember that texts of ``text_group`` are in ``story_id``: reprints go where their original is."""
        self._groups[text_group] = story_id

    def assign(self, features: ArticleFeatures) -> Assignment:
        """Return the story ``features`` belong to, founding one if none is like enough, and take them in."""
        self.corpus.add(features.terms)
        return self._join(features, self.find(features))

    def assign_beside(self, features: ArticleFeatures, *, own: Collection[str]) -> Assignment:
        """Return the story ``features`` belong to, and take them in only if it is one of ``own`` or founded now.

        A story of others learns nothing of them, and neither does the corpus.
        """
        found = self.find(features)
        return self._join(features, found) if not found.story_id or found.story_id in own else found

    def find(self, features: ArticleFeatures) -> Assignment:
        """Return the story ``features`` would join, none ("") where none is like enough; nothing is learned."""
        story_id = self._groups.get(features.text_group) if features.text_group else None
        score: float = 1.0
        why: tuple[str, ...] = ("a reprint of a text in the story",)
        if story_id is None or story_id not in self.profiles:
            score, story_id, why = self._likest(features)
        return Assignment(
            article_id=features.article_id,
            story_id=story_id or "",
            created=False,
            score=round(score, 3),
            why=why,
        )

    def _join(self, features: ArticleFeatures, found: Assignment) -> Assignment:
        story_id = found.story_id or derive_id("sto", features.article_id)
        created = story_id not in self.profiles
        if created:
            self.profiles[story_id] = StoryProfile(story_id=story_id, last_at=features.published_at)
        profile = self.profiles[story_id]
        profile.add(features)
        self._index(profile, terms=features.terms)
        if features.text_group:
            self._groups[features.text_group] = story_id
        return replace(found, story_id=story_id, created=created)

    def _likest(self, features: ArticleFeatures) -> tuple[float, str | None, tuple[str, ...]]:
        vector = self._weigh(features.terms)
        best, chosen, vetoed = 0.0, None, ""
        for story_id in self._candidates(vector):
            profile = self.profiles[story_id]
            score = self._likeness(vector, features, profile)
            if score <= max(best, JOIN_SIMILARITY):
                best = max(best, score) if chosen is None else best
                continue
            veto = _vetoed(features, profile, certain=score >= CERTAIN_SIMILARITY)
            if veto:
                vetoed = veto
                continue
            best, chosen = score, story_id
        if chosen is None:
            why = f"nothing was like enough: {best:.2f} of {JOIN_SIMILARITY} needed"
            return best, None, (why, f"kept apart: {vetoed}") if vetoed else (why,)
        shared = sorted(
            (t for t in vector if t in self.profiles[chosen].terms), key=lambda t: vector[t], reverse=True
        )
        return (
            best,
            chosen,
            (f"similarity {best:.2f} of {JOIN_SIMILARITY} needed", f"shared words: {', '.join(shared[:6])}"),
        )

    def _candidates(self, vector: Mapping[str, float]) -> list[str]:
        """Return the stories that share the heaviest terms, at most ``MAX_COMPARED_STORIES``."""
        weight: defaultdict[str, float] = defaultdict(float)
        for term in sorted(vector, key=lambda t: vector[t], reverse=True)[:60]:
            for story_id in self._holding.get(term, ()):
                weight[story_id] += vector[term]
        return sorted(weight, key=lambda s: (-weight[s], s))[:MAX_COMPARED_STORIES]

    def _likeness(
        self, vector: Mapping[str, float], features: ArticleFeatures, profile: StoryProfile
    ) -> float:
        theirs = {term: weight * self.corpus.idf(term) for term, weight in profile.terms.items()}
        norm = math.sqrt(sum(w * w for w in theirs.values())) or 1.0
        score = sum(weight * theirs.get(term, 0.0) for term, weight in vector.items()) / norm
        days = abs((features.published_at - profile.last_at).total_seconds()) / 86_400
        score /= 1 + days / SILENCE_HALF_LIFE_DAYS
        if features.names and profile.names:
            known = sum(
                profile.names[name] >= max(1.0, profile.count * KNOWN_NAME_SHARE) for name in features.names
            )
            score = score * (1 - NAMES_WEIGHT) + NAMES_WEIGHT * known / len(features.names)
        return score

    def _weigh(self, terms: Mapping[str, float]) -> dict[str, float]:
        weighed = {term: weight * self.corpus.idf(term) for term, weight in terms.items()}
        norm = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
        return {term: weight / norm for term, weight in weighed.items()}

    def _index(self, profile: StoryProfile, *, terms: Iterable[str] | None = None) -> None:
        self.profiles[profile.story_id] = profile
        for term in profile.terms if terms is None else terms:
            self._holding[term].add(profile.story_id)


def _vetoed(features: ArticleFeatures, profile: StoryProfile, *, certain: bool) -> str:
    """Return why an article must stay apart from a story, or nothing; ``certain`` similarity hears less."""
    identifier, year = _other_code(features, profile)
    if identifier or certain:
        return identifier
    return year or _other_names(features, profile)


def _other_names(features: ArticleFeatures, profile: StoryProfile) -> str:
    """Return why a similarity of words alone must not join them: nobody and nowhere in common."""
    if len(features.names) >= 3 and len(profile.names) >= 3 and not features.names & profile.names.keys():
        return "no person, body or place in common"
    return ""


def _other_code(features: ArticleFeatures, profile: StoryProfile) -> tuple[str, str]:
    """Return the identifier, and the year, that tell apart two events told in the same words."""
    found = {"": "", "year": ""}
    for kind in sorted({_kind(code) for code in features.codes}):
        ours = {code for code in features.codes if _kind(code) == kind}
        theirs = {code for code in profile.codes if _kind(code) == kind}
        if theirs and not ours & theirs:
            found["year" if kind == "year" else ""] = f"{min(ours).upper()} against {min(theirs).upper()}"
    return found[""], found["year"]


def _kind(code: str) -> str:
    if code.startswith("version "):
        return "version"
    return code.rstrip("0123456789").rstrip("-") or "year"
