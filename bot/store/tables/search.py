"""Tables of the search index."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import UtcTime, metadata, scope

# What full text finds: runs of sentences of each article's latest revision, as stems. Ids grow with the day of
# publication, so that a time is a range of ids. The indexes themselves are each engine's own: see search.py.
passage = sa.Table(
    "passage",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("article_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("published_at", UtcTime, nullable=False),
    sa.Column("known_at", UtcTime, nullable=False),  # when the article's first revision came
    sa.Column("titled", sa.Integer, nullable=False),  # how many of the stems are the title's; they come first
    sa.Column("stems", sa.Text, nullable=False),
    *scope(),
    sa.ForeignKeyConstraint(
        ["article_id", "revision"], ["article.id", "article.revision"], ondelete="CASCADE"
    ),
    sa.Index("ix_passage_article_id_revision", "article_id", "revision"),
)

# What an encoder made of a passage; ``encoder`` names it, for vectors of two are not comparable.
passage_vector = sa.Table(
    "passage_vector",
    metadata,
    sa.Column(
        "passage_id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa.ForeignKey("passage.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("encoder", sa.Text, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    *scope(),
)

# How many shared passages hold a stem; those of one channel are not counted, so that nothing of them stays here.
passage_stem = sa.Table(
    "passage_stem",
    metadata,
    sa.Column("stem", sa.Text, primary_key=True),
    sa.Column("passages", sa.Integer, nullable=False),
)

# How many ids of a day are given away.
passage_day = sa.Table(
    "passage_day",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("used", sa.Integer, nullable=False),
)

# Articles that are still to be cut into passages: those of an archive from before there was full text.
passage_backlog = sa.Table(
    "passage_backlog",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("published_at", UtcTime, nullable=False),
)
