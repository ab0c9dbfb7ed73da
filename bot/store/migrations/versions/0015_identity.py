"""Whose a text is, and what each feed last said of an article it lists."""

from bot.urls import host_of

import sqlalchemy as sa
from alembic import op

from bot.language.owners import owner_of

revision = "0015"
down_revision = "0018"

PORTION = 1000


def upgrade() -> None:
    op.add_column("article", sa.Column("site", sa.Text(), server_default="", nullable=False))
    op.add_column("article_key", sa.Column("feed_id", sa.Text(), server_default="", nullable=False))
    op.add_column("article_key", sa.Column("entry_hash", sa.Text(), server_default="", nullable=False))
    connection = op.get_bind()
    article = sa.table("article", *map(sa.column, ("id", "revision", "url", "site")))
    rows = connection.execute(
        sa.select(article.c.id, article.c.revision, article.c.url).where(article.c.url != "")
    ).all()
    change = (
        sa.update(article)
        .where(article.c.id == sa.bindparam("of"), article.c.revision == sa.bindparam("at"))
        .values(site=sa.bindparam("owner"))
    )
    for start in range(0, len(rows), PORTION):
        some = rows[start : start + PORTION]
        connection.execute(change, [{"of": r.id, "at": r.revision, "owner": _site(r.url)} for r in some])


def _site(url: str) -> str:
    return owner_of(host_of(url))
