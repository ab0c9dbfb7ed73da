"""Rank the passages found: BM25, with recency and the stories of the thread as priors. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.answers.asked import Asked
from bot.answers.synonyms import synonyms_of

K1, B = 1.2, 0.5  # S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009
USUAL_PASSAGE_STEMS = 45.0  # stems of a passage, its title's included
EARLIER_QUESTION_WEIGHT = 0.6  # weight of a stem of an earlier question, relative to one of this question
QUESTION_FRAME_WEIGHT = 0.35  # weight of a stem that only frames the question
RANKED_SYNONYM_WEIGHT = 0.7  # what another word for the one asked counts
COVERAGE_SHARE = 0.8  # share of a score that depends on how much of the question the passage holds
LEXICAL_WEIGHT = 0.7  # weight of the words beside the meaning, where an encoder is configured
RANKED_TITLE_WEIGHT = 0.6  # what a stem of the title counts beside one of the passage itself
RECENCY_SHARE = 0.05  # share by which the newest news counts more than old news
RECENT_QUESTION_SHARE = 0.4  # the same, where the question asks for what is new
RECENCY_HALF_LIFE_DAYS = 30.0  # days after which half of that is gone
THREAD_STORY_SHARE = 0.25  # share by which a passage of the thread's own story counts more


class Found(Protocol):
    """A passage as found by full-text search."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def article_id(self) -> str: ...  # noqa: D102
    @property
    def sentences(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def published_at(self) -> datetime: ...  # noqa: D102
    @property
    def story_id(self) -> str: ...  # noqa: D102
    @property
    def stems(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def titled(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPassage:
    """A passage with its score; ``covered`` is its share of the question's weight."""

    found: Found
    score: float
    covered: float


def weigh(asked: Asked, weight: Callable[[str], float]) -> dict[str, float]:
    """Return the weight of each stem of a question; ``weight`` is a stem's inverse document frequency."""
    weights = {stem: EARLIER_QUESTION_WEIGHT * weight(stem) for stem in asked.context}
    weights |= {stem: weight(stem) for stem in asked.stems}
    return {
        stem: QUESTION_FRAME_WEIGHT * value if stem in asked.soft else value
        for stem, value in weights.items()
    }


def with_synonyms(weights: Mapping[str, float]) -> dict[str, float]:
    """Return ``weights`` with synonyms of the words, each weighted a little less."""
    others = {
        other: RANKED_SYNONYM_WEIGHT * weight
        for stem, weight in weights.items()
        for other in synonyms_of(stem)
    }
    return others | dict(weights)


def rank(
    found: Sequence[Found],
    weights: Mapping[str, float],
    *,
    now: datetime,
    stories: Sequence[str] = (),
    recent: bool = False,
) -> list[RankedPassage]:
    """Return ``found`` best first; ``weights`` are those of the question's stems, ``stories`` the thread's."""
    total = sum(weights.values()) or 1.0
    ranked = []
    for passage in found:
        counts = _counts(passage, weights)
        length = 1 - B + B * len(passage.stems) / USUAL_PASSAGE_STEMS
        bm25 = sum(weights[stem] * count * (K1 + 1) / (count + K1 * length) for stem, count in counts.items())
        days = max(0.0, (now - passage.published_at).total_seconds() / 86_400)
        prior = (
            1
            + (RECENT_QUESTION_SHARE if recent else RECENCY_SHARE) * 0.5 ** (days / RECENCY_HALF_LIFE_DAYS)
            + (THREAD_STORY_SHARE if passage.story_id in stories else 0.0)
        )
        said = frozenset(passage.stems)
        covered = (
            sum(weights[stem] * (1 if stem in said else RANKED_SYNONYM_WEIGHT) for stem in counts) / total
        )
        score = bm25 * prior * (1 - COVERAGE_SHARE + COVERAGE_SHARE * covered)
        ranked.append(RankedPassage(found=passage, score=score, covered=covered))
    return sorted(
        ranked,
        key=lambda r: (-r.score, -r.found.published_at.timestamp(), r.found.article_id, r.found.sentences),
    )


def merge(ranked: Sequence[RankedPassage], meant: Mapping[int, float]) -> list[RankedPassage]:
    """Return ``ranked`` by words and meaning together; ``meant`` is a passage's similarity to the question.

    Both are scaled to 0 to 1 over the passages that have both; the others follow in their order.
    """
    both = [r for r in ranked if r.found.id in meant]
    words = _normalised([r.score for r in both])
    vector_scores = _normalised([meant[r.found.id] for r in both])
    merged = [
        (LEXICAL_WEIGHT * w + (1 - LEXICAL_WEIGHT) * m, r)
        for w, m, r in zip(words, vector_scores, both, strict=True)
    ]
    top = max((r.score for r in both), default=0.0)
    first = [replace(r, score=top * score) for score, r in sorted(merged, key=lambda pair: -pair[0])]
    return [*first, *(r for r in ranked if r.found.id not in meant)]


def _normalised(values: Sequence[float]) -> list[float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / (high - low) if high > low else 1.0 for value in values]


def _counts(passage: Found, weights: Mapping[str, float]) -> dict[str, float]:
    """Return how often the passage holds each asked stem; once for the title, however often it says it."""
    said = Counter(passage.stems[passage.titled :])
    title = frozenset(passage.stems[: passage.titled])
    counts: dict[str, float] = {}
    for stem in weights:
        count = said[stem] + RANKED_TITLE_WEIGHT * (stem in title)
        if not count:
            others = synonyms_of(stem)
            count = RANKED_SYNONYM_WEIGHT * (
                max((said[o] for o in others), default=0) or RANKED_TITLE_WEIGHT * bool(others & title)
            )
        if count:
            counts[stem] = count
    return counts
