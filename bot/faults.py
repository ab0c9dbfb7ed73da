"""Isolate unexpected errors: the failure of one item becomes a value, is reported once, and the others go on.

items ──do, side by side──▶ results and faults, in the order of the items
              └── the database is away, the lease is lost, the work is cancelled: that ends all of it
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar

from cachetools import LRUCache

from bot.errors import LostLease, RowRefused, StoreError, WirebriefError
from bot.log import report_fault
from bot.model.ids import derive_id

MAX_CONCURRENT_ITEMS = 20  # items worked on side by side
MAX_KNOWN_FAULTS = (
    100  # kinds of faults of one piece of work that are remembered; an older one is logged again
)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An unexpected error as a value; ``id`` finds its line in the log.

    ``key`` is the same for every error of the same kind at the same place of the program.
    """

    id: str
    key: str
    doing: str
    said: str = ""  # the message of an expected error that was not expected here

    def sentence(self, doing: str) -> str:
        """Return the sentence for a person, without a full stop."""
        if self.said:
            return f"{self.said.rstrip('.')} (error {self.id})"
        return f"Something went wrong inside Wirebrief while {doing} (error {self.id})"


def ends_all(error: BaseException) -> bool:
    """Return whether ``error`` concerns no single item: the database is unavailable, or another process has taken over."""
    if isinstance(error, LostLease):
        return True
    return isinstance(error, StoreError) and not isinstance(error, RowRefused)


class Faults:
    """The faults of one piece of work; each kind is logged once, however many items it affects."""

    def __init__(self) -> None:
        self._known: LRUCache[str, Fault] = LRUCache(MAX_KNOWN_FAULTS)

    @property
    def all(self) -> tuple[Fault, ...]:
        """The faults so far, each kind once; of more than ``MAX_KNOWN_FAULTS`` kinds the latest."""
        return tuple(self._known.values())

    def report(self, error: Exception, *, doing: str) -> Fault:
        """Return ``error`` as a value; raises it again if it concerns no single item."""
        if ends_all(error):
            raise error
        key = derive_id("flt", type(error).__qualname__, *_origin(error))
        known = self._known.get(key)
        if known is None:
            said = str(error) if isinstance(error, WirebriefError) else ""
            known = Fault(id=report_fault(error, doing=doing), key=key, doing=doing, said=said)
            self._known[key] = known
        return known

    async def guard(self, work: Awaitable[R], *, doing: str) -> R | Fault:
        """Return the result of ``work``, or the fault that ended it."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs only itself
            return self.report(error, doing=doing)

    def guarded(self, work: Callable[[], R], *, doing: str) -> R | Fault:
        """Return the result of the function ``work``, or the fault that ended it."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs only itself
            return self.report(error, doing=doing)

    async def each(
        self,
        items: Iterable[T],
        do: Callable[[T], Awaitable[R]],
        *,
        doing: str,
        at_once: int = MAX_CONCURRENT_ITEMS,
    ) -> list[R | Fault]:
        """Return the result of ``do`` for each of ``items``, in order, at most ``at_once`` concurrently."""
        found: dict[int, R | Fault] = {}
        listed = list(items)
        waiting = enumerate(listed)

        async def take() -> None:
            for number, item in waiting:
                found[number] = await self.guard(do(item), doing=doing)

        await together(*(take() for _ in range(min(at_once, len(listed)))))
        if len(found) < len(listed):  # a task group takes one task's own cancellation for its end
            raise asyncio.CancelledError
        return [found[number] for number in sorted(found)]


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` concurrently; the first error cancels the rest and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _origin(error: BaseException) -> tuple[str, str]:
    """Return the file and the function of ``bot`` in which ``error`` arose, else those where it was raised."""
    frames = [
        (PurePath(frame.f_code.co_filename), frame.f_code.co_name)
        for frame, _ in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(path, name) for path, name in frames if "bot" in path.parts and path.name != "faults.py"]
    path, name = (ours or frames or [(PurePath(), "")])[-1]
    return path.name, name
