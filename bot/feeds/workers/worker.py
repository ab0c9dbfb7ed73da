"""The worker process: read a call, run it, write the result cleaned; end when the parent does.

What parsers make of outside bytes leaves through here, so here is where outside text is cleaned.

Framing on both pipes: 4 bytes of length, big endian, then a pickle.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import signal
import struct
import sys
import warnings
from typing import Any, BinaryIO

from bot.errors import WirebriefError
from bot.feeds.workers.confine import bound_memory, confine
from bot.language.cleaning.clean import cleaned
from bot.language.text_cache import open_text_caches

HEADER = struct.Struct(">I")
GRACE_SECONDS = 2.0  # seconds past the latest end of a call, by when the parent would have ended us
COLLECTION_THRESHOLDS = (
    20_000,
    20,
    50,
)  # objects, and younger collections, between two of the garbage collector
MAX_WORKER_RESULT_BYTES = 64 * 1024 * 1024  # bytes one result may take: eight times the largest feed


def main(arguments: list[str]) -> None:
    """Serve calls from standard input; ``arguments`` are the memory bound in bytes and modules to preload.

    A module's ``warm``, if it has one, is called before the first call, without a deadline.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    warnings.simplefilter("ignore")
    bound_memory(int(arguments[0]))
    calls, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Output that a parser prints must not get between our frames.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for name in arguments[1:]:
        # What the first document would load is loaded before: its deadline is for reading it alone.
        getattr(importlib.import_module(name), "warm", int)()
    # What is loaded stays: a collection that went through it would cost more than the pages between two of them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)
    confine()
    results.write(b"\x01")
    results.flush()
    with open_text_caches():
        while (request := _read(calls)) is not None:
            reply = pickle.dumps(_answer(request), protocol=pickle.HIGHEST_PROTOCOL)
            results.write(HEADER.pack(len(reply)) + reply)
            results.flush()


def _answer(request: bytes) -> tuple[str, Any]:
    try:
        fn, args, kwargs, latest = pickle.loads(request)  # noqa: S301 - written by our own parent
        _end_after(latest + GRACE_SECONDS)
        return "ok", cleaned(fn(*args, **kwargs))
    except WirebriefError as error:
        return "error", (type(error), cleaned(dict(error.__dict__)))
    except MemoryError:
        os._exit(70)  # nothing can be trusted after it: end, and let the parent start afresh
    except Exception as error:  # noqa: BLE001 - any failure of a parser is an answer
        return "crash", type(error).__name__
    finally:
        _end_after(0.0)


def _end_after(seconds: float) -> None:
    """Let the system end this process then, 0 for never: a hung parser must not outlive a killed parent."""
    if hasattr(signal, "setitimer"):  # not on every platform
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _read(pipe: BinaryIO) -> bytes | None:
    header = pipe.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (size,) = HEADER.unpack(header)
    body = pipe.read(size)
    return body if len(body) == size else None


if __name__ == "__main__":
    main(sys.argv[1:])
