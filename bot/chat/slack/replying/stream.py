"""Show an answer while it grows, by Slack's streaming messages, within Slack's rate limits."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.document.markdown import escape
from bot.model.message import Line, Message

APPEND_INTERVAL_SECONDS = 1.0  # seconds between two additions
MAX_STREAM_CHARS = 11_000  # characters a stream takes

Call = Callable[..., Awaitable[Mapping[str, Any]]]


@dataclass(slots=True, kw_only=True)
class Stream:
    """One streamed message in a thread; text that no longer begins as before waits for the final answer."""

    call: Call
    channel: str
    thread: str
    team: str
    user: str
    _id: str = ""
    _shown: str = ""
    _at: float = 0.0

    async def show(self, message: Message) -> None:
        """Append what is new in ``message``; raises ``DeliveryError`` if Slack refuses streams."""
        text = stream_text(message)
        new = text.removeprefix(self._shown)
        if (
            not new
            or not text.startswith(self._shown)
            or time.monotonic() - self._at < APPEND_INTERVAL_SECONDS
        ):
            return
        if self._id:
            await self.call("chat_appendStream", channel=self.channel, ts=self._id, markdown_text=new)
        else:
            answer = await self.call(
                "chat_startStream",
                channel=self.channel,
                thread_ts=self.thread,
                markdown_text=new,
                recipient_team_id=self.team,
                recipient_user_id=self.user,
            )
            self._id = str(answer["ts"])
        self._shown, self._at = text, time.monotonic()

    async def stop(self) -> str:
        """End the stream and return its message's id; "" if none was begun."""
        if self._id:
            await self.call("chat_stopStream", channel=self.channel, ts=self._id)
        return self._id


def stream_text(message: Message) -> str:
    """Return ``message`` as Markdown that only grows when it does; Slack reads ``<!channel>`` there unless escaped."""
    text = "\n".join(_lines(message))[:MAX_STREAM_CHARS]
    return (
        text.replace("\\<", "<")
        .replace("\\>", ">")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def _lines(message: Message) -> Iterator[str]:
    if message.title:
        yield f"**{escape(message.title)}**"
    for part in message.parts:
        for story in part.stories:
            yield f"**{escape(story.headline.text)}**"
            yield from (_bullet(line) for line in (*story.status, *story.bullets))
        yield from (_bullet(line) for line in part.lines)


def _bullet(line: Line) -> str:
    return f"- {escape(': '.join(text for text in (line.label, line.lead, line.text) if text))}"
