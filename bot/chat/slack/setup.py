"""Connect the parts of Slack: one session, one view of the workspaces, a chat and a listener."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.chat.rate_limit import ChannelRateLimits
from bot.chat.slack.api import SLACK_CALL_TIMEOUT_SECONDS, SlackApi
from bot.chat.slack.chat import SLACK_MESSAGE_INTERVAL_SECONDS, SlackChat
from bot.chat.slack.http.endpoint import Replays
from bot.chat.slack.listener import SlackListener
from bot.chat.slack.workspace import Installations
from bot.chat.slack.workspaces import REQUIRED, Workspaces
from bot.config import Slack
from bot.config.outbound import DIRECTLY, Outbound
from bot.errors import ConfigError
from bot.ports import NotifyAdmins, no_one


def check_settings(settings: Slack) -> None:
    """Raise ``ConfigError`` for contradictory keys."""
    token = settings.bot_token.get_secret_value()
    if token and settings.client_id:
        raise ConfigError(
            "slack.bot_token and slack.client_id are both set",
            hint="Use the token for one workspace, or the client id for many",
        )
    if token and not token.startswith(("xoxb-", "xoxe.xoxb-")):
        raise ConfigError(
            "slack.bot_token is not a bot token",
            hint="It begins with xoxb-: api.slack.com/apps > your app > Install App > Bot User OAuth Token",
        )
    app_token = settings.app_token.get_secret_value()
    if app_token and not app_token.startswith("xapp-"):
        raise ConfigError(
            "slack.app_token is not an app-level token",
            hint="It begins with xapp-: api.slack.com/apps > your app > Basic Information > App-Level Tokens",
        )
    if settings.client_id:
        needed = {
            "client_secret": settings.client_secret.get_secret_value(),
            "encryption_key": settings.encryption_key.get_secret_value(),
            "http": settings.http,
            "public_url": settings.public_url,
        }
        missing = [f"slack.{key}" for key, value in needed.items() if not value]
        if missing:
            raise ConfigError(
                f"slack.client_id is set, and {', '.join(missing)} too must be",
                hint="docs/slack.md says where each comes from; wirebrief slack key prints an encryption key",
            )


@asynccontextmanager
async def open_slack(
    settings: Slack,
    *,
    installations: Installations | None = None,
    replays: Replays | None = None,
    now: Callable[[], datetime],
    tell: NotifyAdmins = no_one,
    window: float = SLACK_CALL_TIMEOUT_SECONDS,
    settle_seconds: float = 15.0,
    every: float = SLACK_MESSAGE_INTERVAL_SECONDS,
    outbound: Outbound = DIRECTLY,
) -> AsyncIterator[SlackChat]:
    """Yield Slack by ``settings``; raises ``ConfigError`` for settings that cannot work.

    ``replays`` is shared by processes, so that each signed request is handled once; without it each process checks only its own.
    """
    check_settings(settings)
    async with SlackApi(settings.api_url, window=window, proxy=outbound.proxy_of(settings.api_url)) as api:
        workspaces = Workspaces(
            api,
            token=settings.bot_token.get_secret_value(),
            installations=installations if settings.client_id else None,
            client=(settings.client_id, settings.client_secret.get_secret_value()),
            now=now,
        )
        rate_limits = ChannelRateLimits(every)
        listener = SlackListener(
            settings,
            api=api,
            workspaces=workspaces,
            rate_limits=rate_limits,
            tell=tell,
            replays=replays,
            now=now,
        )
        yield SlackChat(
            workspaces,
            rate_limits=rate_limits,
            listener=listener,
            now=now,
            needs=(*REQUIRED, "usergroups:read") if settings.admin_group else REQUIRED,
            window=window,
            settle_seconds=settle_seconds,
        )
