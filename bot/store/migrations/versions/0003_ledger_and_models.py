"""The ledger as rows, how each briefing came about, and the books of model calls."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def scope() -> list["sa.Column[object]"]:
    return [
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", sa.Text(), server_default="shared", nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *scope(),
        sa.CheckConstraint(
            "fact IN ('kind', 'status', 'actor', 'figure', 'expectation', 'disagreement')",
            name=op.f("ck_ledger_entry_fact"),
        ),
        sa.PrimaryKeyConstraint("story_id", "number", name=op.f("pk_ledger_entry")),
    )
    op.create_table(
        "briefing_record",
        sa.Column("briefing_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        *scope(),
        sa.PrimaryKeyConstraint("briefing_id", name=op.f("pk_briefing_record")),
    )
    op.create_table(
        "model_call",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("workspace", sa.Text(), server_default="", nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_hash", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reserved_tokens", sa.BigInteger(), nullable=False),
        sa.Column("reserved_cost", sa.BigInteger(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('reserved', 'done', 'failed')", name=op.f("ck_model_call_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_call")),
    )
    op.create_index("ix_model_call_at", "model_call", ["at"], unique=False)
    op.create_index("ix_model_call_workspace_at", "model_call", ["workspace", "at"], unique=False)
