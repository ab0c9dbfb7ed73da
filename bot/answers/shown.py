"""The numbered sentences that a model is shown for a question. Pure.

sentences 1…n ──▶ lines "[7] …"          cite [7] ──▶ Citation
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.news import Article, Citation

MAX_SENTENCE_CHARS = 500  # characters of a sentence that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedSentence:
    """One numbered sentence."""

    number: int
    article: Article
    sentence: int
    text: str


def lines(shown: Sequence[NumberedSentence]) -> str:
    """Return ``shown`` as text, an article's name and time before its sentences."""
    written: list[str] = []
    article_id = ""
    for one in shown:
        if one.article.id != article_id:
            article_id = one.article.id
            article = one.article
            at = f"{article.published_at:%a %d %B %Y %H:%M} UTC"
            when = at if article.dated_at else f"undated, first seen {at}"
            written.append(f"{_flat(article.outlet) or 'Article'}, {when}:")
        written.append(f"[{one.number}] {_flat(one.text)}")
    return "\n".join(written)


def cited(numbers: Iterable[int], shown: Sequence[NumberedSentence]) -> tuple[Citation, ...]:
    """Return where the sentences ``numbers`` stand, one citation an article.

    A number that was not given becomes a citation of no article, so that the evidence check refuses it by name.
    """
    by_number = {one.number: one for one in shown}
    found: dict[tuple[str, int], list[int]] = {}
    for number in dict.fromkeys(numbers):
        one = by_number.get(number)
        key = (one.article.id, one.article.revision) if one else (f"[{number}]", 1)
        found.setdefault(key, []).append(one.sentence if one else number)
    return tuple(
        Citation(article_id=a, revision=r, sentences=tuple(sorted(numbers)))
        for (a, r), numbers in found.items()
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
