"""Workspaces that installed the bot, their tokens encrypted."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
