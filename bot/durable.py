"""Durable chains of steps, on DBOS: what was begun is finished, after any interruption, from the last step that ended.

    enqueue(chain, id, round) ──▶ queue ──▶ step, step, … ─ checkpoint, wait ─▶ step, … ─ checkpoint ─▶ nothing left

A chain knows steps by name only. A step gets an id and a round, keeps what it learned in a table of its own, and says
which step follows and how long to wait before it; it may run again after a crash, so it has to be safe to repeat.
Queue and checkpoints lie in SQLite or PostgreSQL; several processes on one PostgreSQL share the queues.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import StoreError, WirebriefError
from bot.log import report_fault

VERSION = "1"
"""Of the chains' shape. Workflows of another version are not continued here; what they were about is taken up anew."""

APPLICATION = "wirebrief"
SCHEMA = "dbos"  # of the workflows, where they share a PostgreSQL database with our tables
CONNECTIONS = 8  # of one process to the workflow database
POLL = 0.5  # seconds between looks at a queue
AHEAD = 4  # chains taken from a queue for each that may be at work: between two looks nobody is idle
BATCH = 500
MOST_RECOVERIES = 10_000
TROUBLE = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between tries while the database is away

_log = structlog.get_logger()

Step = Callable[[str, str, int], Awaitable[tuple[str, float]]]
"""Gets a step's name, an id and a round; gives the step that follows ("" for none) and the seconds before it."""


@dataclass(slots=True, kw_only=True)
class Durable:
    """The running chains of one process; one at a time in a process."""

    chains: Mapping[str, tuple[str, Step]]  # name of the chain: its first step and what does the steps
    turns: Mapping[str, asyncio.Semaphore]  # of each queue: chains at work at the same time in this process
    active: dict[tuple[str, str], int] = field(default_factory=dict)  # (chain, id): round at work here
    stopping: bool = False

    async def enqueue(self, queue: str, chain: str, subject: str, round_: int) -> None:
        """Let ``chain`` run for ``subject`` in ``round_``, once, however often it is asked for."""
        with SetWorkflowID(f"{chain}:{subject}:{round_}"):
            await DBOS.enqueue_workflow_async(queue, _run_chain, chain, subject, round_, queue)

    async def drain(self, seconds: float) -> int:
        """Begin no further step; return how many chains are still within one after ``seconds``."""
        self.stopping = True
        until = time.monotonic() + seconds
        while self.active and time.monotonic() < until:  # noqa: ASYNC110 - DBOS tells nobody
            await asyncio.sleep(0.05)
        return len(self.active)

    async def prune(self, *, before: datetime) -> int:
        """Remove the workflows that began before ``before``, whatever became of them; return how many."""
        removed = 0
        while found := await DBOS.list_workflows_async(
            end_time=before.isoformat(), limit=BATCH, load_input=False, load_output=False
        ):
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in found])
            removed += len(found)
        return removed

    async def recover(self, executor: str) -> None:
        """Let others go on with what the process ``executor`` had begun when it died."""
        await asyncio.to_thread(DBOS._recover_pending_workflows, [executor])  # noqa: SLF001 - it has no public name


_current: list[Durable] = []  # DBOS has one registry a process, and looks workflows up by name


@DBOS.workflow(name="chain", max_recovery_attempts=MOST_RECOVERIES)
async def _run_chain(chain: str, subject: str, round_: int, queue: str) -> None:
    host = _current[-1]
    name, step = host.chains[chain]
    while name:
        if host.stopping:
            await asyncio.Event().wait()  # left as it is, at a checkpoint, for the next start
        async with host.turns[queue]:
            host.active[chain, subject] = round_
            try:
                name, wait = await DBOS.run_step_async({"name": name}, _some, step, name, subject, round_)
            finally:
                host.active.pop((chain, subject), None)
        if wait:
            await DBOS.sleep_async(wait)


async def _some(step: Step, name: str, subject: str, round_: int) -> tuple[str, float]:
    """Do ``name`` and the steps after it, up to one that has to wait: what each learned stands in our own tables."""
    host, wait = _current[-1], 0.0
    while name and not wait and not host.stopping:
        name, wait = await _one(step, name, subject, round_)
    return name, wait


async def _one(step: Step, name: str, subject: str, round_: int) -> tuple[str, float]:
    """Do one step; of what breaks it, the engine keeps an id: errors quote what they stumbled over."""
    try:
        return await _patiently(step, name, subject, round_)
    except WirebriefError:
        raise
    except Exception as error:  # noqa: BLE001 - told by its id
        number = report_fault(error, doing=f"the step {name}")
    raise WirebriefError(f"A step broke (error {number})")


async def _patiently(step: Step, name: str, subject: str, round_: int) -> tuple[str, float]:
    """Do one step; while the database is away, wait for it."""
    for wait in TROUBLE:
        try:
            return await step(name, subject, round_)
        except StoreError as error:
            _log.warning("step waits for the database", step=name, subject=subject, reason=error.message)
            await asyncio.sleep(wait)
    return await step(name, subject, round_)


@asynccontextmanager
async def open_durable(
    url: str, *, chains: Mapping[str, tuple[str, Step]], concurrency: Mapping[str, int], executor: str
) -> AsyncIterator[Durable]:
    """Run ``chains`` on the workflow database beside the database ``url``; raises ``StoreError`` in words.

    ``executor`` names this process among those that share the database: what was at work under that name when it
    ended goes on at once.
    """
    logging.getLogger("dbos").setLevel(logging.ERROR)
    turns = {queue: asyncio.Semaphore(most) for queue, most in concurrency.items()}
    durable = Durable(chains=chains, turns=turns)
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": workflow_url(url),
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor,
        "enable_otlp": False,
        "console_log_level": "ERROR",
        "log_level": "ERROR",
        "scheduler_polling_interval_sec": 3600.0,
        # It tries again where the server was restarted: a connection need not be asked first whether it lives.
        "db_engine_kwargs": {"pool_size": CONNECTIONS, "pool_pre_ping": False},
        "max_executor_threads": 16,
    }
    _current.append(durable)
    try:
        try:
            DBOS(config=config)
            # Called within the loop, so that chains run in it: the one time that this blocks it.
            DBOS.launch()
            for queue, most in concurrency.items():
                await DBOS.register_queue_async(
                    queue,
                    worker_concurrency=most * AHEAD,
                    polling_interval_sec=POLL,
                    on_conflict="always_update",
                )
        except WirebriefError:
            raise
        except Exception as error:
            # The engine's own words may quote the address with its password.
            cause = getattr(error, "orig", None) or error
            code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "")
            raise StoreError(
                f"The workflow database cannot be opened ({code or type(cause).__name__})",
                hint="Check the room on its disk, the rights of its folder, and database.url; "
                "nothing that was stored is lost",
            ) from error
        yield durable
    finally:
        durable.stopping = True
        # What is cut off here is gone on with at the next start; DBOS would print a traceback for each.
        logging.getLogger("dbos").setLevel(logging.CRITICAL + 1)
        await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=0)
        _current.remove(durable)


async def discard(url: str) -> None:
    """Remove the workflows of the database ``url``, which no process may be using."""
    if url.startswith("sqlite:///"):
        file = Path(workflow_url(url).removeprefix("sqlite:///"))
        for name in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            await asyncio.to_thread(name.unlink, missing_ok=True)
        return
    engine = create_async_engine(workflow_url(url))
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.text(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE'))
    finally:
        await engine.dispose()


def workflow_url(url: str) -> str:
    """Return where the workflows of the database ``url`` are kept: a file beside it, or a schema within it."""
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        return f"sqlite:///{path.removesuffix('.db')}-work.db"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
