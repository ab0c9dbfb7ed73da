"""What new articles add to a story, kept as it was read."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def scope() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "story_update",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_update")),
    )
    op.create_index("ix_story_update_story_id", "story_update", ["story_id"])
    op.create_table(
        "story_update_article",
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["story_update.id"],
            name=op.f("fk_story_update_article_update_id_story_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("update_id", "article_id", name=op.f("pk_story_update_article")),
    )
    op.create_index("ix_story_update_article_article_id", "story_update_article", ["article_id"])
    op.create_table(
        "story_update_reply",
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *scope(),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["story_update.id"],
            name=op.f("fk_story_update_reply_update_id_story_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_story_update_reply")),
    )
    op.create_index("ix_story_update_reply_at", "story_update_reply", ["at"])
