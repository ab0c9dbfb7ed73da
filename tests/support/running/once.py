"""What is made once for all processes of a run, and only read: the demo, as it was played."""

from __future__ import annotations

import asyncio
import fcntl
import functools
import os
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
def loaded_modules() -> frozenset[str]:
    """Return the modules that are loaded where the running bot and most of its verbs were imported, and have done nothing."""
    return frozenset((made_once("loaded", _import) / "modules").read_text("utf-8").split())


def _import(folder: Path) -> None:
    from tests.support.running import processes  # noqa: PLC0415 - which imports this module

    done = processes.run(cwd=folder, module="tests.support.running.modules")
    assert done.returncode == 0, done.stderr
    (folder / "modules").write_text(done.stdout, "utf-8")


@functools.cache
def demo() -> Demo:
    """Return what the demo made without a model, with its page where it was written."""
    return _played("demo", recorded=False)


@functools.cache
def read_demo() -> Demo:
    """Return what the demo made with its recorded replies."""
    return _played("read-demo", recorded=True)


def _played(name: str, *, recorded: bool) -> Demo:
    # On a thread of its own: a test that drives a browser has a loop that runs already.
    with ThreadPoolExecutor(1) as one:
        play = functools.partial(_play, name=name, recorded=recorded)
        folder = one.submit(made_once, name, play).result()
    found: Demo = pickle.loads((folder / "demo.pickle").read_bytes())  # noqa: S301 - our own, of this run
    return found


def _play(folder: Path, *, name: str, recorded: bool) -> None:
    from bot.runtime.demo import Demo, play_demo, recorded_replies  # noqa: PLC0415 - not for those who need the folder alone

    played = asyncio.run(play_demo(folder, model=recorded_replies() if recorded else None))
    page = folder.with_name(name) / played.page.name
    kept = Demo(briefings=played.briefings, messages=played.messages, page=page)
    (folder / "demo.pickle").write_bytes(pickle.dumps(kept))
