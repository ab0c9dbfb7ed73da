"""The answers of health checks and Prometheus: whether this process can work, and its metrics."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

from bot.blocking import run_blocking
from bot.chat.replies.feeds import feed_names
from bot.errors import StoreError
from bot.model.chat import FINAL, State
from bot.model.news import FeedHealth
from bot.ports import InteractiveChat
from bot.runtime.monitoring.metrics import FeedStatus, SystemStatus
from bot.runtime.service import TICK_SECONDS, Service
from bot.web.health import Readiness

OVERDUE_NOTE_DELAY = timedelta(minutes=2)  # after which readiness names the oldest delivery
MAX_TICK_AGE_SECONDS = 3 * TICK_SECONDS  # seconds without a sweep after which the bot is not ready


async def readiness(service: Service) -> Readiness:
    """Return whether this process can work; an overdue delivery is named, but does not make the process unhealthy."""
    if service.problem:
        return Readiness(problem=service.problem)
    if service.last_tick and time.monotonic() - service.last_tick > MAX_TICK_AGE_SECONDS:
        return Readiness(problem="the scheduler has stopped")
    try:
        await service.app.store.leases.taken("ingest", now=service.app.now())
        oldest = await service.app.store.deliveries.oldest_open()
    except StoreError as error:
        return Readiness(problem=error.message)
    overdue = service.app.now() - oldest if oldest else timedelta()
    return Readiness(note=overdue_note(overdue) if overdue > OVERDUE_NOTE_DELAY else "")


def overdue_note(overdue: timedelta) -> str:
    """Return the note on the oldest delivery that is not posted."""
    return f"the oldest delivery is {overdue.total_seconds():.0f} s overdue; wirebrief deliveries says why"


async def metrics_text(service: Service) -> bytes:
    """Return the metrics of ``service`` in Prometheus' text form."""
    for chat in service.chats.values():
        if isinstance(chat, InteractiveChat):
            service.metrics.set_connected(chat.platform, connected=chat.listener.connected)
    metrics, status = service.metrics, None
    with suppress(StoreError):  # the counters of this process are shown without the database
        status = await _status(service)

    def written() -> bytes:
        if status:
            metrics.set_status(status)
        return metrics.text(tick_age=time.monotonic() - service.last_tick)

    # In a thread: with thousands of feeds it takes a tenth of a second. One at a time: a scrape clears the series of feeds.
    async with service.scraping:
        return await run_blocking(written)


async def _status(service: Service) -> SystemStatus:
    store, now = service.app.store, service.app.now()
    oldest, read = await store.deliveries.oldest_open(), await store.feeds.last_read()
    feeds, healths = await store.feeds.all(), await store.feeds.health()
    names = feed_names(feeds)
    counts = await store.deliveries.counts()
    open_states = {state.value for state in State if state not in FINAL}
    return SystemStatus(
        deliveries=counts,
        failing=len(await store.deliveries.failing()),
        overdue=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        unsent=len(await store.notices.unsent()),
        read_ago=max(0.0, (now - read).total_seconds()) if read else time.monotonic() - service.started,
        open=sum(number for state, number in counts.items() if state in open_states),
        budget_left=1 - await service.app.share_spent(),
        feeds={names[one.id]: _feed_status(healths.get(one.id), now=now) for one in feeds},
    )


def _feed_status(health: FeedHealth | None, *, now: datetime) -> FeedStatus:
    read = health.last_success if health else None
    return FeedStatus(
        failures=health.failures if health else 0,
        read_ago=max(0.0, (now - read).total_seconds()) if read else None,
    )
