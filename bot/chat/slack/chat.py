"""Post briefings to Slack's channels, each carrying its key, and find them again by it.

Slack has no idempotency keys: a post whose answer is lost is looked up by its metadata, for
which the bot must be in the channel and read its history.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cachetools import LRUCache

from bot.chat.rate_limit import MAX_WORKSPACES, ChannelRateLimits, RateLimit
from bot.chat.slack.listener import SlackListener
from bot.chat.slack.render.message import MAX_MESSAGE_BLOCKS, render
from bot.chat.slack.workspace import Workspace
from bot.chat.slack.workspaces import OPTIONAL, REQUIRED, Workspaces
from bot.errors import ConfigError, DeliveryError, DeliveryReason, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.model.message import Message
from bot.ports import Post, Presence

EVENT_TYPE = "wirebrief_delivery"
SLACK_MESSAGE_INTERVAL_SECONDS = 1.0  # seconds between two messages in one channel: Slack's own rule
SAME_BURST_SECONDS = 5.0  # seconds within which two rate-limited channels mean that the workspace is
MAX_GUESSED_WAIT_SECONDS = 3.0  # seconds that a workspace waits if two of its channels must wait
# Messages a look-up asks for; apps sold outside the Marketplace get 15, once a minute.
SLACK_PAGE_MESSAGES = 200
MAX_SLACK_LOOKUP_PAGES = 10  # of a look-up
LOOKUP_SPAN_SECONDS = 26 * 3600  # seconds: slots are caught up for a day


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """A channel for which Slack demanded a wait, and until when by the monotonic clock."""

    channel: str
    at: float


class SlackChat:
    """Channels ``slack:TEAM/CHANNEL``."""

    platform = "slack"

    def __init__(
        self,
        workspaces: Workspaces,
        *,
        rate_limits: ChannelRateLimits,
        listener: SlackListener,
        now: Callable[[], datetime],
        needs: Sequence[str] = REQUIRED,
        window: float = 10.0,
        settle_seconds: float = 15.0,
    ) -> None:
        self.window = window
        self.settle_seconds = settle_seconds
        self.listener = listener
        self._workspaces = workspaces
        self._needs = needs
        self._now = now
        self._rate_limits = rate_limits
        self._looks = RateLimit()
        # By workspace: whoever installs the bot adds one. One that was long not posted to begins anew.
        self._teams: LRUCache[str, RateLimit] = LRUCache(MAX_WORKSPACES)
        self._last_back_offs: LRUCache[str, BackOff] = LRUCache(MAX_WORKSPACES)

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return the payloads: the first for the channel, the others for its thread."""
        _named(channel)
        return render(message)

    def validate(self, channel: Channel) -> None:
        """Raise ``PostRefused`` for a channel without its workspace."""
        _named(channel)

    def rate_limit_wait(self, channel: Channel) -> float:
        """Return the wait of the workspace, then of the channel, which takes one message a second."""
        return self._team(channel.workspace).remaining() or self._rate_limits.take(channel.name)

    async def post(self, post: Post) -> str:
        """Post one message; its id is Slack's time stamp."""
        arguments = _arguments(post)
        answer = await self._call(
            post,
            "chat_postMessage",
            unfurl_links=False,
            unfurl_media=False,
            **arguments,
            **({"thread_ts": post.parent} if post.parent and _threaded(post) else {}),
        )
        self._last_back_offs.pop(post.channel.workspace, None)
        return str(answer["ts"])

    async def find(self, post: Post) -> str | None:
        """Look the key up in the channel's history, or in the thread where the message belongs to one."""
        channel = post.channel
        try:
            async for message in self._history(post):
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == EVENT_TYPE and payload.get("delivery_id") == post.key:
                    return str(message["ts"])
        except PostRefused as refusal:
            if refusal.reason == DeliveryReason.RATE_LIMITED:
                raise PostUnclear(
                    "Slack asks the bot to wait before it looks for the message",
                    reason=DeliveryReason.RATE_LIMITED,
                ) from refusal
            if refusal.retry_after is not None:
                raise PostUnclear(
                    f"The look-up failed: {refusal.message}", reason=refusal.reason
                ) from refusal
            raise NoLookUp(
                f"Slack does not let the bot read the messages in {channel.shown}: {refusal.message}",
                reason="no lookup",
                hint=refusal.hint,
            ) from refusal
        return None

    async def amend(self, post: Post, message_id: str) -> None:
        """Replace a message by ``post``, with the time."""
        arguments = _arguments(post)
        edited_note = f"Edited {self._now():%Y-%m-%d %H:%M} UTC"
        note = {"type": "context", "elements": [{"type": "plain_text", "text": edited_note}]}
        arguments["blocks"] = [*arguments["blocks"][:MAX_MESSAGE_BLOCKS], note]
        try:
            await self._call(post, "chat_update", ts=message_id, **arguments)
        except PostRefused as refusal:
            if refusal.reason in {"edit_window_closed", "cant_update_message"}:
                raise PostRefused(
                    refusal.message, reason=DeliveryReason.CANNOT_EDIT, hint=refusal.hint
                ) from refusal
            raise

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Name missing scopes, and whether the bot may post in the channel and read what it posted."""
        try:
            _named(channel)
            workspace = await self._workspaces.get(channel.workspace)
        except (DeliveryError, ConfigError) as error:
            return (str(error),)
        found = list(problems(workspace, self._needs))
        if channel.id[:1] in {"D", "U", "W"} or "channels:read" not in workspace.scopes:
            return tuple(found)
        try:
            answer = await self._workspaces.call(
                channel.workspace, "conversations_info", about=channel.id, channel=channel.id
            )
        except DeliveryError as error:
            return (*found, str(error))
        room = answer.get("channel") or {}
        if room.get("is_archived"):
            found.append(f"The channel {channel.shown} is archived. Unarchive it, or choose another channel")
        elif not room.get("is_member"):
            found.append(f"The bot is not in the channel {channel.shown}. Write /invite @Wirebrief there")
        scope = "groups:history" if room.get("is_private") else "channels:history"
        if scope not in workspace.scopes:
            found.append(
                f"Without {scope} a post whose answer was lost cannot be looked up and stays uncertain. {HOW}"
            )
        return tuple(found)

    async def self_check(self) -> AsyncIterator[tuple[str, str]]:
        """Yield each workspace with its team and scopes, and what is missing: a mark and a sentence."""
        for team in await self._workspaces.unreadable():
            yield (
                "✗",
                f"slack: the tokens of team {team} cannot be read with slack.encryption_key. Add the key that they were "
                "encrypted with, behind a comma, or install the bot there again",
            )
        for workspace in await self._workspaces.all():
            scopes = ", ".join(sorted(workspace.scopes & {*REQUIRED, *OPTIONAL}))
            yield "✓", f"slack: {workspace.name}, team {workspace.id}; scopes {scopes}"
            for sentence in problems(workspace, self._needs):
                yield "✗", f"slack: {sentence}"
            for scope, why in OPTIONAL.items():
                if scope not in {*workspace.scopes, *self._needs}:
                    yield "•", f"slack: without {scope}, which is {why}"

    async def presence(self, place: Channel) -> Presence | None:
        """Return whether the bot is in a workspace, or in a channel of one; nobody is in an archived channel."""
        if place.id[:1] in {"D", "U", "W"}:
            return None
        here = await (self._is_in(place) if place.id else self._workspaces.is_installed(place.workspace))
        return None if here is None else Presence(account=await self._workspaces.account(), here=here)

    async def _is_in(self, channel: Channel) -> bool | None:
        await self._looks.wait()
        try:
            answer = await self._workspaces.call(
                channel.workspace, "conversations_info", about=channel.id, channel=channel.id
            )
        except PostRefused as refusal:
            if refusal.reason == DeliveryReason.RATE_LIMITED:
                self._looks.back_off(refusal.retry_after or 1.0)
            return False if refusal.reason == "channel_not_found" else None
        except (DeliveryError, ConfigError):
            return None
        room = answer.get("channel") or {}
        found = room.get("is_member")
        return found if isinstance(found, bool) and not room.get("is_archived") else None

    async def _call(self, post: Post, method: str, **arguments: Any) -> Mapping[str, Any]:
        channel = post.channel
        try:
            return await self._workspaces.call(
                channel.workspace,
                method,
                latest=post.latest,
                about=channel.id,
                channel=channel.id,
                **arguments,
            )
        except PostRefused as refusal:
            if refusal.reason == DeliveryReason.RATE_LIMITED and refusal.retry_after:
                self._slow_down(channel, refusal.retry_after)
            raise
        except ConfigError as error:
            raise PostRefused(error.message, reason="token", hint=error.hint, gone=True) from error

    def _slow_down(self, channel: Channel, seconds: float) -> None:
        """Let the channel wait; if another channel of its workspace was rate-limited and none accepted a message since, all of them.

        That the workspace is meant is a guess, so it waits for a moment only: a channel that has to wait for minutes
        waits alone.
        """
        self._rate_limits.back_off(channel.name, seconds)
        now = time.monotonic()
        last = self._last_back_offs.get(channel.workspace)
        if last and last.channel != channel.name and now - last.at < SAME_BURST_SECONDS:
            self._team(channel.workspace).back_off(min(seconds, MAX_GUESSED_WAIT_SECONDS))
        self._last_back_offs[channel.workspace] = BackOff(channel=channel.name, at=now)

    async def _history(self, post: Post) -> AsyncIterator[Mapping[str, Any]]:
        channel = post.channel
        thread = post.parent if post.parent and _threaded(post) else ""
        where: dict[str, Any] = {"ts": thread} if thread else {"oldest": self._since()}
        for _ in range(MAX_SLACK_LOOKUP_PAGES):
            answer = await self._workspaces.call(
                channel.workspace,
                "conversations_replies" if thread else "conversations_history",
                about=channel.id,
                channel=channel.id,
                include_all_metadata=True,
                limit=SLACK_PAGE_MESSAGES,
                **where,
            )
            for message in answer.get("messages") or []:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            where["cursor"] = cursor
        raise PostUnclear(
            "Too many messages were posted since to look through them all", reason="long history"
        )

    def _since(self) -> str:
        return f"{self._now().timestamp() - LOOKUP_SPAN_SECONDS:.6f}"

    def _team(self, workspace: str) -> RateLimit:
        return self._teams.setdefault(workspace, RateLimit())


HOW = "Add it at api.slack.com/apps > your app > OAuth & Permissions, then Reinstall to Workspace"


def problems(workspace: Workspace, needs: Sequence[str]) -> list[str]:
    """Return which of the scopes ``needs`` the bot lacks in ``workspace``, by name."""
    missing = [scope for scope in needs if scope not in workspace.scopes]
    return [f"The app lacks {scope} in {workspace.name}. {HOW}" for scope in missing]


def _named(channel: Channel) -> None:
    if not channel.workspace or not channel.id:
        raise PostRefused(
            f"{channel.name!r} names no workspace",
            reason="unknown channel",
            hint="Write slack:TEAM/CHANNEL, such as slack:T0123/C0456; wirebrief check prints the team",
            gone=True,
        )


def _threaded(post: Post) -> bool:
    return bool(json.loads(post.payload)["place"] == "thread")


def _arguments(post: Post) -> dict[str, Any]:
    payload = json.loads(post.payload)
    # Everybody in the workspace can read it: opaque ids only.
    mark = {"event_type": EVENT_TYPE, "event_payload": {"delivery_id": post.key, "part": post.number}}
    return {"text": payload["text"], "blocks": payload["blocks"], "metadata": mark}
