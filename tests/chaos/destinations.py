"""Break destinations of every platform for good, and see that the healthy ones get their briefings at their minute.

``python -m tests.chaos.destinations [--engine sqlite|postgresql] [--broken N] [--healthy N] [--slots N]``

On loopback Slack, Discord and webhooks, N destinations have each of the faults (500 for ever, no answer until the deadline,
connection reset, 429 with a wait of minutes, slow answers), and one workspace is broken with all of its channels; the
healthy ones stand beside them, most in the same workspace. All are due at the same minutes. Printed are the lateness of the
healthy ones, the calls of the broken ones, what admins were told, and what the servers' own logs say of each message.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.chat.discord.setup import open_discord
from bot.chat.slack.setup import open_slack
from bot.chat.webhook import WebhookChat
from bot.config import Config, DatabaseSettings, Discord, Fetch, RunSettings, Slack, Webhook
from bot.log import set_up_logs
from bot.model.chat import Channel, PartState, Subscription
from bot.model.ids import derive_id
from bot.model.workspace import Installation
from bot.runtime.compose import open_app
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.runtime.service import Service
from bot.schedule import Timetable, slots
from bot.store import Store
from tests.chaos.month import database
from tests.servers.broken import FAULTS, Broken
from tests.servers.discord import server as discord_server
from tests.servers.platform import Platform
from tests.servers.slack import server as slack_server
from tests.servers.slack.world import Room, Token

HEALTHY = "healthy"
LATE = 10.0  # seconds a healthy destination may be late
ADMINS = "webhook:admins"
TEAMS = {"T1": "xoxb-1", "T2": "xoxb-2"}


@dataclass(slots=True, kw_only=True)
class World:
    """The platforms, and who has which fault."""

    slack: slack_server.Slack
    discord: discord_server.Discord
    hooks: Platform
    kinds: dict[str, str] = field(default_factory=dict)  # by channel: its fault, or HEALTHY
    broken_workspaces: set[str] = field(default_factory=set)

    def broken(self, platform: str) -> Broken:
        """Return what is broken of a platform."""
        return {"slack": self.slack, "discord": self.discord, "webhook": self.hooks}[platform].broken

    def add(self, channel: Channel, fault: str) -> None:
        """Add a destination."""
        self.kinds[channel.name] = fault
        if fault != HEALTHY:
            self.broken(channel.platform).faults[channel.id] = fault

    def posted(self) -> list[tuple[str, str, float]]:
        """Return each message of the platforms' own logs: destination, key, and when it came."""
        found = [
            (f"slack:{self._team(said.channel)}/{said.channel}", said.key, said.at)
            for said in self.slack.world.said
        ]
        places = self.discord.world.places
        for seen in self.discord.world.log:
            place = places[seen.channel]
            top = places[place.parent] if place.parent else place
            found.append((f"discord:{top.guild}/{top.id}", seen.nonce or str(seen.message), seen.at))
        for line in self.hooks.log.read_text().splitlines():
            at, name, key = line.split()
            found.append((f"webhook:{name}", key, float(at)))
        return found

    def _team(self, channel: str) -> str:
        return "T2" if channel.startswith("CX") else "T1"


@dataclass(frozen=True, slots=True)
class Installed:
    """The bot in both Slack workspaces."""

    async def get(self, platform: str, workspace: str) -> Installation | None:
        return Installation(
            platform=platform,
            workspace=workspace,
            token=TEAMS[workspace],
            bot_user="UBOT",
            name=workspace,
            installed_at=datetime.now(UTC),
        )

    async def all(self, platform: str) -> list[Installation]:
        return [found for team in TEAMS if (found := await self.get(platform, team))]

    async def unreadable(self, _platform: str) -> list[str]:
        return []

    async def save(self, installation: Installation) -> None:
        pass

    async def remove(self, platform: str, workspace: str) -> None:
        pass


def people(world: World, *, broken: int, healthy: int, faults: Iterable[str]) -> None:
    """Add the destinations of every platform: broken ones first, so that they would be posted first."""
    faults = tuple(faults)
    kinds = [fault for fault in faults for _ in range(broken)] + [HEALTHY] * healthy
    first, second = world.discord.world.server("news"), world.discord.world.server("broken")
    world.slack.world.tokens["xoxb-2"] = Token(team="T2")
    for number, kind in enumerate(kinds):
        _slack(world, "T1", f"CB{number}", kind)
        place = world.discord.world.place(first, f"c{number}")
        world.add(Channel(platform="discord", workspace=str(first.id), id=str(place.id)), kind)
        world.add(Channel(platform="webhook", id=f"w{number}"), kind)
    for number in range(broken * len(faults)):
        kind = ("500", "hang")[number % 2]
        _slack(world, "T2", f"CX{number}", kind)
        place = world.discord.world.place(second, f"x{number}")
        world.add(Channel(platform="discord", workspace=str(second.id), id=str(place.id)), kind)
    world.broken_workspaces = {"T2", str(second.id)}


def _slack(world: World, team: str, name: str, kind: str) -> None:
    world.slack.world.rooms[name] = Room(id=name, members={"UBOT"})
    world.add(Channel(platform="slack", workspace=team, id=name), kind)


@contextlib.asynccontextmanager
async def platforms(folder: Path) -> AsyncIterator[tuple[World, int]]:
    """Serve Slack, Discord and a receiver of webhooks; yield them and the receiver's port."""
    log = folder / "hooks.log"
    log.touch()
    hooks = Platform(log=log)
    async with contextlib.AsyncExitStack() as stack:
        runner = await hooks.serve(0)
        stack.push_async_callback(runner.cleanup)
        slack = await stack.enter_async_context(slack_server.serving(slack_server.Slack()))
        discord = await stack.enter_async_context(discord_server.running())
        yield World(slack=slack, discord=discord, hooks=hooks), runner.addresses[0][1]


@contextlib.asynccontextmanager
async def chats_of(
    world: World, hooks: dict[str, Webhook], *, now: Callable[[], datetime], hurry: bool
) -> AsyncIterator[dict[str, Any]]:
    """Yield the platforms as the bot opens them; in a ``hurry`` with windows of three seconds."""
    slack = Slack.model_validate(
        {
            "client_id": "1",
            "client_secret": "s",
            "signing_secret": "s",
            "encryption_key": "k",
            "http": "127.0.0.1:0",
            "public_url": "https://bot.example",
            "api_url": f"{world.slack.url}/api/",
        }
    )
    short = {"window": 3.0, "settle_seconds": 1.5} if hurry else {}
    async with contextlib.AsyncExitStack() as stack:
        opened = await stack.enter_async_context(
            open_discord(Discord.model_validate({"token": world.discord.world.token}), now=now)
        )
        if hurry:
            opened.window, opened.settle_seconds = 3.0, 1.5
            object.__setattr__(opened._rest, "window", 3.0)
        yield {
            "slack": await stack.enter_async_context(
                open_slack(slack, installations=Installed(), now=now, **short)
            ),
            "discord": opened,
            "webhook": await stack.enter_async_context(WebhookChat(hooks, **short)),
        }


async def subscribe_all(store: Store, world: World, *, now: datetime, lines: tuple[str, ...]) -> None:
    """Subscribe every destination at the same minutes."""
    timetable = Timetable(lines=lines, zone="UTC")
    first = next(slots(timetable, after=now))
    for name in world.kinds:
        channel = Channel.read(name)
        subscription = Subscription(
            id=derive_id("sub", name),
            channel=channel,
            times=";".join(lines),
            zone="UTC",
            lines=lines,
            created_at=now,
            scope=channel.scope,
        )
        await store.subscriptions.save(subscription, next_due=first.due, enumerated=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one run gives: the table's rows, what admins were told, what is wrong, and who was late."""

    rows: list[dict[str, str]]
    notices: list[str]
    wrong: list[str]
    late: list[str]
    processor: list[float] = field(default_factory=list)


async def live(
    *,
    url: str,
    folder: Path,
    broken: int,
    healthy: int,
    dues: int = 1,
    after: float = 0.0,
    faults: Iterable[str] = FAULTS,
    hurry: bool = False,
) -> Findings:
    """Run the bot over ``dues`` minutes and ``after`` seconds more; return what came of it."""
    async with contextlib.AsyncExitStack() as stack:
        world, port = await stack.enter_async_context(platforms(folder))
        people(world, broken=broken, healthy=healthy, faults=faults)
        if hurry:  # within the window of a call, as it is at its real length
            for platform in ("slack", "discord", "webhook"):
                world.broken(platform).slow = 0.4
        base = f"http://127.0.0.1:{port}"
        hooks = {
            channel.id: Webhook(url=f"{base}/hook/{channel.id}", lookup=f"{base}/find/{channel.id}")
            for channel in (*map(Channel.read, world.kinds), Channel.read(ADMINS))
            if channel.platform == "webhook"
        }
        ahead = _ahead(hurry=hurry)

        def now() -> datetime:
            return datetime.now(UTC) + ahead

        config = Config(
            database=DatabaseSettings(url=url),
            fetch=Fetch(workers=1),
            run=RunSettings(http="", admin_channel=ADMINS),
            webhooks=hooks,
        )
        app = await stack.enter_async_context(open_app(config, now=now))
        chats = await stack.enter_async_context(chats_of(world, hooks, now=now, hurry=hurry))
        first = now().replace(second=0, microsecond=0) + timedelta(minutes=1)
        moments = [first + timedelta(minutes=2 * n) for n in range(dues)]
        lines = tuple(f"{at.minute} {at.hour} * * *" for at in moments)
        await subscribe_all(app.store, world, now=now(), lines=lines)
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
        await service.begin()
        measuring = asyncio.create_task(_processor(moments, now=now))
        await _until(world, now=now, last=moments[-1], count=dues, after=after)
        await _booked(world, app.store)
        await service.end()
        return replace(await judge(world, service, moments=moments), processor=await measuring)


def _ahead(*, hurry: bool) -> timedelta:
    """Return how far the bot's clock is ahead: in a hurry its next minute comes in five seconds."""
    if not hurry:
        return timedelta()
    return timedelta(seconds=(55 - datetime.now(UTC).second) % 60)


async def _processor(moments: list[datetime], *, now: Callable[[], datetime]) -> list[float]:
    """Return how much of a processor the bot and the platforms had in the ten seconds after each of ``moments``."""
    found = []
    for moment in moments:
        await asyncio.sleep(max(0.0, (moment - now()).total_seconds()))
        begun = time.process_time()
        await asyncio.sleep(LATE)
        found.append((time.process_time() - begun) / LATE)
    return found


async def _until(
    world: World, *, now: Callable[[], datetime], last: datetime, count: int, after: float
) -> None:
    """Wait until the healthy have all they were due, or three minutes after the last; then ``after`` seconds more."""
    wanted = {name: count for name, kind in world.kinds.items() if kind in {HEALTHY, "slow"}}
    while now() < last + timedelta(seconds=180):
        posted = Counter(name for name, _, _ in world.posted())
        if now() > last and all(posted[name] >= number for name, number in wanted.items()):
            break
        await asyncio.sleep(1.0)
    await asyncio.sleep(after)


async def _booked(world: World, store: Store) -> None:
    """Wait, a little, until what the healthy were seen to get is booked as posted, too."""
    for _ in range(100):
        found = await store.deliveries.recent(100_000)
        if all(d.posted_at for d in found if world.kinds[d.channel.name] in {HEALTHY, "slow"}):
            return
        await asyncio.sleep(0.1)


async def judge(world: World, service: Service, *, moments: list[datetime]) -> Findings:
    """Compare what readers saw with what was due."""
    store, wrong = service.app.store, []
    seen = world.posted()
    for (name, key), number in Counter((name, key) for name, key, _ in seen if key).items():
        if number > 1:
            wrong.append(f"{name} has {key} {number} times")
    late: dict[tuple[str, str], list[tuple[float, datetime]]] = {}
    for delivery in await store.deliveries.recent(100_000):
        name, kind = delivery.channel.name, world.kinds[delivery.channel.name]
        row = late.setdefault((_where(world, delivery.channel), kind), [])
        mine = sorted(at for where, _, at in seen if where == name)
        parts = await store.deliveries.parts(delivery.id)
        standing = sum(part.state is PartState.POSTED for part in parts)
        if standing and delivery.posted_at:
            row.append(((delivery.posted_at - delivery.due_at).total_seconds(), delivery.due_at))
        if kind in {HEALTHY, "slow"} and not delivery.posted_at and delivery.due_at in moments:
            wrong.append(f"{name} was not posted: {delivery.state} {delivery.reason}")
        if kind not in {HEALTHY, "slow"} and mine:
            wrong.append(f"{name} is broken and has {len(mine)} messages")
    wrong += await _counted(world, store, seen)
    rows = [_row(world, where, kind, found) for (where, kind), found in sorted(late.items())]
    behind = [
        f"{where}: a healthy destination was {max(found)[0]:.1f} s late"
        for (where, kind), found in late.items()
        if kind == HEALTHY and found and max(found)[0] > LATE
    ]
    return Findings(
        rows=rows,
        notices=[notice.text for notice in await store.notices.recent(100)],
        wrong=wrong,
        late=behind,
    )


async def _counted(world: World, store: Store, seen: list[tuple[str, str, float]]) -> list[str]:
    """Return which destinations have more or fewer messages in their platform's log than parts that were posted."""
    standing: Counter[str] = Counter()
    for delivery in await store.deliveries.recent(100_000):
        parts = await store.deliveries.parts(delivery.id)
        standing[delivery.channel.name] += sum(part.state is PartState.POSTED for part in parts)
    shown = Counter(name for name, _, _ in seen)
    return [
        f"{name}: {shown[name]} messages, {standing[name]} parts posted"
        for name in world.kinds
        if shown[name] != standing[name]
    ]


def _where(world: World, channel: Channel) -> str:
    return f"{channel.platform}{', broken workspace' if channel.workspace in world.broken_workspaces else ''}"


def _row(world: World, where: str, kind: str, found: list[tuple[float, datetime]]) -> dict[str, str]:
    names = [
        Channel.read(name)
        for name, its in world.kinds.items()
        if its == kind and _where(world, Channel.read(name)) == where
    ]
    late = [seconds for seconds, _ in found]
    moments = sorted({due for _, due in found})
    most = [max(seconds for seconds, due in found if due == at) for at in moments]
    calls = [world.broken(channel.platform).calls[channel.id] for channel in names]
    return {
        "platform": where,
        "destinations": f"{len(names)} {kind}",
        "posted": str(len(late)),
        "late p50": f"{statistics.median(late):.1f} s" if late else "",
        "late max, by slot": ", ".join(f"{seconds:.1f} s" for seconds in most),
        "calls each": f"{min(calls)}-{max(calls)}" if kind != HEALTHY else "",
    }


def show(found: Findings) -> None:
    """Print the table, what admins were told, and what is wrong."""
    console = Console(width=150)
    table = Table(title="Broken and healthy destinations")
    for column in found.rows[0]:
        table.add_column(column)
    for row in found.rows:
        table.add_row(*row.values())
    console.print(table)
    shares = ", ".join(f"{share:.0%}" for share in found.processor)
    console.print(f"Bot and platforms had {shares} of a processor in the ten seconds after each minute.")
    console.print(f"Admins were told {len(found.notices)} things:")
    for text in found.notices:
        console.print(f"  {text}", highlight=False, markup=False)
    console.print(
        "\n".join([*found.wrong, *found.late])
        or "Nothing lost, nothing doubled, no healthy destination late.",
        markup=False,
    )


def main() -> int:
    """Run once and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    ask.add_argument("--broken", type=int, default=8, help="Destinations with each fault.")
    ask.add_argument("--healthy", type=int, default=30)
    ask.add_argument("--slots", type=int, default=2, help="Minutes that all are due, two apart.")
    given = ask.parse_args()
    set_up_logs(level="error", json_lines=False)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, _ = stack.enter_context(database(given.engine, folder))
        begun = time.monotonic()
        found = asyncio.run(
            live(
                url=url,
                folder=folder,
                broken=given.broken,
                healthy=given.healthy,
                dues=given.slots,
                after=5.0 if given.slots > 1 else 130.0,
            )
        )
    show(found)
    print(f"{given.engine}, {time.monotonic() - begun:.0f} s")
    return 1 if found.wrong or found.late else 0


if __name__ == "__main__":
    sys.exit(main())
