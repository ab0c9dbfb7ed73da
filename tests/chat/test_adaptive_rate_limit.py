"""A server's rate is found from its refusals: nothing idle, few refusals, equal parts, and no limit where there is none."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.chat.adaptive_rate_limit import (
    CATCH_UP_SECONDS,
    FIRST_POSTS_PER_SECOND,
    MAX_TURN_DELAY_SECONDS,
    MAX_TURN_WAIT_SECONDS,
    MIN_POSTS_PER_SECOND,
    REPEATED_REFUSAL_FACTOR,
    AdaptiveRateLimit,
)
from tests.support.simulated import simulate


class Server:
    """Takes ``rate`` posts a second, a fifth of a second's at once."""

    def __init__(self, rate):
        self.rate, self.tokens, self.since, self.refused = rate, 1.0, 0.0, 0

    def takes(self, now):
        self.tokens = min(self.rate / 5, self.tokens + (now - self.since) * self.rate)
        self.since = now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        return True


async def post_all(server, *, processes, posts, at_once=40, seed=1):
    """Post ``posts`` times from ``processes``, each with ``at_once`` channels; return when the last came and how many of each."""
    loop, chance = asyncio.get_running_loop(), random.Random(seed)
    left, done = list(range(posts)), [0] * processes

    async def work(number, limit):
        while left:
            channel = str(left.pop())
            while True:
                while wait := limit.take(channel):  # noqa: ASYNC110 - as the running bot does
                    await asyncio.sleep(wait)
                await asyncio.sleep(0.02 * chance.random())
                if server.takes(loop.time()):
                    break
                limit.refused(channel)
                await asyncio.sleep(0.05 + 0.1 * chance.random())
            limit.accepted(channel)
            done[number] += 1

    limits = [AdaptiveRateLimit(clock=loop.time) for _ in range(processes)]
    begun = loop.time()
    await asyncio.gather(*(work(n, limits[n]) for n in range(processes) for _ in range(at_once)))
    return loop.time() - begun, done


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "processes", "at_once"), [(50.0, 1, 20), (50.0, 3, 80), (200.0, 3, 20)])
def test_a_server_is_kept_busy_with_few_refusals_by_processes_that_share_it(rate, processes, at_once):
    server = Server(rate)
    posts = int(20 * rate)
    seconds, done = simulate(post_all(server, processes=processes, posts=posts, at_once=at_once))
    assert seconds < 1.1 * 20
    assert server.refused < 0.7 * posts
    assert min(done) > 0.1 * max(done)


NAMES = 400  # more than get a turn at once while there is a limit


class Time:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def slowed(clock, refusals):
    """Return a limit after so many refusals, each of another channel, a second apart."""
    limit = AdaptiveRateLimit(clock=clock)
    for n in range(refusals):
        clock.now += 1.0
        while limit.take(f"refused {n}"):
            clock.now += 1.0
        limit.refused(f"refused {n}")
    return limit


def turns(limit, names):
    """Return how many of ``names`` get a turn at once."""
    return [limit.take(f"{names}{n}") for n in range(NAMES)].count(0)


def test_without_a_refusal_there_is_no_limit():
    limit = AdaptiveRateLimit(clock=Time())
    assert turns(limit, "a") == NAMES


def test_a_limit_ends_when_nothing_is_refused_any_more():
    limit = slowed(Time(), 3)
    assert turns(limit, "a") < NAMES
    for n in range(200):
        limit.accepted(f"b{n}")
    assert turns(limit, "c") == NAMES


def test_turns_are_taken_no_faster_than_the_rate_and_those_nobody_took_are_made_up_for_briefly():
    clock = Time()
    limit = slowed(clock, 1)
    clock.now += 3600
    rate = FIRST_POSTS_PER_SECOND * REPEATED_REFUSAL_FACTOR
    assert turns(limit, "a") == pytest.approx(rate * CATCH_UP_SECONDS, abs=2)
    clock.now += 0.1
    assert turns(limit, "b") == pytest.approx(0, abs=1)  # others are in the line


def test_the_line_keeps_its_order():
    clock = Time()
    limit = slowed(clock, 40)
    while limit.take("first") == 0:
        pass
    assert limit.take("second") >= limit.take("first")
    clock.now += limit.take("first") + 0.05
    while wait := limit.take("first"):
        assert limit.take("second") > 0
        clock.now += wait


def test_who_does_not_come_back_is_not_waited_for():
    clock = Time()
    limit = slowed(clock, 200)
    while limit.take("gone") == 0:
        pass
    begun = clock.now
    while wait := limit.take("behind"):
        assert wait <= MAX_TURN_WAIT_SECONDS
        clock.now += wait
    assert clock.now - begun < 2 / MIN_POSTS_PER_SECOND + MAX_TURN_DELAY_SECONDS


def test_a_channel_that_is_refused_again_slows_no_other_down():
    clock = Time()
    limit = slowed(clock, 1)
    for _ in range(50):
        clock.now += 1.0
        assert limit.take("refused 0") == 0
        limit.refused("refused 0")
    clock.now += 10
    assert turns(limit, "a") > FIRST_POSTS_PER_SECOND * CATCH_UP_SECONDS / 2


def test_calls_that_were_under_way_when_the_rate_was_lowered_lower_it_no_further():
    clock = Time()
    limit = AdaptiveRateLimit(clock=clock)
    assert turns(limit, "a") == NAMES
    for n in range(NAMES):
        clock.now += 0.001
        limit.refused(f"a{n}")
    clock.now += 10
    assert turns(limit, "b") > FIRST_POSTS_PER_SECOND * CATCH_UP_SECONDS / 2


def test_the_rate_does_not_fall_below_one_a_second():
    clock = Time()
    limit = slowed(clock, 300)
    while limit.take("a") == 0:
        pass
    begun = clock.now
    while wait := limit.take("a"):
        clock.now += wait
    assert clock.now - begun <= 2 / MIN_POSTS_PER_SECOND
