"""Refused posts are logged: the first at once, then fewer and fewer, with the number of those left out."""

from __future__ import annotations

from bot.chat.failure_log import MAX_DISTANCE_SECONDS, FailureLog


class Time:
    """A clock that the test moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_channel_that_refuses_every_second_for_a_day_costs_a_few_lines():
    clock = Time()
    log, lines = FailureLog(clock=clock), []
    for second in range(86_400):
        clock.now = float(second)
        if (suppressed := log.admit("slack:T1/C1", "not posted")) is not None:
            lines.append((second, suppressed))
    assert lines[:4] == [(0, 0), (60, 59), (180, 119), (420, 239)]
    assert len(lines) < 35
    assert lines[-1][0] - lines[-2][0] == MAX_DISTANCE_SECONDS


def test_another_channel_and_another_reason_have_lines_of_their_own():
    log = FailureLog(clock=Time())
    assert [log.admit(*key) for key in (("a", "x"), ("b", "x"), ("a", "y"), ("a", "x"))] == [0, 0, 0, None]


def test_what_was_quiet_for_long_is_told_at_once_again():
    clock = Time()
    log = FailureLog(clock=clock)
    log.admit("a", "x")
    log.admit("a", "x")
    clock.now = 3 * MAX_DISTANCE_SECONDS
    assert log.admit("a", "x") == 0


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("bot.chat.failure_log.MAX_KEYS", 3)
    log = FailureLog(clock=Time())
    for name in "abcdef":
        log.admit(name, "x")
    assert len(log._lines) == 3
