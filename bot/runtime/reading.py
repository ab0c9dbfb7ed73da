"""Read the feeds that are due, and log the result."""

from __future__ import annotations

import structlog

from bot.errors import LostLease
from bot.runtime.app import App
from bot.runtime.monitoring.metrics import Metrics
from bot.tracing import span

_log = structlog.get_logger()


async def read_feeds(app: App, metrics: Metrics) -> None:
    """Ingest once; do nothing if another process does it."""
    try:
        with span("ingest") as one:
            report = await app.ingest()
            one.set(due=report.feeds_due, read=report.feeds_read, new=report.articles_new)
    except LostLease as error:
        _log.info("ingest skipped", reason=error.message)
        return
    metrics.count_ingest(report)
    # A round without anything to read is not logged.
    (_log.info if report.feeds_due else _log.debug)(
        "ingest finished",
        due=report.feeds_due,
        read=report.feeds_read,
        failed=len(report.failures),
        new=report.articles_new,
        edited=report.articles_edited,
        stories=len(report.stories),
        seconds=round((report.finished_at - report.started_at).total_seconds(), 1),
    )
