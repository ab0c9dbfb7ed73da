"""Lines of a story update in another language, as they were checked once."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "story_update_translation",
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["story_update.id"],
            name=op.f("fk_story_update_translation_update_id_story_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("update_id", "language", name=op.f("pk_story_update_translation")),
    )
