"""The services that read feeds, pages and files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config import Fetch
from bot.feeds.workers.pool import WorkerPool
from bot.ports import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingServices:
    """The fetcher, the parser processes and the limits that all reading shares."""

    fetcher: Fetcher
    workers: WorkerPool
    settings: Fetch
