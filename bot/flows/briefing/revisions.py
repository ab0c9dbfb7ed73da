"""Edited articles: the earlier revisions that a briefing needs, and the present numbers of sentences that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.model.news import Article, Citation, sentences_of
from bot.model.update import StoryUpdate
from bot.store import Store
from bot.stories.still_carried import AvailableArticles


async def older_revisions(
    articles: Sequence[Article], updates: Sequence[StoryUpdate], *, sent_at: datetime | None, store: Store
) -> tuple[Article, ...]:
    """Return the earlier revisions of ``articles`` that are needed, so that only new sentences of an edited article are read and shown.

    They are those that ``updates`` read, and of each article the revision at ``sent_at``, when the channel was sent the
    story.
    """
    at_hand = {(a.id, a.revision) for a in articles}
    ids = {a.id for a in articles}
    read = {key for u in updates for key in u.articles if key[0] in ids} - at_hand
    edited = {a.id for a in articles if sent_at and a.revision > 1 and a.fetched_at > sent_at}
    if not read and not edited:
        return ()
    found = await store.articles.revisions(sorted({article_id for article_id, _ in read} | edited))
    then = {a.id: a for a in found if sent_at and a.fetched_at <= sent_at and a.id in edited}
    wanted = read | {(a.id, a.revision) for a in then.values()} - at_hand
    return tuple(a for a in found if (a.id, a.revision) in wanted)


def where_now(sent: Iterable[Citation], articles: Sequence[Article]) -> frozenset[tuple[str, int, int]]:
    """Return the present numbers of the ``sent`` sentences in those ``articles`` that were edited since.

    ``articles`` has every loaded revision.
    """
    available = AvailableArticles(articles)
    edited = {a.id for a in articles if (a.id, a.revision) not in available.at_hand}
    single = (replace(c, sentences=(n,)) for c in sent if c.article_id in edited for n in c.sentences)
    return sentences_of([now for c in single if (now := available.now(c))])
