"""Since when a delivery fails, and when it is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("retry_at", sa.BigInteger(), nullable=True))
