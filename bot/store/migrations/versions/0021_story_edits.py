"""Stories that editors merged, split and named."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def scope() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
    )


def upgrade() -> None:
    op.add_column("story", sa.Column("name", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "story_tie",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("tie", sa.Text(), nullable=False),
        *scope(),
        sa.CheckConstraint("tie IN ('merged', 'apart')", name=op.f("ck_story_tie_tie")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["story.id"], name=op.f("fk_story_tie_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "other_id", name=op.f("pk_story_tie")),
    )
    op.create_index("ix_story_tie_other_id", "story_tie", ["other_id"])
    op.create_table(
        "story_edit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *scope(),
        sa.CheckConstraint("verb IN ('merge', 'split', 'rename')", name=op.f("ck_story_edit_verb")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_edit")),
    )
    op.create_index("ix_story_edit_at", "story_edit", ["at"])
