"""Show on Slack that an answer is being made, and remove that sign again: status, line, stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.chat.rate_limit import ChannelRateLimits
from bot.chat.slack.replying.stream import Stream
from bot.chat.slack.requests import Incoming
from bot.chat.slack.workspaces import Workspaces
from bot.errors import ConfigError, DeliveryError, DeliveryReason, PostRefused
from bot.model.message import Message

MAX_BUSY_WAIT_SECONDS = 15.0  # seconds a busy Slack is waited for

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCalls:
    """Calls of Slack's methods about one request."""

    incoming: Incoming
    workspaces: Workspaces
    rate_limits: ChannelRateLimits

    async def post(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call in the request's channel within its rate limit; wait if Slack is busy."""
        channel = self.incoming.request.channel
        until = time.monotonic() + MAX_BUSY_WAIT_SECONDS
        while True:
            await self.rate_limits.wait(channel.name)
            try:
                return await self.call(method, about=channel.id, channel=channel.id, **arguments)
            except PostRefused as refusal:
                wait = refusal.retry_after
                if (
                    refusal.reason != DeliveryReason.RATE_LIMITED
                    or not wait
                    or time.monotonic() + wait > until
                ):
                    raise
                self.rate_limits.back_off(channel.name, wait)
                await asyncio.sleep(0)

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method in the request's workspace; raises ``DeliveryError``."""
        try:
            return await self.workspaces.call(self.incoming.team, method, **arguments)
        except ConfigError as error:
            raise PostRefused(error.message, reason="token", hint=error.hint, gone=True) from error


@dataclass(slots=True, kw_only=True)
class Progress:
    """The public sign that one request is being handled."""

    incoming: Incoming
    calls: RequestCalls
    user: str
    _note: str = ""  # the message that shows progress, to be replaced by the answer
    _status_set: bool = False  # in the thread; a message there takes it away, an ephemeral one does not
    _stream: Stream | None = None
    _streams: bool = True  # until Slack says no

    async def status(self, text: str) -> None:
        """Set the thread's status; if that is refused, post a line that the answer will replace."""
        try:
            await self._set_status(text)
        except PostRefused:
            await self.note(text, thread_ts=self.incoming.reply_in)

    async def note(self, text: str, **where: str) -> None:
        """Post a line that the answer will replace."""
        if not self._note:
            answer = await self.calls.post("chat_postMessage", text=text, **where)
            self._note = str(answer["ts"])

    async def show(self, message: Message) -> None:
        """Stream the reply so far in the thread; if streams are refused, show nothing."""
        if not self._streams:
            return
        try:
            if self._stream is None:
                self._stream = self._open_stream()
            await self._stream.show(message)
        except (DeliveryError, ConfigError) as error:
            self._streams = False
            _log.debug("no streaming", reason=error.message)

    async def _set_status(self, text: str) -> None:
        await self.calls.call(
            "assistant_threads_setStatus",
            channel_id=self.incoming.request.channel.id,
            thread_ts=self.incoming.reply_in,
            status=text,
        )
        self._status_set = bool(text)

    def _open_stream(self) -> Stream:
        incoming = self.incoming
        return Stream(
            call=self.calls.call,
            channel=incoming.request.channel.id,
            thread=incoming.reply_in,
            team=incoming.home_team or incoming.team,
            user=self.user,
        )

    async def take_message(self) -> str:
        """Return the message that shows progress, so that it can be replaced; "" if there is none."""
        (stream, self._stream), (note, self._note) = (self._stream, None), (self._note, "")
        try:
            return (await stream.stop() if stream else "") or note
        except DeliveryError as error:
            _log.debug("a stream could not be ended", reason=error.message)
            return note

    async def clear(self) -> None:
        """Remove the public sign of progress, because the answer is private."""
        progress = await self.take_message()
        try:
            if progress:
                await self.calls.post("chat_delete", ts=progress)
            if self._status_set:
                await self._set_status("")
        except DeliveryError as error:
            _log.debug("progress could not be removed", reason=error.message)
