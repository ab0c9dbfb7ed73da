"""Tables of briefings, deliveries and subscriptions."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import UtcTime, metadata, scope

briefing = sa.Table(
    "briefing",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("unsent", sa.JSON(none_as_null=True)),  # what its channel will know once it is delivered
    *scope(),
    sa.Index("ix_briefing_destination_made_at", "destination", "made_at"),
    sa.UniqueConstraint("destination", "slot"),
)

sent_story = sa.Table(
    "sent_story",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("sent_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

briefing_record = sa.Table(
    "briefing_record",
    metadata,
    sa.Column("briefing_id", sa.Text, primary_key=True),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

model_call = sa.Table(
    "model_call",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("workspace", sa.Text, nullable=False, server_default=""),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt_hash", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reserved_tokens", sa.BigInteger, nullable=False),
    sa.Column("reserved_cost", sa.BigInteger, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("cached_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('reserved', 'done', 'failed')", name="state"),
    sa.Index("ix_model_call_at", "at"),
    sa.Index("ix_model_call_workspace_at", "workspace", "at"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False, index=True),
    sa.Column("timetable", sa.Text, nullable=False),
    sa.Column("paused", sa.Text, nullable=False),
    sa.Column("next_due", UtcTime, index=True),
    sa.Column("enumerated", UtcTime, nullable=False),  # slots up to here have their deliveries
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

# One row for each slot. ``open`` rows with an expired lease are claimed by the next process, in a new round.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subscription_id", sa.Text, nullable=False),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("wall", sa.Text, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("lease_until", UtcTime, nullable=False),
    sa.Column("made_at", UtcTime),
    sa.Column("since", UtcTime),
    sa.Column("briefing_id", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("approved", sa.Boolean, nullable=False),
    sa.Column("look_first", sa.Boolean, nullable=False),
    sa.Column("posted_at", UtcTime),
    sa.Column("updated_at", UtcTime, nullable=False),
    sa.Column("failing_since", UtcTime),
    sa.Column("retry_at", UtcTime),
    *scope(),
    sa.UniqueConstraint("subscription_id", "wall"),
    sa.Index("ix_delivery_destination_open_due_at", "destination", "open", "due_at"),
    sa.Index("ix_delivery_open_lease_until", "open", "lease_until"),
    sa.Index(
        "ix_delivery_open_due_at",
        "open",
        "due_at",
        "id",
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    ),
)

delivery_part = sa.Table(
    "delivery_part",
    metadata,
    sa.Column("delivery_id", sa.ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("of", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    *scope(),
)
