"""An index of stories by their heaviest terms, counts of terms in rows, and a list of the articles that wait for a story."""

import hashlib
import json
import math
import struct
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0025"

INDEXED_TERMS, MAX_POSTINGS = 32, 512  # as this release has them
PRIOR_ARTICLES, PRIOR_HOLDING = 50.0, 0.2
STORIES_PER_READ = 500
ROWS_PER_WRITE = 500
STORY = sa.table(
    "story",
    *(sa.column(name) for name in "id key profile last_at workspace channel visibility".split()),
)
TERM = sa.table("corpus_term", sa.column("term"), sa.column("articles"))
HOLDING = sa.table(
    "story_term", *(sa.column(name) for name in "term workspace channel visibility stories".split())
)
Owner = tuple[str, str, str]


def upgrade() -> None:
    op.create_table(
        "corpus_term",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_corpus_term")),
    )
    op.create_table(
        "story_term",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
        sa.Column("stories", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("term", "workspace", "channel", "visibility", name=op.f("pk_story_term")),
    )
    op.create_table(
        "story_backlog",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_backlog")),
    )
    op.execute(
        "INSERT INTO story_backlog SELECT article.id FROM article WHERE article.latest AND page_kind <> 'roundup' "
        "AND NOT EXISTS (SELECT 1 FROM story_article WHERE story_article.article_id = article.id)"
    )
    op.add_column("story", sa.Column("key", sa.BigInteger(), server_default="0", nullable=False))
    connection = op.get_bind()
    _index(connection, _counted(connection))
    op.create_index("ix_story_key", "story", ["key"])
    op.create_index("ix_article_text_group", "article", ["text_group"])
    op.drop_table("corpus")


def _counted(connection: sa.Connection) -> dict[str, int]:
    """Take the document frequencies out of their one row and return them; what cannot be read is begun anew, as ever."""
    data = connection.execute(sa.text("SELECT data FROM corpus")).scalar()
    try:
        articles, found = json.loads(zlib.decompress(data)) if data else (0, {})
        counted = {term: int(count) for term, count in found.items()} | {"": int(articles)}
    except (zlib.error, ValueError, TypeError, AttributeError):
        return {"": 0}
    rows = [{"term": term, "articles": count} for term, count in counted.items() if count]
    for start in range(0, len(rows), ROWS_PER_WRITE):
        connection.execute(sa.insert(TERM), rows[start : start + ROWS_PER_WRITE])
    return counted


def _index(connection: sa.Connection, counted: dict[str, int]) -> None:
    """Let each story be found by the heaviest terms of what clustering remembers of it, the newest last."""
    holding: defaultdict[tuple[str, Owner], array[int]] = defaultdict(lambda: array("I"))
    for row in _stories(connection):
        key = int.from_bytes(hashlib.sha256(row["id"].encode()).digest()[:4], "big")
        remembered = _remembered(row["profile"], counted)
        values: dict[str, Any] = {"key": key}
        if remembered and remembered.pop("old", False):
            values["profile"] = zlib.compress(json.dumps(remembered, separators=(",", ":")).encode())
        connection.execute(sa.update(STORY).where(STORY.c.id == row["id"]).values(**values))
        owner = row["workspace"], row["channel"], row["visibility"]
        weights = remembered["vector"] if remembered else {}
        for term in sorted(weights, key=lambda term: (-weights[term], term))[:INDEXED_TERMS]:
            postings = holding[term, owner]
            postings.append(key)
            if len(postings) > MAX_POSTINGS:
                del postings[0]
    rows = [
        {"term": term, "workspace": owner[0], "channel": owner[1], "visibility": owner[2]}
        | {"stories": struct.pack(f"<{len(postings)}I", *postings)}
        for (term, owner), postings in holding.items()
    ]
    for start in range(0, len(rows), ROWS_PER_WRITE):
        connection.execute(sa.insert(HOLDING), rows[start : start + ROWS_PER_WRITE])


def _stories(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield the rows of all stories, those silent for longest first, some at a time."""
    order = sa.select(STORY.c.id).order_by(STORY.c.last_at, STORY.c.id)
    ids = list(connection.execute(order).scalars())
    for start in range(0, len(ids), STORIES_PER_READ):
        part = ids[start : start + STORIES_PER_READ]
        some = connection.execute(sa.select(STORY).where(STORY.c.id.in_(part))).mappings()
        by_id = {row["id"]: dict(row) for row in some}
        yield from (by_id[one] for one in part)


def _remembered(profile: bytes, counted: dict[str, int]) -> dict[str, Any] | None:
    """Return what clustering remembers of a story, ``old`` where a release up to 0.2 kept it; None where it cannot be read."""
    try:
        stored = json.loads(zlib.decompress(profile))
        if isinstance(stored, dict):
            return stored if isinstance(stored["vector"], dict) else None
        return _of_earlier_release(stored, counted)
    except (zlib.error, ValueError, TypeError, KeyError):
        return None


def _of_earlier_release(stored: list[Any], counted: dict[str, int]) -> dict[str, Any]:
    """Return a profile that held no weights, and a year wherever one was named, as it is kept by now."""
    count, last, terms, _names, codes = stored
    total = counted[""] + PRIOR_ARTICLES
    weights = {t: w * math.log(total / (counted.get(t, 0) + PRIOR_HOLDING)) for t, w in terms.items()}
    norm = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    length = math.sqrt(sum(w * w for w in terms.values())) or 1.0
    return {
        "old": True,
        "version": 2,
        "title": "",
        "first": last,
        "last": last,
        "count": count,
        "vector": {term: weight / norm * length for term, weight in weights.items()},
        "codes": {code: n for code, n in codes.items() if not code.isdigit()},
        "years": {},
    }
