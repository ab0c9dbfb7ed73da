"""Where the reference data lies: beside the project, or where WIREBRIEF_DATA says."""

from __future__ import annotations

import json
import os
from pathlib import Path

FOLDER = Path(os.environ.get("WIREBRIEF_DATA", Path(__file__).parents[2] / "shared" / "data"))


def events() -> list[dict[str, str]]:
    """Return the labelled articles of the news events."""
    text = (FOLDER / "news_events" / "articles.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]
