"""On how many days a feed's redirect was seen."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0014"

_COLUMNS = (
    sa.Column("answered_by", sa.Text(), nullable=False, server_default=""),
    sa.Column("redirect", sa.Text(), nullable=False, server_default=""),
    sa.Column("redirect_days", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("redirect_seen", sa.BigInteger(), nullable=True),
    sa.Column("old_asked", sa.BigInteger(), nullable=True),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("feed_health", column)
