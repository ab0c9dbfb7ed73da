"""Deliver: one slot from due to posted, in steps that can be interrupted and repeated in any process.

    gather ──▶ write (and check) ──▶ render ──▶ next part ──▶ post ──▶ (next part) … ──▶ record
                                                  ▲  │        │
                                                  │  └────────┴─ unknown outcome ──▶ reconcile: wait, look up
                                                  └────────────────────────────────────┘

The result of a step is stored before the next begins: the workflow carries only keys. A call to a platform
follows a reservation that was kept; whoever finds a reservation that is not its own waits until that call can no longer
land, asks the platform for the key, and only then calls again. No step waits: it ends, and says when the next is due.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cachetools import FIFOCache

from bot.concurrency import DONE, After
from bot.errors import StoreError
from bot.flows.delivery.context import DeliveryContext
from bot.flows.delivery.outcomes import WAITING_STEPS, Step
from bot.flows.delivery.steps import Steps
from bot.flows.delivery.work import Superseded, failure_of
from bot.tracing import span

MAX_STEPS_IN_MEMORY = (
    500  # deliveries whose next step begins soon; more were left by chains that were cut off
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer(DeliveryContext):
    """Executes the steps of all deliveries, and remembers those that continue with their next step at once."""

    steps_in_memory: FIFOCache[tuple[str, int], Steps] = field(
        default_factory=lambda: FIFOCache(MAX_STEPS_IN_MEMORY)
    )

    async def step(self, step: Step, delivery_id: str, epoch: int) -> After[Step]:
        """Execute ``step`` of a delivery in ``epoch`` and return what follows."""
        work = await self._work(step, delivery_id, epoch)
        if work is None:
            return DONE
        try:
            with span(
                "delivery",
                trace_of=delivery_id,
                delivery=delivery_id,
                channel=work.delivery.channel.name,
                scheduled=work.delivery.wall,
                step=step.value,
            ):
                after = await work.do(step)
        except Superseded:
            return DONE
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - every failure must be visible in the delivery
            return await _handle_fault(work, step, error)
        if after.step:
            self.steps_in_memory[delivery_id, epoch] = work
        return after

    async def _work(self, step: Step, delivery_id: str, epoch: int) -> Steps | None:
        """Return the state of a delivery; None if there is nothing to do in ``epoch``."""
        # The store refuses what an older epoch writes, the reservation of a post too; before other calls to a platform it is asked.
        known = self.steps_in_memory.pop((delivery_id, epoch), None)
        if known and step not in WAITING_STEPS - {Step.POST}:
            return known
        delivery = await self.store.deliveries.in_epoch(delivery_id, epoch)
        if delivery is None:
            return None
        if known:
            known.delivery = delivery
            return known
        return Steps(context=self, delivery=delivery, epoch=epoch)


async def _handle_fault(work: Steps, step: Step, error: Exception) -> After[Step]:
    """Retry a step after an unexpected error; then notify a person."""
    failure = failure_of(error, doing=f"the step {step} of a delivery")
    try:
        part, _ = await work.next_part()
        again = Step.NEXT_PART if step is Step.POST else step
        return await work.refused(failure, part=part, step=again)
    except Superseded:
        return DONE
