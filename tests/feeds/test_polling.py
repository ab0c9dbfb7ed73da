"""Polling: never too often, never never, and less and less where it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.polling import (
    JITTER_SHARE,
    MAX_POLL_INTERVAL_SECONDS,
    MIN_POLL_INTERVAL_SECONDS,
    PolledDocument,
    after_failure,
    after_success,
    after_unchanged,
    is_due,
)
from bot.model.news import FeedHealth

NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
WAITS = st.none() | st.integers(0, 10**9)


def seconds(health: FeedHealth) -> float:
    return (health.next_poll - NOW).total_seconds()


@given(st.lists(st.integers(0, 10**7), max_size=30), WAITS, WAITS, st.floats(0, 1))
def test_the_next_poll_is_between_a_quarter_of_an_hour_and_a_day(ages, ttl, max_age, jitter):
    dates = [NOW - timedelta(seconds=age) for age in ages]
    document = PolledDocument(dates=dates, ttl=ttl, max_age=max_age)
    health = after_success(FeedHealth(feed_id="f", failures=3), now=NOW, document=document, jitter=jitter)
    assert MIN_POLL_INTERVAL_SECONDS <= seconds(health) <= MAX_POLL_INTERVAL_SECONDS * (1 + JITTER_SHARE)
    assert (health.failures, health.last_success) == (0, NOW)
    again = after_unchanged(health, now=NOW, max_age=max_age, jitter=jitter)
    assert seconds(again) <= MAX_POLL_INTERVAL_SECONDS * (1 + JITTER_SHARE)
    assert again.interval >= health.interval


@given(st.integers(1, 40), WAITS)
def test_a_failing_feed_is_polled_less_and_less_but_never_dropped(times, retry_after):
    health, waits = FeedHealth(feed_id="f", interval=MIN_POLL_INTERVAL_SECONDS), []
    for _ in range(times):
        health = after_failure(health, now=NOW, reason="It did not answer", retry_after=retry_after)
        waits.append(seconds(health))
    assert waits == sorted(waits)
    assert waits[-1] <= MAX_POLL_INTERVAL_SECONDS
    assert (health.failures, health.reason) == (times, "It did not answer")


def test_a_feed_that_was_never_read_is_tried_again_within_minutes():
    health, waits = FeedHealth(feed_id="f"), []
    for _ in range(12):
        health = after_failure(health, now=NOW, reason="It did not answer", retry_after=None)
        waits.append(seconds(health) / 60)
    assert waits[:6] == [2, 5, 10, 20, 40, 60]
    assert waits == sorted(waits)
    assert waits[-1] == MAX_POLL_INTERVAL_SECONDS / 60
    asked = after_failure(FeedHealth(feed_id="f"), now=NOW, reason="Busy", retry_after=3600)
    assert seconds(asked) == 3600


def test_a_feed_that_was_read_before_waits_longer():
    read = FeedHealth(feed_id="f", interval=MIN_POLL_INTERVAL_SECONDS, last_success=NOW)
    assert (
        seconds(after_failure(read, now=NOW, reason="It did not answer", retry_after=None))
        == MIN_POLL_INTERVAL_SECONDS
    )


def test_a_busy_feed_is_polled_sooner_than_a_quiet_one():
    def interval(hours):
        dates = [NOW - timedelta(hours=hours * i) for i in range(8)]
        return after_success(FeedHealth(feed_id="f"), now=NOW, document=PolledDocument(dates=dates)).interval

    assert interval(0.5) == MIN_POLL_INTERVAL_SECONDS
    assert interval(0.5) < interval(8) < interval(72) == MAX_POLL_INTERVAL_SECONDS


def test_what_was_never_polled_is_due():
    assert is_due(None, NOW)
    assert not is_due(FeedHealth(feed_id="f", next_poll=NOW + timedelta(seconds=1)), NOW)
