"""Processes of the program for tests: real ones, started in milliseconds, since they are forked from one that has imported it."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from tests.support.running.once import RUN_FOLDER
from tests.support.running.preloaded_service import ROOT, STATE, connect, send

CAPABILITY_VERSION, WRITE_ANYWHERE = 0x20080522, 1 << 1  # of Linux: the third version, CAP_DAC_OVERRIDE
PATIENCE = 600.0  # seconds that a process may take, on a busy machine
Stream = IO[Any] | int  # DEVNULL among them


class Process:
    """A process that was started, as ``subprocess`` has them."""

    def __init__(self, state: int, arguments: tuple[str, ...]) -> None:
        self.args = arguments
        self._state = state
        self.returncode: int | None = None
        self.pid = self._read()

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float = PATIENCE) -> int:
        """Return the exit code once it has ended."""
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        assert self.returncode is not None
        return self.returncode

    async def ended(self) -> int:
        """Return the exit code once it has ended, without holding up the loop."""
        return await asyncio.to_thread(self.wait)

    def send_signal(self, which: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, which)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float) -> int | None:
        if self.returncode is None and select.select([self._state], [], [], timeout)[0]:
            self.returncode = self._read()
            os.close(self._state)
        return self.returncode

    def _read(self) -> int:
        return int(STATE.unpack(os.read(self._state, STATE.size))[0])


class _Parent:
    """Our way to the process that others are forked from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channel = connect(Path(os.environ[RUN_FOLDER]), environment=without_settings())

    def send(self, call: dict[str, Any], streams: list[int]) -> None:
        with self._lock:
            send(self._channel, call, streams)


@cache
def _parent() -> _Parent:
    return _Parent()


def without_settings() -> dict[str, str]:
    """Return the environment without what configures the program, and without proxies."""
    return {
        k: v
        for k, v in os.environ.items()
        if not k.startswith("WIREBRIEF_") and not k.lower().endswith("_proxy")
    }


def without_rights() -> None:
    """Give up what lets root write to files that may not be written to; for ``before``."""
    if sys.platform != "linux" or os.geteuid():
        return
    libc = ctypes.CDLL(None)
    header, sets = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    done = [libc.capget(header, sets)]
    for which in range(3):  # effective, permitted, inheritable
        sets[which] &= ~WRITE_ANYWHERE
    done.append(libc.capset(header, sets))
    assert done == [0, 0]


def start(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdout: Stream = subprocess.DEVNULL,
    stderr: Stream = subprocess.DEVNULL,
    module: str = "bot",
    before: Callable[[], object] | None = None,
    warnings: str = "",
    umask: int = -1,
) -> Process:
    """Start ``python -m module`` with ``arguments`` in ``cwd``; ``env`` is added to an environment without settings.

    ``umask`` is the caller's own where it is not given. ``before`` runs in the new process first; it is pickled, so of a module that is imported in no time. ``warnings``
    is an action of Python's ``-W``.
    """
    call = {
        "arguments": arguments,
        "before": before,
        "cwd": str(cwd),
        "env": without_settings() | dict(env or {}),
        "module": module,
        "umask": umask,
        "warnings": warnings,
    }
    with Path(os.devnull).open("r+b") as nothing:
        state, keeper = os.pipe()
        given = [nothing.fileno()]
        for stream in (stdout, stderr):
            number = stream if isinstance(stream, int) else stream.fileno()
            given.append(nothing.fileno() if number == subprocess.DEVNULL else number)
        try:
            _parent().send(call, [*given, keeper])
        finally:
            os.close(keeper)
    return Process(state, arguments)


# What a shell script starts as ``wirebrief``: it sends its arguments, folder, environment and streams, and ends as the program does.
_COMMAND = """#!{python}
import os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.support.running.preloaded_service import ROOT, STATE, connect, send
umask = os.umask(0)
call = {{"arguments": sys.argv[1:], "before": None, "cwd": os.getcwd(), "env": dict(os.environ), "module": "bot", "umask": umask, "warnings": ""}}
state, keeper = os.pipe()
with connect(Path({folder!r})) as channel:
    send(channel, call, [0, 1, 2, keeper])
os.close(keeper)
ended = [STATE.unpack(os.read(state, STATE.size))[0] for _ in ("process id", "exit code")]
sys.exit(ended[-1])
"""


def write_command(path: Path) -> None:
    """Write a command to ``path`` that is the program, for scripts which no test starts it in."""
    _parent()  # the command finds it running
    text = _COMMAND.format(python=sys.executable, root=str(ROOT), folder=os.environ[RUN_FOLDER])
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def run(
    *arguments: str, cwd: Path, stdout: Stream | None = None, timeout: float = PATIENCE, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run as ``start`` does until it ends; return its exit code and what it said."""
    said: dict[str, bytes] = {"stdout": b"", "stderr": b""}

    def listen(name: str, end: int) -> None:
        with open(end, "rb") as stream:
            said[name] = stream.read()

    pipes = {name: os.pipe() for name in said}
    listening = [
        threading.Thread(target=listen, args=(name, end), daemon=True) for name, (end, _) in pipes.items()
    ]
    try:
        process = start(
            *arguments,
            cwd=cwd,
            stdout=pipes["stdout"][1] if stdout is None else stdout,
            stderr=pipes["stderr"][1],
            **more,
        )
    finally:
        for _, end in pipes.values():
            os.close(end)
    for thread in listening:
        thread.start()
    until = time.monotonic() + timeout
    try:
        process.wait(timeout)
    finally:
        process.kill()
        for thread in listening:
            thread.join(max(1.0, until - time.monotonic()))
    return subprocess.CompletedProcess(
        arguments, process.returncode or 0, said["stdout"].decode(), said["stderr"].decode()
    )
