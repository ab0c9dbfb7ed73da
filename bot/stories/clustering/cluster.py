"""Assign articles to stories, one at a time, in any order.

    article ──features──▶ candidates by shared terms ──similarity, vetoes──▶ join the most similar | found a new story

Similarity is the cosine between the article and the sum of the story's articles (tf-idf, each weighed when it came;
document frequencies of all articles seen, with a prior so that the first articles already cluster). It counts for
less the further the article is from the story's days: yearly events are reported in the same words.

The settings rest on cross-validation over events (``benchmarks/clusters.py``). Nothing here
depends on an address: equal scores are decided by times and titles.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.ids import derive_id
from bot.stories.clustering.features import ArticleFeatures
from bot.stories.clustering.profiles import Corpus, StoryProfile, heaviest_terms

JOIN_SIMILARITY = 0.2  # similarity from which an article joins a story
DISTANCE_WEIGHT = 0.1  # how much each doubling of the days between article and story reduces the similarity
DISTANCE_DAYS = 7.0  # days from which the distance counts
OTHER_YEAR_DAYS = 60  # days from which articles that name different years as their own are of two events
CANDIDATE_TERMS = 60  # heaviest terms of an article, by which stories like it are found
MAX_COMPARED_STORIES = 12  # stories compared in full


_NOWHERE: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an article belongs, and why, in words."""

    article_id: str
    story_id: str
    created: bool
    score: float
    why: tuple[str, ...]


class Clusterer:
    """Assigns articles; holds the profiles of candidate stories.

    ``asked`` are the terms of the articles to come, if known: stories are searched by these only.
    """

    def __init__(
        self,
        corpus: Corpus,
        profiles: Iterable[StoryProfile] = (),
        *,
        asked: Collection[str] | None = None,
    ) -> None:
        self.corpus = corpus
        self._asked = asked
        self.profiles: dict[str, StoryProfile] = {}
        self._holding: defaultdict[str, dict[str, float]] = defaultdict(dict)  # weight by story, by term
        self._groups: dict[str, str] = {}
        for profile in profiles:
            self._index(profile)

    def know_group(self, text_group: str, story_id: str) -> None:
        """Remember that texts of ``text_group`` are in ``story_id``: reprints go where their original is."""
        self._groups[text_group] = story_id

    def assign(self, features: ArticleFeatures) -> Assignment:
        """Return the story of ``features``, a new one if none is similar enough, and add them to it."""
        self.corpus.add(features.terms)
        vector = self.corpus.weigh(features.terms)
        return self._join(features, self._find(features, vector), vector)

    def assign_beside(self, features: ArticleFeatures, *, own: Collection[str]) -> Assignment:
        """Return the story of ``features``, and add them to it only if it is one of ``own`` or new.

        A story of other readers and the corpus are not changed by them.
        """
        vector = self.corpus.weigh(features.terms)
        found = self._find(features, vector)
        return self._join(features, found, vector) if not found.story_id or found.story_id in own else found

    def find(self, features: ArticleFeatures) -> Assignment:
        """Return the story that ``features`` would join, none ("") if none is similar enough; nothing is changed."""
        return self._find(features, self.corpus.weigh(features.terms))

    def _find(self, features: ArticleFeatures, vector: Mapping[str, float]) -> Assignment:
        story_id = self._groups.get(features.text_group) if features.text_group else None
        score: float = 1.0
        why: tuple[str, ...] = ("a reprint of a text in the story",)
        if story_id is None or story_id not in self.profiles:
            score, story_id, why = self._likest(features, vector)
        return Assignment(
            article_id=features.article_id,
            story_id=story_id or "",
            created=False,
            score=round(score, 3),
            why=why,
        )

    def _join(self, features: ArticleFeatures, found: Assignment, vector: Mapping[str, float]) -> Assignment:
        story_id = found.story_id or derive_id("sto", features.article_id)
        created = story_id not in self.profiles
        if created:
            self.profiles[story_id] = StoryProfile(story_id=story_id)
        profile = self.profiles[story_id]
        profile.add(features, vector=vector)
        self._index(profile, terms=features.terms)
        if features.text_group:
            self._groups[features.text_group] = story_id
        return replace(found, story_id=story_id, created=created)

    def _likest(
        self, features: ArticleFeatures, vector: Mapping[str, float]
    ) -> tuple[float, str | None, tuple[str, ...]]:
        best, chosen, vetoed = 0.0, None, ""
        for story_id in self._candidates(vector):
            profile = self.profiles[story_id]
            score = _likeness(vector, features.published_at, profile)
            if score <= max(best, JOIN_SIMILARITY):
                best = max(best, score) if chosen is None else best
                continue
            veto = _vetoed(features, profile)
            if veto:
                vetoed = veto
                continue
            best, chosen = score, story_id
        if chosen is None:
            why = f"nothing was like enough: {best:.2f} of {JOIN_SIMILARITY} needed"
            return best, None, (why, f"kept apart: {vetoed}") if vetoed else (why,)
        shared = sorted(
            (t for t in vector if t in self.profiles[chosen].vector), key=lambda t: vector[t], reverse=True
        )
        return (
            best,
            chosen,
            (f"similarity {best:.2f} of {JOIN_SIMILARITY} needed", f"shared words: {', '.join(shared[:6])}"),
        )

    def _candidates(self, vector: Mapping[str, float]) -> list[str]:
        """Return the stories that are likest by the heaviest terms, at most ``MAX_COMPARED_STORIES``.

        Those whose last article is newer come first: of equal ones the first is chosen.
        """
        dots: defaultdict[str, float] = defaultdict(float)
        profiles = self.profiles
        for term in heaviest_terms(vector, CANDIDATE_TERMS):
            weight = vector[term]
            for story_id, theirs in self._holding.get(term, _NOWHERE).items():
                dots[story_id] += weight * theirs
        alike = ((dots[s] / profiles[s].norm, -place, s) for place, s in enumerate(dots))
        likest = [story_id for _, _, story_id in heapq.nlargest(MAX_COMPARED_STORIES, alike)]
        return sorted(likest, key=lambda s: (-profiles[s].last_at.timestamp(), profiles[s].title, s))

    def _index(self, profile: StoryProfile, *, terms: Iterable[str] | None = None) -> None:
        self.profiles[profile.story_id] = profile
        for term in profile.vector if terms is None else terms:
            if self._asked is not None and term not in self._asked:
                continue
            self._holding[term][profile.story_id] = profile.vector.get(term, 0.0)


def _likeness(vector: Mapping[str, float], at: datetime, profile: StoryProfile) -> float:
    theirs = profile.vector
    cosine = sum(weight * theirs[term] for term, weight in vector.items() if term in theirs) / profile.norm
    return cosine / (1 + DISTANCE_WEIGHT * math.log2(1 + profile.days_to(at) / DISTANCE_DAYS))


def _vetoed(features: ArticleFeatures, profile: StoryProfile) -> str:
    """Return what distinguishes two events that are reported in the same words, or nothing."""
    for kind in sorted({_kind(code) for code in features.codes}):
        ours = {code for code in features.codes if _kind(code) == kind}
        theirs = {code for code in profile.codes if _kind(code) == kind}
        if theirs and not ours & theirs:
            return f"{min(ours).upper()} against {min(theirs).upper()}"
    # Most texts name other years than their own somewhere: both have to be about theirs, and far apart.
    if features.year and profile.days_to(features.published_at) > OTHER_YEAR_DAYS:
        years = profile.years
        if years and features.year not in years and 2 * sum(years.values()) >= profile.count:
            return f"{features.year} against {max(years)}"
    return ""


def _kind(code: str) -> str:
    return "version" if code.startswith("version ") else code.rstrip("0123456789").rstrip("-")
