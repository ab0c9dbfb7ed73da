"""What kind of page an article came from, and what it says it corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("article", sa.Column("page_kind", sa.Text(), server_default="article", nullable=False))
    op.add_column("article", sa.Column("correction", sa.Text(), server_default="", nullable=False))
