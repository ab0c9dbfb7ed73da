"""Sentences chosen without a model, beside what editors told: precision, repeats and key facts, with the events left out.

events of editors ──features of each sentence──▶ fitted on six sevenths of the events, judged by the rest ──▶ a row
                                             └─▶ fitted on all ──▶ the weights, to be written into worth.py

Another way stands beside it: the three most central and early sentences of a day.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

from benchmarks.data import FOLDER, article_of, records
from bot.flows.maintenance.gold import GoldFact, read_gold
from bot.flows.maintenance.gold_match import fold, holds
from bot.language.text_cache import open_text_caches
from bot.model.news import Article
from bot.updates.by_rules.read import MAX_FACTS_BY_RULES, MIN_WORTH_LOG_ODDS
from bot.updates.by_rules.sentences import (
    MIN_LATE_SENTENCE_ODDS,
    best_indexes,
    is_early,
    is_long_alone,
    quotable_sentences,
    room_for,
)
from bot.updates.by_rules.worth import WORTH_BIAS_ODDS, WORTH_WEIGHTS, Features, SentenceMeasure, worth

FOLDS = 7
STEPS, RATE, DECAY = 600, 1.0, 0.002  # of the fit, by gradient descent on scaled features
NAMES = tuple(field.name for field in fields(Features))
CENTRAL = Features(early=1.2, central=1.0, supported=0, known=0, counts=0, says=0, crowd=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence that stands alone, and what editors say of it."""

    text: str
    features: Features
    early: bool
    told: bool  # it tells a fact of the day
    old: bool  # it tells one of an earlier day, and none of this
    key: frozenset[int]  # places of the day's key facts that it tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The candidates of one event and day, and how many key facts it has."""

    event: int
    candidates: tuple[Candidate, ...]
    key: int
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A logistic model."""

    weights: Features
    bias: float

    def worth(self, features: Features) -> float:
        """Return the log odds that a sentence is told."""
        return worth(features, weights=self.weights, bias=self.bias)


def run() -> list[dict[str, str]]:
    """Return a row for each way to choose."""
    with open_text_caches():
        days = _days()
    by_event = {event: fit for fold in range(FOLDS) for event, fit in _left_out(days, fold)}
    everything = fitted([one for day in days for one in day.candidates])
    central = Fit(weights=CENTRAL, bias=0.0)
    rows = [
        _row("three most central and early", days, lambda _: central, most=3, least=-math.inf),
        _row(
            "as fitted, events left out",
            days,
            by_event.__getitem__,
            most=MAX_FACTS_BY_RULES,
            least=MIN_WORTH_LOG_ODDS,
        ),
        _row(
            "as written",
            days,
            lambda _: Fit(weights=WORTH_WEIGHTS, bias=WORTH_BIAS_ODDS),
            most=MAX_FACTS_BY_RULES,
            least=MIN_WORTH_LOG_ODDS,
        ),
    ]
    shown = ", ".join(f"{name} {getattr(everything.weights, name):+.2f}" for name in NAMES)
    return [
        *rows,
        dict.fromkeys(rows[0], "") | {"way": f"fitted on all: {shown}, bias {everything.bias:+.2f}"},
    ]


def fitted(candidates: Sequence[Candidate]) -> Fit:
    """Return the logistic model that fits ``candidates``, by gradient descent with a small penalty on weights."""
    rows = [astuple(one.features) for one in candidates]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    spreads = [
        math.sqrt(sum((value - mean) ** 2 for value in column) / len(rows)) or 1.0
        for column, mean in zip(zip(*rows, strict=True), means, strict=True)
    ]
    scaled = [
        [(value - mean) / spread for value, mean, spread in zip(row, means, spreads, strict=True)]
        for row in rows
    ]
    wanted = [float(one.told and not one.old) for one in candidates]
    weights, bias = [0.0] * len(NAMES), 0.0
    for _ in range(STEPS):
        missed = [
            1 / (1 + math.exp(-bias - sum(map(operator.mul, weights, row)))) - want
            for row, want in zip(scaled, wanted, strict=True)
        ]
        slope = [sum(map(operator.mul, missed, column)) / len(rows) for column in zip(*scaled, strict=True)]
        weights = [w - RATE * (s + DECAY * w) for w, s in zip(weights, slope, strict=True)]
        bias -= RATE * sum(missed) / len(rows)
    real = [w / spread for w, spread in zip(weights, spreads, strict=True)]
    return Fit(
        weights=Features(**dict(zip(NAMES, real, strict=True))),
        bias=bias - sum(map(operator.mul, real, means)),
    )


def _left_out(days: Sequence[Day], fold: int) -> Iterable[tuple[int, Fit]]:
    events = sorted({day.event for day in days})
    out = set(events[fold::FOLDS])
    fit = fitted([one for day in days if day.event not in out for one in day.candidates])
    return [(event, fit) for event in out]


def _row(
    name: str, days: Sequence[Day], of: Callable[[int], Fit], *, most: int, least: float
) -> dict[str, str]:
    chosen = [_chosen(day, of(day.event), most=most, least=least) for day in days]
    told = [one for day in chosen for one in day]
    key = sum(len(frozenset[int]().union(*(one.key for one in day))) for day in chosen)
    total = sum(day.key for day in days)
    return {
        "way": name,
        "sentences": str(len(told)),
        "tell a fact of the day": f"{sum(one.told for one in told) / len(told):.1%}",
        "tell one of a day before": f"{sum(one.old for one in told) / len(told):.1%}",
        "key facts told": f"{key} of {total} ({key / total:.1%})",
    }


def _chosen(day: Day, fit: Fit, *, most: int, least: float) -> list[Candidate]:
    most, least = room_for(day.articles, most=most, least=least)
    sure = [
        one
        for one in day.candidates
        if one.early or not is_long_alone(day.articles) or fit.worth(one.features) >= MIN_LATE_SENTENCE_ODDS
    ]
    places = best_indexes(
        [one.text for one in sure], [fit.worth(one.features) for one in sure], limit=most, least=least
    )
    return [sure[place] for place in places]


def _days() -> list[Day]:
    articles: dict[tuple[int, date], list[Article]] = {}
    for record in records():
        article = article_of(record)
        articles.setdefault((record["event"], article.published_at.date()), []).append(article)
    found = []
    for event in read_gold(FOLDER / "gold"):
        told: list[GoldFact] = []
        earlier: list[Article] = []
        for day in event.days:
            new = articles.get((event.event, day.date), [])
            found.append(
                Day(
                    event=event.event,
                    candidates=tuple(_candidates(new, earlier, day.facts, told)),
                    key=sum(_is_key(fact) for fact in day.facts),
                    articles=tuple(new),
                )
            )
            earlier += new
            told += [fact for fact in day.facts if fact.new]
    return found


def _candidates(
    new: Sequence[Article], earlier: Sequence[Article], facts: Sequence[GoldFact], told: Sequence[GoldFact]
) -> Iterable[Candidate]:
    measure = SentenceMeasure(new, known=[s.text for article in earlier for s in article.sentences])
    for article in new:
        for extract in quotable_sentences(article, alone=len(new) == 1):
            text = fold(extract.text)
            ours = [fact for fact in facts if holds(text, fact.all)]
            yield Candidate(
                text=extract.text,
                early=is_early(extract),
                features=measure.features(extract.text, article=article, sentence=extract.sentence),
                told=bool(ours),
                old=not any(fact.new for fact in ours) and any(holds(text, fact.all) for fact in told),
                key=frozenset(i for i, fact in enumerate(facts) if _is_key(fact) and fact in ours),
            )


def _is_key(fact: GoldFact) -> bool:
    return fact.new and fact.importance == 3  # as the gold files call it
