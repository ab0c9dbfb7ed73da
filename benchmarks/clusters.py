"""Clustering of real news in order of time, one pass: BCubed of the shipped setting, cross-validated over events.

The alternative in the same run is a plain online tf-idf centroid whose threshold is tuned on the whole set.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from unittest import mock

from benchmarks.data import labelled
from bot.stories import cluster
from bot.stories.cluster import Clusterer, Corpus
from bot.stories.features import ArticleFeatures, features_of

Labelled = tuple[ArticleFeatures, int]
THRESHOLDS = (0.13, 0.15, 0.17, 0.19, 0.21, 0.24)
FOLDS = 5


def load() -> list[Labelled]:
    found = [(features_of(article), event) for article, event in labelled()]
    return sorted(found, key=lambda pair: pair[0].published_at)


def bcubed(placed: Sequence[tuple[object, int]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 after Bagga and Baldwin (1998), each article weighing the same."""
    by_story, by_event = defaultdict(set), defaultdict(set)
    for i, (story, event) in enumerate(placed):
        by_story[story].add(i)
        by_event[event].add(i)
    precision = sum(len(by_story[s] & by_event[e]) / len(by_story[s]) for s, e in placed) / len(placed)
    recall = sum(len(by_story[s] & by_event[e]) / len(by_event[e]) for s, e in placed) / len(placed)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ours(
    articles: Sequence[Labelled], threshold: float = cluster.JOIN_SIMILARITY
) -> tuple[float, float, float]:
    with mock.patch.object(cluster, "JOIN_SIMILARITY", threshold):
        clusterer = Clusterer(Corpus())
        return bcubed([(clusterer.assign(features).story_id, event) for features, event in articles])


def plain(articles: Sequence[Labelled], threshold: float) -> tuple[float, float, float]:
    frequencies: Counter[str] = Counter()
    centroids: list[Counter[str]] = []
    placed = []
    for count, (features, event) in enumerate(articles, 1):
        frequencies.update(features.terms)
        vector = {t: w * math.log((count + 1) / frequencies[t]) for t, w in features.terms.items()}
        norm = math.sqrt(sum(w * w for w in vector.values())) or 1.0
        scores = []
        for centroid in centroids:
            length = math.sqrt(sum(w * w for w in centroid.values())) or 1.0
            scores.append(sum(w * centroid.get(t, 0.0) for t, w in vector.items()) / norm / length)
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is None or scores[best] < threshold:
            centroids.append(Counter())
            best = len(centroids) - 1
        for term, weight in vector.items():
            centroids[best][term] += weight / norm
        placed.append((best, event))
    return bcubed(placed)


def folds(articles: Sequence[Labelled]) -> list[set[int]]:
    events = sorted({event for _, event in articles})
    random.Random(7).shuffle(events)
    return [set(events[i::FOLDS]) for i in range(FOLDS)]


def run() -> list[dict[str, str]]:
    """Return the rows: shipped setting, held-out folds, late arrival, and the plain centroid at its best."""
    articles = load()
    rows = [row("wirebrief, shipped setting", ours(articles), f"threshold {cluster.JOIN_SIMILARITY}")]
    held_out, chosen = [], []
    for fold in folds(articles):
        train = [pair for pair in articles if pair[1] not in fold]
        best = max(THRESHOLDS, key=lambda t: ours(train, t)[2])
        chosen.append(best)
        held_out.append(ours([pair for pair in articles if pair[1] in fold], best))
    mean = tuple(sum(scores) / FOLDS for scores in zip(*held_out, strict=True))
    rows.append(row(f"wirebrief, {FOLDS} folds of events held out", mean, f"thresholds chosen {chosen}"))
    shuffled = sorted(
        articles,
        key=lambda p: p[0].published_at.timestamp() + random.Random(p[0].article_id).uniform(0, 3 * 86_400),
    )
    rows.append(row("wirebrief, arriving up to 3 days late", ours(shuffled), ""))
    best = max((0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25), key=lambda t: plain(articles, t)[2])
    rows.append(row("plain tf-idf centroid, tuned on all", plain(articles, best), f"threshold {best}"))
    return rows


def row(name: str, scores: Sequence[float], note: str) -> dict[str, str]:
    precision, recall, f1 = scores
    return {
        "clustering": name,
        "BCubed F1": f"{f1:.4f}",
        "precision": f"{precision:.4f}",
        "recall": f"{recall:.4f}",
        "": note,
    }


if __name__ == "__main__":
    for line in run():
        print(line)
