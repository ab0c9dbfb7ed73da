"""The features of an article for clustering: weighted terms, identifiers, and time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.language.rules import load_rules
from bot.language.words import content_terms, fold
from bot.model.news import Article
from bot.urls import path_of

_RULES = load_rules("en", "releases")
_VERSION, _RELEASED = _RULES.pattern("version"), _RULES.pattern("released")
_NAMED = re.compile(r"[A-Z][\w.+#-]{0,40}\s$")  # what stands before the version of a product
_OF_RELEASES = re.compile(r"/(?:releases|tags|tag)/|/project/[^/]+/\d", re.IGNORECASE)

CLUSTERED_LEAD_SENTENCES = 8  # sentences that count as the lead
MAX_FEATURE_SENTENCES = 20  # later ones are background
FEATURE_TITLE_WEIGHT, FEATURE_LEAD_WEIGHT, FEATURE_BODY_WEIGHT = 5.0, 1.5, 1.0

_CODE = re.compile(r"\b[A-Z]{1,4}-?\d{1,5}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFeatures:
    """The features of an article for clustering; ``terms`` are raw weights before any document frequency."""

    article_id: str
    published_at: datetime
    title: str
    terms: dict[str, float]
    # Identifiers such as flight or case numbers of title and first sentences; versions of the title.
    codes: frozenset[str]
    year: int = 0  # of publication, where title or first sentences name it; else 0
    text_group: str = ""


def features_of_all(articles: Sequence[Article]) -> list[ArticleFeatures]:
    """Return the features of each of ``articles``; it runs in workers."""
    return [features_of(article) for article in articles]


def features_of(article: Article) -> ArticleFeatures:
    """Return the features of ``article``; a repeated term counts with its square root, so length matters little."""
    language = article.language or "en"
    weights: defaultdict[str, float] = defaultdict(float)
    for term in content_terms(article.title, language=language):
        weights[term] += FEATURE_TITLE_WEIGHT
    for sentence in article.sentences[:MAX_FEATURE_SENTENCES]:
        weight = FEATURE_LEAD_WEIGHT if sentence.number <= CLUSTERED_LEAD_SENTENCES else FEATURE_BODY_WEIGHT
        for term in content_terms(sentence.text, language=language):
            weights[term] += weight
    first = " ".join([article.title, *(s.text for s in article.sentences[:2])])
    return ArticleFeatures(
        article_id=article.id,
        published_at=article.published_at,
        title=article.title,
        terms={term: weight**0.5 for term, weight in weights.items()},
        codes=frozenset(fold(code) for code in _CODE.findall(first)) | _versions(article),
        year=article.published_at.year if re.search(rf"\b{article.published_at.year}\b", first) else 0,
        text_group=article.text_group,
    )


def _versions(article: Article) -> frozenset[str]:
    """Return the versions that the title of ``article`` names: each release is an event of its own.

    Two numbers with a point between them are one only where the address is a release's, "v" or "version" says so, or a product stands before it that is released.
    """
    is_release = bool(_RELEASED.search(article.title))
    released = bool(_OF_RELEASES.search(path_of(article.url) + "/"))
    return frozenset(
        f"version {_without_noughts(found['number'].casefold())}"
        for found in _VERSION.finditer(article.title)
        if released
        or found["mark"]
        or found["number"].count(".") > 1
        or (is_release and _NAMED.search(article.title[: found.start()]))
    )


def _without_noughts(number: str) -> str:
    while number.endswith(".0") and number.count(".") > 1:
        number = number.removesuffix(".0")
    return number
