"""Open the durable engine on the workflow database, with the one workflow that runs every chain."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from dbos import DBOS, DBOSConfig

from bot.blocking import run_blocking
from bot.concurrency import Chain, Limiter, QueuePlace
from bot.errors import StoreError, WirebriefError
from bot.runtime.durable import ChainRun, Durable, Workflow
from bot.store.running import workflows

WORKFLOW_VERSION = "3"
"""Of the chains' shape. Workflows of another version are not continued here; what they were about is started anew."""

APPLICATION = "wirebrief"
MAX_WORKFLOW_CONNECTIONS = 8  # of one process to the workflow database
MAX_RECOVERIES = 10_000


@asynccontextmanager
async def open_durable(
    url: str, *, chains: Mapping[str, Chain[Any]], concurrency: Mapping[str, int], executor: str
) -> AsyncIterator[Durable]:
    """Run ``chains`` on the workflow database beside the database ``url``; raises ``StoreError``.

    ``executor`` names this process among those that share the database: chains that were running under this name
    continue at once.
    """
    logging.getLogger("dbos").setLevel(logging.ERROR)
    durable = Durable(chains=chains, limiter=Limiter(concurrency))
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": workflows.database_url(url),
        "dbos_system_schema": workflows.WORKFLOW_SCHEMA,
        "application_version": WORKFLOW_VERSION,
        "executor_id": executor,
        "enable_otlp": False,
        "console_log_level": "ERROR",
        "log_level": "ERROR",
        "scheduler_polling_interval_sec": 3600.0,
        # It tries again where the server was restarted: a connection need not be asked first whether it lives.
        "db_engine_kwargs": {"pool_size": MAX_WORKFLOW_CONNECTIONS, "pool_pre_ping": False},
        "max_executor_threads": 16,
    }
    durable.workflow = _register(durable)
    try:
        try:
            DBOS(config=config)
            DBOS.listen_queues(
                []
            )  # nothing is put into queues of its own, and it would look at them at intervals
            # Called within the loop, so that chains run in it: the one time that this blocks it.
            DBOS.launch()
        except WirebriefError:
            raise
        except Exception as error:
            # The engine's own words may quote the address with its password.
            cause = getattr(error, "orig", None) or error
            code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "")
            raise StoreError(
                f"The workflow database cannot be opened ({code or type(cause).__name__})",
                hint="Check the room on its disk, the permissions of its folder, and database.url; "
                "nothing that was stored is lost",
            ) from error
        yield durable
    finally:
        await durable.end()
        # What is cut off here is gone on with at the next start; DBOS would print a traceback for each.
        logging.getLogger("dbos").setLevel(logging.CRITICAL + 1)
        await run_blocking(DBOS.destroy, workflow_completion_timeout_sec=0)
        # DBOS made its own threads the loop's, and they ended with it: what blocks later needs others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())


def _register(durable: Durable) -> Workflow:
    """Register the one workflow, which runs a chain of ``durable``, and return it.

    DBOS has one registry a process and looks workflows up by name, also after a restart.
    """

    @DBOS.workflow(name="chain", max_recovery_attempts=MAX_RECOVERIES)
    async def run_chain(
        chain: str,
        subject: str,
        epoch: int,
        queue: str,
        group: str,
        lane: str,
        retry: bool,  # noqa: FBT001 - DBOS keeps what it gets
    ) -> None:
        if durable.stopping:
            await asyncio.Event().wait()  # left as it is for the next start
        place = QueuePlace(queue=queue, group=group, lane=lane, retry=retry)
        await durable.begin(ChainRun(chain=durable.chains[chain], subject=subject, epoch=epoch, place=place))

    return run_chain
