"""What could not be processed, set aside so that it stops nothing else; and ingests that did not come to their end."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
        sa.CheckConstraint("kind IN ('article', 'entry')", name=op.f("ck_set_aside_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    with op.batch_alter_table("set_aside") as batch:
        batch.create_index(batch.f("ix_set_aside_feed_id"), ["feed_id"])
    op.add_column("ingest", sa.Column("cut_off", sa.Boolean(), server_default=sa.false(), nullable=False))
