"""Durable chains of steps, on DBOS: an interrupted chain is continued.

    start(chain, id, epoch) ──▶ room in its queue ──▶ place ──▶ step, step, … ──▶ nothing left
                                                       ▲                 │
                                                       └──── wait ◀──────┘

A chain knows steps by name only. A step gets an id and an epoch, keeps what it learned in a table of its own, and says
which step follows and how long to wait before it; it may run again after a crash, so it has to be safe to repeat.
A chain begins at once in the process that started it, and once, whichever processes on one PostgreSQL start it. A process
starts as many as it has room for, and is told when there is room again: nothing looks for work at intervals. A chain
does not block others: while it waits for a time, for its own group or for a slow answer, its slot in the queue is released.
Should the process die, the lease of what the chain was about runs out, and it is started anew.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog
from dbos import DBOS, SetWorkflowID

from bot.blocking import run_blocking
from bot.concurrency import After, Chain, Limiter, QueuePlace, StepFunction, Ticket, end_tasks
from bot.errors import StoreError, WirebriefError
from bot.log import report_fault

CHAINS_PER_PLACE = 4  # chains in a queue of this process for each one that may run
MIN_QUEUED_CHAINS = 64  # chains that a process has room for in a queue at least
SLOW_STEP_SECONDS = 0.3  # seconds of a step that waits for an answer after which another has its place
SHORT_CHAIN_WAIT_SECONDS = 1.0  # seconds that a chain may wait and keep its room in the queue
MAX_WAITED_SECONDS = 8.0  # seconds of such waits together
GROUP_CHECK_SECONDS = 0.25  # seconds between looks whether a chain waits for its own group
WORKFLOWS_PER_BATCH = 500
# Seconds between attempts while the database is unavailable.
DATABASE_RETRY_SECONDS = 1.0, 2.0, 5.0, 10.0, 20.0, 30.0

Workflow = Callable[[str, str, int, str, str, str, bool], Coroutine[Any, Any, None]]
_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True, eq=False)
class ChainRun:
    """A chain for one subject that this process runs."""

    chain: Chain[Any]
    subject: str
    epoch: int
    place: QueuePlace
    done: asyncio.Event = field(default_factory=asyncio.Event)  # its slot in the queue is released
    waited: float = 0.0  # seconds, in its room


@dataclass(slots=True, kw_only=True)
class Durable:
    """The running chains of one process; one at a time in a process."""

    chains: Mapping[str, Chain[Any]]
    limiter: Limiter
    active: set[ChainRun] = field(default_factory=set)  # within a step
    waiting_or_active: set[ChainRun] = field(default_factory=set)  # within a step, or waiting for a place
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    in_queue: Counter[str] = field(
        default_factory=Counter
    )  # chains by their queue, of which there are as many as the limiter has
    on_room: Callable[[], None] = lambda: None  # called when a queue that was full has room again
    full: set[str] = field(default_factory=set)  # queues of which more was to be started
    stopping: bool = False
    workflow: Workflow = field(init=False)  # the one that DBOS runs for every chain

    async def start(self, chain: str, subject: str, epoch: int, place: QueuePlace) -> None:
        """Start ``chain`` for ``subject`` in ``epoch``; it runs once, however many processes ask.

        A stopping process starts nothing; the next one finds the work.
        """
        if self.stopping:
            return
        # In a context of its own: what a chain that ends has begun, as the look for more, is still within its workflow for
        # DBOS, and what a workflow starts that has ended is refused.
        starting = self._start(f"{chain}:{subject}:{epoch}", chain, subject, epoch, place)
        await asyncio.create_task(starting, context=contextvars.Context())

    async def _start(self, workflow: str, chain: str, subject: str, epoch: int, place: QueuePlace) -> None:
        with SetWorkflowID(workflow):
            await DBOS.start_workflow_async(
                self.workflow,
                chain,
                subject,
                epoch,
                place.queue,
                place.group,
                place.lane,
                place.retry,
            )

    def room(self, queue: str) -> int:
        """Return how many more chains this process has room for in ``queue``."""
        return max(0, self._most(queue) - self.in_queue[queue])

    def tell_when_free(self, queue: str) -> None:
        """Call ``on_room`` once half of the room in ``queue`` is free, because more work waits than there was room for."""
        self.full.add(queue)
        self._tell(queue)

    def _most(self, queue: str) -> int:
        return max(self.limiter.places(queue) * CHAINS_PER_PLACE, MIN_QUEUED_CHAINS)

    def _tell(self, queue: str) -> None:
        if queue in self.full and self.in_queue[queue] <= self._most(queue) // 2 and not self.stopping:
            self.full.discard(queue)
            self.on_room()

    def held(self, chain: str) -> dict[str, int]:
        """Return the chains that run or wait for a place here, as id to epoch."""
        known = self.chains[chain]
        return {run.subject: run.epoch for run in self.waiting_or_active if run.chain is known}

    async def begin(self, run: ChainRun) -> None:
        """Run a chain from its first step; return when its slot in the queue is released."""
        # In a separate context, so that DBOS's context of the present workflow ends with it.
        task = asyncio.create_task(self._run_to_end(run), context=contextvars.Context())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        queue = run.place.queue
        self.in_queue[queue] += 1
        try:
            await run.done.wait()
        finally:
            self.in_queue[queue] -= 1
            self._tell(queue)

    async def _run_to_end(self, run: ChainRun) -> None:
        after: After[Any] = After(step=run.chain.first, retry=run.place.retry)
        try:
            while after.step is not None and not self.stopping:
                if after.wait:
                    await self._wait(run, after.wait)
                after = await self._with_place(run, after)
        except WirebriefError as error:
            _log.warning("workflow failed; it will be restarted", subject=run.subject, reason=error.message)
        finally:
            run.done.set()

    async def _wait(self, run: ChainRun, seconds: float) -> None:
        run.waited += seconds
        if seconds > SHORT_CHAIN_WAIT_SECONDS or run.waited > MAX_WAITED_SECONDS:
            run.done.set()
        if seconds > SHORT_CHAIN_WAIT_SECONDS:
            await asyncio.sleep(seconds)
            return
        # So many short waits for a turn may follow each other that its lease would run out.
        self.waiting_or_active.add(run)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.waiting_or_active.discard(run)

    async def _with_place(self, run: ChainRun, after: After[Any]) -> After[Any]:
        """Do steps from ``after`` on in one place, up to one that has to wait."""
        ticket = self.limiter.request(replace(run.place, retry=after.retry))
        self.waiting_or_active.add(run)
        try:
            await self._wait_for_place(run, ticket)
            if after.step is None or self.stopping:
                return after
            self.active.add(run)
            return await self._do_steps(run, after.step, ticket)
        finally:
            self.active.discard(run)
            self.waiting_or_active.discard(run)
            self.limiter.release(ticket)

    async def _wait_for_place(self, run: ChainRun, ticket: Ticket) -> None:
        while not run.done.is_set() and not ticket.granted.is_set():
            if ticket.place.retry or self.limiter.waits_for_its_own(ticket):
                run.done.set()
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(ticket.granted.wait(), GROUP_CHECK_SECONDS)
        await ticket.granted.wait()

    async def _do_steps(self, run: ChainRun, step: StrEnum, ticket: Ticket) -> After[Any]:
        """Run ``step`` and those after it; the result of each is in our own tables."""
        while True:
            after = await self._do_step(run, step, ticket)
            if after.step is None or after.wait or ticket.slow or self.stopping:
                return after
            step = after.step

    async def _do_step(self, run: ChainRun, step: StrEnum, ticket: Ticket) -> After[Any]:
        """Run one step; while it waits long for an answer, another chain uses its place."""
        slow = None
        if step in run.chain.waiting:
            slow = asyncio.get_running_loop().call_later(
                SLOW_STEP_SECONDS, self._give_place_back, run, ticket
            )
        try:
            return await _with_retries(run.chain.do, step, run.subject, run.epoch)
        except WirebriefError:
            raise
        except Exception as error:  # noqa: BLE001 - logged by id only, because messages of errors can contain secrets
            number = report_fault(error, doing=f"the step {step}")
        finally:
            if slow:
                slow.cancel()
        raise WirebriefError(f"A step failed (error {number})")

    def _give_place_back(self, run: ChainRun, ticket: Ticket) -> None:
        if self.limiter.give_place_back(ticket):
            run.done.set()

    async def end(self) -> None:
        """Cancel the running chains; other processes, or the next start, continue them."""
        self.stopping = True
        await end_tasks(self.tasks)

    async def drain(self, seconds: float) -> int:
        """Begin no further step; return how many chains are still in one after ``seconds``."""
        self.stopping = True
        until = time.monotonic() + seconds
        while self.active and time.monotonic() < until:  # noqa: ASYNC110 - DBOS sends no event
            await asyncio.sleep(0.05)
        return len(self.active)

    async def prune(self, *, before: datetime) -> int:
        """Delete the workflows that began before ``before``; return their number."""
        removed = 0
        while found := await DBOS.list_workflows_async(
            end_time=before.isoformat(), limit=WORKFLOWS_PER_BATCH, load_input=False, load_output=False
        ):
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in found])
            removed += len(found)
        return removed

    async def recover(self, executor: str) -> None:
        """Let other processes continue the chains of the process ``executor``, which died."""
        await run_blocking(DBOS._recover_pending_workflows, [executor])  # noqa: SLF001 - it has no public name


async def _with_retries(do: StepFunction[Any], step: StrEnum, subject: str, epoch: int) -> After[Any]:
    """Do one step; while the database is away, wait for it."""
    for wait in DATABASE_RETRY_SECONDS:
        try:
            return await do(step, subject, epoch)
        except StoreError as error:
            _log.warning("step waits for the database", step=step, subject=subject, reason=error.message)
            await asyncio.sleep(wait)
    return await do(step, subject, epoch)
