"""Become the program at once: a process that has imported it forks a process for each call it is sent.

    test ──call, streams──▶ this process ──fork──▶ keeper ──fork──▶ the program
     ◀───────────── process id, exit code ────────────┘

Only the start is other than a person's: what runs is a process of its own, from its arguments to its exit code. A parser
has longer to read, since no test of a process may fail because the machine is busy.
``tests/processes.py`` is the test's side.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import runpy
import socket
import struct
import sys
import threading
import warnings
from typing import Any

PATIENCE = 20  # times a parser's deadline
LENGTH = struct.Struct("!I")
STATE = struct.Struct("!i")
# What verbs import when they run; each imports the rest of the program.
MODULES = (
    "bot.cli", "bot.runtime.checks", "bot.runtime.demo", "bot.runtime.serve", "bot.flows.maintenance.backup",
    "bot.web.page", "bot.chat.console", "alembic.command", "aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite",
)  # fmt: skip


def main(channel: socket.socket) -> None:
    """Serve calls until the test's side is closed."""
    for module in MODULES:
        importlib.import_module(module)
    _be_patient()
    # A fork copies one thread, and whatever another one holds would be held for ever.
    assert threading.active_count() == 1
    gc.freeze()
    while received := _receive(channel):
        call, (*streams, keeper) = received
        if not os.fork():
            channel.close()
            _keep(call, streams, keeper)
            return
        for stream in (*streams, keeper):
            os.close(stream)
        _reap()


def _be_patient() -> None:
    pool: Any = importlib.import_module("bot.feeds.workers.pool")
    run = pool.WorkerPool.run

    async def patiently(self: Any, fn: Any, *args: Any, deadline: float = 3.0, **more: Any) -> Any:
        return await run(self, fn, *args, deadline=PATIENCE * deadline, **more)

    pool.WorkerPool.run = patiently


def _receive(channel: socket.socket) -> tuple[dict, list[int]] | None:
    head, streams, _, _ = socket.recv_fds(channel, LENGTH.size, 4)
    if not head:
        return None
    (missing,) = LENGTH.unpack(head)
    body = b""
    while len(body) < missing:
        body += channel.recv(missing - len(body))
    return pickle.loads(body), streams  # noqa: S301 - our own tests wrote it


def _reap() -> None:
    """Forget the keepers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


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
    _become(call, streams)


def _become(call: dict, streams: list[int]) -> None:
    """Run the module that is called, as Python's ``-m`` does; whatever it raises ends the process."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(call["cwd"])
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
    main(socket.socket(fileno=int(sys.argv[1])))
