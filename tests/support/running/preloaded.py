"""Become the program at once: a process that has imported it forks a process for each call it is sent.

    test ──call, streams──▶ this process ──fork──▶ keeper ──fork──▶ the program
     ◀───────────── process id, exit code ────────────┘               │
                            this process ◀───arguments, pipes─────────┘
                                  └──fork──▶ a parser process of it

Only the start is other than a person's: what runs is a process of its own, from its arguments to its exit code. A parser
has longer to read, since no test of a process may fail because the machine is busy.
The processes of a run share it. ``tests/support/running/processes.py`` is the test's side, ``tests/support/running/forked_parsers.py`` that of parsers.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import os
import runpy
import select
import signal
import socket
import sys
import threading
import warnings
from functools import partial
from pathlib import Path
from typing import Any

from tests.support.databases import CopiedMigrations
from tests.support.running.preloaded_service import STATE, alone, close_all, connect, receive

PATIENCE = 20  # times a parser's deadline
LOST_OUTPUT = 120  # Python's exit code where standard output could not be written
PARSER = "bot.feeds.workers.worker"
# What verbs import when they run; each imports the rest of the program.
MODULES = (
    "bot.cli", "bot.runtime.checks", "bot.runtime.demo", "bot.runtime.serve", "bot.flows.maintenance.backup",
    "bot.web.page", "bot.chat.console", "alembic.command", "aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite", "babel.dates",
    "babel.numbers", "typer._adapters",
)  # fmt: skip


def main(listener: socket.socket, folder: Path) -> None:
    """Serve calls until the last of those who are connected has gone."""
    with warnings.catch_warnings(action="error"):  # whatever a verb imports is silent
        for module in MODULES:
            importlib.import_module(module)
    _have_parsers(folder)
    _have_verbs()
    _have_databases()
    # A fork copies one thread, and whatever another one holds would be held for ever.
    assert threading.active_count() == 1
    gc.freeze()
    callers: list[socket.socket] = []
    while True:
        for ready in select.select([listener, *callers], [], [])[0]:
            if ready is listener:
                callers.append(listener.accept()[0])
            elif not _answered(ready, (listener, *callers)):
                ready.close()
                callers.remove(ready)
        if not callers and _is_over(listener, folder):
            return


def _is_over(listener: socket.socket, folder: Path) -> bool:
    """Tell whether nobody is connecting; whoever comes then starts another."""
    try:
        with alone(folder) as path:
            over = not select.select([listener], [], [], 0.0)[0]
            if over:
                path.unlink(missing_ok=True)
            return over
    except FileNotFoundError:  # the run is over, and its folder is gone
        return True


def _answered(caller: socket.socket, ours: tuple[socket.socket, ...]) -> bool:
    """Do what is called for in a process of its own; false where there is nothing more."""
    try:
        received = receive(caller)
    except OSError:  # it was ended
        return False
    if received is None:
        return False
    call, handles = received
    if pid := os.fork():
        close_all(handles)
        if "parser" in call:
            handle = os.pidfd_open(pid)
            socket.send_fds(caller, [STATE.pack(pid)], [handle])
            os.close(handle)
        _reap()
        return True
    for one in ours:
        one.close()
    if "parser" in call:
        _parse(call, handles)
    *streams, keeper = handles
    _keep(call, streams, keeper)
    raise AssertionError("what keeps a program ends with it")


def _have_parsers(folder: Path) -> None:
    """Have what parsers have imported and read, and let programs fork theirs from here."""
    from bot.language.detect import detect_language  # noqa: PLC0415 - as below
    from bot.runtime.compose import PARSER_MODULES  # noqa: PLC0415 - what a test of it imports is not to be imported by all

    pool: Any = importlib.import_module("bot.feeds.workers.pool")
    forked: Any = importlib.import_module("tests.support.running.forked_parsers")
    importlib.import_module(PARSER)
    for module in PARSER_MODULES:
        getattr(importlib.import_module(module), "warm", int)()
    # The model of languages is loaded with the first text, which takes longer than all else that most parsers do.
    detect_language("The talks in Selin went on for a second day.")
    run, spawn = pool.WorkerPool.run, pool.WorkerPool._spawn

    async def patiently(self: Any, fn: Any, *args: Any, deadline: float = 3.0, **more: Any) -> Any:
        return await run(self, fn, *args, deadline=PATIENCE * deadline, **more)

    async def spawned(self: Any) -> Any:
        try:
            return await forked.forked(partial(connect, folder), self._arguments, self._environment)
        except OSError:  # the run is over
            return await spawn(self)

    pool.WorkerPool.run = patiently
    if forked.POSSIBLE:
        pool.WorkerPool._spawn = spawned


def _have_verbs() -> None:
    """Have the verbs put together with their options, which costs more than to fork a program."""
    main = importlib.import_module("typer.main")
    main.get_command = functools.cache(main.get_command)  # type: ignore[attr-defined]
    main.get_command(importlib.import_module("bot.cli").app)


def _have_databases() -> None:
    """Have which migrations there are, and a migrated SQLite database: a new one of a program becomes a copy, as in the tests' own processes."""
    engine: Any = importlib.import_module("bot.store.engine")
    engine._revisions()
    copied = CopiedMigrations()
    assert copied.template.is_file()
    engine.migrate = copied


def _reap() -> None:
    """Forget the keepers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _parse(call: dict, handles: list[int]) -> None:
    """Be a parser process, with nothing of ours but what is imported."""
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    os.closerange(3, 1024)
    os.environ.clear()
    os.environ.update(call["env"])
    try:
        importlib.import_module(PARSER).main(list(call["parser"]))
    finally:
        os._exit(0)


def _keep(call: dict, streams: list[int], keeper: int) -> None:
    """Fork the program, and tell the test its process id and, when it has ended, its exit code."""
    if pid := os.fork():
        for stream in (*streams, 0, 1, 2):
            os.close(stream)
        os.write(keeper, STATE.pack(pid))
        _, status = os.waitpid(pid, 0)
        os.write(keeper, STATE.pack(os.waitstatus_to_exitcode(status)))
        os._exit(0)
    os.close(keeper)
    try:
        _become(call, streams)
    except BaseException as ended:  # noqa: BLE001 - it ends the process
        _end(ended)
    _end(None)


def _end(ended: BaseException | None) -> None:
    """End the process as Python does, but leave its modules to the system: to take them apart copies all of their memory."""
    code = _told(ended)
    threading._shutdown()  # type: ignore[attr-defined] # waits for threads
    atexit._run_exitfuncs()
    gc.collect()  # what warns when it is garbage does
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            code = LOST_OUTPUT
            with contextlib.suppress(OSError):
                sys.stderr.write(f"Exception ignored in: {stream!r}\n{error}\n")
                sys.stderr.flush()
    os._exit(code)


def _told(ended: BaseException | None) -> int:
    """Write what Python writes of what ended the program; return the exit code."""
    if isinstance(ended, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    if ended is not None and not isinstance(ended, SystemExit):
        sys.excepthook(type(ended), ended, ended.__traceback__)
        return 1
    code = ended.code if ended else None
    if code is None or isinstance(code, int):
        return (code or 0) & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1


def _become(call: dict, streams: list[int]) -> None:
    """Run the module that is called, as Python's ``-m`` does."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(call["cwd"])
    if call["umask"] >= 0:
        os.umask(call["umask"])
    os.environ.clear()
    os.environ.update(call["env"])
    if call["warnings"]:
        sys.warnoptions[:] = [call["warnings"]]
        warnings.simplefilter(call["warnings"])
    sys.argv[:] = ["", *call["arguments"]]
    if before := call["before"]:
        before()
    runpy.run_module(call["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
