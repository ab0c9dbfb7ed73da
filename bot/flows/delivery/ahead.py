"""Read stories ahead of the slots that need them.

slots of the next minutes ──▶ what each will need, ranked ──▶ soonest first, each story and scope once ──▶ read, kept

A round may be cut off anywhere and begun again by any process: what was kept is not read again, and what was not kept was
not read. Nothing is remembered but what may as well be forgotten: which readings were tried a moment ago.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from cachetools import FIFOCache

from bot.errors import LostLease, ModelError
from bot.faults import Faults
from bot.flows.briefing.ahead import needs_of
from bot.flows.briefing.choosing.elsewhere import keep_and_assign
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.delivery.prepare import Composer, known_until
from bot.flows.delivery.warm_up import delivery_ahead
from bot.flows.lease import hold_lease
from bot.flows.updates.order import PlannedReading, SlotNeeds, reading_order, translation_order
from bot.flows.updates.read import UpdateReader
from bot.flows.updates.story import StoryReader, StoryReading, claim_in
from bot.flows.updates.translate import PlannedTranslation, not_kept
from bot.log import report_fault
from bot.model.chat import Subscription, delivery_id

PREPARING = "prepare"  # the lease of the process that reads ahead
# Seconds after which a round begins no further reading: what came meanwhile is planned anew.
MAX_ROUND_SECONDS = 60.0
MAX_PLAN_SECONDS = 20.0  # seconds of planning after which reading begins; further slots wait
READING_RETRY_DELAY = timedelta(minutes=5)  # until a reading that failed is tried again ahead of a slot
MAX_TRIED_READINGS = 10_000  # readings that are remembered as tried

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationReport:
    """The result of one round: the slots ahead, and the readings that were planned for them."""

    slots: int = 0
    planned: int = 0
    read: int = 0
    failed: int = 0
    cut_off: bool = False  # there was more to read
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Preparer:
    """Reads ahead of the slots of the next ``minutes``, ``at_once`` stories at the same time."""

    composer: Composer
    minutes: int
    at_once: int
    count: Callable[[PreparationReport], None] = lambda _report: None
    clock: Callable[[], float] = time.monotonic  # in seconds
    _tried: FIFOCache[object, datetime] = field(default_factory=lambda: FIFOCache(MAX_TRIED_READINGS))
    _fully_read: dict[str, object] = field(
        default_factory=dict
    )  # slots of which all was read, by the ingest seen then
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _stopped: bool = False

    async def cause(self) -> str:
        """Return the cause of a round, the same in each process: the next slot and the last ingest; empty if no slot is near."""
        store, now = self.composer.store, self.composer.now()
        due = await store.subscriptions.first_due_after(now)
        if not due or due > now + timedelta(minutes=self.minutes):
            return ""
        last, known = await store.feeds.last_run(), await known_until(store, now=now)
        return f"{due.isoformat()} {last.finished_at.isoformat() if last else ''} {'' if known == now else known}"

    async def next_near(self) -> timedelta | None:
        """Return how long it is until another slot is near."""
        near = self.composer.now() + timedelta(minutes=self.minutes)
        due = await self.composer.store.subscriptions.first_due_after(near)
        return due - near if due else None

    def stop(self) -> None:
        """Begin no further reading and cancel those in progress; nothing of them is stored."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()

    async def round(self) -> PreparationReport:
        """Read what the slots ahead need, for a minute at most; do nothing while another process does it."""
        begun = self.clock()
        try:
            async with hold_lease(self.composer.store.leases, PREPARING, now=self.composer.now):
                report = replace(await self._round(), seconds=self.clock() - begun)
        except LostLease:
            return PreparationReport()
        if report.planned:
            self.count(report)
            _log.info(
                "stories read ahead",
                scheduled_times=report.slots,
                planned=report.planned,
                read=report.read,
                failed=report.failed,
                seconds=round(report.seconds, 1),
            )
        return report

    async def _round(self) -> PreparationReport:
        report = PreparationReport()
        until = self.clock() + MAX_ROUND_SECONDS
        session = await self.composer.session()
        while session and not self._stopped:
            now = self.composer.now()
            at = await known_until(self.composer.store, now=now)
            slots_ahead, needs = await self._needs(session, at=at, complete=at == now)
            planned: list[PlannedReading | PlannedTranslation] = [
                *(one for one in reading_order(needs) if not self._was_tried(one)),
                *(one for one in translation_order(needs) if not self._was_tried(one)),
            ]
            report = replace(report, slots=max(report.slots, slots_ahead))
            if not planned:
                break
            if report.planned and self.clock() >= until:
                return replace(report, cut_off=True)
            done = await self._read_all(planned, session=session, at=at, until=until)
            report = replace(
                report,
                planned=report.planned + len(planned),
                read=report.read + done.count(True),
                failed=report.failed + done.count(False),
            )
        return report

    async def _needs(
        self, session: ModelSession, *, at: datetime, complete: bool
    ) -> tuple[int, list[SlotNeeds]]:
        """Return how many slots are near, and what they need; equal channels need the same, once.

        Without ``complete`` an ingest is at work, and nothing is settled by what is known at ``at``.
        """
        store = self.composer.store
        now = self.composer.now()
        ahead = await store.subscriptions.due_between(now, now + timedelta(minutes=self.minutes))
        last = await store.feeds.last_run()
        mark = (last.started_at, last.finished_at) if last else None
        self._fully_read = {
            key: value for key, value in self._fully_read.items() if value == mark
        }  # an ingest may have brought something
        found: dict[str, SlotNeeds] = {}
        faults = Faults()
        until = self.clock() + MAX_PLAN_SECONDS
        for subscription, due in ahead:
            key = delivery_id(subscription.id, due.isoformat())
            if key in self._fully_read:
                continue
            if self.clock() > until and (reading_order(found.values()) or translation_order(found.values())):
                break
            needs = await faults.guard(
                self._needs_of_slot(subscription, due, at=at, session=session, known=found),
                doing="planning what to read ahead",
            )
            if (
                complete
                and isinstance(needs, SlotNeeds)
                and not (reading_order([needs]) or needs.translations)
            ):
                self._fully_read[key] = mark
        return len(ahead), list(found.values())

    async def _needs_of_slot(
        self,
        subscription: Subscription,
        due: datetime,
        *,
        at: datetime,
        session: ModelSession,
        known: dict[str, SlotNeeds],
    ) -> SlotNeeds:
        request = await self._request(subscription, due, at=at)
        if request.key not in known:
            workspace = subscription.scope.workspace
            needs = await needs_of(
                await self.composer.gather_input(request),
                due=due,
                settings=request.settings,
                session=session,
                workspace=workspace,
            )
            missing = await not_kept(needs.translations, store=self.composer.store, by=request.by)
            known[request.key] = replace(needs, translations=missing)
        return known[request.key]

    async def _request(self, subscription: Subscription, due: datetime, *, at: datetime) -> BriefingRequest:
        """Return what a briefing at ``due`` would be made from if it were made now."""
        delivery = await delivery_ahead(self.composer, subscription, due, at=at)
        return await self.composer.request(delivery, subscription)

    def _was_tried(self, one: PlannedReading | PlannedTranslation) -> bool:
        """Tell whether the same was tried a moment ago, by a clock that may have been set."""
        tried = self._tried.get(one.key)
        return tried is not None and abs(self.composer.now() - tried) < READING_RETRY_DELAY

    async def _read_all(
        self,
        planned: Sequence[PlannedReading | PlannedTranslation],
        *,
        session: ModelSession,
        at: datetime,
        until: float,
    ) -> list[bool]:
        """Read and translate what was ``planned``, in order; return of each that was begun whether it succeeded."""
        waiting = list(planned)
        done: list[bool] = []
        readers: dict[str, UpdateReader] = {}
        for workspace in {one.workspace for one in planned}:
            readers[workspace] = await replace(session, workspace=workspace).reader()

        async def work() -> None:
            begun = False  # however long the planning took, something is read
            while waiting and not self._stopped and (self.clock() < until or not begun):
                begun = True
                one = waiting.pop(0)
                self._tried[one.key] = self.composer.now()
                done.append(
                    await self._translate(one, session=session, at=at)
                    if isinstance(one, PlannedTranslation)
                    else await self._read(one, readers[one.workspace], session=session, at=at)
                )

        self._tasks = {asyncio.create_task(work()) for _ in range(min(self.at_once, len(planned)))}
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            for task in self._tasks:
                task.cancel()
            self._tasks = set()
        return done

    async def _translate(self, one: PlannedTranslation, *, session: ModelSession, at: datetime) -> bool:
        """Translate one update; tell whether it was."""
        translator = session.translator(self.composer.store, at=at, workspace=one.workspace)
        try:
            async with asyncio.timeout(session.seconds):
                await translator.translate(one.update, one.articles, language=one.language)
        except (TimeoutError, ModelError) as error:
            _log.debug("an update could not be translated ahead", update=one.update.id, reason=str(error))
            return False
        except Exception as error:  # noqa: BLE001 - one update keeps no other from being translated
            report_fault(error, doing="translating a story ahead")
            return False
        return True

    async def _read(
        self, one: PlannedReading, reader: UpdateReader, *, session: ModelSession, at: datetime
    ) -> bool:
        """Read one story as a briefing does; tell whether all of it was read."""
        store, material = self.composer.store, one.material
        stories = StoryReader(
            reader=reader,
            at=at,
            keep=keep_and_assign(store),
            claim=claim_in(store, session.claims, by=material.scope),
            every=session.every,
        )
        try:
            async with asyncio.timeout(session.seconds):
                why = await stories.read(material, StoryReading(updates=list(material.updates)))
        except TimeoutError:
            why = "the model did not answer in time"
        except Exception as error:  # noqa: BLE001 - one story keeps no other from being read
            why = f"error {report_fault(error, doing='reading a story ahead')}"
        if why:
            _log.debug("a story could not be read ahead", story=material.story_id, reason=why)
        return not why
