"""Post briefings to the terminal (``console:-``) or to a text file (``console:PATH``), with their keys.

A file can be looked into again, a terminal cannot: there, an unknown outcome is for a person.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import time
from pathlib import Path

from rich.console import Console

from bot.blocking import run_blocking
from bot.chat.console import print_message
from bot.errors import DeliveryReason, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.model.message import Message
from bot.ports import Post

WIDTH_COLUMNS = 100


class TerminalChat:
    """Channels on this machine."""

    platform = "console"
    window = 10.0
    settle_seconds = 0.0

    def __init__(self, *, folder: Path = Path()) -> None:
        self._folder = folder
        self._writing = asyncio.Lock()

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:  # noqa: ARG002 - the port's shape
        """Return the one payload: the briefing as text."""
        text = io.StringIO()
        print_message(message, Console(file=text, width=WIDTH_COLUMNS, color_system=None))
        return (text.getvalue(),)

    def validate(self, channel: Channel) -> None:
        """Take every channel: any path may become a file."""

    def rate_limit_wait(self, channel: Channel) -> float:  # noqa: ARG002 - the port's shape
        """Return 0: a terminal is always ready."""
        return 0.0

    async def post(self, post: Post) -> str:
        """Write the message, then its key."""
        async with self._writing:
            if time.monotonic() > post.latest:
                raise PostRefused("The message came too late", reason="too late", retry_after=0.0)
            await run_blocking(self._write, post)
        return post.key

    async def find(self, post: Post) -> str | None:
        """Return the key if the file has it."""
        if post.channel.id == "-":
            raise NoLookUp("A terminal cannot be read back", reason="no lookup")
        text = await run_blocking(self._read, post)
        return post.key if _mark(post) in text.splitlines() else None

    async def amend(self, post: Post, message_id: str) -> None:  # noqa: ARG002 - the port's shape
        """Refuse: what was written stays as it is."""
        raise PostRefused(
            "What was written to a terminal or file stays as it is", reason=DeliveryReason.CANNOT_EDIT
        )

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Return why the file cannot be written."""
        return () if channel.id == "-" else await run_blocking(_obstacles, self._folder / channel.id)

    def _write(self, post: Post) -> None:
        text = f"{post.payload}\n{_mark(post)}\n"
        if post.channel.id == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        try:
            file = os.open(self._folder / post.channel.id, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        except OSError as error:
            raise PostRefused(
                f"The file {post.channel.id!r} cannot be written: {error.strerror}",
                reason="file",
                hint="Check the path and the permissions of its folder",
                gone=True,
            ) from error
        try:
            # One system call: the text is written completely or, on a full disk, cut off before its key.
            done = os.write(file, text.encode())
            os.fsync(file)
        except OSError as error:
            raise PostUnclear("The file could not be written whole", reason="file") from error
        finally:
            os.close(file)
        if done < len(text.encode()):
            raise PostUnclear("The file could not be written whole", reason="file")

    def _read(self, post: Post) -> str:
        try:
            return (self._folder / post.channel.id).read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise PostUnclear(f"The file cannot be read: {error.strerror}", reason="file") from error


def _obstacles(path: Path) -> tuple[str, ...]:
    if path.is_dir():
        return (f"{str(path)!r} is a folder: name a file in it",)
    if not os.access(path.parent, os.W_OK):
        return (
            f"The folder {str(path.parent)!r} cannot be written to: check that it is there, and its rights",
        )
    return ()


def _mark(post: Post) -> str:
    return f"-- {post.key} {post.number}/{post.of}"
