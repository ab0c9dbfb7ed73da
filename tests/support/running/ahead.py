"""Start what most tests wait for while the others are still collected: the process that programs are forked from, and PostgreSQL.

As a program (``python -m tests.support.running.ahead``) it is the one that holds PostgreSQL, until its standard input ends with the run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from tests.support import databases
from tests.support.running.guard import end_server
from tests.support.running.once import RUN_FOLDER
from tests.support.running.preloaded_service import connect, send


@contextmanager
def started_ahead(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Let both start in ``folder``, without waiting for either, and end after the body."""
    begun, until = os.pipe()
    with closing(connect(folder, environment=environment)) as channel, os.fdopen(until, "wb"):
        with os.fdopen(begun, "rb") as ends, Path(os.devnull).open("r+b") as nothing:
            call = {
                "arguments": (),
                "before": None,
                "cwd": str(folder),
                "env": dict(environment),
                "module": "tests.support.running.ahead",
                "umask": -1,
                "warnings": "",
            }
            silent = nothing.fileno()
            send(channel, call, [ends.fileno(), silent, silent, silent])
        yield


def main() -> None:
    """Hold PostgreSQL until the run ends."""
    folder = Path(os.environ[RUN_FOLDER])
    with databases.postgres_server(folder) as url:
        databases.write_template(url)
        sys.stdin.read()
        # Nothing is tidied: the guard removes the folder, and may be doing so.
        end_server(folder)
        os._exit(0)


if __name__ == "__main__":
    main()
