"""A redirect binds after three days, and never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.feeds.moves import address_to_ask, hashed, with_moves
from bot.model.news import Feed, FeedHealth

OLD, NEW, OTHER = "https://old.example/rss", "https://new.example/rss", "https://other.example/rss"
FEED, HEALTH = Feed(id="f", url=OLD), FeedHealth(feed_id="f")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AT = datetime(2031, 3, 10, 8, tzinfo=UTC)


def polled(feed, health, *answers):
    """Return feed and health after polls, each a time and where the old address leads then."""
    for at, moved_to in answers:
        asked = address_to_ask(feed, health, now=at)
        feed, health = with_moves(
            feed, health, asked=asked, moved_to=moved_to if asked == OLD else "", now=at
        )
    return feed, health


def test_a_redirect_is_lasting_on_its_third_day():
    feed, health = polled(FEED, HEALTH, (AT, NEW), (AT + HOUR, NEW), (AT + DAY, NEW), (AT + DAY + HOUR, NEW))
    assert (feed.moved_to, health.redirect_days) == ("", 2)
    feed, health = polled(feed, health, (AT + 5 * DAY, NEW))
    assert feed.moved_to == NEW


def test_a_day_of_it_between_answers_binds_nothing():
    answers = [(AT + n * DAY, NEW if n % 2 else "") for n in range(12)]
    assert polled(FEED, HEALTH, *answers)[0].moved_to == ""


def test_another_target_is_counted_anew():
    feed, health = polled(FEED, HEALTH, (AT, NEW), (AT + DAY, NEW), (AT + 2 * DAY, OTHER))
    assert (feed.moved_to, health.redirect, health.redirect_days) == ("", hashed(OTHER), 1)


def test_days_are_those_of_utc():
    late = datetime(2031, 3, 10, 23, 50, tzinfo=UTC)
    zone = AT.astimezone().tzinfo
    answers = [
        (late.astimezone(zone), NEW),
        (late + timedelta(minutes=20), NEW),
        (late + timedelta(minutes=40), NEW),
    ]
    assert polled(FEED, HEALTH, *answers)[1].redirect_days == 2


def test_the_old_address_is_asked_once_a_day_and_read_again_when_it_answers():
    moved = replace(FEED, moved_to=NEW)
    assert address_to_ask(moved, HEALTH, now=AT) == OLD
    feed, health = polled(moved, HEALTH, (AT, NEW))
    assert address_to_ask(feed, health, now=AT + HOUR) == NEW
    assert address_to_ask(feed, health, now=AT + DAY) == OLD
    feed, health = polled(feed, health, (AT + DAY, ""))
    assert (feed.moved_to, health.redirect_days) == ("", 0)
