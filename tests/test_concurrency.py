"""Places: broken groups and lanes leave room for the others, and retries for first attempts."""

from __future__ import annotations

import pytest

from bot import concurrency
from bot.concurrency import Limiter, QueuePlace

MOST = 8


@pytest.fixture
def limiter():
    return Limiter({"slack": MOST, "discord": MOST})


def ask(limiter, number, *, group="", queue="slack", retry=False, lane=""):
    return [
        limiter.request(QueuePlace(queue=queue, group=group, lane=lane or f"{group}{n}{retry}", retry=retry))
        for n in range(number)
    ]


def granted(tickets):
    return sum(ticket.granted.is_set() for ticket in tickets)


def test_a_queue_has_so_many_places_and_another_queue_its_own(limiter):
    first = [ticket for n in range(20) for ticket in ask(limiter, 1, group=f"g{n}")]
    assert granted(first) == MOST
    assert granted(ask(limiter, 3, group="g", queue="discord")) == 3
    limiter.release(first[0])
    assert granted(first) == MOST + 1


def test_a_workspace_cannot_have_all_places(limiter):
    broken = ask(limiter, 200, group="broken")
    healthy = ask(limiter, 2, group="healthy")
    assert granted(broken) == 6
    assert granted(healthy) == 2
    assert limiter.waits_for_its_own(broken[-1])


def test_a_destination_has_one_job_at_a_time(limiter):
    first, second = ask(limiter, 2, lane="c1")
    assert first.granted.is_set()
    assert not second.granted.is_set()
    assert limiter.waits_for_its_own(second)
    limiter.release(first)
    assert second.granted.is_set()


def test_workspaces_take_turns(limiter):
    holders = [ticket for n in range(MOST) for ticket in ask(limiter, 1, group=f"h{n}")]
    many, one = ask(limiter, 50, group="many"), ask(limiter, 1, group="one")
    for holder in holders[:2]:
        limiter.release(holder)
    assert (granted(many), granted(one)) == (1, 1)


def test_first_attempts_go_before_retries_and_retries_are_not_starved(limiter):
    holders = [ticket for n in range(MOST) for ticket in ask(limiter, 1, group=f"h{n}")]
    again = [ticket for n in range(40) for ticket in ask(limiter, 1, group=f"r{n}", retry=True)]
    first = [ticket for n in range(40) for ticket in ask(limiter, 1, group=f"f{n}")]
    working, order = list(holders), []
    for _ in range(24):
        limiter.release(working.pop(0))
        (new,) = [t for t in (*first, *again) if t.granted.is_set() and t not in [*working, *order]]
        working.append(new)
        order.append(new)
    assert sum(ticket.place.retry for ticket in order) == 3
    assert not order[0].place.retry


def test_retries_never_hold_more_than_half_of_the_places(limiter):
    again = [ticket for n in range(40) for ticket in ask(limiter, 1, group=f"r{n}", retry=True)]
    assert granted(again) == MOST // 2
    assert granted(ask(limiter, 4, group="healthy")) == 4


def test_a_job_that_waits_for_an_answer_gives_its_place_back_and_keeps_its_lane(limiter):
    hanging = [ticket for n in range(MOST) for ticket in ask(limiter, 1, group=f"h{n}", lane=f"c{n}")]
    healthy = ask(limiter, 1, group="healthy")
    assert granted(healthy) == 0
    assert limiter.give_place_back(hanging[0])
    assert granted(healthy) == 1
    (again,) = ask(limiter, 1, group="h0", lane="c0")
    limiter.release(hanging[1])
    assert not again.granted.is_set()
    limiter.release(hanging[0])
    assert again.granted.is_set()


def test_slow_jobs_are_bounded_in_all_and_for_a_workspace(limiter):
    lent = 0
    for n in range(1000):
        (ticket,) = ask(limiter, 1, group="broken", lane=f"c{n}")
        if not ticket.granted.is_set():
            break
        lent += limiter.give_place_back(ticket)
    assert lent == concurrency.MAX_SLOW_JOBS_PER_GROUP
    others = 0
    for n in range(1000):
        (ticket,) = ask(limiter, 1, group=f"g{n}")
        if not (ticket.granted.is_set() and limiter.give_place_back(ticket)):
            break
        others += 1
    assert lent + others == concurrency.MAX_SLOW_JOBS


def test_slow_retries_leave_half_of_that_room_to_first_attempts(limiter):
    lent = 0
    for n in range(1000):
        (ticket,) = ask(limiter, 1, group=f"g{n}", retry=True)
        if not (ticket.granted.is_set() and limiter.give_place_back(ticket)):
            break
        lent += 1
    assert lent == concurrency.MAX_SLOW_JOBS // 2


def test_a_request_that_is_withdrawn_leaves_nothing_behind(limiter):
    tickets = ask(limiter, 20, group="g")
    for ticket in tickets[::-1]:
        limiter.release(ticket)
    queue = limiter._queues["slack"]
    assert (queue.used.total(), queue.slow.total(), queue.lanes, len(queue.first)) == (0, 0, set(), 0)


@pytest.mark.parametrize(("most", "group_most"), [(1, 1), (2, 1), (3, 2), (8, 6), (100, 75)])
def test_a_group_leaves_a_place_wherever_there_is_more_than_one(most, group_most):
    limiter = Limiter({"slack": most})
    assert granted(ask(limiter, 2 * most, group="g")) == group_most


def test_a_group_whose_jobs_ended_is_forgotten(limiter):
    for n in range(50):
        (ticket,) = ask(limiter, 1, group=f"g{n}")
        assert n % 2 or limiter.give_place_back(ticket)
        limiter.release(ticket)
    queue = limiter._queues["slack"]
    assert (dict(queue.used), dict(queue.slow)) == ({}, {})
