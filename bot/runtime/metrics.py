"""What the running bot counts, in Prometheus' text form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.flows.delivery.ahead import PreparationReport
from bot.flows.delivery.outcomes import DeliveryOutcome
from bot.flows.ingest.ingest import IngestReport
from bot.model.briefing import Mode
from bot.model.chat import State
from bot.model.talk import Request

LATENESS_BUCKETS_SECONDS = (1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400)  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """Where everything stands, whichever process did it."""

    deliveries: Mapping[str, int]  # by state
    failing: int  # deliveries that have failed and are tried again
    overdue: float  # seconds since the minute of the oldest slot that is not posted yet
    unsent: int  # notices not sent yet
    read_ago: float  # seconds since feeds were last read, since the start where they never were


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._ended = Counter(
            "wirebrief_deliveries", "Deliveries that ended, by outcome.", ["outcome"], registry=self.registry
        )
        self._late = Histogram(
            "wirebrief_delivery_lateness_seconds",
            "Seconds from the scheduled time to the post.",
            buckets=LATENESS_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._deliveries_gauge = Gauge(
            "wirebrief_deliveries_by_state", "Deliveries, by state.", ["state"], registry=self.registry
        )
        self._overdue = Gauge(
            "wirebrief_overdue_seconds",
            "Seconds since the scheduled time of the oldest delivery that is not posted yet.",
            registry=self.registry,
        )
        self._failing = Gauge(
            "wirebrief_deliveries_failing",
            "Deliveries that have failed and will be retried.",
            registry=self.registry,
        )
        self._unsent = Gauge(
            "wirebrief_notices_unsent", "Notices not yet sent to the admin channel.", registry=self.registry
        )
        self._read_ago = Gauge(
            "wirebrief_ingest_age_seconds", "Seconds since feeds were last read.", registry=self.registry
        )
        self._made = Counter(
            "wirebrief_briefings", "Briefings written, by mode.", ["mode"], registry=self.registry
        )
        self._prepared = Counter(
            "wirebrief_stories_read_ahead",
            "Stories read ahead of a scheduled time, by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self._articles = Counter("wirebrief_articles", "New articles read.", registry=self.registry)
        self._feeds = Counter("wirebrief_feed_polls", "Feeds polled.", ["outcome"], registry=self.registry)
        self._requests = Counter(
            "wirebrief_requests",
            "Requests from people, by platform and command.",
            ["platform", "verb"],
            registry=self.registry,
        )
        self._connected = Gauge(
            "wirebrief_connected",
            "Whether the connection to a platform is up: 1 or 0.",
            ["platform"],
            registry=self.registry,
        )
        self._swept = Gauge(
            "wirebrief_tick_age_seconds",
            "Seconds since the scheduler's last successful tick.",
            registry=self.registry,
        )

    def count_delivery(self, outcome: DeliveryOutcome, late: float) -> None:
        """Count a delivery that ended, ``late`` seconds after its slot where it was posted."""
        self._ended.labels(outcome.value).inc()
        if outcome is DeliveryOutcome.POSTED:
            self._late.observe(max(0.0, late))

    def count_briefing(self, mode: Mode) -> None:
        """Count a briefing that was made."""
        self._made.labels(mode.value).inc()

    def count_preparation(self, report: PreparationReport) -> None:
        """Count what was read ahead of slots."""
        self._prepared.labels("read").inc(report.read)
        self._prepared.labels("failed").inc(report.failed)

    def count_request(self, request: Request) -> None:
        """Count what somebody asked for."""
        self._requests.labels(request.channel.platform, request.verb.value).inc()

    def set_connected(self, platform: str, *, connected: bool) -> None:
        """Set whether the bot is connected on ``platform``."""
        self._connected.labels(platform).set(connected)

    def count_ingest(self, report: IngestReport) -> None:
        """Count what an ingest read."""
        self._articles.inc(report.articles_new)
        self._feeds.labels("read").inc(report.feeds_read)
        self._feeds.labels("failed").inc(len(report.failures))

    def set_status(self, status: SystemStatus) -> None:
        """Set what the database says."""
        for state in State:
            self._deliveries_gauge.labels(state.value).set(status.deliveries.get(state.value, 0))
        self._overdue.set(status.overdue)
        self._failing.set(status.failing)
        self._unsent.set(status.unsent)
        self._read_ago.set(status.read_ago)

    def text(self, *, tick_age: float) -> bytes:
        """Return all of it."""
        self._swept.set(tick_age)
        found: bytes = generate_latest(self.registry)
        return found
