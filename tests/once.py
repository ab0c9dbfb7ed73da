"""What is made once for all processes of a run, and only read: the demo, as it was played."""

from __future__ import annotations

import asyncio
import fcntl
import functools
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.runtime.demo import Demo

RUN_FOLDER = "TESTS_RUN_FOLDER"  # names a folder that the processes of a run share


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the run's folder ``name``; the first process that asks for it fills it with ``make``."""
    run = Path(os.environ[RUN_FOLDER])
    folder, half = run / name, run / f"{name}.half"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder


@functools.cache
def demo() -> Demo:
    """Return what the demo made, with its page where it was written."""
    folder = made_once("demo", _play)
    found: Demo = pickle.loads((folder / "demo.pickle").read_bytes())  # noqa: S301 - our own, of this run
    return found


def _play(folder: Path) -> None:
    from bot.runtime.demo import Demo, play_demo  # noqa: PLC0415 - not for those who need the folder alone

    played = asyncio.run(play_demo(folder))
    page = folder.with_name("demo") / played.page.name
    kept = Demo(briefings=played.briefings, messages=played.messages, page=page)
    (folder / "demo.pickle").write_bytes(pickle.dumps(kept))
