"""Workspaces that installed the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The installation of the bot in one workspace; its tokens appear in no log and no traceback."""

    platform: str
    workspace: str
    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None  # of the token
    bot_user: str = ""
    name: str = ""
    scopes: tuple[str, ...] = ()
    installed_by: str = ""
    installed_at: datetime
