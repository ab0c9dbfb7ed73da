"""Sandbox a parser process: it can read its input and write its answer, and nothing else.

The system's limits hold for code in C as well; of root the system does not limit processes, so the interpreter
refuses them too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Mapping

MAX_OPEN_FILES = 32  # open at once: our pipes, a library's data, a lazy import
MAX_WORKER_FILE_BYTES = 128 * 1024 * 1024  # bytes; a model of languages unpacks 68 MB to a temporary file
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38  # of Linux's prctl
CAPABILITIES_3 = 0x20080522  # the version of capget and capset with 64 rights
FINDING_FILES = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_KEPT = ("SYSTEMROOT", "TMPDIR", "TMP", "TEMP")  # what Python needs to start, and for temporary files
# What begins a process, runs a program or reaches for the network, by the names of the interpreter's audit events.
REFUSED = frozenset(
    "os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.system os.kill pty.spawn subprocess.Popen "
    "socket.bind socket.connect socket.getaddrinfo socket.gethostbyname socket.sendto".split()
)


def bare_environment(path: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a parser process: the module path, and no secrets of ``environ``."""
    kept = {name: environ[name] for name in _KEPT if name in environ}
    # Libraries must not start threads: the limits forbid it, and one thread is enough.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **single, "PYTHONPATH": path, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}


def bound_memory(limit: int) -> None:
    """Limit this process to ``limit`` bytes of address space."""
    _limit("RLIMIT_AS", limit)


def confine() -> None:
    """Sandbox this process: few files, no large file, no core dump, no other process, no tracing."""
    _limit("RLIMIT_NOFILE", MAX_OPEN_FILES)
    _limit("RLIMIT_FSIZE", MAX_WORKER_FILE_BYTES)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NPROC", 0)
    _give_up_rights()
    sys.addaudithook(_refuse)


def hide_process() -> None:
    """Prevent other processes of this user from reading this one's memory, handles and environment, which contain tokens.

    Only Linux has this. It applies to processes without the right to trace others, which parsers give up. It also prevents
    core dumps.
    """
    if libc := _libc("prctl"):
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _give_up_rights() -> None:
    """Drop root's rights except those to find files of libraries; gain none by running a program."""
    if not (libc := _libc("prctl", "capget", "capset")):
        return
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, of 32 rights, and of the next 32
    if libc.capget(header, rights) == 0:
        kept = (rights[0] & FINDING_FILES, rights[1] & FINDING_FILES, 0, 0, 0, 0)
        libc.capset(header, (ctypes.c_uint32 * 6)(*kept))


def _libc(*names: str) -> ctypes.CDLL | None:
    """Return the system's library where it is Linux's and knows ``names``."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if all(hasattr(libc, name) for name in names) else None


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
