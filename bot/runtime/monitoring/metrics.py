"""Metrics of the running bot in Prometheus' text form; every series exists from the start, so that a first failure is visible."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from bot.flows.delivery.outcomes import DeliveryOutcome
from bot.llm.observed import PURPOSES, ModelCallReport
from bot.model.briefing import Mode
from bot.model.chat import SHOWN_STATES
from bot.model.talk import Request, Verb

if TYPE_CHECKING:  # these load the database modules, which are not needed for counting
    from bot.flows.delivery.ahead import PreparationReport
    from bot.flows.ingest.ingest import IngestReport

LATENESS_BUCKETS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14400)
MODEL_BUCKETS_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300)
INGEST_BUCKETS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600)
MICROS_PER_UNIT = 1_000_000  # of the currency that prices are given in: costs are kept in millionths

READ_OUTCOME, FAILED_OUTCOME, ANSWERED_OUTCOME = "read", "failed", "answered"
TOKEN_KINDS = ("input", "cached", "output")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """The state of a feed: consecutive ``failures``, and seconds since it was read, None if it never was."""

    failures: int
    read_ago: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """The state of the system, over all processes."""

    deliveries: Mapping[str, int]  # by state
    failing: int  # deliveries that have failed and are tried again
    overdue: float  # seconds since the minute of the oldest slot that is not posted yet
    unsent: int  # notices not sent yet
    read_ago: float  # seconds since feeds were last read, since the start where they never were
    open: int = 0  # deliveries that are due and not finished
    budget_left: float = 1.0  # share of the tightest ceiling; below 0 where it was passed
    feeds: Mapping[str, FeedStatus] = field(default_factory=dict)  # by the name that lists show


class Metrics:
    """The counters of one process."""

    def __init__(self, *, version: str = "", database: str = "") -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a third of the scrape, which nobody asks for
        self.registry = CollectorRegistry()
        build = self._gauge(
            "wirebrief_build_info", "Always 1; the labels say what runs.", "version", "python", "database"
        )
        build.labels(version, platform.python_version(), database).set(1)
        self._deliveries()
        self._news()
        self._model()
        self._people()

    def _deliveries(self) -> None:
        self._ended = self._counter("wirebrief_deliveries", "Deliveries that ended, by outcome.", "outcome")
        _begin(self._ended, DeliveryOutcome)
        self._late = self._histogram(
            "wirebrief_delivery_lateness_seconds",
            "Seconds from the scheduled time to the post.",
            LATENESS_BUCKETS_SECONDS,
        )
        self._by_state = self._gauge("wirebrief_deliveries_by_state", "Deliveries, by state.", "state")
        _begin(self._by_state, SHOWN_STATES)
        self._open = self._gauge("wirebrief_deliveries_open", "Deliveries that are due and not finished.")
        self._overdue = self._gauge(
            "wirebrief_overdue_seconds",
            "Seconds since the scheduled time of the oldest delivery that is not posted yet.",
        )
        self._failing = self._gauge(
            "wirebrief_deliveries_failing", "Deliveries that have failed and will be retried."
        )
        self._made = self._counter("wirebrief_briefings", "Briefings written, by mode.", "mode")
        _begin(self._made, Mode)
        self._unsent = self._gauge("wirebrief_notices_unsent", "Notices not yet sent to the admin channel.")
        self._swept = self._gauge(
            "wirebrief_tick_age_seconds", "Seconds since the scheduler's last successful tick."
        )

    def _news(self) -> None:
        self._ingests = self._histogram(
            "wirebrief_ingest_seconds", "Seconds that reading the feeds took.", INGEST_BUCKETS_SECONDS
        )
        self._read_ago = self._gauge("wirebrief_ingest_age_seconds", "Seconds since feeds were last read.")
        self._articles = self._counter("wirebrief_articles", "New articles read.")
        self._polls = self._counter("wirebrief_feed_polls", "Feeds polled, by outcome.", "outcome")
        _begin(self._polls, (READ_OUTCOME, FAILED_OUTCOME))
        self._feed_up = self._gauge(
            "wirebrief_feed_up", "1 if the last poll of a feed succeeded, 0 if it failed.", "feed"
        )
        self._feed_failures = self._gauge(
            "wirebrief_feed_failures", "Consecutive failed polls of a feed.", "feed"
        )
        self._feed_age = self._gauge(
            "wirebrief_feed_age_seconds", "Seconds since a feed was last read; absent before that.", "feed"
        )

    def _model(self) -> None:
        self._calls = self._counter(
            "wirebrief_model_calls", "Calls of a model, by outcome.", "model", "purpose", "outcome"
        )
        self._tokens = self._counter(
            "wirebrief_model_tokens",
            "Tokens of a model; cached tokens are part of the input.",
            "model",
            "kind",
        )
        self._cost = self._counter(
            "wirebrief_model_cost", "Cost of a model's calls, in the currency of its prices.", "model"
        )
        self._seconds = self._histogram(
            "wirebrief_model_seconds", "Seconds that calls of a model took.", MODEL_BUCKETS_SECONDS, "model"
        )
        self._left = self._gauge(
            "wirebrief_budget_left_ratio",
            "Share left of the most exhausted ceiling of [budget]; 1 without a ceiling.",
        )
        self._left.set(1)
        self._prepared = self._counter(
            "wirebrief_stories_read_ahead", "Stories read ahead of a scheduled time, by outcome.", "outcome"
        )
        _begin(self._prepared, (READ_OUTCOME, FAILED_OUTCOME))

    def _people(self) -> None:
        self._requests = self._counter(
            "wirebrief_requests", "Requests from people, by platform and command.", "platform", "verb"
        )
        self._connected = self._gauge(
            "wirebrief_connected", "Whether the connection to a platform is up: 1 or 0.", "platform"
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self.registry)

    def begin(self, *, models: Iterable[str], platforms: Iterable[str]) -> None:
        """Create the series of the configured ``models`` and of the ``platforms`` with requests."""
        for model in models:
            for purpose in PURPOSES:
                for outcome in (ANSWERED_OUTCOME, FAILED_OUTCOME):
                    self._calls.labels(model, purpose, outcome)
            for kind in TOKEN_KINDS:
                self._tokens.labels(model, kind)
            self._cost.labels(model)
            self._seconds.labels(model)
        for name in platforms:
            self._connected.labels(name)
            for verb in Verb:
                self._requests.labels(name, verb.value)

    def count_delivery(self, outcome: DeliveryOutcome, late: float) -> None:
        """Count a delivery that ended; if it was posted, ``late`` seconds after its slot."""
        self._ended.labels(outcome.value).inc()
        if outcome is DeliveryOutcome.POSTED:
            self._late.observe(max(0.0, late))

    def count_briefing(self, mode: Mode) -> None:
        """Count a briefing that was made."""
        self._made.labels(mode.value).inc()

    def count_preparation(self, report: PreparationReport) -> None:
        """Count the stories read ahead of slots."""
        self._prepared.labels(READ_OUTCOME).inc(report.read)
        self._prepared.labels(FAILED_OUTCOME).inc(report.failed)

    def count_request(self, request: Request) -> None:
        """Count a request."""
        self._requests.labels(request.channel.platform, request.verb.value).inc()

    def count_model_call(self, report: ModelCallReport) -> None:
        """Count a call of a model."""
        outcome, usage = FAILED_OUTCOME if report.reason else ANSWERED_OUTCOME, report.usage
        self._calls.labels(report.model, report.purpose, outcome).inc()
        for kind, tokens in zip(
            TOKEN_KINDS, (usage.input_tokens, usage.cached_tokens, usage.output_tokens), strict=True
        ):
            self._tokens.labels(report.model, kind).inc(tokens)
        self._cost.labels(report.model).inc(usage.cost / MICROS_PER_UNIT)
        self._seconds.labels(report.model).observe(report.seconds)

    def set_connected(self, platform: str, *, connected: bool) -> None:
        """Set whether the bot is connected on ``platform``."""
        self._connected.labels(platform).set(connected)

    def count_ingest(self, report: IngestReport) -> None:
        """Count the feeds and articles of an ingest."""
        self._ingests.observe((report.finished_at - report.started_at).total_seconds())
        self._articles.inc(report.articles_new)
        self._polls.labels(READ_OUTCOME).inc(report.feeds_read)
        self._polls.labels(FAILED_OUTCOME).inc(len(report.failures))

    def set_status(self, status: SystemStatus) -> None:
        """Set the state from the database."""
        for state in SHOWN_STATES:
            self._by_state.labels(state).set(status.deliveries.get(state, 0))
        self._open.set(status.open)
        self._overdue.set(status.overdue)
        self._failing.set(status.failing)
        self._unsent.set(status.unsent)
        self._read_ago.set(status.read_ago)
        self._left.set(status.budget_left)
        for gauge in (self._feed_up, self._feed_failures, self._feed_age):
            gauge.clear()  # feeds are removed and renamed
        for name, feed in status.feeds.items():
            self._feed_up.labels(name).set(0 if feed.failures else 1)
            self._feed_failures.labels(name).set(feed.failures)
            if feed.read_ago is not None:
                self._feed_age.labels(name).set(feed.read_ago)

    def text(self, *, tick_age: float) -> bytes:
        """Return all metrics as text."""
        self._swept.set(tick_age)
        found: bytes = generate_latest(self.registry)
        return found


def _begin(metric: Counter | Gauge, labels: Iterable[str]) -> None:
    """Let each series of ``metric`` exist, at 0."""
    for label in labels:
        metric.labels(str(label))
