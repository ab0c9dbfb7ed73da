"""Tables of questions, choices and reports."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import UtcTime, metadata, scope

# Requests that were begun, so that each acts once, and so that a workspace's can be counted.
seen = sa.Table(
    "seen",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    *scope(),
    sa.Index("ix_seen_workspace_at", "workspace", "at"),
)

thread = sa.Table(
    "thread",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("root", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("stories", sa.JSON, nullable=False),
    sa.Column("kept_under", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    *scope(),
)

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("stories", sa.JSON, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("document", sa.JSON, nullable=False),
    *scope(),
    sa.Index("ix_turn_destination_root", "destination", "root"),
)

# When each person last looked at what had changed.
look = sa.Table(
    "look",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("asker", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    *scope(),
)

# What was typed in forms that were not taken.
form_draft = sa.Table(
    "form_draft",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("typed", sa.JSON, nullable=False),
    sa.Column("errors", sa.JSON, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    *scope(),
)

story_choice = sa.Table(
    "story_choice",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("want", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("status", sa.JSON(none_as_null=True)),
    *scope(),
)

# What a channel set for itself.
channel_setting = sa.Table(
    "channel_setting",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("replies", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    *scope(),
)

# Watched questions, whose askers are notified once there is an answer.
watch = sa.Table(
    "watch",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("timezone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False, server_default="en"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("asked_at", UtcTime, nullable=False, index=True),
    sa.Column("expires_at", UtcTime, nullable=False),
    *scope(),
    sa.Index("ix_watch_state_expires_at", "state", "expires_at"),
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("briefing_id", sa.Text, nullable=False),
    sa.Column("story_id", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("useful", sa.Boolean, nullable=False),
    *scope(),
)
