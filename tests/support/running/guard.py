"""Tidy up after a run of the tests, however it ends: its folder is removed, and PostgreSQL in it ended.

As a program (``python guard.py FOLDER PID``) it outlives the run, the process ``PID`` that started it: killed, that tidies nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

LOOK_SECONDS = 0.2  # between two looks whether the run still lives


def guard(folder: Path) -> None:
    """Let ``folder`` be removed once this process has ended."""
    # In a session of its own, which no signal to the run's group reaches; of all Python it needs little.
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", __file__, str(folder), str(os.getpid())],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)],
        setsid=True,
    )


def end_server(folder: Path) -> None:
    """End PostgreSQL in ``folder`` if it runs."""
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)


def main(folder: Path, run: int) -> None:
    """Wait for the end of the process ``run``, then tidy up; without its folder no server starts any more."""
    while os.getppid() == run:
        time.sleep(LOOK_SECONDS)
    while folder.exists():
        end_server(folder)
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
