"""Have rules read articles in processes that can be killed: an article on which they fail or hang costs only its own deadline.

    articles ──a reading, in a process──▶ what rules find, kept
                   └─ crash, deadline ──▶ each article alone ──▶ those that cannot be read are set aside, the others read

Articles are read only when a story is written: rules never read most of the articles that arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from bot.blocking import run_blocking
from bot.errors import ParseError, WirebriefError, WorkerKilled
from bot.faults import Fault, Faults
from bot.feeds.workers.pool import WorkerPool
from bot.flows.notify import notifier, notify_of_faults
from bot.flows.set_aside import set_aside_article
from bot.flows.single_flight import SingleFlight
from bot.model.news import Article
from bot.store import Store
from bot.updates.by_rules.read import read_each

READING = "reading an article by rules"
ARTICLE_SECONDS = 3.0  # of an article that is read alone, and of the first one of a reading
SECONDS_PER_ARTICLE = 0.2  # of each further one: twenty times what it takes where nothing else runs
AGAIN_SECONDS = (
    20.0  # of a reading without those that could not be read: on a busy machine the first may just be late
)
MAX_CONCURRENT_READINGS = (
    4  # more than there are processors on most machines: one waits for the database meanwhile
)
MAX_KEPT_READINGS = 3_000  # of stories: ledgers, quotes, timelines

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadByRules(Generic[R]):
    """What rules found, and the articles that they could read."""

    found: R
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call(Generic[R]):
    """A function of articles, and what else it is given."""

    function: Callable[..., R]
    given: tuple[tuple[str, Any], ...] = ()


# What was found and which articles were left out, by id and revision, without the articles, which are much larger.
Readings = SingleFlight[tuple[Any, frozenset[tuple[str, int]]] | WirebriefError]


def new_readings() -> Readings:
    """Return an empty cache of readings by rules."""
    return SingleFlight(MAX_KEPT_READINGS)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReader:
    """Reads by rules in ``workers``, or in threads if there are none.

    An article that cannot be read is set aside in ``store``, and the others are read; without a store it is an error.
    """

    workers: WorkerPool | None = None
    store: Store | None = None
    now: Callable[[], datetime] = _now
    kept: Readings = field(default_factory=new_readings)

    async def read(
        self, function: Callable[..., R], articles: Sequence[Article], /, **given: Any
    ) -> ReadByRules[R]:
        """Return ``function(articles, **given)``, computed once while it is cached.

        ``function`` is a pure function of a module, its arguments are hashable. Raises ``ParseError`` or ``WorkerKilled`` if none of
        the articles can be read.
        """
        call = _Call(function=function, given=tuple(sorted(given.items())))
        asked = hash((call, tuple(articles)))

        async def make() -> tuple[R, frozenset[tuple[str, int]]] | WirebriefError:
            return await self._read(call, articles)

        key = f"{asked:x}"
        kept = await self.kept.get(key, make)
        if isinstance(kept, WirebriefError):
            self.kept.drop(key)  # those who waited for it have it
            raise kept.with_traceback(None)
        found, broken = kept
        return ReadByRules(found=found, articles=_without(articles, broken))

    async def _read(
        self, call: _Call[R], articles: Sequence[Article]
    ) -> tuple[R, frozenset[tuple[str, int]]] | WirebriefError:
        """Return what ``call`` finds; that nothing can be read is a value, found once for all who ask."""
        try:
            seconds = ARTICLE_SECONDS + SECONDS_PER_ARTICLE * (len(articles) - 1)
            return await self._apart(call, articles, seconds=seconds), frozenset()
        except (ParseError, WorkerKilled) as error:
            broken = await self._unreadable(articles)
            left = _without(articles, broken)
            if broken and (self.store is None or not left):
                return error
        try:
            return await self._apart(call, left, seconds=AGAIN_SECONDS), broken
        except (ParseError, WorkerKilled) as error:
            if broken:
                return error
            raise

    async def _unreadable(self, articles: Sequence[Article]) -> frozenset[tuple[str, int]]:
        """Return those of ``articles`` that rules cannot read; their present revisions are set aside."""
        faults, alone = Faults(), _Call(function=read_each)

        async def read(article: Article) -> None:
            await self._apart(alone, [article], seconds=ARTICLE_SECONDS)

        found = await faults.each(articles, read, doing=READING, at_once=MAX_CONCURRENT_READINGS)
        broken = {a: one for a, one in zip(articles, found, strict=True) if isinstance(one, Fault)}
        if broken and self.store:
            newest = {a.id: a for a in sorted(articles, key=lambda a: a.revision)}
            at = self.now()
            await self.store.set_aside.add(
                [
                    set_aside_article(a, one, at=at, doing=READING)
                    for a, one in broken.items()
                    if newest[a.id] == a
                ]
            )
            notify = notifier(store=self.store, now=self.now)
            await notify_of_faults(faults.all, notify=notify, version=self.store.database.version)
        return frozenset((a.id, a.revision) for a in broken)

    async def _apart(self, call: _Call[R], articles: Sequence[Article], *, seconds: float) -> R:
        given = dict(call.given)
        if self.workers is None:
            return await run_blocking(call.function, articles, **given)
        return await self.workers.run(call.function, articles, deadline=seconds, urgent=True, **given)


def _without(articles: Sequence[Article], broken: frozenset[tuple[str, int]]) -> tuple[Article, ...]:
    return tuple(a for a in articles if (a.id, a.revision) not in broken)
