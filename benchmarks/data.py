"""Where the reference data lies: beside the project, or where WIREBRIEF_DATA says."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.language.sentences.split import split_sentences
from bot.model.news import Article

FOLDER = Path(os.environ.get("WIREBRIEF_DATA", Path(__file__).parents[2] / "shared" / "data"))


def need_data() -> None:
    """Stop with one sentence where the reference data is absent."""
    if not FOLDER.is_dir():
        sys.exit(f"The reference data is not at {FOLDER}: name its folder in WIREBRIEF_DATA.")


def records() -> list[dict[str, Any]]:
    """Return the labelled articles of the news events as they lie in their file."""
    text = (FOLDER / "news_events" / "articles.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def labelled() -> list[tuple[Article, int]]:
    """Return the articles of the news events, each with its event."""
    return [(article_of(record), record["event"]) for record in records()]


def article_of(record: dict[str, Any]) -> Article:
    """Return an article as a feed would have brought it."""
    at = datetime.fromisoformat(record["published_at"]).replace(tzinfo=UTC)
    return Article(
        id=record["url"],
        url=record["url"],
        outlet=record["source"],
        title=record["title"],
        published_at=at,
        fetched_at=at,
        language="en",
        sentences=split_sentences(record["text"], language="en"),
        originator=record["source"],
    )
