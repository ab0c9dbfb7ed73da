"""A newsroom's day on one platform: what its readers see and do there, and the bot beside it as a process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import bot.chat.discord.setup  # noqa: F401 - it reads files, which a running loop does not allow
from bot.config import load_config, packaged
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_chats
from bot.runtime.demo import DEMO_FEEDS, RecordedNews, recorded_news
from bot.store import open_store
from tests.readers import Reading
from tests.readers import discord as discord_reader
from tests.readers import slack as slack_reader
from tests.servers.discord.server import Discord, running
from tests.servers.discord.world import APP_ID, DM, MANAGE_GUILD, PUBLIC_THREAD
from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack, serving
from tests.servers.slack.world import Said
from tests.support.running import processes

PATIENCE = 240.0
T = TypeVar("T")


def reads_once(read: Callable[[dict[str, Any]], Reading]) -> Callable[[dict[str, Any]], Reading]:
    """Return ``read`` for who looks at the same messages twenty times a second: each state of one is read once."""
    known: dict[str, Reading] = {}

    def read_known(message: dict[str, Any]) -> Reading:
        state = repr(message)
        if state not in known:
            known[state] = read(message)
        return known[state]

    return read_known


read_discord = reads_once(discord_reader.read_message)
read_slack = reads_once(slack_reader.read_message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message of the bot: what it reads, where it stands, and the platform's own form of it."""

    reading: Reading
    raw: Any
    thread: str = ""  # of which message, empty in the channel itself
    only_for: str = ""


class Place(Protocol):
    """One channel of one platform, with the people in it."""

    channel: Channel
    settings: str  # lines of the configuration
    arguments: tuple[str, ...]  # for the bot's process

    def shown(self) -> list[Shown]:
        """Return the bot's messages in the channel and its threads that a member can see, oldest first."""
        ...

    async def press(self, message: Shown, verb: str) -> None:
        """Press a button of a message."""
        ...

    async def ask_in_thread(self, message: Shown, text: str) -> None:
        """Ask the bot in the thread of a message."""
        ...

    async def paste(self, text: str) -> None:
        """Name the bot in the channel."""
        ...

    async def chat(self, message: Shown, text: str) -> None:
        """Say something to each other in the thread of a message, without naming the bot."""
        ...

    async def invite(self) -> None:
        """Bring the bot into another channel, or another server."""
        ...

    def greeted(self) -> list[Reading]:
        """Return what the bot said where it was invited."""
        ...

    def connected(self) -> bool:
        """Return whether the bot listens."""
        ...


@dataclass(slots=True, kw_only=True)
class SlackPlace:
    """Channel C1 of the loopback Slack."""

    slack: Slack
    members: Members
    channel: Channel = Channel(platform="slack", workspace="T1", id="C1")  # noqa: RUF009 - frozen
    arguments: tuple[str, ...] = ()

    @property
    def settings(self) -> str:
        """Return the app's tokens and where its Slack is."""
        return f'[slack]\nbot_token = "xoxb-1"\napp_token = "xapp-1"\napi_url = "{self.slack.url}/api/"\n'

    def shown(self) -> list[Shown]:
        """Return what Anna sees of the bot."""
        return [
            Shown(
                reading=read_slack(said.shown(metadata=False)),
                raw=said,
                thread=said.thread,
                only_for=said.only_for,
            )
            for said in self.slack.world.seen("C1", user="UANNA")
        ]

    async def press(self, message: Shown, verb: str) -> None:
        """Press a button as Anna."""
        said: Said = message.raw
        await self.members.press("UANNA", said, self.members.button(said, verb))

    async def ask_in_thread(self, message: Shown, text: str) -> None:
        """Name the bot in the thread."""
        await self.members.mention("UANNA", text, thread=message.raw.thread or message.raw.ts)

    async def paste(self, text: str) -> None:
        """Name the bot in the channel."""
        await self.members.mention("UANNA", text)

    async def chat(self, message: Shown, text: str) -> None:
        """Write plain words in the thread."""
        await self.members.say("UANNA", text, channel="C1", thread=message.raw.thread or message.raw.ts)

    async def invite(self) -> None:
        """Invite the bot into C2."""
        await self.members.join("C2")

    def greeted(self) -> list[Reading]:
        """Return what the bot said in C2."""
        return [read_slack(said.shown(metadata=False)) for said in self.slack.world.seen("C2")]

    def connected(self) -> bool:
        """Return whether a socket is open."""
        return bool(self.slack.sockets)


@dataclass(slots=True, kw_only=True)
class DiscordPlace:
    """A text channel of the loopback Discord."""

    server: Discord
    place: Any
    member: int
    channel: Channel
    acts: int = 0
    second: Any = None  # the other server

    @property
    def settings(self) -> str:
        """Return the bot's token."""
        return f'[discord]\ntoken = "{self.server.world.token}"\n'

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the port of its Discord."""
        return (str(self.server.port),)

    def shown(self) -> list[Shown]:
        """Return what the member sees of the bot, its private answers too."""
        world = self.server.world
        found = [
            (
                int(message["id"]),
                Shown(
                    reading=read_discord(message),
                    raw=message | {"place": place},
                    thread=str(place.id) if place.type == PUBLIC_THREAD else "",
                ),
            )
            for place in world.places.values()
            if self.place.id in {place.id, place.parent}
            for message in place.messages.values()
            if message["author"]["id"] == str(APP_ID)
        ]
        found += [
            (
                int(message["id"]),
                Shown(
                    reading=read_discord(message),
                    raw=message | {"place": place},
                    only_for=str(self.member),
                ),
            )
            for place in world.places.values()
            if place.type == DM and place.with_user == self.member
            for message in place.messages.values()
        ]
        found += [
            (int(message["id"]), Shown(reading=read_discord(message), raw=message, only_for=str(self.member)))
            for interaction in self.server.interactions.values()
            if interaction.ephemeral
            for message in interaction.messages
        ]
        return [shown for _, shown in sorted(found, key=lambda pair: pair[0])]

    async def press(self, message: Shown, verb: str) -> None:
        """Press a button as the member."""
        button = next(
            b
            for b in _components(message.raw["components"])
            if b.get("custom_id", "").startswith(f"wb:{verb}:")
        )
        data = {"custom_id": button["custom_id"], "component_type": 2}
        raw = {key: value for key, value in message.raw.items() if key != "place"}
        await self.server.interact(3, self.member, message.raw["place"], data, message=raw)

    async def ask_in_thread(self, message: Shown, text: str) -> None:
        """Name the bot in the message's thread."""
        thread = self.server.world.places[int(message.raw["id"])]
        await self._mention(thread, text)

    async def paste(self, text: str) -> None:
        """Name the bot in the channel."""
        await self._mention(self.place, text)

    async def chat(self, message: Shown, text: str) -> None:
        """Write plain words in the message's thread."""
        await self.server.say(self.server.world.places[int(message.raw["id"])], self.member, text)

    async def invite(self) -> None:
        """Add the bot to another server."""
        world = self.server.world
        self.second = world.server("Second")
        world.place(self.second, "hall")
        joined = world.guild(self.second, whole=True)
        del joined["unavailable"]  # it is told of servers that were there before
        await self.server.gateway.tell("GUILD_CREATE", joined, guild=self.second.id)

    def greeted(self) -> list[Reading]:
        """Return what the bot said in the other server."""
        places = [p for p in self.server.world.places.values() if self.second and p.guild == self.second.id]
        return [read_discord(message) for place in places for message in place.messages.values()]

    def connected(self) -> bool:
        """Return whether the bot's gateway session stands."""
        return any(
            session.socket and not session.socket.closed for session in self.server.gateway.sessions.values()
        )

    async def _mention(self, place: Any, text: str) -> None:
        user = {"id": str(APP_ID), "username": "Wirebrief", "discriminator": "0", "avatar": None, "bot": True}
        await self.server.say(place, self.member, f"<@{APP_ID}> {text}", mentions=[user])


@asynccontextmanager
async def slack_place() -> AsyncIterator[SlackPlace]:
    """Yield a Slack with the bot in a channel."""
    async with serving(Slack()) as slack:
        yield SlackPlace(slack=slack, members=Members(slack=slack))


@asynccontextmanager
async def discord_place() -> AsyncIterator[DiscordPlace]:
    """Yield a Discord with the bot in a channel."""
    async with running() as server:
        guild = server.world.server()
        place = server.world.place(guild)
        yield DiscordPlace(
            server=server,
            place=place,
            member=server.world.member(guild, "anna", may=MANAGE_GUILD),
            channel=Channel(platform="discord", workspace=str(guild.id), id=str(place.id)),
        )


PLACES: dict[str, Callable[[], Any]] = {"slack": slack_place, "discord": discord_place}


@dataclass(slots=True, kw_only=True)
class Day:
    """The recorded news, one place, and the bot as a process on a clock of its own."""

    folder: Path
    news: RecordedNews
    place: Place
    process: processes.Process | None = None
    deaths: int = 0
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "bot.log"

    async def prepare(self, *, now: datetime, times: str) -> None:
        """Write the configuration, add the feeds, subscribe the channel."""
        url = f"sqlite:///{self.folder / 'wire.db'}"
        allowed = self.news.hosts
        lines = (
            f'[database]\nurl = "{url}"\n[fetch]\nallow = {json.dumps(allowed)}\nworkers = 1\n[run]\nhttp = ""\n'
            f"{self.place.settings}"
        )
        await asyncio.to_thread((self.folder / "wirebrief.toml").write_text, lines, "utf-8")
        self.move_to(now)
        async with open_store(url) as store:
            await store.feeds.add(
                [Feed(id=derive_id("fee", name), url=self.news.feed(name)) for name in DEMO_FEEDS]
            )
            config = await asyncio.to_thread(load_config, self.folder / "wirebrief.toml", environ={})
            async with open_chats(config, store=store) as chats:
                requested = SubscriptionRequest(channel=self.place.channel.name, times=times)
                await subscribe(requested, store=store, chats=chats, now=now, zone="UTC")

    def move_to(self, moment: datetime) -> None:
        """Set the bot's clock."""
        seconds = (moment - datetime.now(UTC)).total_seconds()
        with (self.folder / "offset").open("r+b" if (self.folder / "offset").exists() else "wb") as file:
            file.write(struct.pack("d", seconds))

    async def start(self) -> None:
        """Start the bot and wait until it listens."""
        with await asyncio.to_thread(self.log.open, "a") as out:
            self.process = await asyncio.to_thread(
                processes.start,
                "wirebrief.toml",
                "offset",
                *self.place.arguments,
                module="tests.e2e.clocked",
                cwd=self.folder,
                stdout=out,
                stderr=out,
            )
        await self.until(self.place.connected, "the bot to listen")

    async def has_read(self, times: int) -> None:
        """Wait until the feeds were read ``times`` times."""
        await self._counted("SELECT count(*) FROM ingest WHERE NOT cut_off", times)

    async def has_delivered(self, times: int) -> None:
        """Wait until ``times`` briefings were posted to their last part, and the bot knows it."""
        await self._counted("SELECT count(*) FROM delivery WHERE state = 'posted'", times)

    async def _counted(self, query: str, most: int) -> None:
        def count() -> int:
            with contextlib.closing(sqlite3.connect(self.folder / "wire.db")) as database:
                return int(database.execute(query).fetchone()[0])

        until = time.monotonic() + PATIENCE
        while await asyncio.to_thread(count) < most:
            assert time.monotonic() < until, self.told()
            await asyncio.sleep(0.1)

    async def says(self, word: str) -> Shown:
        """Wait until the newest message of the bot has ``word`` in it, and its sources, which come with the whole."""

        def newest() -> Shown | None:
            shown = self.place.shown()[-1:]
            whole = shown and shown[0].reading.links and not shown[0].reading.mentions
            return shown[0] if whole and word in shown[0].reading.text.casefold() else None

        return await self.until(newest, f"{word!r} and sources in its newest message")

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        assert self.process
        self.process.kill()
        await self.process.ended()
        self.deaths += 1

    async def until(self, found: Callable[[], T], what: str) -> T:
        """Return what ``found`` gives once it is something; fails with the bot's log."""
        until = time.monotonic() + PATIENCE
        while not (result := found()):
            alive = self.process is None or self.process.poll() is None
            assert alive, f"the bot has ended while waiting for {what}\n{self.told()}"
            assert time.monotonic() < until, f"waiting for {what}\n{self.told()}"
            await asyncio.sleep(0.05)
        return result

    def told(self) -> str:
        """Return the bot's log and what readers saw, for a failure."""
        seen = "\n".join(
            f"[{s.thread or s.only_for or 'channel'}] {s.reading.text}" for s in self.place.shown()
        )
        return f"{self.log.read_text('utf-8')[-6000:] if self.log.exists() else ''}\n{seen}"


@asynccontextmanager
async def opened(folder: Path, platform: str) -> AsyncIterator[Day]:
    """Yield a day on ``platform`` before anything has happened."""
    recorded = await asyncio.to_thread(packaged, "demo/recorded")
    async with recorded_news(recorded) as news, PLACES[platform]() as place:
        day = Day(folder=folder, news=news, place=place)
        try:
            yield day
        finally:
            if day.process:
                day.process.terminate()
                await day.process.ended()


def _components(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(c for inner in value.values() for c in _components(inner))]
    return [c for inner in value for c in _components(inner)] if isinstance(value, list) else []
