"""Open the running bot: its chains of steps, its leases and its services."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

from bot.concurrency import DONE, After, Chain
from bot.flows.delivery.ahead import PREPARING, Preparer
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import WAITING_STEPS, Step
from bot.flows.delivery.slots import queue_of
from bot.flows.notify import notifier
from bot.flows.updates.claims import CLAIM_PREFIX
from bot.ports import Chat
from bot.runtime.app import App
from bot.runtime.corrections import FIRST_CHECK_SPAN, QUEUE, Corrections, CorrectionStep
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_durable import open_durable
from bot.runtime.reading import read_feeds
from bot.runtime.scheduler import WakeScheduler
from bot.runtime.service import PROCESS_LEASE_DURATION, Service

SINGLE_PROCESS = "local"  # the one process of an SQLite file


class RoundStep(StrEnum):
    """The one step of an ingest, and of reading ahead; its name is never stored."""

    READ = "read"


@asynccontextmanager
async def open_service(app: App, *, chats: Mapping[str, Chat], metrics: Metrics) -> AsyncIterator[Service]:
    """Yield the bot, opened and not yet begun; raises a ``WirebriefError`` that says why it cannot work."""
    url = app.config.database.url
    # Only one process uses an SQLite file: with the same name it continues its chains at once.
    name = SINGLE_PROCESS if url.startswith("sqlite") else uuid.uuid4().hex[:12]
    await _announce(app, name)
    notify = notifier(store=app.store, now=app.now)
    deliverer = Deliverer(
        store=app.store,
        chats=chats,
        settings=app.config.briefings,
        now=app.now,
        session=app.session,
        notify=notify,
        count_delivery=metrics.count_delivery,
        count_briefing=metrics.count_briefing,
        write_seconds=app.config.run.write_seconds,
        rules=app.rules,
        offer=app.with_questions,
    )

    corrections = Corrections(store=app.store, chats=chats, now=app.now, looked=app.now() - FIRST_CHECK_SPAN)
    preparer = Preparer(
        composer=deliverer.composer,
        minutes=app.config.run.prepare_minutes,
        at_once=max(1, app.config.model.concurrency // 2),
        count=metrics.count_preparation,
    )

    async def prepare(_step: RoundStep, _subject: str, _epoch: int) -> After[RoundStep]:
        report = await preparer.round()
        return After(step=RoundStep.READ) if report.cut_off else DONE

    async def ingest(_step: RoundStep, _subject: str, _epoch: int) -> After[RoundStep]:
        await read_feeds(app, metrics)
        await corrections.start(durable)
        await app.check_watches(chats)
        return DONE

    concurrency = {queue_of(platform): app.config.run.concurrency for platform in chats}
    chains: dict[str, Chain[Any]] = {
        "deliver": Chain(first=Step.GATHER, do=deliverer.step, waiting=WAITING_STEPS),
        "ingest": Chain(first=RoundStep.READ, do=ingest),
        "prepare": Chain(first=RoundStep.READ, do=prepare),
        "correct": Chain(first=CorrectionStep.WITHDRAW, do=corrections.step),
    }
    alone = {"ingest": 1, "prepare": 1, QUEUE: 1}
    async with open_durable(url, chains=chains, concurrency=concurrency | alone, executor=name) as durable:
        service = Service(
            app=app,
            durable=durable,
            scheduler=WakeScheduler(),
            chats=chats,
            metrics=metrics,
            notify=notify,
            preparer=preparer,
            name=name,
            began=app.now(),
            caches=[
                deliverer.briefing_cache.clear,
                deliverer.message_cache.clear,
                deliverer.steps_in_memory.clear,
                app.clear_caches,
            ],
        )
        try:
            yield service
        finally:
            await service.stop()


async def _announce(app: App, name: str) -> None:
    """Announce this process; if it is the only one, it takes over what others had begun."""
    leases, now = app.store.leases, app.now()
    await leases.acquire(f"replica {name}", holder=name, now=now, lasting=PROCESS_LEASE_DURATION)
    if name == SINGLE_PROCESS or not await leases.held("replica ", now=now, but=name):
        await app.store.deliveries.release_all(now)
        for begun in (CLAIM_PREFIX, PREPARING):
            await leases.clear(begun)
