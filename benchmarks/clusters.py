"""Clustering of real news in several orders of arrival, chosen by cross-validation over events, and the plain rule beside it.

    news events (labelled)     ──▶ BCubed of held-out events
    archive of many years      ──▶ BCubed, joins, wrong joins        (events marked by hand in quiz_events.json)

The plain rule is an online tf-idf centroid with one threshold. A setting is chosen by the events of four folds and
scored by those of the fifth; all articles are in the stream, as a reader's other news would be.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from unittest import mock

from benchmarks.data import FOLDER, article_of, labelled
from bot.posting_lists import add_postings, story_key
from bot.stories.clustering import cluster
from bot.stories.clustering.candidates import indexed_terms, likest_stories
from bot.stories.clustering.cluster import Clusterer
from bot.stories.clustering.features import ArticleFeatures, features_of
from bot.stories.clustering.profiles import Corpus, StoryProfile

THRESHOLDS = (0.18, 0.2, 0.22)
DISTANCE_WEIGHTS = (0.05, 0.1, 0.15, 0.2)
PLAIN_THRESHOLDS = (0.14, 0.16, 0.18, 0.2, 0.22, 0.24)
FOLDS = 5
CHOSEN_BY = (("events",), ("events", "archive"))
ORDERS = ("by time", "up to 3 days late", "shuffled within each day")
MARKS = Path(__file__).parent / "questions" / "quiz_events.json"
Place = Callable[[Sequence[ArticleFeatures]], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Articles with the event of each; two events may be so related that a join of them is no fault."""

    articles: tuple[ArticleFeatures, ...]
    event: Mapping[str, str]
    related: Mapping[str, frozenset[int]]

    def alike(self, one: str, other: str) -> bool:
        """Tell whether two articles may stand in one story."""
        nothing = frozenset[int]()
        return self.event[one] == self.event[other] or bool(
            self.related.get(one, nothing) & self.related.get(other, nothing)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Precision and recall of each article after Bagga and Baldwin (1998), and the joins to other events."""

    precision: Mapping[str, float]
    recall: Mapping[str, float]
    joins: int
    wrong: int

    def f1(self, stream: Stream, events: set[str]) -> tuple[float, float, float]:
        """Return precision, recall and F1 over the articles of ``events``."""
        ours = [one for one in self.precision if stream.event[one] in events]
        precision = sum(self.precision[one] for one in ours) / len(ours)
        recall = sum(self.recall[one] for one in ours) / len(ours)
        return precision, recall, 2 * precision * recall / (precision + recall)


def news_events() -> Stream:
    found = [(features_of(article), str(event)) for article, event in labelled()]
    return Stream(articles=tuple(f for f, _ in found), event={f.article_id: e for f, e in found}, related={})


def archive() -> Stream:
    marks = json.loads(MARKS.read_text("utf-8"))
    event = {one: f"{number}" for number, group in enumerate(marks["events"]) for one in group}
    related: defaultdict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(marks["related"]):
        for one in group:
            related[one].add(number)
    text = gzip.decompress((FOLDER / "outside" / "quiz_articles.jsonl.gz").read_bytes()).decode()
    articles = [features_of(article_of(json.loads(line))) for line in text.splitlines()]
    key = {a.article_id: hashlib.sha256(a.article_id.encode()).hexdigest()[:12] for a in articles}
    return Stream(
        articles=tuple(articles),
        event={a.article_id: event.get(key[a.article_id], a.article_id) for a in articles},
        related={a.article_id: frozenset(related[key[a.article_id]]) for a in articles},
    )


def arriving(articles: Sequence[ArticleFeatures], order: str) -> list[ArticleFeatures]:
    chance = random.Random(7)
    listed = sorted(articles, key=lambda a: (a.published_at, a.title))
    late = {a.article_id: chance.uniform(0, 3 * 86_400) for a in listed}
    if order == ORDERS[1]:
        return sorted(listed, key=lambda a: a.published_at.timestamp() + late[a.article_id])
    return sorted(listed, key=lambda a: (a.published_at.date(), late[a.article_id] * (order == ORDERS[2])))


def score(stream: Stream, articles: Sequence[ArticleFeatures], stories: Sequence[str]) -> Scored:
    members: defaultdict[str, list[str]] = defaultdict(list)
    of_event: defaultdict[str, list[str]] = defaultdict(list)
    story, joins, wrong = {}, 0, 0
    for article, placed in zip(articles, stories, strict=True):
        one, before = article.article_id, members[placed]
        if before:
            joins += 1
            wrong += 2 * sum(stream.alike(one, other) for other in before) < len(before)
        before.append(one)
        of_event[stream.event[one]].append(one)
        story[one] = placed
    precision = {
        one: sum(stream.alike(one, other) for other in members[placed]) / len(members[placed])
        for one, placed in story.items()
    }
    recall = {}
    for one, placed in story.items():
        mates = of_event[stream.event[one]]
        recall[one] = sum(story[other] == placed for other in mates) / len(mates)
    return Scored(precision=precision, recall=recall, joins=joins, wrong=wrong)


def ours(articles: Sequence[ArticleFeatures]) -> list[str]:
    clusterer = Clusterer(Corpus())
    return [clusterer.assign(features).story_id for features in articles]


def by_index(articles: Sequence[ArticleFeatures]) -> list[str]:
    """Place articles one by one, each compared with the stories alone that the index finds, as ingest does."""
    corpus, profiles, postings, placed = Corpus(), dict[int, StoryProfile](), dict[str, bytes](), []
    for features in articles:
        held = {term: [data] for term, data in postings.items() if term in features.terms}
        keys = likest_stories(corpus.weigh(features.terms), held, corpus=corpus)
        clusterer = Clusterer(corpus, [profiles[key] for key in sorted(keys)], asked=features.terms)
        story_id = clusterer.assign(features).story_id
        profile = profiles[story_key(story_id)] = clusterer.profiles[story_id]
        for term in indexed_terms(profile):
            postings[term] = add_postings(postings.get(term, b""), [story_key(story_id)])
        placed.append(story_id)
    return placed


def setting(threshold: float, distance: float) -> Place:
    def place(articles: Sequence[ArticleFeatures]) -> list[str]:
        with mock.patch.multiple(cluster, JOIN_SIMILARITY=threshold, DISTANCE_WEIGHT=distance):
            return ours(articles)

    return place


def plain(threshold: float) -> Place:
    def place(articles: Sequence[ArticleFeatures]) -> list[str]:
        frequencies: Counter[str] = Counter()
        centroids: list[dict[str, float]] = []
        holding: defaultdict[str, set[int]] = defaultdict(set)
        lengths: list[float] = []
        placed = []
        for count, features in enumerate(articles, 1):
            frequencies.update(features.terms.keys())
            vector = {t: w * math.log((count + 1) / frequencies[t]) for t, w in features.terms.items()}
            norm = math.sqrt(sum(w * w for w in vector.values())) or 1.0
            dots: defaultdict[int, float] = defaultdict(float)
            for term, weight in vector.items():
                for number in holding[term]:
                    dots[number] += weight / norm * centroids[number][term]
            best = max(dots, key=lambda n: (dots[n] / lengths[n], -n), default=None)
            if best is None or dots[best] / lengths[best] < threshold:
                best = len(centroids)
                centroids.append({})
                lengths.append(1.0)
            for term, weight in vector.items():
                centroids[best][term] = centroids[best].get(term, 0.0) + weight / norm
                holding[term].add(best)
            lengths[best] = math.sqrt(sum(w * w for w in centroids[best].values())) or 1.0
            placed.append(str(best))
        return placed

    return place


def cross_validated(
    runs: Mapping[str, Sequence[Mapping[str, Scored]]], streams: Mapping[str, Stream], *, by: Sequence[str]
) -> dict[str, object]:
    """Return BCubed F1 of held-out events for each stream, each setting chosen on the others of the streams ``by``."""
    found: dict[str, list[float]] = {name: [] for name in streams}
    chosen = []
    for fold in range(FOLDS):
        held: dict[str, set[str]] = {}
        for name, stream in streams.items():
            events = sorted(set(stream.event.values()))
            random.Random(7).shuffle(events)
            held[name] = set(events[fold::FOLDS])

        def mean(key: str, held: Mapping[str, set[str]] = held, *, out: bool) -> dict[str, float]:
            means = {}
            for name, stream in streams.items():
                events = held[name] if out else set(stream.event.values()) - held[name]
                f1 = [one[name].f1(stream, events)[2] for one in runs[key]]
                means[name] = sum(f1) / len(f1)
            return means

        best = max(runs, key=lambda key: sum(mean(key, out=False)[name] for name in by))
        chosen.append(best)
        for name, value in mean(best, out=True).items():
            found[name].append(value)
    return {name: sum(values) / FOLDS for name, values in found.items()} | {"chosen": chosen}


def run() -> list[dict[str, str]]:
    """Return the rows: the shipped setting in each order, held-out folds, and the plain rule in the same way."""
    streams = {"events": news_events(), "archive": archive()}

    def runs_of(place: Place) -> list[dict[str, Scored]]:
        done = []
        for order in ORDERS:
            listed = {name: arriving(s.articles, order) for name, s in streams.items()}
            done.append({name: score(streams[name], some, place(some)) for name, some in listed.items()})
        return done

    rows = []
    for name, place in (("every story compared", ours), ("stories found by the index", by_index)):
        for order, scored in zip(ORDERS, runs_of(place), strict=True):
            rows.append(row(f"wirebrief, {name}, {order}", scored, streams))
    tried = {f"{t}/{d}": runs_of(setting(t, d)) for t, d in product(THRESHOLDS, DISTANCE_WEIGHTS)}
    rows += [held_out("wirebrief", by, cross_validated(tried, streams, by=by)) for by in CHOSEN_BY]
    tried = {f"{t}": runs_of(plain(t)) for t in PLAIN_THRESHOLDS}
    for key, scores in tried.items():
        rows.append(row(f"plain tf-idf, threshold {key}, {ORDERS[0]}", scores[0], streams))
    rows += [held_out("plain tf-idf", by, cross_validated(tried, streams, by=by)) for by in CHOSEN_BY]
    together = arriving((*streams["events"].articles, *streams["archive"].articles), ORDERS[0])
    began = time.perf_counter()
    ours(together)
    rows.append({"clustering": f"{len(together) / (time.perf_counter() - began):.0f} articles a second"})
    return rows


def row(name: str, scored: Mapping[str, Scored], streams: Mapping[str, Stream]) -> dict[str, str]:
    cells = {"clustering": name}
    for key, stream in streams.items():
        precision, recall, f1 = scored[key].f1(stream, set(stream.event.values()))
        cells[f"{key}: BCubed F1"] = f"{f1:.3f}"
        cells[f"{key}: P, R"] = f"{precision:.3f}, {recall:.3f}"
    cells["archive: wrong joins"] = f"{scored['archive'].wrong} of {scored['archive'].joins}"
    return cells


def held_out(name: str, by: Sequence[str], found: Mapping[str, object]) -> dict[str, str]:
    what = f"chosen by {' and '.join(by)} of {FOLDS - 1} folds, scored on the fifth"
    cells = {"clustering": f"{name}, {what}, mean of {len(ORDERS)} orders"}
    cells |= {f"{key}: BCubed F1": f"{value:.3f}" for key, value in found.items() if isinstance(value, float)}
    return cells | {"archive: wrong joins": "chosen " + ", ".join(map(str, found["chosen"]))}  # type: ignore[call-overload]


if __name__ == "__main__":
    for line in run():
        print(line)
