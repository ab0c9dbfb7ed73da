"""The language in which the asker of a watched question is told."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("watch", sa.Column("language", sa.Text(), server_default="en", nullable=False))
