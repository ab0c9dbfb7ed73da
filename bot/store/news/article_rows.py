"""Articles as rows, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import OUTSIDE_STORIES, PRINT_BYTES, Article, DateSource, PageKind, Sentence, TextSource
from bot.model.scope import Scope
from bot.store import tables
from bot.store.news.passages import Cut, index
from bot.store.rows import chunks, insert_missing, one_of, one_of_those, scope_columns, scope_of, upsert

# Asked with every read of articles: it is made once.
_SENTENCES_OF = (
    sa.select(tables.sentence)
    .where(one_of_those(tables.sentence.c.article_id, "ids"))
    .order_by(tables.sentence.c.number)
)

Key = tuple[str, str]
"""``("guid", …)`` and ``("hash", …)`` of one feed, ``("link", …)`` of whatever lists a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """An article to store, with its keys."""

    article: Article
    keys: tuple[Key, ...]
    entry_hash: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedListing:
    """A feed's listing of an article: its ``keys`` in that feed, and the hash of its last entry.

    ``outlet`` is the name that the site's own feed gives, else empty.
    """

    article_id: str
    keys: tuple[Key, ...]
    feed_id: str
    entry_hash: str
    outlet: str = ""
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """The text of a stored article for comparison; ``said`` is the hash of the last entry under the key by which it was found."""

    article_id: str
    revision: int
    published_at: datetime
    entry_hash: str
    fingerprint: bytes
    text_group: str
    originator: str
    site: str
    url: str
    feed_id: str
    fetched_at: datetime
    said: str = ""


def known_columns() -> list[sa.Column[Any]]:
    """Return the columns of a ``KnownText``."""
    table = tables.article
    names = (
        "revision",
        "published_at",
        "entry_hash",
        "fingerprint",
        "text_group",
        "originator",
        "site",
        "url",
        "feed_id",
        "fetched_at",
    )
    return [table.c.id.label("article_id"), *(table.c[name] for name in names)]  # type: ignore[list-item]


def known_text(row: dict[str, Any]) -> KnownText:
    """Return the ``KnownText`` of a row."""
    return KnownText(**{field.name: row[field.name] for field in fields(KnownText) if field.name in row})


def _article_row(draft: StoredDraft) -> dict[str, Any]:
    article = draft.article
    row = {f.name: getattr(article, f.name) for f in fields(Article) if f.name not in {"sentences", "scope"}}
    row |= {
        "date_source": article.date_source.value,
        "text_source": article.text_source.value,
        "page_kind": article.page_kind.value,
        "latest": True,
    }
    return (
        row
        | {"entry_hash": draft.entry_hash, "fingerprint": draft.fingerprint}
        | {"smallest_print": draft.fingerprint[:PRINT_BYTES] or None}
        | scope_columns(article.scope)
    )


async def save_articles(
    connection: AsyncConnection, drafts: Sequence[StoredDraft], cuts: Sequence[Cut]
) -> None:
    """Write ``drafts`` with their keys, sentences and passages, each as the latest revision."""
    latest = {draft.article.id: (draft.article, cut) for draft, cut in zip(drafts, cuts, strict=True)}
    ids = [draft.article.id for draft in drafts]
    await connection.execute(
        sa.update(tables.article).where(one_of(tables.article.c.id, ids)).values(latest=False)
    )
    await upsert(connection, tables.article, [_article_row(draft) for draft in drafts])
    keys = [
        {"kind": kind, "value": value, "article_id": d.article.id}
        | {"feed_id": d.article.feed_id, "entry_hash": d.entry_hash}
        | scope_columns(d.article.scope)
        for d in drafts
        for kind, value in d.keys
    ]
    by_key = {(k["kind"], k["value"], k["workspace"], k["channel"]): k for k in keys}
    await upsert(connection, tables.article_key, list(by_key.values()))
    sentences = [
        {
            "article_id": d.article.id,
            "revision": d.article.revision,
            "number": s.number,
            "paragraph": s.paragraph,
            "text": s.text,
        }
        for d in drafts
        for s in d.article.sentences
    ]
    await upsert(connection, tables.sentence, sentences)
    await _await_story(connection, [article for article, _ in latest.values()])
    await index(connection, [article for article, _ in latest.values()], [cut for _, cut in latest.values()])


async def _await_story(connection: AsyncConnection, articles: Sequence[Article]) -> None:
    """Add those of ``articles`` without a story to the backlog; articles without an event are not added."""
    waiting, placed = tables.story_backlog, tables.story_article
    outside = [a.id for a in articles if a.page_kind in OUTSIDE_STORIES]
    for part in chunks(outside):
        await connection.execute(sa.delete(waiting).where(one_of(waiting.c.article_id, part)))
    for ids in chunks([a.id for a in articles if a.page_kind not in OUTSIDE_STORIES]):
        found = await connection.execute(
            sa.select(placed.c.article_id).where(one_of(placed.c.article_id, ids))
        )
        there = set(found.scalars())
        await insert_missing(connection, waiting, [{"article_id": one} for one in ids if one not in there])


async def read_articles(
    connection: AsyncConnection, statement: sa.Select[Any], parameters: Mapping[str, Any] | None = None
) -> list[Article]:
    """Return the articles of the rows of ``statement``, with their sentences."""
    rows = [dict(row) for row in (await connection.execute(statement, parameters)).mappings()]
    sentences: defaultdict[tuple[str, int], list[Sentence]] = defaultdict(list)
    for part in chunks({row["id"] for row in rows}):
        found = await connection.execute(_SENTENCES_OF, {"ids": part})
        for s in found.mappings():
            sentence = Sentence(number=s["number"], text=s["text"], paragraph=s["paragraph"])
            sentences[s["article_id"], s["revision"]].append(sentence)
    return [_article(row, tuple(sentences[row["id"], row["revision"]])) for row in rows]


def _article(row: dict[str, Any], sentences: tuple[Sentence, ...]) -> Article:
    values = {f.name: row[f.name] for f in fields(Article) if f.name in row}
    values |= {
        "date_source": DateSource(row["date_source"]),
        "text_source": TextSource(row["text_source"]),
        "page_kind": PageKind(row["page_kind"]),
    }
    return Article(**values, sentences=sentences, scope=scope_of(row))
