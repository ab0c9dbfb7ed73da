"""Stages for the suite of chats: a platform on this machine, the bot in one of its channels, and what readers see.

A platform joins the suite with an entry in ``STAGES``; one that people talk to, with an entry in ``TALKING`` too. An
entry opens the stage in an empty folder and yields it: ``async with STAGES["slack"](folder) as stage``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.chat.terminal import TerminalChat
from bot.chat.webhook import WebhookChat
from bot.config import Webhook
from bot.model.chat import Channel
from bot.ports import Chat, Handler, Post
from tests.contracts.discord_stage import discord_stage
from tests.contracts.seen import Seen
from tests.contracts.slack_stage import slack_stage
from tests.readers.plain import read_terminal, read_webhook


class Stage(Protocol):
    """A platform with the bot in ``channel``, as its readers see it."""

    chat: Chat
    channel: Channel  # where the bot may post
    unknown: Channel  # of the same platform, and not there
    finds: bool  # whether what was posted can be looked up
    amends: bool  # whether what was posted can be changed

    async def seen(self) -> list[Seen]:
        """Return the bot's messages in the channel and its threads, in the order they came."""
        ...

    def lose_answer(self) -> None:
        """Let the next message arrive and its answer be lost on the way back."""
        ...


class Talking(Stage, Protocol):
    """A stage whose platform tells the bot what people do."""

    async def listen(self, handle: Handler) -> None:
        """Connect the bot; what it hears goes to ``handle``."""
        ...

    async def ask(self, text: str, *, thread: str = "") -> str:
        """Say ``text`` to the bot as a person, in the thread of a message where one is named; return its id.

        Comes back when the bot has been told and has done with it.
        """
        ...

    async def echo(self, message_id: str) -> None:
        """Tell the bot of a message of its own, as the platform does; come back when it has done with it."""
        ...


Open = Callable[[Path], AbstractAsyncContextManager[Any]]


class Receiver:
    """A receiver of webhooks that keeps what it got, by key; ``losing`` drops the next answer."""

    def __init__(self) -> None:
        self.got: dict[str, str] = {}
        self.losing = False

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take one post."""
        self.got[request.headers["Idempotency-Key"]] = await request.text()
        if self.losing and request.transport:
            self.losing = False
            request.transport.close()
        return web.json_response({"id": request.headers["Idempotency-Key"]})

    async def find(self, request: web.Request) -> web.Response:
        """Answer a look-up."""
        key = request.query["key"]
        return web.json_response({"id": key}) if key in self.got else web.Response(status=404)


@dataclass(slots=True, kw_only=True)
class WebhookStage:
    """A webhook of one style."""

    receiver: Receiver
    chat: Chat
    finds: bool = True
    amends: bool = False
    channel: Channel = Channel(platform="webhook", id="news")  # noqa: RUF009 - frozen
    unknown: Channel = Channel(platform="webhook", id="nobody")  # noqa: RUF009 - frozen

    async def seen(self) -> list[Seen]:
        """Return what the receiver got."""
        return [Seen(id=key, reading=read_webhook(body)) for key, body in self.receiver.got.items()]

    def lose_answer(self) -> None:
        """Drop the connection after the next message."""
        self.receiver.losing = True


@dataclass(slots=True, kw_only=True)
class FileStage:
    """A file on this machine; nothing is lost on the way to it, so a lost answer is a message written before."""

    folder: Path
    chat: Chat
    finds: bool = True
    amends: bool = False
    channel: Channel = Channel(platform="console", id="news.txt")  # noqa: RUF009 - frozen
    unknown: Channel = Channel(platform="console", id="no/such/folder")  # noqa: RUF009 - frozen
    lost: list[bool] = field(default_factory=list)

    async def seen(self) -> list[Seen]:
        """Return the file's messages: each ends with its key."""
        path = self.folder / self.channel.id
        seen, text = [], []
        for line in path.read_text("utf-8").splitlines() if path.exists() else []:
            if line.startswith("-- "):
                seen.append(Seen(id=line.split()[1], reading=read_terminal("\n".join(text))))
                text = []
            else:
                text.append(line)
        return seen

    def lose_answer(self) -> None:
        """Have nothing to lose."""


def webhook_stage(style: str) -> Open:
    """Return what opens a webhook of ``style``."""

    @asynccontextmanager
    async def opened(_folder: Path):
        receiver = Receiver()
        site = web.Application(client_max_size=16 * 1024 * 1024)
        site.add_routes([web.post("/hook", receiver.take), web.get("/find", receiver.find)])
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        hook = Webhook.model_validate({"url": f"{base}/hook", "lookup": f"{base}/find", "style": style})
        try:
            async with WebhookChat({"news": hook}, window=10.0, settle_seconds=0.0) as chat:
                yield WebhookStage(receiver=receiver, chat=chat)
        finally:
            await runner.cleanup()

    return opened


@asynccontextmanager
async def file_stage(folder: Path):
    """Open a file as a channel."""
    yield FileStage(folder=folder, chat=TerminalChat(folder=folder))


STAGES: dict[str, Open] = {
    "console": file_stage,
    "webhook": webhook_stage("generic"),
    "mattermost": webhook_stage("mattermost"),
    "discord": discord_stage,
    "slack": slack_stage,
}
TALKING: dict[str, Open] = {"slack": slack_stage, "discord": discord_stage}


def posts(stage: Stage, payloads: tuple[str, ...], *, key: str = "wb-key") -> list[Post]:
    """Return the posts of ``payloads``; that they follow the first is for who posts them."""
    return [
        Post(channel=stage.channel, key=f"{key}-{number}", payload=payload, number=number, of=len(payloads))
        for number, payload in enumerate(payloads, 1)
    ]
