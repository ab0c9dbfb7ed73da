"""Estimate how likely an editor would choose a sentence: a logistic model of seven features, fitted on marked news. Pure.

Fitted on the 2,400 sentences of 115 days of news (42 events) whose facts editors had written down. Judged with the events
left out, 70 % of what is chosen by it tells a fact of the day, 11 % one of a day before, and sentences alone tell 56 % of
the key facts; of the three most central and early sentences of a day 63 %, 19 % and 51 %. ``python -m benchmarks
sentences`` fits it anew and prints these figures.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from bot.language.rules import languages_with, load_rules
from bot.language.similarity import SentenceIndex, figures
from bot.language.words import content_terms, words
from bot.model.news import Article, Sentence

MAX_READ_SENTENCES = 40  # sentences of an article that the rules read; what follows is background
MAX_COUNTED_ARTICLES = 6  # new articles above which their number no longer lowers the worth of a sentence
SUPPORTED_SIMILARITY = 0.3  # similarity from which a sentence of another article tells of the same
# In other languages only the lead is quoted, and who says something is no sign of it.
_SAYING = {language: load_rules(language, "saying").words["states"] for language in languages_with("speech")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of a sentence, each from 0 to 1."""

    early: float  # 1 for the first sentence of its article, falling with the root of its place
    central: float  # cosine with the words of all new articles, their titles counted three times
    supported: float  # share of the other new articles that have a sentence like it
    known: float  # similarity to the known sentence that is most like it
    counts: float  # 1 for a figure that nothing known has
    says: float  # 1 where somebody says something
    crowd: float  # how many new articles there are, in sixths


_values = attrgetter(*(one.name for one in fields(Features)))

WORTH_WEIGHTS = Features(early=2.0, central=2.6, supported=0.6, known=-2.6, counts=0.65, says=0.5, crowd=-0.9)
WORTH_BIAS_ODDS = -1.85


def worth(features: Features, *, weights: Features = WORTH_WEIGHTS, bias: float = WORTH_BIAS_ODDS) -> float:
    """Return how likely an editor would choose a sentence with ``features``, as log odds: 0 is one in two, -0.85 three in ten."""
    return bias + math.fsum(w * f for w, f in zip(_values(weights), _values(features), strict=True))


class SentenceMeasure:
    """Measures sentences of ``articles`` in relation to each other and to the ``known`` texts."""

    def __init__(self, articles: Sequence[Article], *, known: Iterable[str]) -> None:
        known = tuple(known)
        self._articles = articles
        self._centre = _centre(articles)
        self._length = math.sqrt(sum(w * w for w in self._centre.values())) or 1.0
        self._known = SentenceIndex((text, "") for text in known)
        self._known_figures = frozenset[tuple[str, str]]().union(*map(figures, known))
        self._new = SentenceIndex(
            (sentence.text, article.id)
            for article in articles
            for sentence in article.sentences[:MAX_READ_SENTENCES]
        )

    def features(self, text: str, *, article: Article, sentence: Sentence) -> Features:
        """Return the features of ``text``, the quotable form of ``sentence`` of ``article`` (one of the articles)."""
        language = article.language or "en"
        others = len(self._articles) - 1
        alike = self._new.best(text)
        supporting = sum(
            1 for owner, score in alike.items() if owner != article.id and score >= SUPPORTED_SIMILARITY
        )
        return Features(
            early=1 / math.sqrt(sentence.number),
            central=self._central(text, language=language),
            supported=supporting / others if others else 0.0,
            known=self._known.best(text).get("", 0.0),
            counts=float(bool(figures(text) - self._known_figures)),
            says=float(not _SAYING.get(language, frozenset()).isdisjoint(words(text))),
            crowd=min(len(self._articles), MAX_COUNTED_ARTICLES) / MAX_COUNTED_ARTICLES,
        )

    def _central(self, text: str, *, language: str) -> float:
        vector = Counter(content_terms(text, language=language))
        norm = math.sqrt(sum(n * n for n in vector.values()))
        return (
            sum(n * self._centre.get(t, 0.0) for t, n in vector.items()) / norm / self._length
            if norm
            else 0.0
        )


def _centre(articles: Sequence[Article]) -> dict[str, float]:
    """Return the weight of each term by the number of articles with it, and its frequency."""
    weights: dict[str, float] = {}
    for article in articles:
        language = article.language or "en"
        seen: Counter[str] = Counter(content_terms(article.title, language=language) * 3)
        for sentence in article.sentences[:MAX_READ_SENTENCES]:
            seen.update(content_terms(sentence.text, language=language))
        norm = math.sqrt(sum(n * n for n in seen.values())) or 1.0
        for term, count in seen.items():
            weights[term] = weights.get(term, 0.0) + count / norm
    return weights
