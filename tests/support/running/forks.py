"""Run the tests in several processes that share one collection: ``pytest --forks 3``.

    this process, which has collected ──fork──▶ worker ──reports──▶ this process, which tells of them
                       └──tests of one file──▶

To import the program, its libraries and the tests takes longer than most tests do; here it is done once. A worker that
dies costs the test it ran, and another takes its place.
"""

from __future__ import annotations

import os
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from _pytest.capture import CaptureManager
from _pytest.tmpdir import TempPathFactory

FORK = get_context("fork")
LOOK_SECONDS = (
    1.0  # how often it is looked whether a worker has died that left its pipe open to a child of its own
)
TOGETHER = 24  # tests that a worker is given at once, of one file: what they share is made once
MODULE = "module"  # the scope of a fixture that all tests of a file share
LONG, SLOW = "long", "slow"  # markers of tests


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--forks", type=int, default=0, metavar="COUNT", help="run the tests in COUNT processes")


def pytest_configure(config: pytest.Config) -> None:
    """Stand where pytest runs the tests in its own process."""
    if config.option.forks and not config.option.collectonly:
        longest = float(config.getini("faulthandler_timeout") or 0)
        config.pluginmanager.register(Forks(config.option.forks, longest=longest), "forks")


class Worker:
    """A fork that runs the tests it is told the numbers of, and what this process knows of it."""

    def __init__(self, session: pytest.Session, others: Sequence[Worker]) -> None:
        self.given: list[int] = []  # tests that it has not reported
        self.heard = time.monotonic()  # when it was given some, or reported one
        self.pipe, theirs = FORK.Pipe()
        # Else it would never learn that this process has ended: it would hold the ends of the pipes itself.
        ours = [self.pipe, *(other.pipe for other in others)]
        self.process = FORK.Process(target=_work, args=(session, theirs, ours))
        self.process.start()
        theirs.close()

    def give(self, numbers: Sequence[int]) -> None:
        """Send it tests, none when there are no more; it may have died, which is seen elsewhere."""
        self.given += numbers
        self.heard = time.monotonic()
        with suppress(OSError):
            self.pipe.send(numbers)


class Forks:
    """The plugin of the process that has collected the tests."""

    def __init__(self, count: int, *, longest: float) -> None:
        self._count = count
        self._longest = longest  # seconds that a test may take, 0 for any
        self._workers: list[Worker] = []
        self._pipes = selectors.DefaultSelector()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Let workers run all tests; a session that should end gives out no more of them."""
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            raise session.Interrupted("errors during collection")
        # A fork copies one thread, and whatever another one holds would be held for ever.
        assert threading.active_count() == 1, threading.enumerate()
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined] # it is removed by this process
        self._left = deque(_shares(session.items))
        try:
            for _ in range(min(self._count, len(self._left))):
                self._start(session)
            while self._workers:
                self._listen(session)
        finally:
            for worker in self._workers:
                worker.process.kill()
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        return True

    def _start(self, session: pytest.Session) -> None:
        worker = Worker(session, self._workers)
        self._workers.append(worker)
        self._pipes.register(worker.pipe, selectors.EVENT_READ)

    def _give(self, worker: Worker, session: pytest.Session) -> None:
        over = session.shouldfail or session.shouldstop
        worker.give(() if over or not self._left else self._left.popleft())

    def _listen(self, session: pytest.Session) -> None:
        ready = {key.fileobj for key, _ in self._pipes.select(LOOK_SECONDS)}
        for worker in tuple(self._workers):
            try:
                if worker.pipe in ready:
                    self._hear(worker, session)
                elif not worker.process.is_alive() and not worker.pipe.poll():
                    self._ended(worker, session)
                elif worker.given and 0 < self._longest < time.monotonic() - worker.heard:
                    # It writes the stacks of its threads, and dies. To have pytest watch would cost each test a thread.
                    worker.heard = time.monotonic()
                    assert worker.process.pid  # it was started
                    os.kill(worker.process.pid, signal.SIGABRT)
            except (EOFError, OSError):
                self._ended(worker, session)

    def _hear(self, worker: Worker, session: pytest.Session) -> None:
        """Take one thing that the worker has said; raise EOFError when it has ended and said all."""
        done = worker.pipe.recv()
        if done is None:
            self._give(worker, session)
            return
        number, reports = done
        worker.given.remove(number)
        worker.heard = time.monotonic()
        _tell(session.items[number], reports)

    def _ended(self, worker: Worker, session: pytest.Session) -> None:
        self._workers.remove(worker)
        self._pipes.unregister(worker.pipe)
        worker.process.join()
        worker.pipe.close()
        if worker.process.exitcode == 0:  # it had no more to do, or a failure was to be the last
            return
        # The first of what it was given is what it ran; the rest goes to another.
        broken, *rest = worker.given or [None]
        if broken is not None:
            session.config.hook.pytest_runtest_logreport(
                report=_broken(session.items[broken], worker.process.exitcode)
            )
        if rest:
            self._left.appendleft(tuple(rest))
        if self._left:
            self._start(session)


def _tell(item: pytest.Item, reports: Sequence[dict[str, Any]]) -> None:
    """Tell pytest's plugins of a test, as they would have been where it ran."""
    hook = item.config.hook
    location = reports[0]["location"]  # to find it anew takes a third of the time
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=location)
    for data in reports:
        report = hook.pytest_report_from_serializable(config=item.config, data=data)
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=location)


def _broken(item: pytest.Item, code: int | None) -> pytest.TestReport:
    said = f"The process that ran it ended with exit code {code}; what it wrote is on stderr."
    return pytest.TestReport(item.nodeid, item.location, {}, "failed", said, "call")


def _shares(items: Sequence[pytest.Item]) -> list[tuple[int, ...]]:
    """Return the numbers of tests that go to one worker; the long ones first and the quick last, so that all workers end together."""
    shares: list[tuple[int, ...]] = []
    for _, grouped in groupby(range(len(items)), key=lambda i: items[i].path):
        numbers = list(grouped)
        if any(_shares_fixtures(items[i]) for i in numbers):
            shares.append(tuple(numbers))
            continue
        shares += [(i,) for i in numbers if _is(LONG, items[i])]
        rest = [i for i in numbers if not _is(LONG, items[i])]
        shares += [tuple(rest[i : i + TOGETHER]) for i in range(0, len(rest), TOGETHER)]
    return sorted(shares, key=lambda numbers: _rank([items[i] for i in numbers]))


def _rank(items: Sequence[pytest.Item]) -> int:
    """Return when tests that go together are begun: 0 for those with a long one among them, 1 with a slow one, 2 for others."""
    return next((rank for rank, name in enumerate((LONG, SLOW)) if any(_is(name, item) for item in items)), 2)


def _is(name: str, item: pytest.Item) -> bool:
    return item.get_closest_marker(name) is not None


def _shares_fixtures(item: pytest.Item) -> bool:
    """Tell whether the test has a fixture that is made once for all of its file: two workers would make it twice."""
    found = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
    return any(fixture.scope == MODULE for named in found.values() for fixture in named)


class _Reporting:
    """The plugin of a worker: sends what happens to the process that tells of it."""

    def __init__(self, session: pytest.Session, pipe: Connection) -> None:
        self._session, self._pipe = session, pipe
        self._reports: list[dict[str, Any]] = []

    def tests(self) -> Iterator[int]:
        """Yield the numbers of tests as they are given; one is asked for before its forerunner ends."""
        while True:
            self._pipe.send(None)
            numbers = self._pipe.recv()
            if not numbers:
                return
            yield from numbers

    def run(self) -> None:
        """Run the tests, each with the one that follows it, for which shared fixtures stay."""
        numbers = self.tests()
        following = next(numbers, None)
        while following is not None and not self._session.shouldfail:
            number, following = following, next(numbers, None)
            item = self._session.items[number]
            nextitem = None if following is None else self._session.items[following]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
            self._pipe.send((number, self._reports))
            self._reports = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a report until all of its test are there."""
        config = self._session.config
        self._reports.append(config.hook.pytest_report_to_serializable(config=config, report=report))


class _Silent:
    """Stands where the terminal's reporter was, for who wants to know how it writes."""

    def __init__(self, writer: Any) -> None:
        self._tw = writer


def _work(session: pytest.Session, pipe: Connection, others: Sequence[Connection]) -> None:
    """Be a worker."""
    for other in others:
        other.close()
    config = session.config
    plugins = config.pluginmanager
    plugins.unregister(name="forks")
    plugins.unregister(
        name="faulthandler"
    )  # what it has set up stays: a fatal signal is told with the stacks
    writer = config.get_terminal_writer()
    plugins.unregister(name="terminalreporter")
    plugins.register(_Silent(writer), "terminalreporter")
    _own_capture(plugins.getplugin("capturemanager"))
    _own_folder(config._tmp_path_factory)  # type: ignore[attr-defined]
    reporting = _Reporting(session, pipe)
    plugins.register(reporting)
    with suppress(KeyboardInterrupt):
        reporting.run()


def _own_capture(capture: CaptureManager) -> None:
    """Write what tests say elsewhere than the other workers do."""
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()


def _own_folder(folders: TempPathFactory) -> None:
    mine = Path(folders.getbasetemp(), f"worker-{os.getpid()}")
    mine.mkdir(mode=0o700)
    folders._basetemp = mine
