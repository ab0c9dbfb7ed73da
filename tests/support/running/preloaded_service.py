"""How processes of a run reach the one that has imported the program (``tests/support/running/preloaded.py``): a socket in the run's folder.

The first that needs it starts it; it ends when the last has gone.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

LENGTH = struct.Struct("!I")
STATE = struct.Struct("!i")
MAX_WAITING = 64  # connections that it has not accepted yet
ROOT = Path(__file__).parents[3]


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """Let nobody else begin or end the service of ``folder``; yield its socket."""
    with (folder / "preloaded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / "preloaded.sock"


def connect(folder: Path, *, environment: Mapping[str, str] | None = None) -> socket.socket:
    """Return a connection to the service of ``folder``; raises ``OSError`` where there is none.

    With an ``environment`` it is started there.
    """
    with alone(folder) as path:
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.connect(str(path))
        except OSError:
            if environment is None:
                channel.close()
                raise
            _begin(path, environment)
            channel.connect(str(path))
    return channel


def _begin(path: Path, environment: Mapping[str, str]) -> None:
    path.unlink(missing_ok=True)
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(path))
        listener.listen(MAX_WAITING)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.support.running.preloaded",
                str(listener.fileno()),
                str(path.parent),
            ],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
        )
    process.returncode = 0  # nobody waits for it: others may need it longer than this process lives


def send(channel: socket.socket, call: Mapping[str, Any], handles: Sequence[int]) -> None:
    """Send a call with the handles that go with it."""
    body = pickle.dumps(dict(call))
    socket.send_fds(channel, [LENGTH.pack(len(body))], list(handles))
    channel.sendall(body)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return a call with its handles, None when there will be no more; raises ``OSError`` where it was cut off."""
    head, handles, _, _ = socket.recv_fds(channel, LENGTH.size, 4)
    if not head:
        return None
    (missing,) = LENGTH.unpack(head)
    body = b""
    while len(body) < missing:
        if not (more := channel.recv(missing - len(body))):
            close_all(handles)
            raise ConnectionResetError("the caller was ended")
        body += more
    return pickle.loads(body), handles  # noqa: S301 - our own tests wrote it


def close_all(handles: Sequence[int]) -> None:
    """Close every one of them."""
    for handle in handles:
        os.close(handle)
