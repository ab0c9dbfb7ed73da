"""One process of the running bot, with a clock that can be moved and points at which it can be made to die."""

from __future__ import annotations

import asyncio
import functools
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import bot.runtime.service
from bot.chat.webhook import WebhookChat
from bot.config import Config
from bot.flows.delivery.ahead import Preparer
from bot.flows.delivery.deliver import Deliverer
from bot.log import set_up_logs
from bot.ports import ModelReply, ModelRequest
from bot.runtime.compose import open_app, scripted_model
from bot.runtime.durable import Durable
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from bot.store.briefings.briefings import Briefings
from bot.store.briefings.deliveries import Deliveries
from bot.store.briefings.subscriptions import Subscriptions
from bot.store.news.updates import StoryUpdates

WINDOW, SETTLE = 1.0, 0.8  # seconds; the platform's latest messages come within
PART = 700  # characters of one message

CALL_SECONDS = 0.05  # seconds the model takes for an answer


class SlowModel:
    """The model that needs no key, as slow as one that is asked over a network."""

    def __init__(self) -> None:
        self._model = scripted_model()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return its answer."""
        await asyncio.sleep(CALL_SECONDS)
        return await self._model.complete(request)


# Before and after each of these a process can die: every place where what is known and what is done part ways.
PLACES: tuple[tuple[type, str], ...] = (
    (Subscriptions, "create_due"),
    (Deliveries, "claim"),
    (Durable, "start"),
    (Deliverer, "step"),
    (Deliveries, "update"),
    (Briefings, "save"),
    (Deliveries, "keep_parts"),
    (Deliveries, "reserve_attempt"),
    (WebhookChat, "post"),
    (WebhookChat, "find"),
    (Deliveries, "refused"),
    (Deliveries, "posted"),
    (Briefings, "mark_sent"),
    (Preparer, "round"),
    (SlowModel, "complete"),
    (StoryUpdates, "keep"),
)
BOUNDARIES = tuple(f"{when} {cls.__name__}.{name}" for cls, name in PLACES for when in ("before", "after"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """Where and when a process dies by itself, and what else befalls it; empty for nothing."""

    boundary: str = ""
    hits: int = 1
    file_limit: int = 0  # bytes a file may grow to: a full disk


def live(
    config: Config, *, offset: Synchronized[float], up: Synchronized[int], disposition: Disposition, log: Path
) -> None:
    """Run the bot until it is killed or told to stop; the present is this machine's, moved by ``offset`` seconds.

    ``up`` counts the processes that came so far as to begin.
    """
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    set_up_logs(level="warning", json_lines=False)
    if disposition.boundary:
        _place(disposition)
    if disposition.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disposition.file_limit, resource.RLIM_INFINITY))
    bot.runtime.service.TICK_SECONDS = 0.3
    bot.runtime.service.LEASE_RENEWAL_SECONDS = 2.0
    bot.runtime.service.PREPARE_SECONDS = 0.3
    asyncio.run(_live(config, offset, up))


async def _live(config: Config, offset: Synchronized[float], up: Synchronized[int]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=offset.value)

    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, now=now, model=SlowModel()))
        hooks = WebhookChat(config.webhooks, window=WINDOW, settle_seconds=SETTLE, limit=PART)
        chats = {"webhook": await stack.enter_async_context(hooks)}
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
        await service.begin()
        with up.get_lock():
            up.value += 1
        await stop.wait()
        await service.end()


def _place(disposition: Disposition) -> None:
    when, _, name = disposition.boundary.partition(" ")
    cls, method = next((c, m) for c, m in PLACES if f"{c.__name__}.{m}" == name)
    setattr(cls, method, _dying(getattr(cls, method), when=when, hits=disposition.hits))


def _dying(method: Callable[..., Any], *, when: str, hits: int) -> Callable[..., Any]:
    left = hits

    def hit(at: str) -> None:
        nonlocal left
        if at == when:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(method)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        hit("before")
        result = await method(*args, **kwargs)
        hit("after")
        return result

    return wrapped


def chosen(chance: random.Random, number: int) -> Disposition:
    """Return the disposition of the process that is started as ``number``: every other one dies at a boundary, in turn."""
    if number % 2:
        return Disposition()
    return Disposition(boundary=BOUNDARIES[(number // 2) % len(BOUNDARIES)], hits=chance.randint(1, 6))


if __name__ == "__main__":
    sys.exit("run python -m tests.chaos.month")
