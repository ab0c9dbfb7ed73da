"""What all tests share: a loop that reports blocking calls, and where the reference data lies."""

from __future__ import annotations

import functools
import gc
import os
import random
import re
import shutil
import socket
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog
from blockbuster import BlockBuster, blockbuster
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from bot.feeds.workers.pool import WorkerPool
from bot.language.text_cache import open_text_caches
from bot.log import set_up_logs
from tests.support import databases
from tests.support.blocking_calls import wrap_blocking
from tests.support.running.ahead import started_ahead
from tests.support.running.guard import guard
from tests.support.running.once import RUN_FOLDER
from tests.support.running.processes import without_settings
from tests.support.running.shared_workers import SharedWorkers, forked_pool
from tests.support.sizes import LARGE

pytest_plugins = ["tests.support.running.forks"]

ROOT = Path(__file__).parent.parent
# Time is bounded where a test says so: by the wall, a busy machine would fail any.
# The suite tries the same few examples every time; "make fuzz" tries thousands of new ones.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=10)
settings.register_profile("fuzz", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")
if not LARGE:
    # It tries constants of the modules that happen to be loaded: which those are depends on what ran before in the process.
    assert callable(providers._get_local_constants)
    providers._get_local_constants = lambda: providers._local_constants


MEMORY = Path("/dev/shm")  # where Linux keeps files in memory  # noqa: S108 - what is written there has names of its own
ROOMY = 4 << 30  # bytes: many times what a run writes
OTHER_ENGINES = {"postgresql", "sqlite memory"}  # than the one for tests that need any
PORTS = range(20_000, 32_000)  # below those that Linux and others give to whoever asks for any
ALL_SLOW = re.compile(
    r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE
)  # in a file that marks all of its tests


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder, before others are started; what they import and collect is no garbage."""
    gc.disable()
    if RUN_FOLDER in os.environ:
        return
    memory = _memory()
    # Not in pytest's own folder: each run that starts closes it to other users, and PostgreSQL runs as one.
    os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="wirebrief-", dir=memory)
    guard(Path(os.environ[RUN_FOLDER]))
    if memory:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))  # where the folders of tests are
    if _runs_all(config):
        servers = ExitStack()
        servers.enter_context(started_ahead(Path(os.environ[RUN_FOLDER]), without_settings()))
        config.add_cleanup(servers.close)


def _runs_all(config: pytest.Config) -> bool:
    """Tell whether all tests are run: of a few nobody knows yet what they need."""
    all_files = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return (
        all_files and config.option.forks > 0 and not config.option.markexpr and not config.option.collectonly
    )


def _memory() -> Path | None:
    """Return a folder whose files are in memory, None where there is none: no test of ours is about a disk."""
    try:
        roomy = shutil.disk_usage(MEMORY).free >= ROOMY
    except OSError:
        return None
    return MEMORY if roomy and os.access(MEMORY, os.W_OK | os.X_OK) else None


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make alone: modules and tests stay, and to look through them takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files whose tests are all slow unread where no slow test runs: what they import takes seconds."""
    if "not slow" not in config.getoption("markexpr"):
        return None
    files = collection_path.rglob("test_*.py") if collection_path.is_dir() else iter((collection_path,))
    return all(ALL_SLOW.search(file.read_text("utf-8")) for file in files if file.suffix == ".py") or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other engines out where SQL has no part in what a test promises."""
    left = [] if LARGE else [item for item in items if _is_on_another_engine(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        others = set(left)
        items[:] = [item for item in items if item not in others]


def _is_on_another_engine(item: pytest.Item) -> bool:
    given = (
        item.callspec.params.values()
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else ()
    )
    return item.get_closest_marker("one_engine") is not None and not OTHER_ENGINES.isdisjoint(
        value for value in given if isinstance(value, str)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let chance fall the same way in every run; "make fuzz" has a plugin that lets it fall anew."""
    _seed(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Let what a test does not depend on how often its fixtures tried their luck."""
    _seed(item)


def _seed(item: pytest.Item) -> None:
    if not item.config.pluginmanager.hasplugin("randomly"):
        random.seed(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and how it is run."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in reports
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        terminalreporter.section("left out")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} tests: {reason}")


_logs: dict[str, Any] = {}  # how they were set up by this module


@pytest.fixture(autouse=True, scope="session")
def blocking_calls_in_the_loop_fail() -> Iterator[BlockBuster]:
    """Fail a test whose code blocks the event loop; opening a database and checking a configuration are let through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blockbuster, "_wrap_blocking", wrap_blocking)
        buster = BlockBuster("bot")
        buster.activate()
    try:
        for function in buster.functions.values():
            # Opening a database reads our own migration files, once, before anything else runs.
            function.can_block_in("bot/store/engine.py", {"open_database", "migrate", "_driver_url"})
            # Opening the workflows blocks once, so that they run in our loop.
            function.can_block_in("bot/runtime/open_durable.py", {"open_durable"})
            # What is known of a language is listed and read once.
            function.can_block_in("bot/language/rules.py", {"load_rules", "languages_with", "read_rules"})
            function.can_block_in("bot/language/outlets.py", {"outlets"})
            # So is what a locale writes.
            function.can_block_in("bot/language/locale/base.py", {"number", "choose", "formatted", "_locale"})
            function.can_block_in("bot/language/dates/calendars.py", {"_calendar_of"})
            # A zone is a small file that is read once, whoever needs it first.
            function.can_block_in("zoneinfo/_tzpath.py", {"find_tzfile"})
            function.can_block_in("zoneinfo/_common.py", {"load_tzdata", "load_data"})
        yield buster
    finally:
        buster.deactivate()


@pytest.fixture(autouse=True)
def a_test_leaves_the_logs_as_they_were() -> None:
    """Set the logs up for a test if the one before changed that; plainly, since coloured tracebacks with locals take a second each."""
    if structlog.get_config()["processors"] is not _logs.get("processors"):
        set_up_logs(level="error", json_lines=False)
        _logs.update(structlog.get_config())


@pytest.fixture(autouse=True, scope="session")
def results_of_functions_of_texts_are_kept() -> Iterator[None]:
    """Compute what many tests ask of the same texts once, as the running bot does."""
    with open_text_caches():
        yield


@pytest.fixture(autouse=True, scope="session")
def the_command_line_is_put_together_once() -> Iterator[None]:
    """Let each call of a verb in this process find the verbs with their options, which cost more than most verbs do."""
    testing = sys.modules.get("typer.testing")
    if testing is None:  # no test that was collected calls one
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", functools.cache(testing._get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def parser_processes_are_shared() -> Iterator[None]:
    """Let every program that a test opens in this process use the same parser processes."""
    compose = sys.modules.get("bot.runtime.compose")
    if compose is None:  # no test that was collected opens one
        yield
        return
    shared = SharedWorkers(compose.PARSER_MODULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "WorkerPool", shared.pool)
        yield
    shared.close()


@pytest.fixture(autouse=True, scope="session")
def databases_are_opened_at_once() -> Iterator[databases.CopiedMigrations | None]:
    """Let a database of a test be a copy, and its engine know the statements that others have compiled."""
    engine = sys.modules.get("bot.store.engine")
    if engine is None:  # no test that was collected opens one
        yield None
        return
    copied = databases.CopiedMigrations()
    create, compiled = engine.create_async_engine, defaultdict(databases.CompiledStatements)

    def create_with_statements(url: object, **options: Any) -> Any:
        known = {"compiled_cache": compiled[str(url).partition(":")[0]]}
        return create(url, execution_options=known, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "create_async_engine", create_with_statements)
        patch.setattr(engine, "migrate", copied)
        yield copied


@pytest.fixture
def own_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the programs that this test opens start parser processes of their own."""
    monkeypatch.setattr("bot.runtime.compose.WorkerPool", WorkerPool)


@pytest.fixture
def own_forked_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let them start, kill and replace parser processes of their own, which are forked."""
    monkeypatch.setattr("bot.runtime.compose.WorkerPool", forked_pool)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the address of a real PostgreSQL: the one TEST_POSTGRES_URL names, else one of the run's own."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield given
        return
    with databases.postgres_server(Path(os.environ[RUN_FOLDER])) as url:
        databases.write_template(url)
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> databases.PostgresDatabases:
    """Return the databases that tests of this process have one after the other."""
    return databases.PostgresDatabases(postgres_server)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the address of a PostgreSQL database without rows."""
    if "TEST_POSTGRES_URL" in os.environ:
        # Whoever opens the store migrates it: on a server that is not ours nothing is left behind.
        yield request.getfixturevalue("new_postgres_url")
        return
    with request.getfixturevalue("postgres_databases").one() as url:
        yield url


@pytest.fixture
def new_postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the address of a PostgreSQL database without tables, dropped at the end."""
    with databases.postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(databases_are_opened_at_once: databases.CopiedMigrations | None) -> Path:
    """Return a migrated SQLite database without rows, to be copied."""
    copied = databases_are_opened_at_once
    return copied.template if copied else databases.sqlite_template()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a migrated SQLite database without rows, in the test's folder."""
    return databases.sqlite_database(sqlite_template, tmp_path / "wire.db")


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database without rows of each kind the store promises to work with."""
    if request.param == "sqlite memory":
        return "sqlite:///"
    url: str = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database without rows of each engine, for what is built upon the store."""
    url: str = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")
    return url


@pytest.fixture
def unused_tcp_port() -> int:
    """Return a port that nobody listens on, that no other test of the run is given, and no socket that asks for any."""
    begin = os.getpid() * 41 % len(PORTS)
    for port in (*PORTS[begin:], *PORTS[:begin]):
        if _is_free(port) and _claimed(port):
            return port
    raise AssertionError(f"no port of {PORTS} is free")


def _claimed(port: int) -> bool:
    """Tell whether the port is now ours: between a look at it and its use another process would find it free as well."""
    folder = Path(os.environ[RUN_FOLDER], "ports")
    folder.mkdir(exist_ok=True)
    try:
        (folder / str(port)).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def data() -> Path:
    """Return the folder of the reference data; skips where it is absent."""
    folder = Path(os.environ.get("WIREBRIEF_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the reference data is not beside the project: name its folder in WIREBRIEF_DATA")
    return folder
