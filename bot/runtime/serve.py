"""Start the bot, connect its listeners, and run it until it is stopped."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from bot.blocking import run_blocking
from bot.concurrency import end_tasks
from bot.config import Config
from bot.errors import ConfigError, InputError, StoreError
from bot.flows.requests.dispatch import RequestDispatcher
from bot.flows.requests.subscribing.subscribe import read_channel
from bot.language.locale.en import counted
from bot.model.chat import Subscription
from bot.model.talk import Request
from bot.ports import Chat, Conversation, Handler, InteractiveChat, Listener
from bot.runtime.app import App
from bot.runtime.compose import open_app, open_chats, utc_now
from bot.runtime.health import OVERDUE_NOTE_DELAY, metrics_text, readiness
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.monitoring.traces import open_traces
from bot.runtime.open_service import open_service
from bot.runtime.startup import startup_summary
from bot.store import Store
from bot.store.engine import engine_name, location
from bot.tracing import span
from bot.web.health import serve_health

try:
    import fcntl
except ImportError:  # not on Windows: there, nothing keeps a second bot away
    fcntl = None  # type: ignore[assignment]

CONNECT_TIMEOUT_SECONDS = 15.0  # seconds the start waits for platforms to be reached

_log = structlog.get_logger()


def open_listeners(chats: Mapping[str, Chat]) -> list[Listener]:
    """Return the platforms with requests; a terminal and a webhook have none."""
    return [chat.listener for chat in chats.values() if isinstance(chat, InteractiveChat)]


def tune_garbage_collector() -> None:
    """Make the garbage collector ignore objects of the loaded program, and check long-lived objects rarely.

    A full collection over a million objects blocks the event loop for a third of a second; while feeds are read it happened every
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
    """Run the bot until ``stop`` is set; raises a ``WirebriefError`` if it cannot work."""
    begun = time.monotonic()
    metrics = Metrics(version=version("wirebrief"), database=engine_name(config.database.url))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(open_traces(config.traces.endpoint))
        stack.enter_context(await run_blocking(lock_database, config.database.url))
        app = await stack.enter_async_context(open_app(config, now=now, observe=metrics.count_model_call))
        chats = await stack.enter_async_context(open_chats(config, store=app.store, now=now))
        _check(config, chats)
        metrics.begin(
            models=[model.name for model in (config.model, config.fallback_model) if model.name],
            platforms=[chat.platform for chat in chats.values() if isinstance(chat, InteractiveChat)],
        )
        if app.encoder:
            await app.encoder.load()
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=metrics))
        address = ""
        if config.run.http and not once:
            address = await stack.enter_async_context(
                serve_health(
                    config.run.http, ready=lambda: readiness(service), metrics=lambda: metrics_text(service)
                )
            )
        tune_garbage_collector()
        feeds, subscriptions = await app.store.feeds.all(), await app.store.subscriptions.all()
        await _log_start(app, process=service.name, feeds=len(feeds), subscriptions=subscriptions)
        for line in await startup_summary(
            app,
            chats,
            feeds=feeds,
            subscriptions=subscriptions,
            address=address,
            seconds=time.monotonic() - begun,
        ):
            say(line)
        gc.freeze()  # objects that exist now live on: scanning them in every collection would block the event loop
        if once:
            await service.read()  # what is due now is to know what is new now
        await service.begin()
        listeners = [] if once else open_listeners(chats)
        dispatcher = app.request_dispatcher(chats=chats, wake=service.tick)
        handle = _handler(dispatcher, metrics)
        connecting: list[asyncio.Task[None]] = []
        try:
            connecting = await _connect(listeners, handle)
            if listeners:
                connecting.append(asyncio.create_task(service.check_removals()))
            if once:
                if left := await until_idle(app.store, stop):
                    say(left)
                await service.send_notices()
                await service.prune()
            else:
                await stop.wait()
        finally:
            _log.info("stopping", process=service.name)
            await end_tasks(connecting)
            for listener in listeners:
                await listener.close(config.run.stop_seconds)
            await service.end()
    _log.info("stopped", process=service.name, seconds=round(time.monotonic() - begun, 1))
    say("Stopped.")


async def _log_start(app: App, *, process: str, feeds: int, subscriptions: Sequence[Subscription]) -> None:
    where = await run_blocking(location, app.config.database.url)
    _log.info(
        "started",
        version=version("wirebrief"),
        database=f"{engine_name(app.config.database.url)} {where}",
        feeds=feeds,
        subscriptions=len([s for s in subscriptions if not s.paused]),
        paused=len([s for s in subscriptions if s.paused]),
        model=app.config.model.name or "none",
        process=process,
    )


def _handler(dispatcher: RequestDispatcher, metrics: Metrics) -> Handler:
    """Return what handles requests, counted, traced and logged without their words."""

    async def handle(request: Request, conversation: Conversation) -> None:
        metrics.count_request(request)
        came = time.monotonic()
        named = {
            "platform": request.channel.platform,
            "verb": request.verb.value,
            "request": request.id,
        }
        with span("request", **named):
            await dispatcher.handle(request, conversation)
        _log.info("request handled", **named, seconds=round(time.monotonic() - came, 2))

    return handle


async def _connect(listeners: list[Listener], handle: Handler) -> list[asyncio.Task[None]]:
    """Connect every platform; an invalid token stops the start, a platform that is down does not."""
    tasks = [asyncio.create_task(listener.listen(handle)) for listener in listeners]
    if tasks:
        done, waiting = await asyncio.wait(tasks, timeout=CONNECT_TIMEOUT_SECONDS)
        for task in waiting:
            _log.warning("a platform is not reachable yet; starting without it")
            task.add_done_callback(_log_failure)
        for task in done:
            task.result()
    return tasks


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("listening to a platform failed", reason=error)


def lock_database(url: str) -> ExitStack:
    """Hold the lock of a SQLite file; the system releases it however the process ends."""
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
            hint="Check the permissions of the folder",
        ) from error
    return stack


def _check(config: Config, chats: Mapping[str, Chat]) -> None:
    if config.run.admin_channel:
        try:
            read_channel(config.run.admin_channel, chats)
        except InputError as error:
            raise ConfigError(f"run.admin_channel: {error.message}", hint=error.hint) from error


async def until_idle(
    store: Store, stop: asyncio.Event, *, clock: Callable[[], float] = time.monotonic
) -> str:
    """Wait until no delivery is open, or two minutes for failing ones; return what is left for the next run, in words."""
    since = clock()
    while not stop.is_set():
        moving, left = await store.deliveries.open_without_failure(), await store.deliveries.open()
        if not left:
            break
        if not moving and clock() - since > OVERDUE_NOTE_DELAY.total_seconds():
            what = counted(left, "delivery is", "deliveries are")
            return f"{what} left for the next run: a channel accepts no posts; wirebrief deliveries says why"
        await asyncio.sleep(0.2)
    return ""
