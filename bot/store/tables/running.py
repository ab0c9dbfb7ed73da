"""Tables that processes of a bot share."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import UtcTime, metadata, scope

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("sent", sa.Boolean, nullable=False),
    *scope(),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("taken", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
)

# One row a forgetting, without a word of what was forgotten: running bots see that there was one.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
)

# The bot in one workspace of a platform; ``secret`` holds its tokens, encrypted with the operator's key.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, primary_key=True),
    sa.Column("expires_at", UtcTime),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
)

# Where one of our accounts was seen to be: in a channel, or, with no channel, in a workspace.
sighting = sa.Table(
    "sighting",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    *scope(),
)

# Signed requests that were taken, by a hash of their signature.
replay = sa.Table(
    "replay",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
)
