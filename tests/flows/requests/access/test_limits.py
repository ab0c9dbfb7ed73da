"""Limits: how much people may ask, in the time the test says it is."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Limits
from bot.flows.requests.access.limits import Buckets, Pauses, Recent, in_words
from bot.model.chat import State
from bot.model.message import Message
from bot.model.talk import Asker, Request, Verb
from tests.flows.talk import NEWS, Said, recorded_world
from tests.support.sizes import sized

pytestmark = pytest.mark.slow

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
    """Also where the clock is set back, as often as it is."""
    some = buckets(user_per_minute=5)
    passed = sum(some.take(**NOBODY, now=moment) == 0 for moment in moments)
    set_back = sum(later < earlier for earlier, later in itertools.pairwise(moments))
    assert passed <= (5 + 5 * max(moments) / 60) * (1 + set_back)


def test_whoever_asked_while_the_clock_ran_ahead_need_not_wait_for_that_time():
    some = buckets(user_per_minute=1)
    assert some.take(**NOBODY, now=18_000.0) == 0
    assert some.take(**NOBODY, now=17_990.0) > 0, "a few seconds back are no other clock"
    assert some.take(**NOBODY, now=0.0) > 0
    assert some.take(**NOBODY, now=60.0) == 0


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


FLOOD, PEOPLE = sized(250, 10_000), 50
ASKED = ((Verb.CATCHUP, ""), (Verb.ASK, "What do the mediators say?"), (Verb.LIST, ""), (Verb.STATUS, ""))


class Held(Said):
    """A conversation whose platform takes no answer before ``free`` is set."""

    free: asyncio.Event

    async def reply(self, message: Message, *, private: bool = False) -> str:
        await self.free.wait()
        return await super().reply(message, private=private)


@pytest.mark.parametrize("held", [True, False], ids=["no answer is taken before", "answered meanwhile"])
@pytest.mark.parametrize(
    "limits",
    [Limits(), Limits(user_per_minute=1000, channel_per_minute=10_000, workspace_per_minute=100_000)],
    ids=["buckets", "queue"],
)
async def test_a_flood_of_commands_of_fifty_people_holds_no_briefing_up(mornings, tmp_path, limits, held):
    """What proves it is order: the briefing is posted while not one of the commands has got its answer."""
    free = asyncio.Event()
    if not held:
        free.set()
    async with recorded_world(mornings, tmp_path, limits=limits) as talk, asyncio.timeout(120):
        await talk.subscribe()
        flood = []
        for n in range(FLOOD):
            verb, words = ASKED[n // PEOPLE % len(ASKED)]
            said = Held()
            said.free = free
            asker = Asker(id=f"U{n % PEOPLE}")
            flood.append((Request(id=f"f{n}", verb=verb, words=words, asker=asker, channel=NEWS), said))
        async with asyncio.TaskGroup() as pouring:
            for request, said in flood:
                pouring.create_task(talk.dispatcher.handle(request, said))
            await asyncio.sleep(0)
            await talk.deliver()
            (delivery,) = await talk.app.store.deliveries.recent(1)
            assert delivery.state is State.POSTED
            assert delivery.posted_at == delivery.due_at, "on the test's clock, which nobody moved"
            assert not held or not any(said.replies for _, said in flood)
            free.set()
    assert all(len(said.replies) == 1 for _, said in flood), (
        "each is answered, if only with when to ask again"
    )
    over = sum("That is a lot in one minute: ask again in" in said.text for _, said in flood)
    shed = sum("Too many requests at once: ask again in" in said.text for _, said in flood)
    if limits == Limits():
        assert 0 < FLOOD - over - shed <= 2 * limits.channel_per_minute, (
            "a minute's worth, and of the minute that passed"
        )
        assert over > FLOOD / 2
    else:
        room = limits.waiting + limits.concurrency
        assert over == 0
        assert shed == FLOOD - room if held else FLOOD / 2 < shed <= FLOOD - room
    assert not any("Something broke" in said.text for _, said in flood)
