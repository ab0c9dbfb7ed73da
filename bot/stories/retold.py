"""Recognise articles that repeat a story after a silence: old pages, summaries, permanent pages. Pure.

articles, oldest first ──silent for days──▶ next one ──two fifths of its sentences were said──▶ retold
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.language.similarity import is_restated
from bot.model.news import Article

MIN_RETOLD_SILENCE = timedelta(days=5)  # of a story before an article that may retell it
MIN_RETOLD_SHARE = 0.4  # of the first sentences of an article that were said before
RETOLD_SENTENCES = 12
MIN_SENTENCES = 6  # of an article, below which their share says little
MIN_SENTENCE_WORDS = 5
MAX_KNOWN_SENTENCES = 400  # of the articles before, the newest of which are compared


def retold(articles: Sequence[Article], *, among: Collection[str]) -> frozenset[str]:
    """Return those of the articles ``among`` (ids) that are the first after a silence and mostly repeat the ``articles`` before."""
    found: set[str] = set()
    ordered = sorted(articles, key=lambda a: a.sort_key)
    for place, article in enumerate(ordered):
        if article.id not in among:
            continue
        begins = article.published_at - MIN_RETOLD_SILENCE
        earlier = [a for a in ordered[:place] if a.published_at < article.published_at and a.id not in found]
        if earlier and earlier[-1].published_at <= begins and _says_again(article, earlier):
            found.add(article.id)
    return frozenset(found)


def _says_again(article: Article, earlier: Sequence[Article]) -> bool:
    said = _sentences(article)[:RETOLD_SENTENCES]
    if len(said) < MIN_SENTENCES:
        return False
    known = [text for one in earlier for text in (one.title, *_sentences(one))][-MAX_KNOWN_SENTENCES:]
    return sum(is_restated(text, known) for text in said) >= MIN_RETOLD_SHARE * len(said)


def _sentences(article: Article) -> list[str]:
    return [s.text for s in article.sentences if len(s.text.split()) >= MIN_SENTENCE_WORDS]
