"""Find a text that was kept before, however long ago, by the smallest of its prints.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Keep the first print of each text by itself, too: prints are packed sorted, eight bytes each."""
    op.add_column("article", sa.Column("smallest_print", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE article SET smallest_print = substr(fingerprint, 1, 8) WHERE length(fingerprint) > 0")
    op.create_index("ix_article_smallest_print", "article", ["smallest_print"])
