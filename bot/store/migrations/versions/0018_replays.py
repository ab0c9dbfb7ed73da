"""Signed requests that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "replay",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_replay")),
    )
    op.create_index("ix_replay_at", "replay", ["at"])
