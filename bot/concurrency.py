"""Chains of steps, and limits of concurrent work: for each queue, for each group in it, and one for each lane.

    queue    a platform: ``most`` places; a job that waits for an answer gives its place back and keeps its lane
    group    a workspace: never all places of its platform, so that a broken one leaves room for the others
    lane     a destination: one job at a time

First attempts go before retries, groups take turns, and retries never hold more than half of the places.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

MAX_SLOW_JOBS = 256  # jobs of a queue that wait for an answer without a place
MAX_SLOW_JOBS_PER_GROUP = 128  # of those, from one group
PLACES_PER_RETRY = 8  # one place in this many is reserved for retries


S = TypeVar("S", bound=StrEnum)


async def end_tasks(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel ``tasks`` and return when they have ended: they may talk to the database until then."""
    cancelled = list(tasks)
    for task in cancelled:
        task.cancel()
    await asyncio.gather(*cancelled, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class After(Generic[S]):
    """What follows a step: the next one (None for none), ``wait`` seconds later; a ``retry`` goes after first attempts.

    A waiting chain occupies no place.
    """

    step: S | None = None
    wait: float = 0.0
    retry: bool = False


DONE: After[Any] = After()

StepFunction = Callable[[S, str, int], Awaitable[After[S]]]
"""Gets a step, the id of what it is about and its epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Generic[S]):
    """A chain by its first step; ``waiting`` names the steps that mostly wait for an answer from outside."""

    first: S
    do: StepFunction[S]
    waiting: frozenset[S] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """The place that a job needs; an empty ``group`` or ``lane`` means no limit of that sort."""

    queue: str
    group: str = ""
    lane: str = ""
    retry: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket:
    """A request for a place; ``granted`` is set when the job may work."""

    place: QueuePlace
    granted: asyncio.Event = field(default_factory=asyncio.Event)
    slow: bool = False  # it works, and another has its place

    @property
    def fairness_key(self) -> str:
        """The key by which jobs take turns: the group, else the lane."""
        return self.place.group or self.place.lane


class Limiter:
    """The places of all queues of one process."""

    def __init__(self, most: Mapping[str, int]) -> None:
        self._queues = {name: _Queue(most=number) for name, number in most.items()}

    def places(self, queue: str) -> int:
        """Return how many jobs of ``queue`` may run at once."""
        return self._queues[queue].most

    def request(self, place: QueuePlace) -> Ticket:
        """Return a ticket, granted at once if a place is free; every ticket must be released."""
        ticket = Ticket(place=place)
        self._queues[place.queue].add(ticket)
        return ticket

    def give_place_back(self, ticket: Ticket) -> bool:
        """Release the place of a job that only waits for an answer; return False if too many wait already."""
        return self._queues[ticket.place.queue].lend(ticket)

    def release(self, ticket: Ticket) -> None:
        """End a job, or a request that was not granted yet."""
        self._queues[ticket.place.queue].remove(ticket)

    def waits_for_its_own(self, ticket: Ticket) -> bool:
        """Return whether a ticket waits for its own group or lane, and not for a place of the queue."""
        return self._queues[ticket.place.queue].is_blocked_by_its_own(ticket)


@dataclass(slots=True, kw_only=True)
class _Queue:
    most: int
    used: Counter[str] = field(default_factory=Counter)  # places by group
    slow: Counter[str] = field(default_factory=Counter)  # jobs without a place by group
    retries: Counter[bool] = field(default_factory=Counter)  # retries at work, by whether they are slow
    lanes: set[str] = field(default_factory=set)
    first: OrderedDict[str, deque[Ticket]] = field(default_factory=OrderedDict)
    again: OrderedDict[str, deque[Ticket]] = field(default_factory=OrderedDict)
    grants: int = 0

    @property
    def group_most(self) -> int:
        """Places that one group may have: a quarter is left to the others."""
        return max(1, self.most - max(1, self.most // 4)) if self.most > 1 else 1

    def add(self, ticket: Ticket) -> None:
        self._line(ticket).setdefault(ticket.fairness_key, deque()).append(ticket)
        self._grant()

    def remove(self, ticket: Ticket) -> None:
        group = ticket.place.group
        if not ticket.granted.is_set():
            line = self._line(ticket)
            line[ticket.fairness_key].remove(ticket)
            if not line[ticket.fairness_key]:
                del line[ticket.fairness_key]
        else:
            _count_down(self.slow if ticket.slow else self.used, group)
            self.retries[ticket.slow] -= ticket.place.retry
            self.lanes.discard(ticket.place.lane)
        self._grant()

    def lend(self, ticket: Ticket) -> bool:
        group, retry = ticket.place.group, ticket.place.retry
        if ticket.slow:
            return True
        if (
            self.slow.total() >= MAX_SLOW_JOBS
            or (group and self.slow[group] >= MAX_SLOW_JOBS_PER_GROUP)
            or (retry and self.retries[True] >= MAX_SLOW_JOBS // 2)
        ):
            return False
        ticket.slow = True
        _count_down(self.used, group)
        self.slow[group] += 1
        self.retries[False] -= retry
        self.retries[True] += retry
        self._grant()
        return True

    def is_blocked_by_its_own(self, ticket: Ticket) -> bool:
        return not ticket.granted.is_set() and not self._has_own_room(ticket)

    def _has_own_room(self, ticket: Ticket) -> bool:
        group = ticket.place.group
        return not (group and self.used[group] >= self.group_most) and ticket.place.lane not in self.lanes

    def _line(self, ticket: Ticket) -> OrderedDict[str, deque[Ticket]]:
        return self.again if ticket.place.retry else self.first

    def _grant(self) -> None:
        while self.used.total() < self.most and (ticket := self._next()):
            self.grants += 1
            self.used[ticket.place.group] += 1
            self.retries[False] += ticket.place.retry
            if ticket.place.lane:
                self.lanes.add(ticket.place.lane)
            ticket.granted.set()

    def _next(self) -> Ticket | None:
        """Take the ticket whose turn it is out of its line."""
        lines = [self.first, self.again] if (self.grants + 1) % PLACES_PER_RETRY else [self.again, self.first]
        for line in lines:
            if line is self.again and self.retries[False] >= max(1, self.most // 2):
                continue
            found = next(self._ready(line), None)
            if found:
                waiting = line[found.fairness_key]
                waiting.remove(found)
                line.move_to_end(found.fairness_key)
                if not waiting:
                    del line[found.fairness_key]
                return found
        return None

    def _ready(self, line: OrderedDict[str, deque[Ticket]]) -> Iterator[Ticket]:
        """Yield those of ``line`` that may work, one of each group, in the order of their turns."""
        for waiting in line.values():
            group = waiting[0].place.group
            if group and self.used[group] >= self.group_most:
                continue
            ready = next((ticket for ticket in waiting if ticket.place.lane not in self.lanes), None)
            if ready:
                yield ready


def _count_down(counted: Counter[str], group: str) -> None:
    # A group that has none is forgotten: every workspace and webhook is one.
    counted[group] -= 1
    if not counted[group]:
        del counted[group]
