"""Milliseconds that a single sentence, and a single command, holds the event loop: the bound is 50.

python -m benchmarks.load.loop
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.mutants import shown
from bot.language.sentences.split import MAX_SENTENCE_CHARS
from bot.log import set_up_logs
from bot.model.talk import Verb
from tests.flows.requests.test_bounds import ARGUMENTS, VERBS
from tests.flows.talk import ADMIN, read_mornings, recorded_world
from tests.language.test_any_text import READERS, UNITS
from tests.support.strain import strain

MILLISECONDS = 50
LENGTHS = (200, 12_000, 300_000)  # characters of an argument


def texts() -> list[dict[str, str]]:
    """Return for each reader of sentences the one of the greatest length that takes it longest."""
    rows = []
    for name, read in READERS.items():
        read("Anna Berg said on Monday that 3 of 5 ships had left.")
        worst, at = 0.0, ""
        for unit, tail in itertools.product(UNITS, ("", "x", ".")):
            text = (unit * MAX_SENTENCE_CHARS)[: MAX_SENTENCE_CHARS - 1] + tail
            begun = time.thread_time()
            read(text)
            took = (time.thread_time() - begun) * 1000
            worst, at = max((worst, at), (took, repr(unit + tail)))
        rows.append(_row(f"a sentence, {name}", worst, at))
    return rows


async def commands() -> list[dict[str, str]]:
    """Return for each command the argument that holds the loop longest."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await read_mornings(folder)
        async with recorded_world(folder, folder) as world:
            await world.ask(Verb.STATUS, asker=ADMIN)
            for verb in VERBS:
                worst, at = 0.0, ""
                for (named, unit), length in itertools.product(ARGUMENTS.items(), LENGTHS):
                    world.later(hours=1)
                    with strain() as cost:
                        await world.ask(verb, (unit * length)[:length], asker=ADMIN)
                    worst, at = max((worst, at), (cost.held, f"{length:,} of {named} ({cost.holder})"))
                rows.append(_row(f"/brief {verb}", worst, at))
    return rows


def _row(what: str, held: float, at: str) -> dict[str, str]:
    return {
        "what": what,
        "longest step": f"{held:.1f} ms",
        "at": at,
        "within": "yes" if held <= MILLISECONDS else "NO",
    }


def run() -> list[dict[str, str]]:
    """Return a row for each reader of sentences and each command."""
    return texts() + asyncio.run(commands())


def main() -> None:
    set_up_logs(level="critical", json_lines=False)
    rows = run()
    shown(rows, title=str(__doc__).split("\n", 1)[0])
    if any(row["within"] != "yes" for row in rows):
        sys.exit("A bound does not hold.")


if __name__ == "__main__":
    main()
