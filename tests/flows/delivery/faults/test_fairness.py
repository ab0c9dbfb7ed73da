"""Broken destinations beside healthy ones, in simulated time: the places, waits and remedies are those of the running bot.

A queue is emptied as the running bot does it; the steps call a platform that is slow, silent or refuses for ever.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field

import pytest

from bot.concurrency import DONE, After, Chain, Limiter
from bot.flows.delivery.outcomes import (
    WAITING_STEPS,
    Refusal,
    Remedy,
    Situation,
    Step,
    after_refusal,
)
from bot.flows.delivery.slots import queue_of, queue_place
from bot.model.chat import Channel, PartState
from bot.runtime.durable import ChainRun, Durable
from tests.support.simulated import simulate

pytestmark = pytest.mark.slow
MOST = 8  # run.concurrency
WINDOW, SETTLE = 10.0, 15.0  # seconds, as Slack has them
LATE = 10.0
FAULTS = ("500", "hang", "reset", "429 long", "429 short", "slow", "unreachable")
HEALTHY = "healthy"


@dataclass(slots=True, kw_only=True)
class Platform:
    """Channels by name, each with its fault; what was posted when, and how often each was called."""

    kinds: dict[str, str]
    posted: dict[tuple[str, int], float] = field(default_factory=dict)
    calls: dict[str, list[float]] = field(default_factory=dict)
    situations: dict[str, Situation] = field(default_factory=dict)
    at_work: int = 0
    most_at_work: int = 0

    async def step(self, name: str, subject: str, epoch: int) -> After:
        """Do a step of the delivery to the channel ``subject`` in the slot ``epoch``."""
        if name == Step.GATHER:
            await asyncio.sleep(0.02)
            return After(step=Step.POST)
        now = asyncio.get_running_loop().time()
        self.calls.setdefault(subject, []).append(now)
        kind = self.kinds[subject]
        await asyncio.sleep({"hang": WINDOW, "slow": 4.0, HEALTHY: 0.2}.get(kind, 0.05))
        if kind in {HEALTHY, "slow"}:
            self.posted[subject, epoch] = asyncio.get_running_loop().time()
            return DONE
        return self._refused(subject, kind, looked_up=name == Step.RECONCILE)

    def _refused(self, subject: str, kind: str, *, looked_up: bool) -> After:
        refusal, asked = {
            "429 long": (Refusal.RATE_LIMITED, 600.0),
            "429 short": (Refusal.RATE_LIMITED, 1.0),
            "unreachable": (Refusal.TEMPORARY, 5.0),
        }.get(kind, (Refusal.LOOK_UP_FAILED if looked_up else Refusal.UNKNOWN, 0.0))
        known = self.situations.get(subject, Situation())
        unknown = refusal in {Refusal.UNKNOWN, Refusal.LOOK_UP_FAILED}
        known = Situation(
            attempts=known.attempts,
            limited=known.limited,
            part=PartState.INTENDED if unknown else PartState.WAITING,
        )
        decision = after_refusal(refusal, known, asked=asked)
        self.situations[subject] = Situation(attempts=decision.attempts, limited=known.limited + 1)
        if decision.remedy is not Remedy.RETRY:
            return DONE
        wait = max(decision.wait, WINDOW + SETTLE) if refusal is Refusal.UNKNOWN else decision.wait
        return After(step=Step.RECONCILE if unknown else Step.POST, wait=wait, retry=True)


async def slots_of(
    platform: Platform, order: list[list[str]], *, every: float = 120.0, after: float = 60.0
) -> None:
    """Let the channels of each slot in ``order`` be due, ``every`` seconds apart, and ``after`` more pass after the last."""
    chain = Chain(first=Step.GATHER, do=platform.step, waiting=WAITING_STEPS)
    durable = Durable(chains={"deliver": chain}, limiter=Limiter({queue_of("slack"): MOST}))
    queue: list[ChainRun] = []
    entries: set[asyncio.Task[None]] = set()

    def fill() -> None:
        for one in [queue.pop(0) for _ in range(min(len(queue), durable.room(queue_of("slack"))))]:
            task = asyncio.create_task(durable.begin(one))
            entries.add(task)
            task.add_done_callback(entries.discard)
        if queue:  # once those have begun
            asyncio.get_running_loop().call_soon(durable.tell_when_free, queue_of("slack"))

    durable.on_room = fill
    for number, names in enumerate(order):
        queue += [
            ChainRun(chain=chain, subject=name, epoch=number, place=queue_place(Channel.read(name)))
            for name in names
        ]
        fill()
        await asyncio.sleep(every)
    await asyncio.sleep(after)
    await durable.end()


def late(platform: Platform, *, every: float = 120.0) -> list[float]:
    """Return how late each healthy channel was, over all slots."""
    return [
        at - number * every
        for (name, number), at in platform.posted.items()
        if platform.kinds[name] == HEALTHY
    ]


def channels(kind: str, number: int, *, team: str = "T1") -> dict[str, str]:
    return {f"slack:{team}/{kind.replace(' ', '')}{n}": kind for n in range(number)}


def run(broken: dict[str, str], healthy: dict[str, str], *, after: float = 60.0) -> Platform:
    """Let all be due at one minute, the broken ones first, and the healthy ones again two minutes later."""
    platform = Platform(kinds=broken | healthy)
    simulate(slots_of(platform, [[*broken, *healthy], list(healthy)], after=after))
    return platform


@pytest.mark.parametrize("fault", FAULTS)
def test_a_hundred_broken_channels_hold_up_no_healthy_one_of_their_own_workspace(fault):
    healthy = channels(HEALTHY, 30)
    platform = run(channels(fault, 100), healthy)
    found = late(platform)
    assert len(found) == 2 * len(healthy)
    assert max(found) < LATE


def test_every_fault_at_once_holds_up_no_healthy_channel():
    broken = {name: kind for fault in FAULTS for name, kind in channels(fault, 12).items()}
    found = late(run(broken, channels(HEALTHY, 30)))
    assert len(found) == 60
    assert max(found) < LATE


@pytest.mark.parametrize("fault", ["500", "hang", "429 long", "429 short"])
def test_a_broken_workspace_with_many_channels_holds_up_no_other(fault):
    found = late(run(channels(fault, 300, team="T2"), channels(HEALTHY, 30)))
    assert len(found) == 60
    assert max(found) < LATE


@pytest.mark.parametrize("fault", ["500", "hang", "reset", "unreachable"])
def test_a_broken_channel_is_called_less_and_less_often(fault):
    platform = run(channels(fault, 8), channels(HEALTHY, 30), after=3600.0)
    for name in channels(fault, 8):
        calls = platform.calls[name]
        assert 8 < len(calls) < 25  # in an hour
        gaps = [later - earlier for earlier, later in itertools.pairwise(calls)]
        assert gaps[-1] > 5 * gaps[1]


def test_a_slow_channel_is_posted_too():
    platform = run(channels("slow", 100), channels(HEALTHY, 5))
    assert sum(platform.kinds[name] == "slow" for name, _ in platform.posted) == 100
