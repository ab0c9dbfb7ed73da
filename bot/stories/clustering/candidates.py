"""The stories with which an article is compared: those that share its heaviest terms, found by an index.

    story ──heaviest terms──▶ a posting under each          article ──heaviest terms──▶ postings ──▶ keys of the likest stories

All of it is bounded: the terms of a story, the postings of a term (those added last stay), those looked at for an
article. A story that was silent for years is found by its rare terms, whose postings are never full, and by what it is
about where all of that is common: its heaviest terms two by two, for few stories share two of them. Pure.
"""

from __future__ import annotations

import heapq
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from bot.posting_lists import MAX_POSTINGS, read_postings
from bot.stories.clustering.cluster import CANDIDATE_TERMS, MAX_COMPARED_STORIES
from bot.stories.clustering.profiles import Corpus, StoryProfile, heaviest_terms

INDEXED_TERMS = 32  # heaviest terms of a story, under which it is found
PAIRED_TERMS = 5  # heaviest terms of a story, and of an article, that find it two by two
PAIR_NAMES = (
    1 << 20
)  # names that all pairs share: rows are bounded, and a wrong story that is met by chance weighs little
FULL_WEIGHT = 0.5  # of a term whose postings are full
MAX_SEEN_POSTINGS = 4096  # postings that are looked at for one article, those of its heaviest terms first


def indexed_terms(profile: StoryProfile) -> list[str]:
    """Return the terms and pairs of terms under which the story of ``profile`` is indexed."""
    heaviest = heaviest_terms(profile.vector, INDEXED_TERMS)
    return [*heaviest, *dict.fromkeys(name for name, _ in _pairs(heaviest))]


def asked_terms(weights: Mapping[str, float]) -> list[str]:
    """Return the terms and pairs of terms by which stories similar to ``weights`` are searched."""
    heaviest = heaviest_terms(weights, CANDIDATE_TERMS)
    return [*heaviest, *dict.fromkeys(name for name, _ in _pairs(heaviest))]


def _pairs(heaviest: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the heaviest terms two by two, each pair under its name, which no term has."""
    for pair in combinations(sorted(heaviest[:PAIRED_TERMS]), 2):
        yield f"+{zlib.crc32(' '.join(pair).encode()) % PAIR_NAMES:x}", pair


def likest_stories(
    weights: Mapping[str, float], postings: Mapping[str, Sequence[bytes]], *, corpus: Corpus
) -> list[int]:
    """Return the keys of the ``MAX_COMPARED_STORIES`` stories that share most of the heaviest terms of ``weights``.

    ``postings`` are the stored ones of each term, one for each scope. They have no weights of terms in
    stories; these are estimated by the term's rarity in ``corpus``. If a posting list is full, earlier stories may have the
    term as well, so it counts for less.
    """
    heaviest = heaviest_terms(weights, CANDIDATE_TERMS)
    worth = {term: weights[term] * rarity for term, rarity in corpus.rarities(heaviest).items()}
    pairs = {name: worth[one] + worth[other] for name, (one, other) in _pairs(heaviest)}
    shared: defaultdict[int, float] = defaultdict(float)
    seen = 0
    for term, weight in (*pairs.items(), *worth.items()):
        for data in postings.get(term, ()):
            keys = read_postings(data)
            added = weight * (FULL_WEIGHT if len(keys) == MAX_POSTINGS else 1.0)
            for key in keys:
                shared[key] += added
            seen += len(keys)
        if seen > MAX_SEEN_POSTINGS:
            break
    # Of equal ones those added last, which come last.
    placed = ((weight, place, key) for place, (key, weight) in enumerate(shared.items()))
    return [key for _, _, key in heapq.nlargest(MAX_COMPARED_STORIES, placed)]
