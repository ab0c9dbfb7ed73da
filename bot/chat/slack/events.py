"""The Bolt app: every event is acknowledged at once, then handled."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.requests import LINK_SHORTCUT, NEW_SHORTCUT
from bot.log import library_logger

REMOVALS = (
    "app_uninstalled",
    "tokens_revoked",
    "member_left_channel",
    "channel_left",
    "group_left",
    "channel_deleted",
    "group_deleted",
)
"""Events after which the bot is gone from a channel or a workspace."""

Verdict = asyncio.Future[Mapping[str, str]]
"""What is wrong with a form that was sent in, by field; nothing where it is taken or answered elsewhere."""

Begin = Callable[[str, Mapping[str, Any], Verdict | None], bool]
"""Takes the kind of the event, its body and, for a form, the future of its verdict; returns False if too much work is waiting."""

FORM_CHECK_SECONDS = 2.2  # seconds for showing mistakes in an open form; Slack waits three

BUSY_TEXT = "Too many requests at once. Please try again in a minute."


def bolt_app(client: AsyncWebClient, begin: Begin, *, signing_secret: str = "") -> AsyncApp:
    """Return the app; ``begin`` starts the work on an event and returns at once."""
    app = AsyncApp(
        name="wirebrief",
        # Its lines hold whole bodies, response addresses included.
        logger=library_logger("slack.bolt", level=logging.CRITICAL + 1),
        client=client,
        signing_secret=signing_secret,
        authorize=_authorize,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    def acknowledged(kind: str) -> Callable[..., Any]:
        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            if begin(kind, body, None):
                await ack()
            else:
                await ack(BUSY_TEXT if kind == "command" else "")

        return listener

    async def form(ack: AsyncAck, body: dict[str, Any]) -> None:
        verdict: Verdict = asyncio.get_running_loop().create_future()
        errors: Mapping[str, str] = {}
        if begin("form", body, verdict):
            with suppress(TimeoutError):
                errors = await asyncio.wait_for(verdict, FORM_CHECK_SECONDS)
        else:
            # What was typed stays where it is.
            errors = {str(block["block_id"]): BUSY_TEXT for block in body["view"].get("blocks", ())[:1]}
        if errors:
            await ack(response_action="errors", errors=dict(errors))
        else:
            await ack()

    app.command("/brief")(acknowledged("command"))
    app.shortcut(re.compile(f"^({LINK_SHORTCUT}|{NEW_SHORTCUT})$"))(acknowledged("shortcut"))
    app.action(re.compile(""))(acknowledged("action"))
    app.view(re.compile(""))(form)
    app.event("app_mention")(acknowledged("message"))
    app.event("message")(acknowledged("message"))
    app.event("app_home_opened")(acknowledged("home"))
    app.event("member_joined_channel")(acknowledged("joined"))
    for name in REMOVALS:
        app.event(name)(acknowledged("removal"))
    return app


async def _authorize(**_: Any) -> AuthorizeResult:
    """Accept every signed request without a call to Slack: the bot's identity is looked up after the response."""
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="-")  # noqa: S106 - never used for a call
