"""Watches: questions whose askers are told once they can be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "watch",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("id", "destination", "asker", "name", "question", "timezone", "state")
        ),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_state_expires_at", "watch", ["state", "expires_at"])
    op.create_index("ix_watch_asked_at", "watch", ["asked_at"])
