"""Rerank the passages found by full text, by words and vectors together; vectors are computed once and stored.

ranked passages ──vectors kept | made now──▶ similarity to the question ──merge──▶ ranked
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

import structlog

from bot.answers.asked import Asked
from bot.answers.rank import RankedPassage, merge
from bot.blocking import run_blocking
from bot.errors import ConfigError
from bot.model.conversation.answer import Question
from bot.ports import Encoder
from bot.store import Store
from bot.store.news.search import Hit

MAX_RERANKED_PASSAGES = 32  # passages, the best by words, whose meaning is looked at

_log = structlog.get_logger()


class LazyEncoder:
    """The encoder that ``open_encoder`` gives, opened when first needed: that takes a second, and most commands need none."""

    def __init__(self, open_encoder: Callable[[], Encoder]) -> None:
        self._open = open_encoder
        self._opening = asyncio.Lock()
        self._encoder: Encoder | None = None

    async def load(self) -> Encoder:
        """Return the encoder, opened; raises ``ConfigError`` for one that does not work."""
        async with self._opening:
            if self._encoder is None:
                self._encoder = await run_blocking(self._open)
            return self._encoder


async def rerank(
    ranked: list[RankedPassage], asked: Asked, question: Question, *, store: Store, encoder: LazyEncoder
) -> list[RankedPassage]:
    """Return ``ranked`` reordered with the similarity to the question; unchanged if the encoder fails."""
    hits = {hit.id: hit for hit in (cast("Hit", r.found) for r in ranked[:MAX_RERANKED_PASSAGES])}
    turns = [turn.question for turn in question.turns[-1:] if asked.context]
    try:
        loaded = await encoder.load()
        vectors = await _vectors(list(hits.values()), store=store, encoder=loaded)
        (wanted,) = await run_blocking(loaded.encode, [" ".join((*turns, asked.text))])
    except ConfigError as error:
        _log.warning("encoder failed; passages are ranked by words only", reason=error)
        return ranked
    similarity = loaded.similarity(wanted, list(vectors.values()))
    return merge(ranked, dict(zip(vectors, similarity, strict=True)))


async def _vectors(hits: Sequence[Hit], *, store: Store, encoder: Encoder) -> dict[int, bytes]:
    """Return the vector of each passage, by id; those that were not there are made, and kept."""
    kept = await store.search.vectors([hit.id for hit in hits], encoder=encoder.id)
    texts = await _texts([hit for hit in hits if hit.id not in kept], store=store)
    if texts:
        vectors = await run_blocking(encoder.encode, list(texts.values()))
        made = dict(zip(texts, vectors, strict=True))
        await store.search.keep_vectors(made, encoder=encoder.id)
        kept |= {hit.id: vector for hit, vector in made.items()}
    return kept


async def _texts(hits: Sequence[Hit], *, store: Store) -> dict[Hit, str]:
    """Return the title and the sentences of each passage; one whose article was edited meanwhile is left out."""
    found = await store.articles.many({hit.article_id for hit in hits})
    articles = {(a.id, a.revision): a for a in found}
    texts = {}
    for hit in hits:
        if article := articles.get((hit.article_id, hit.revision)):
            texts[hit] = " ".join((article.title, *(article.sentence(n).text for n in hit.sentences)))
    return texts
