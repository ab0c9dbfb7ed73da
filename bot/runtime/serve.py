"""Put the running bot together, say what it will do, and keep it until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.blocking import run_blocking
from bot.chat.replies.feeds import feed_names
from bot.chat.slack.setup import is_set, open_slack
from bot.chat.terminal import TerminalChat
from bot.chat.webhook import WebhookChat
from bot.config import Config
from bot.errors import ConfigError, InputError, ModelError, StoreError, WirebriefError
from bot.flows.notify import notifier
from bot.flows.requests.subscribe import next_slot, read_channel
from bot.flows.requests.suggest import suggest
from bot.model.chat import Channel, Subscription
from bot.model.talk import Request
from bot.ports import Chat, Conversation, Handler, Listener, ModelRequest, Talkative
from bot.runtime.compose import App, open_app, utc_now
from bot.runtime.metrics import Metrics, Standing
from bot.runtime.service import SWEEP, Service, open_service
from bot.store import Store
from bot.web.health import Readiness, serve_health

try:
    import fcntl
except ImportError:  # not on Windows: there, nothing keeps a second bot away
    fcntl = None  # type: ignore[assignment]

PATIENCE = 15.0  # seconds the start waits for platforms to be reached
MODEL_CHECK = 20.0  # seconds a model has to answer that it is there
SHOWN = 5  # next slots and problems named at the start
OVERDUE = timedelta(minutes=2)  # after which readiness names the oldest delivery
DEAF = 12 * SWEEP  # seconds without a sweep after which the bot is not ready

_log = structlog.get_logger()


@asynccontextmanager
async def open_chats(
    config: Config, *, store: Store, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[dict[str, Chat]]:
    """Yield every platform of ``config``, by name; raises ``ConfigError`` for one that cannot work."""
    async with AsyncExitStack() as stack:
        webhooks = await stack.enter_async_context(WebhookChat(config.webhooks))
        chats: dict[str, Chat] = {"console": TerminalChat(), "webhook": webhooks}
        if is_set(config.slack):
            keys = config.slack.encryption_keys
            chats["slack"] = await stack.enter_async_context(
                open_slack(
                    config.slack,
                    installations=store.installations(*keys) if keys else None,
                    replays=store.replays,
                    now=now,
                    tell=notifier(store=store, now=now),
                )
            )
        if config.discord.token.get_secret_value():
            from bot.chat.discord.setup import open_discord  # noqa: PLC0415 - it takes a while, and few have both

            chats["discord"] = await stack.enter_async_context(
                open_discord(
                    config.discord,
                    now=now,
                    suggest=partial(suggest, store=store, now=now),
                    tell=notifier(store=store, now=now),
                    grace=timedelta(hours=config.run.grace_hours),
                )
            )
        yield chats


def open_listeners(chats: Mapping[str, Chat]) -> list[Listener]:
    """Return the platforms that people can talk to; a terminal and a webhook take no requests."""
    return [chat.listener for chat in chats.values() if isinstance(chat, Talkative)]


def calm_collector() -> None:
    """Let the garbage collector look at what came with the program no more, and at long-lived things rarely.

    A full look over a million objects holds the loop up for a third of a second: while feeds are read it came every
    few seconds, and commands waited for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def serve(
    config: Config,
    *,
    stop: asyncio.Event,
    say: Callable[[str], None],
    once: bool = False,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Run the bot until ``stop`` is set; raises a ``WirebriefError`` when it cannot work."""
    begun = time.monotonic()
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        stack.enter_context(await run_blocking(alone, config.database.url))
        app = await stack.enter_async_context(open_app(config, now=now))
        chats = await stack.enter_async_context(open_chats(config, store=app.store, now=now))
        _check(config, chats)
        if app.meaning:
            await app.meaning.encoder()
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=metrics))
        address = ""
        if config.run.http and not once:
            address = await stack.enter_async_context(
                serve_health(
                    config.run.http, ready=lambda: _ready(service), metrics=lambda: _counted(service)
                )
            )
        calm_collector()
        for line in await screen(app, chats, address=address, seconds=time.monotonic() - begun):
            say(line)
        gc.freeze()  # what stands now stays: looking through it again and again would hold the loop
        if once:
            await service.read()  # what is due now is to know what is new now
        await service.begin()
        listeners = [] if once else open_listeners(chats)
        desk = app.desk(chats=chats, wake=service.tick)

        async def handle(request: Request, conversation: Conversation) -> None:
            metrics.heard(request)
            await desk.handle(request, conversation)

        connecting: list[asyncio.Task[None]] = []
        try:
            connecting = await _listen(listeners, handle)
            if listeners:
                connecting.append(asyncio.create_task(service.look_around()))
            if once:
                if left := await until_idle(app.store, stop):
                    say(left)
                await service.tell()
                await service.prune()
            else:
                await stop.wait()
        finally:
            _log.info("stopping")
            for task in connecting:
                task.cancel()
            for listener in listeners:
                await listener.close(config.run.stop_seconds)
            await service.end()
    say("Stopped.")


async def _listen(listeners: list[Listener], handle: Handler) -> list[asyncio.Task[None]]:
    """Let every platform be heard; a token that is none stops the start, a platform that is down does not."""
    tasks = [asyncio.create_task(listener.listen(handle)) for listener in listeners]
    if tasks:
        done, waiting = await asyncio.wait(tasks, timeout=PATIENCE)
        for task in waiting:
            _log.warning("a platform cannot be reached yet; the rest goes on")
            task.add_done_callback(_say_failure)
        for task in done:
            task.result()
    return tasks


def _say_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("a platform cannot be heard", reason=error)


async def examine_chats(app: App, chats: Mapping[str, Chat]) -> AsyncIterator[tuple[str, str]]:
    """Yield what stands and what is wrong with the platforms and the channels briefings go to: mark and sentence."""
    for chat in chats.values():
        if isinstance(chat, Talkative):
            try:
                async for line in chat.about():
                    yield line
            except WirebriefError as error:
                yield "✗", str(error)
    names = {s.channel.name: s.channel for s in await app.store.subscriptions.all()}
    if app.admin_channel:
        names[app.admin_channel.name] = app.admin_channel
    for name, channel in names.items():
        wrong = await _obstacles(channel, chats)
        for sentence in wrong:
            yield "✗", f"{name}: {sentence}"
        if not wrong:
            yield "✓", name


async def _obstacles(channel: Channel, chats: Mapping[str, Chat], *, near: bool = False) -> tuple[str, ...]:
    """Return what keeps posts from ``channel``; with ``near``, only what is known without a call to its platform."""
    chat = chats.get(channel.platform)
    if chat is None:
        return (f"There is no platform {channel.platform!r} here",)
    return () if near and isinstance(chat, Talkative) else await chat.check(channel)


async def examine_encoder(app: App) -> list[tuple[str, str]]:
    """Return whether the configured encoder works, as a mark and a sentence; nothing where none is configured."""
    if app.meaning is None:
        return []
    try:
        encoder = await app.meaning.encoder()
    except ConfigError as error:
        return [("✗", str(error))]
    return [("✓", f"answers.encoder: {encoder.id}")]


async def examine_model(app: App) -> list[tuple[str, str]]:
    """Return whether a configured model answers, as a mark and a sentence; it costs some twenty tokens."""
    if app.model is None:
        return []
    request = ModelRequest(
        purpose="check",
        system='Reply with {"ready": true}.',
        user="Are you there?",
        schema_name="ready",
        schema={
            "type": "object",
            "properties": {"ready": {"type": "boolean"}},
            "required": ["ready"],
            "additionalProperties": False,
        },
        deadline=MODEL_CHECK,
    )
    try:
        reply = await app.model.complete(request)
    except ModelError as error:
        return [("✗", f"model: {error}")]
    return [("✓", f"model: {reply.model} answers")]


async def screen(app: App, chats: Mapping[str, Chat], *, address: str, seconds: float) -> list[str]:
    """Return what the bot will do, on one screen."""
    now = app.now()
    feeds, subscriptions = await app.store.feeds.all(), await app.store.subscriptions.all()
    running = [s for s in subscriptions if not s.paused]
    due = [(slot, s) for s in running if (slot := next_slot(s, after=now))]
    kind = "SQLite" if app.config.database.url.startswith("sqlite") else "PostgreSQL"
    model = app.config.model.name or "none: stories in the articles' own sentences"
    meaning = "words and meaning" if app.meaning else "words"
    lines = [
        f"Wirebrief runs ({seconds:.1f} s): {_count(len(feeds), 'feed')}, "
        f"{_count(len(running), 'subscription')}"
        + (f", {len(subscriptions) - len(running)} paused" if len(running) < len(subscriptions) else ""),
        f"Database {kind}; model {model}; questions by {meaning}; feeds read every {app.config.run.ingest_minutes} min"
        + (f"; health at http://{address}/readyz" if address else ""),
    ]
    lines += [f"Next: {slot_line(slot.due, s)}" for slot, s in sorted(due, key=lambda d: d[0].due)[:SHOWN]]
    problems = await _problems(app, chats, feeds=len(feeds), subscriptions=subscriptions)
    lines += [f"Problem: {problem}" for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"… and {len(problems) - SHOWN} more problems; wirebrief check names them")
    return lines


def slot_line(due: datetime, subscription: Subscription) -> str:
    """Return a slot with its zone and offset, and where it goes."""
    local = due.astimezone(ZoneInfo(subscription.zone))
    offset = f"{local:%z}"
    return f"{local:%a %Y-%m-%d %H:%M} {subscription.zone} (UTC{offset[:3]}:{offset[3:]}) → {subscription.channel.name}"


async def _problems(
    app: App, chats: Mapping[str, Chat], *, feeds: int, subscriptions: list[Subscription]
) -> list[str]:
    found = []
    if not feeds:
        found.append("there are no feeds; add some with wirebrief feeds add URL")
    if not subscriptions:
        found.append("there are no subscriptions; add one with wirebrief subscribe")
    if not app.config.run.admin_channel:
        found.append("run.admin_channel is empty: trouble is told in the log only")
    found += [f"{s.channel.name} is paused: {s.paused}" for s in subscriptions if s.paused]
    for name, channel in {s.channel.name: s.channel for s in subscriptions if not s.paused}.items():
        found += [f"{name}: {sentence}" for sentence in await _obstacles(channel, chats, near=True)]
    healths = await app.store.feeds.health()
    every = await app.store.feeds.all()
    names = feed_names(every)
    found += [
        f"feed {names[f.id]}: {healths[f.id].reason}"
        for f in every
        if f.id in healths and healths[f.id].failures
    ]
    return found


def alone(url: str) -> ExitStack:
    """Hold the lock of a SQLite file; the system gives it back however the process ends."""
    stack = ExitStack()
    if not url.startswith("sqlite:///") or fcntl is None:
        return stack
    path = Path(f"{url.removeprefix('sqlite:///')}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = stack.enter_context(path.open("w"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        stack.close()
        raise StoreError(
            "A bot already runs on this database",
            hint="Stop it first, or use PostgreSQL for several processes",
        ) from error
    except OSError as error:
        stack.close()
        raise StoreError(
            f"The folder of the database may not be written to: {error.strerror}",
            hint="Check the rights of the folder",
        ) from error
    return stack


def _check(config: Config, chats: Mapping[str, Chat]) -> None:
    if config.run.admin_channel:
        try:
            read_channel(config.run.admin_channel, chats)
        except InputError as error:
            raise ConfigError(f"run.admin_channel: {error.message}", hint=error.hint) from error


async def _ready(service: Service) -> Readiness:
    """Return whether this process can work; what a platform does not take is named, and is no fault of the process."""
    if service.trouble:
        return Readiness(problem=service.trouble)
    if service.swept and time.monotonic() - service.swept > DEAF:
        return Readiness(problem="the clock stands still")
    try:
        await service.app.store.leases.taken("ingest", now=service.app.now())
        oldest = await service.app.store.deliveries.oldest_open()
    except StoreError as error:
        return Readiness(problem=error.message)
    overdue = service.app.now() - oldest if oldest else timedelta()
    return Readiness(note=overdue_note(overdue) if overdue > OVERDUE else "")


def overdue_note(overdue: timedelta) -> str:
    """Return what is said of the oldest delivery that is not posted."""
    return f"the oldest delivery is {overdue.total_seconds():.0f} s overdue; wirebrief deliveries says why"


async def _counted(service: Service) -> bytes:
    for chat in service.chats.values():
        if isinstance(chat, Talkative):
            service.metrics.hears(chat.platform, connected=chat.listener.connected)
    with suppress(StoreError):  # what this process counted itself is told without it
        service.metrics.stands(await _standing(service))
    return service.metrics.text(tick_age=time.monotonic() - service.swept)


async def _standing(service: Service) -> Standing:
    store, now = service.app.store, service.app.now()
    oldest, read = await store.deliveries.oldest_open(), await store.feeds.last_read()
    return Standing(
        deliveries=await store.deliveries.counts(),
        failing=len(await store.deliveries.failing()),
        overdue=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        untold=len(await store.notices.untold()),
        read_ago=max(0.0, (now - read).total_seconds()) if read else time.monotonic() - service.started,
    )


async def until_idle(
    store: Store, stop: asyncio.Event, *, clock: Callable[[], float] = time.monotonic
) -> str:
    """Wait until nothing is open, or for two minutes for what fails; return what is left for the next run, in words."""
    since = clock()
    while not stop.is_set():
        moving, left = await store.deliveries.unhindered(), await store.deliveries.open()
        if not left:
            break
        if not moving and clock() - since > OVERDUE.total_seconds():
            what = "delivery is" if left == 1 else "deliveries are"
            return f"{left:,} {what} left to the next run: a channel takes nothing; wirebrief deliveries says why"
        await asyncio.sleep(0.2)
    return ""


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
