"""Gather the events of ``tests/golden/events`` as ``wirebrief backtest`` and ``wirebrief eval`` read them.

    python -m tests.golden.gather FOLDER

writes ``FOLDER/articles.jsonl`` and ``FOLDER/gold/event-NUMBER.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parent / "events"


def read_events() -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return gold and articles of each event by the name of its folder."""
    return {
        folder.name: (
            json.loads((folder / "gold.json").read_text("utf-8")),
            [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()],
        )
        for folder in sorted(EVENTS.iterdir())
        if folder.is_dir()
    }


def gather(folder: Path) -> None:
    """Write the articles of all events into one file, oldest first, and the gold of each beside it."""
    events = read_events().values()
    (folder / "gold").mkdir(parents=True, exist_ok=True)
    articles = sorted(
        (article for _, articles in events for article in articles), key=lambda a: a["published_at"]
    )
    lines = [json.dumps(article, ensure_ascii=False) + "\n" for article in articles]
    (folder / "articles.jsonl").write_text("".join(lines), "utf-8")
    for gold, _ in events:
        text = json.dumps(gold, ensure_ascii=False, indent=1)
        (folder / "gold" / f"event-{gold['event']}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
