"""Rate limits: a channel's turn is taken once, and what a platform asked for is kept."""

from __future__ import annotations

from bot.chat.rate_limit import ChannelRateLimits, RateLimit


class Time:
    """A clock that the test moves."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_a_channel_takes_one_message_in_its_time_and_no_other_waits_for_it():
    clock = Time()
    limits = ChannelRateLimits(1.0, clock=clock)
    assert limits.take("a") == 0
    assert limits.take("a") == 1.0
    assert limits.take("b") == 0
    clock.now += 0.75
    assert limits.take("a") == 0.25
    clock.now += 0.25
    assert limits.take("a") == 0
    assert limits.take("a") == 1.0


def test_a_wait_that_was_asked_for_is_kept_and_a_shorter_one_does_not_end_it():
    clock = Time()
    limits, everywhere = ChannelRateLimits(1.0, clock=clock), RateLimit(clock=clock)
    limits.back_off("a", 30.0)
    limits.back_off("a", 2.0)
    everywhere.back_off(30.0)
    everywhere.back_off(2.0)
    clock.now += 10
    assert (limits.take("a"), everywhere.remaining()) == (20.0, 20.0)
    clock.now += 20
    assert (limits.take("a"), everywhere.remaining()) == (0, 0)


def test_channels_that_may_be_posted_to_are_forgotten_before_those_that_wait(monkeypatch):
    monkeypatch.setattr("bot.chat.rate_limit.MAX_CHANNELS", 3)
    clock = Time()
    limits = ChannelRateLimits(1.0, clock=clock)
    limits.back_off("told to wait", 30.0)
    for name in "abcdef":
        limits.take(name)
        clock.now += 0.6
    assert limits.take("f") > 0
    assert limits.take("told to wait") > 0


def test_no_more_channels_are_remembered_than_may_be(monkeypatch):
    monkeypatch.setattr("bot.chat.rate_limit.MAX_CHANNELS", 3)
    limits = ChannelRateLimits(1.0, clock=Time())
    for name in "abcdef":
        limits.take(name)
    assert [limits.take(name) > 0 for name in "def"] == [True] * 3
    assert limits.take("a") == 0
