"""What people ask in chats: events seen, threads, turns, reports, what a channel follows or mutes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def scope() -> list["sa.Column[object]"]:
    return [
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
    ]


def text(*names: str) -> list["sa.Column[object]"]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "seen",
        *text("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen")),
    )
    op.create_index("ix_seen_workspace_at", "seen", ["workspace", "at"])
    op.create_index("ix_seen_at", "seen", ["at"])
    op.create_table(
        "thread",
        *text("destination", "root", "topic", "subject"),
        sa.Column("stories", sa.JSON(), nullable=False),
        *text("kept_under"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("destination", "root", name=op.f("pk_thread")),
    )
    op.create_index("ix_thread_at", "thread", ["at"])
    op.create_table(
        "turn",
        *text("id", "destination", "root"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *text("asker", "topic", "question", "answer"),
        sa.Column("stories", sa.JSON(), nullable=False),
        *text("subject"),
        sa.Column("document", sa.JSON(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    op.create_index("ix_turn_destination_root", "turn", ["destination", "root"])
    op.create_index("ix_turn_subject", "turn", ["subject"])
    op.create_index("ix_turn_at", "turn", ["at"])
    op.create_table(
        "look",
        *text("destination", "asker"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("destination", "asker", name=op.f("pk_look")),
    )
    op.create_table(
        "story_choice",
        *text("destination", "story_id", "want"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.JSON(), nullable=True),
        *scope(),
        sa.PrimaryKeyConstraint("destination", "story_id", name=op.f("pk_story_choice")),
    )
    op.create_table(
        "report",
        *text("id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *text("destination", "asker", "briefing_id", "story_id", "statement", "text"),
        sa.Column("useful", sa.Boolean(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_at", "report", ["at"])
    op.create_index("ix_delivery_part_message_id", "delivery_part", ["message_id"])
