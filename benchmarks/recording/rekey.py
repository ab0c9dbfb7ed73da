"""Keep recorded replies where a change of the program asks the same things under other keys.

The key of a reply names what was shown; where a check or the memory of a story changes, what is known of it, or what is asked
once more, changes with it. ``trace`` writes which requests a replay makes, once with the program as it was and once as it
is; ``move`` copies the reply to each request that has none from the one in its place: that of the same story and purpose,
the same number in order. What rests on known facts by their short names is named, to be read by somebody.

    python -m benchmarks.recording.rekey trace FILE [--invented]     in a checkout of either version
    python -m benchmarks.recording.rekey move BEFORE AFTER
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.data import records
from benchmarks.recording.recorded import recorded_model
from benchmarks.recording.replayed import REPLIES, invented_articles, replay
from bot.ports import LanguageModel, ModelReply, ModelRequest

_KNOWN = re.compile(r"[=>]\s*F\d+|\bA\d+ \|")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a replay."""

    subject: str
    purpose: str
    key: str


class _Noting:
    """Answers as ``inner`` does and notes what was asked."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self.asked: list[Asked] = []

    async def complete(self, request: ModelRequest) -> ModelReply:
        self.asked.append(Asked(request.subject, request.purpose, request.record_key))
        return await self._inner.complete(request)


def moves(
    before: Iterable[Asked], after: Iterable[Asked], recorded: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield the key of a recorded reply, and the one under which the request in its place is asked now and has none."""
    have = set(recorded)
    old = dict(_placed(before))
    for place, key in _placed(after):
        was = old.get(place, "")
        if key not in have and was in have:
            have.add(key)
            yield was, key


def _placed(asked: Iterable[Asked]) -> Iterator[tuple[tuple[str, str, int], str]]:
    """Yield each request by story, purpose and which of these it is; one that is asked again counts once."""
    count: Counter[tuple[str, str]] = Counter()
    for one in dict.fromkeys(asked):
        kind = (one.subject, one.purpose)
        count[kind] += 1
        yield (*kind, count[kind]), one.key


def traced(*, invented: bool) -> list[Asked]:
    """Return what a replay of the reference data, or of the ``invented`` events, asks."""
    model = _Noting(recorded_model(REPLIES))
    articles = invented_articles() if invented else records()

    async def run() -> None:
        async for _ in replay(model, articles):
            pass

    asyncio.run(run())
    return model.asked


def move(before: Sequence[Asked], after: Sequence[Asked], folder: Path) -> Iterator[str]:
    """Copy the replies of ``folder``, and yield a line for each."""
    for was, key in list(moves(before, after, (path.stem for path in folder.glob("*.json")))):
        text = (folder / f"{was}.json").read_text("utf-8")
        (folder / f"{key}.json").write_text(text, "utf-8")
        yield f"{was} -> {key}" + (" names known facts: read it" if _KNOWN.search(text) else "")


def _read(path: Path) -> list[Asked]:
    return [Asked(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recording.rekey")
    verbs = parser.add_subparsers(dest="verb", required=True)
    trace = verbs.add_parser("trace")
    trace.add_argument("file", type=Path)
    trace.add_argument("--invented", action="store_true")
    moving = verbs.add_parser("move")
    moving.add_argument("before", type=Path)
    moving.add_argument("after", type=Path)
    given = parser.parse_args()
    if given.verb == "move":
        for line in move(_read(given.before), _read(given.after), REPLIES):
            print(line)
        return
    asked = traced(invented=given.invented)
    given.file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in asked), "utf-8")


if __name__ == "__main__":
    main()
