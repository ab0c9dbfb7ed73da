"""Ingest: read every due feed, keep what is new, and place it in stories.

    due feeds ──read──▶ drafts ──dedupe──▶ articles ──cluster──▶ stories ──▶ ledgers

Reading runs side by side; keeping and placing run in one order (by date, then id), so the same news gives
the same stories. A crash between two steps loses nothing: unread entries are read again at the next poll,
and articles without a story are placed by the next ingest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.config import Fetch
from bot.feeds.workers import WorkerPool
from bot.flows.reading import Draft, Poll, entry_hash, newest, poll_feed, read_entry
from bot.log import public_address
from bot.model.briefing import FeedFailure
from bot.model.ids import derive_id
from bot.model.news import Entry, Feed, FeedHealth
from bot.ports import Fetcher
from bot.store import ArticleKey, IngestRun, Store

REPRINT_WINDOW = timedelta(days=14)  # wire copy is reprinted within days
"""How far back an article's text is compared with earlier ones."""

_log = structlog.get_logger()
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ingest did; ``failures`` names every feed that could not be read."""

    started_at: datetime
    finished_at: datetime
    feeds_due: int = 0
    feeds_read: int = 0
    articles_new: int = 0
    articles_edited: int = 0
    failures: tuple[FeedFailure, ...] = ()
    stories: tuple[str, ...] = field(default=())  # ids of those that gained an article
