"""The numbered sentences that a model is shown, and the citations made from its numbers. Pure.

sentences 1…n ──▶ "[7] …"          cite [7] ──▶ Citation
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.news import Article, Citation

Key = tuple[str, int]  # the id and revision of an article


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedSentence:
    """One sentence with the number that a model is shown; ``sentence`` is its number in the article."""

    number: int
    article: Article
    sentence: int
    text: str


def shown_by_article(shown: Iterable[NumberedSentence]) -> dict[Key, frozenset[int]]:
    """Return the numbers of the sentences that are ``shown`` of each article, by id and revision."""
    found: dict[Key, set[int]] = {}
    for one in shown:
        found.setdefault((one.article.id, one.article.revision), set()).add(one.sentence)
    return {key: frozenset(numbers) for key, numbers in found.items()}


def cited(numbers: Iterable[int], shown: Sequence[NumberedSentence]) -> tuple[Citation, ...]:
    """Return where the sentences ``numbers`` stand, one citation an article.

    A number that was not shown becomes a citation of no article, so that the evidence check refuses it.
    """
    by_number = {one.number: one for one in shown}
    found: dict[Key, list[int]] = {}
    for number in dict.fromkeys(numbers):
        one = by_number.get(number)
        key = (one.article.id, one.article.revision) if one else (f"[{number}]", 1)
        found.setdefault(key, []).append(one.sentence if one else number)
    return tuple(
        Citation(article_id=article_id, revision=revision, sentences=tuple(sorted(sentences)))
        for (article_id, revision), sentences in found.items()
    )
