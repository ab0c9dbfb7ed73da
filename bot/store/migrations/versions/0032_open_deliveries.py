"""Find the open deliveries that are due first without looking at all of them.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Make an index of open deliveries alone: most are final, and stay for months."""
    op.create_index(
        "ix_delivery_open_due_at",
        "delivery",
        ["open", "due_at", "id"],
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
        if_not_exists=True,
    )
