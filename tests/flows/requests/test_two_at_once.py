"""A button that two people press at once: it acts once, and each is told in one sentence."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model.conversation.reader import Want
from bot.model.talk import Asker, Verb
from tests.flows.talk import ADMIN, NEWS

pytestmark = pytest.mark.slow
OTHER_ADMIN = Asker(id="U9", name="Bea", admin=True)


async def both(talk, verb, subject):
    """Return what two admins are told who press a button at once."""
    talk.later(minutes=3)
    said = await asyncio.gather(
        *(
            talk.ask(verb, subject=subject, asker=who, message="m1", pressed=True)
            for who in (ADMIN, OTHER_ADMIN)
        )
    )
    assert [len(one.replies) for one in said] == [1, 1]
    assert all(one.private for one in said)
    return [one.message.notice for one in said]


async def test_a_storys_button_pressed_by_two_at_once_is_one_choice_of_the_channel(talk):
    titles = await talk.app.store.stories.titles(talk.clock[0] - timedelta(days=9), by=NEWS.scope, most=1)
    (story_id,) = titles
    assert all(told.startswith("Followed here: “") for told in await both(talk, Verb.FOLLOW, story_id))
    choices = await talk.app.store.readers.choices(NEWS.name)
    assert {name: choice.want for name, choice in choices.items()} == {story_id: Want.FOLLOW}


async def test_a_briefings_buttons_pressed_by_two_at_once_act_once(talk):
    made = await talk.subscribe()
    assert all(told.startswith("Paused: ") for told in await both(talk, Verb.PAUSE, made.id))
    assert all(told.startswith("It runs again.") for told in await both(talk, Verb.RESUME, made.id))
    sent = await both(talk, Verb.TEST, made.id)
    assert sorted("on its way to the channel already" in told for told in sent) == [False, True]
    assert len(await talk.app.store.deliveries.recent(5, destination=NEWS.name)) == 1
    assert all(
        "Ended: " in told or "ended meanwhile" in told for told in await both(talk, Verb.UNSUBSCRIBE, made.id)
    )
    assert await talk.app.store.subscriptions.all() == []
