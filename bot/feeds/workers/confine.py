"""Confine a parser process: it reads what it is given and writes its answer, and has no business with anything else.

The system's limits hold for code in C as well; of root the system does not limit processes, so the interpreter
refuses them too.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping

MOST_FILES = 32  # open at once: our pipes, a library's data, a lazy import
LARGEST_FILE = 128 * 1024 * 1024  # bytes; a model of languages unpacks 68 MB to a temporary file
_KEPT = ("SYSTEMROOT", "TMPDIR", "TMP", "TEMP")  # what Python needs to start, and for temporary files
# What begins a process, runs a program or reaches for the network, by the names of the interpreter's audit events.
REFUSED = frozenset(
    "os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.system os.kill pty.spawn subprocess.Popen "
    "socket.bind socket.connect socket.getaddrinfo socket.gethostbyname socket.sendto".split()
)


def bare_environment(path: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a parser process: where modules are, and none of what ``environ`` holds of secrets."""
    kept = {name: environ[name] for name in _KEPT if name in environ}
    # Libraries that would start threads of their own must not: they may not, and one thread is all there is to do.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **single, "PYTHONPATH": path, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}


def bound_memory(limit: int) -> None:
    """Let this process have ``limit`` bytes of address space."""
    _limit("RLIMIT_AS", limit)


def confine() -> None:
    """Let this process open few files, write no large one, leave no core behind, and begin no other process."""
    _limit("RLIMIT_NOFILE", MOST_FILES)
    _limit("RLIMIT_FSIZE", LARGEST_FILE)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NPROC", 0)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in REFUSED or (event == "os.kill" and arguments[:1] == (os.getpid(),)):
        return
    raise PermissionError(f"a parser may not: {event}")


def _limit(name: str, most: int) -> None:
    """Set a limit of the system, and its ceiling, so that it cannot be lifted again."""
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    which = getattr(resource, name, None)
    if which is None:
        return
    with contextlib.suppress(ValueError, OSError):  # already lower, or not on this system
        resource.setrlimit(which, (most, most))
