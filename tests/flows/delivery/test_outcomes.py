"""What follows a refusal: every kind, at every number of failures, in every state of the part at hand."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from bot.errors import DeliveryReason, NoLookUp, PostRefused, PostUnclear, StoreError
from bot.flows.delivery.outcomes import (
    ATTEMPTS_PER_FAULT,
    MAX_ATTEMPTS,
    MAX_BACKOFF_SECONDS,
    MAX_CALLS_PER_PART,
    MAX_RATE_LIMIT_BACKOFF_SECONDS,
    MAX_RATE_LIMIT_GROWTH,
    MAX_RETRY_WAIT_SECONDS,
    DeliveryOutcome,
    Refusal,
    Remedy,
    Situation,
    Step,
    after_refusal,
    growth,
    refusal_of,
)
from bot.model.chat import PartState
from tests.support.running.rows import each_row

RETRY, FAIL, PAUSE, UNCERTAIN = Remedy.RETRY, Remedy.FAIL, Remedy.PAUSE, Remedy.UNCERTAIN
WAITING, INTENDED = PartState.WAITING, PartState.INTENDED
FEW, MANY = 3, MAX_ATTEMPTS - 1  # failures before this one

TABLE = {
    # refusal: (few, waiting), (few, may stand there), (many, waiting), (many, may stand there)
    Refusal.RATE_LIMITED: (RETRY, RETRY, RETRY, RETRY),
    Refusal.TEMPORARY: (RETRY, RETRY, FAIL, UNCERTAIN),
    Refusal.FINAL: (FAIL, UNCERTAIN, FAIL, UNCERTAIN),
    Refusal.GONE: (PAUSE, UNCERTAIN, PAUSE, UNCERTAIN),
    Refusal.UNKNOWN: (RETRY, RETRY, UNCERTAIN, UNCERTAIN),
    Refusal.LOOK_UP_FAILED: (RETRY, RETRY, FAIL, UNCERTAIN),
    Refusal.NO_LOOK_UP: (UNCERTAIN, UNCERTAIN, UNCERTAIN, UNCERTAIN),
    Refusal.FAULT: (RETRY, RETRY, FAIL, UNCERTAIN),
}


def test_the_table_has_every_refusal():
    assert set(TABLE) == set(Refusal)


@each_row(
    ("refusal", "attempts", "part", "wanted"),
    [
        (refusal, attempts, part, wanted)
        for refusal, row in TABLE.items()
        for (attempts, part), wanted in zip(product((FEW, MANY), (WAITING, INTENDED)), row, strict=True)
    ],
)
def test_each_refusal_has_its_remedy(refusal, attempts, part, wanted):
    decision = after_refusal(refusal, Situation(attempts=attempts, part=part), jitter=0.5)
    assert decision.remedy is wanted
    assert (decision.wait > 0) == (wanted is RETRY)


@each_row("refusal", Refusal)
def test_nothing_that_may_stand_in_its_channel_is_called_failed(refusal):
    for attempts in range(MAX_ATTEMPTS + 2):
        situation = Situation(attempts=attempts, part=INTENDED, calls=2 * MAX_CALLS_PER_PART)
        assert after_refusal(refusal, situation).remedy in {RETRY, UNCERTAIN}, attempts


@pytest.mark.parametrize("refusal", [r for r in Refusal if TABLE[r][0] is RETRY])
def test_every_delivery_ends(refusal):
    situation, decisions = Situation(), 0
    while (decision := after_refusal(refusal, situation)).remedy is RETRY:
        decisions += 1
        limited = refusal is Refusal.RATE_LIMITED
        situation = Situation(
            attempts=decision.attempts,
            limited=decisions if limited else 0,
            calls=decisions if limited else 0,
        )
    assert decisions <= MAX_CALLS_PER_PART
    assert decision.remedy in {FAIL, UNCERTAIN}


def test_waits_double_up_to_a_bound_and_differ_by_chance():
    waits = [after_refusal(Refusal.TEMPORARY, Situation(attempts=n)).wait for n in range(12)]
    assert waits[0] == 2.0
    assert all(later == min(MAX_BACKOFF_SECONDS, 2 * earlier) for earlier, later in pairwise(waits))
    assert waits[-1] == MAX_BACKOFF_SECONDS
    low, high = (growth(3, first=1.0, most=300.0, jitter=chance) for chance in (0.0, 1.0))
    assert (low, high) == (6.0, 10.0)


def test_a_platform_gets_the_wait_it_asks_for_within_reason():
    for refusal in (Refusal.RATE_LIMITED, Refusal.TEMPORARY):
        assert after_refusal(refusal, Situation(), asked=60.0, jitter=0.0).wait == 60.0
        assert after_refusal(refusal, Situation(), asked=10**9).wait == MAX_RETRY_WAIT_SECONDS


def test_a_rate_limit_counts_as_no_failure_and_its_calls_come_more_rarely_until_it_is_given_up():
    assert after_refusal(Refusal.RATE_LIMITED, Situation(attempts=4)).attempts == 4
    early, later = (
        after_refusal(Refusal.RATE_LIMITED, Situation(calls=calls, limited=calls)).wait for calls in (30, 31)
    )
    assert (early, later) == (MAX_RATE_LIMIT_BACKOFF_SECONDS, MAX_BACKOFF_SECONDS)
    assert after_refusal(Refusal.RATE_LIMITED, Situation()).wait == 0.1
    assert after_refusal(Refusal.RATE_LIMITED, Situation(calls=MAX_CALLS_PER_PART - 1)).remedy is RETRY
    assert after_refusal(Refusal.RATE_LIMITED, Situation(calls=MAX_CALLS_PER_PART)).remedy is FAIL


def test_a_fault_of_our_own_is_tried_a_few_times():
    assert after_refusal(Refusal.FAULT, Situation()).attempts == ATTEMPTS_PER_FAULT


@each_row(
    ("error", "wanted"),
    [
        (PostRefused("x", reason=DeliveryReason.RATE_LIMITED, retry_after=1.0), Refusal.RATE_LIMITED),
        (PostRefused("x", reason="unreachable", retry_after=5.0), Refusal.TEMPORARY),
        (PostRefused("x", reason="answer 400"), Refusal.FINAL),
        (PostRefused("x", reason="answer 404", gone=True), Refusal.GONE),
        (PostRefused("x", reason="token", retry_after=300.0, gone=True), Refusal.GONE),
        (PostUnclear("x", reason="answer 500"), Refusal.UNKNOWN),
        (NoLookUp("x", reason="no lookup"), Refusal.NO_LOOK_UP),
        (StoreError("x"), Refusal.FAULT),
        (KeyError("x"), Refusal.FAULT),
    ],
)
def test_every_error_is_a_refusal(error, wanted):
    assert refusal_of(error) is wanted


def test_every_step_outcome_refusal_and_remedy_is_called_something():
    for kind in (Step, DeliveryOutcome, Refusal, Remedy):
        assert all(one.value for one in kind)


def test_waits_are_bounded_by_five_minutes_half_an_hour_and_eight_seconds():
    assert (MAX_BACKOFF_SECONDS, MAX_RETRY_WAIT_SECONDS, MAX_RATE_LIMIT_BACKOFF_SECONDS) == (
        300.0,
        1800.0,
        8.0,
    )


def test_waits_for_a_platform_that_asks_for_a_moment_do_not_grow_to_seconds_while_calls_are_frequent():
    def wait(calls, asked):
        situation = Situation(calls=calls, limited=calls)
        return after_refusal(Refusal.RATE_LIMITED, situation, asked=asked).wait

    assert wait(20, 0.05) == MAX_RATE_LIMIT_GROWTH * 0.05
    assert wait(20, 1.0) == MAX_RATE_LIMIT_BACKOFF_SECONDS
    assert wait(31, 0.05) == MAX_BACKOFF_SECONDS
