"""Measure the support of a passage: how much of the question it has, its names, and the kind of thing asked for. Pure.

The weights are those of a logistic regression over the tuned half of the golden questions (benchmarks/questions/golden.py);
the other half was never looked at for them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import timedelta
from itertools import pairwise

from bot.answers.asked import Asked
from bot.answers.forms import fits
from bot.answers.synonyms import synonyms_of
from bot.language.stems import stems
from bot.model.conversation.answer import Passage
from bot.model.news import Article

MAX_SUPPORT_PASSAGES = 5  # best passages that may answer
MAX_SUPPORT_SENTENCES = 60  # of an article that are read for its words
ASKED_DAYS_MARGIN = timedelta(days=60)  # time around the days asked for, whose articles may report on them
SUPPORT_SYNONYM_WEIGHT = 0.8  # what another word for the one asked counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageFeatures:
    """The features of a passage, each from 0 to 1."""

    passage: float  # share of the question's weight, own words twice, that the passage and its title hold
    sentence: float  # that its best sentence and the title hold
    article: float  # that its whole article holds
    names: float  # share of the question's names that passage and title hold
    form: float  # whether the best sentence holds what is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSupport:
    """How well the best passage supports an answer, from 0 to 1, and why."""

    value: float = 0.0
    features: PassageFeatures | None = None

    @property
    def why(self) -> tuple[str, ...]:
        """The features behind the value, in words."""
        if self.features is None:
            return ("support 0.00: nothing holds any of it",)
        named = ", ".join(f"{f.name} {getattr(self.features, f.name):.2f}" for f in fields(self.features))
        return (f"support {self.value:.2f} ({named})",)


SUPPORT_WEIGHTS = PassageFeatures(passage=2.4, sentence=2.8, article=2.35, names=2.6, form=3.1)
SUPPORT_BIAS_ODDS = -10.9


def support(passages: Sequence[Passage], asked: Asked, weights: Mapping[str, float]) -> PassageSupport:
    """Return the support of the best of ``passages``."""
    passages = [p for p in passages[:MAX_SUPPORT_PASSAGES] if not _another_word(p, asked)]
    found = [features(passage, asked, weights) for passage in passages]
    return max(
        (PassageSupport(value=value(f), features=f) for f in found),
        key=lambda s: s.value,
        default=PassageSupport(),
    )


def _another_word(passage: Passage, asked: Asked) -> bool:
    """Tell whether the question is a single word and ``passage`` has only synonyms of it, as "called" for "stop"."""
    if len(asked.stems) != 1 or asked.context:
        return False
    texts = (passage.article.title, *(passage.article.sentence(n).text for n in passage.sentences))
    return all(asked.stems[0] not in _stems(text, passage.article) for text in texts)


def value(found: PassageFeatures) -> float:
    """Return the chance that a passage of these features answers."""
    pairs = zip(astuple(SUPPORT_WEIGHTS), astuple(found), strict=True)
    sum_ = SUPPORT_BIAS_ODDS + sum(w * x for w, x in pairs)
    return 1 / (1 + math.exp(-sum_))


def features(passage: Passage, asked: Asked, weights: Mapping[str, float]) -> PassageFeatures:
    """Return the features of ``passage``."""
    article = passage.article
    # A sentence that names a day of another period is only about that day, so the title does not count for it.
    title = _stems(article.title, article) if _of_window(article, asked) else frozenset()
    said = {n: _stems(article.sentence(n).text, article) for n in passage.sentences}
    body = frozenset().union(*said.values())
    whole = body.union(title, *(_stems(s.text, article) for s in article.sentences[:MAX_SUPPORT_SENTENCES]))
    best, form = max(
        (
            (share(said[n] | title, weights), fits(article.sentence(n).text, asked, article))
            for n in passage.sentences
        ),
        key=lambda pair: pair[0] + 0.3 * pair[1],
        default=(0.0, False),
    )
    near = body | title
    own = {stem: weights[stem] for stem in asked.stems}
    return PassageFeatures(
        passage=(share(near, weights) + share(near, own)) / 2,
        sentence=best,
        article=share(whole, weights),
        names=_held(near, _numbered(passage), asked),
        form=float(form),
    )


def _held(near: frozenset[str], numbered: frozenset[tuple[str, str]], asked: Asked) -> float:
    """Return the share of the question's names that are present, 1 if it has none; a number must follow its name."""
    held = [
        all(stem in near or synonyms_of(stem) & near for stem in name)
        and (not name[-1].isdigit() or len(name) == 1 or name[-2:] in numbered)
        for name in asked.names
    ]
    return sum(held) / len(held) if held else 1.0


def _numbered(passage: Passage) -> frozenset[tuple[str, str]]:
    """Return each number of ``passage`` and its title with the stem before it."""
    article = passage.article
    texts = (article.title, *(article.sentence(n).text for n in passage.sentences))
    language = article.language or "en"
    pairs = (pair for text in texts for pair in pairwise(stems(text, language=language)))
    return frozenset(pair for pair in pairs if pair[1].isdigit())


def share(held: Collection[str], weights: Mapping[str, float]) -> float:
    """Return the share of ``weights`` whose stems are in ``held``; a synonym counts a little less."""
    total = sum(weights.values())
    got = sum(
        weight
        * (
            1.0
            if stem in held
            else SUPPORT_SYNONYM_WEIGHT
            if any(o in held for o in synonyms_of(stem))
            else 0.0
        )
        for stem, weight in weights.items()
    )
    return got / total if total else 0.0


def _of_window(article: Article, asked: Asked) -> bool:
    since, until = asked.window.since, asked.window.until
    return (since is None or article.published_at >= since - ASKED_DAYS_MARGIN) and (
        until is None or article.published_at <= until + ASKED_DAYS_MARGIN
    )


def _stems(text: str, article: Article) -> frozenset[str]:
    return frozenset(stems(text, language=article.language or "en"))
