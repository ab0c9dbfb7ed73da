"""Articles written for tests: text in, a numbered article out."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from bot.language.sentences.split import split_sentences
from bot.model.ids import derive_id
from bot.model.news import Article

MONDAY = datetime(2031, 3, 10, 15, 0, tzinfo=UTC)
_serial = itertools.count()


def article(
    text: str,
    *,
    title: str = "Harbour talks",
    published: datetime = MONDAY,
    outlet: str = "Nordic Wire",
    utc_offset: int = 0,
    language: str = "en",
) -> Article:
    """Return ``text`` as an article with sentences; every call gives another id."""
    return Article(
        id=derive_id("art", outlet, text, str(next(_serial))),
        title=title,
        outlet=outlet,
        originator=outlet,
        published_at=published,
        fetched_at=published,
        utc_offset=utc_offset,
        language=language,
        sentences=split_sentences(text, language=language),
    )
