"""Retention and forgetting: the mark that running bots look for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the marks."""
    op.create_table(
        "forgotten",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
    )
    op.create_index(op.f("ix_forgotten_at"), "forgotten", ["at"], unique=False)
