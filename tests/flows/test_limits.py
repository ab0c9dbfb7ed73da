"""Limits: how much people may ask, in the time the test says it is."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Limits
from bot.flows.limits import Buckets, Pauses, Recent, in_words
from bot.model.chat import State
from bot.model.talk import Asker, Request, Verb
from tests.flows.talk import NEWS, Said

NOBODY = {"user": "u", "channel": "c", "workspace": "w"}


def buckets(**limits: int) -> Buckets:
    return Buckets(limits=Limits(**limits))


def test_a_person_gets_a_minutes_worth_at_once_and_then_its_flow():
    some = buckets(user_per_minute=3)
    assert [some.take(**NOBODY, now=0.0) for _ in range(4)] == [0, 0, 0, 20.0]
    assert some.take(**NOBODY, now=19.9) > 0
    assert some.take(**NOBODY, now=20.1) == 0


def test_one_who_is_over_takes_nothing_from_the_channel():
    some = buckets(user_per_minute=1, channel_per_minute=2)
    assert some.take(user="a", channel="c", workspace="w", now=0.0) == 0
    for _ in range(5):
        assert some.take(user="a", channel="c", workspace="w", now=0.0) > 0
    assert some.take(user="b", channel="c", workspace="w", now=0.0) == 0
    assert some.take(user="c", channel="c", workspace="w", now=0.0) == 30.0


def test_channels_of_one_workspace_share_its_bound_and_others_do_not():
    some = buckets(workspace_per_minute=2)
    for channel in ("a", "b"):
        assert some.take(user=channel, channel=channel, workspace="w", now=0.0) == 0
    assert some.take(user="c", channel="c", workspace="w", now=0.0) > 0
    assert some.take(user="c", channel="c", workspace="v", now=0.0) == 0


@given(st.lists(st.floats(min_value=0, max_value=600), min_size=1, max_size=60))
def test_never_more_than_the_bound_and_its_flow_whatever_the_times(moments):
    """Also where the clock goes backwards."""
    some = buckets(user_per_minute=5)
    passed = sum(some.take(**NOBODY, now=moment) == 0 for moment in moments)
    assert passed <= 5 + 5 * max(moments) / 60


def test_what_was_asked_lately_is_known_and_no_more_of_it_than_fits():
    recent = Recent(most=2)
    assert recent.first("a")
    assert not recent.first("a")
    assert recent.first("b")
    assert recent.first("c")
    assert recent.first("a")


def test_a_pause_lasts_its_time():
    pauses = Pauses(lasting=60)
    assert [pauses.begin("a", now=now) for now in (0, 20, 59, 61)] == [0, 40, 1, 0]
    assert pauses.begin("b", now=61) == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (20, "20 seconds"), (61, "2 minutes"), (3600, "60 minutes"), (60_000, "17 hours")],
)
def test_a_wait_is_said_in_words_never_too_short(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.slow
async def test_a_flood_of_commands_neither_stops_a_briefing_nor_waits_for_ever(talk):
    """Fifty people ask two thousand things at once while a briefing is due."""
    await talk.subscribe()
    people = [Asker(id=f"U{n}") for n in range(50)]
    flood = [
        (Request(id=f"f{n}", verb=Verb.CATCHUP, asker=people[n % 50], channel=NEWS), Said())
        for n in range(2000)
    ]

    async def pour() -> None:
        await asyncio.gather(*(talk.desk.handle(request, said) for request, said in flood))

    pouring = asyncio.create_task(pour())
    await asyncio.sleep(0)
    await talk.deliver()
    (delivery,) = await talk.app.store.deliveries.recent(1)
    assert delivery.state is State.POSTED
    await pouring
    assert all(len(said.replies) == 1 for _, said in flood), (
        "each is answered, if only with when to come again"
    )
    answered = sum("What changed" in said.text for _, said in flood)
    assert 0 < answered <= 2 * talk.app.config.limits.channel_per_minute
    assert sum("ask again in" in said.text for _, said in flood) == len(flood) - answered
