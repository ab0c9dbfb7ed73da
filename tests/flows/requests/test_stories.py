"""Stories by name in a chat: shown, followed, muted until their status changes, and caught up with."""

from __future__ import annotations

import pytest

from bot.model.conversation.reader import Want
from bot.model.talk import Verb
from tests.flows.talk import GUEST, NEWS, OTHER, elsewhere, pressed, recorded_world

pytestmark = pytest.mark.slow
TRUCE = "gaza truce talks"


async def told(world):
    """Brief the channel and return the ids of the stories told in full."""
    made = await world.deliver()
    return {story.story_id for story in made.stories}


async def test_a_story_is_found_by_words_of_its_headline_and_shown_with_sources(talk):
    said = await talk.ask(Verb.STORY, TRUCE)
    message = said.message
    assert message.title == "Indirect Gaza truce talks begin in Doha"
    assert message.parts[0].title == "Where it stands"
    assert [part.title for part in message.parts][1:3] == ["Timeline", "Who"]
    assert all(line.cites for part in message.parts for line in part.lines)
    assert not said.private


async def test_a_story_is_found_by_its_id_from_a_button(talk):
    subject = pressed((await talk.ask(Verb.STORY, TRUCE)).message, Verb.FOLLOW)
    again = await talk.ask(Verb.STORY, subject=subject)
    assert again.message.title == "Indirect Gaza truce talks begin in Doha"


async def test_a_name_that_fits_several_stories_asks_which(talk):
    said = await talk.ask(Verb.STORY, "the")
    assert "No story here is called" in said.text
    said = await talk.ask(Verb.STORY)
    assert [action.verb for action in said.message.actions] == [Verb.STORY] * 3
    assert said.private


async def test_a_muted_story_is_left_out_until_its_status_changes(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path) as world:
        await world.subscribe()
        said = await world.ask(Verb.MUTE, TRUCE)
        assert "Muted here until its status changes" in said.text
        story_id = (await world.ask(Verb.STORY, TRUCE)).message.actions[0].subject
        assert story_id not in await told(world)
        await world.morning(2)
        briefing = await world.deliver()
        (story,) = [s for s in briefing.stories if s.story_id == story_id]
        assert story.bullets
        # It was told: from now on it is a story like any other.
        assert not await world.app.store.readers.choices(NEWS.name)


async def test_an_unmuted_story_is_told_again(talk):
    await talk.subscribe()
    await talk.ask(Verb.MUTE, TRUCE)
    assert "is in this channel's briefings again" in (await talk.ask(Verb.UNMUTE, TRUCE)).text
    story_id = (await talk.ask(Verb.STORY, TRUCE)).message.actions[0].subject
    assert story_id in await told(talk)


async def test_a_followed_story_stays_followed_and_comes_first(talk):
    await talk.subscribe()
    await talk.ask(Verb.FOLLOW, "velmora")
    briefing = await talk.deliver()
    assert "Velmora" in briefing.stories[0].headline.text
    assert briefing.stories[0].why == "followed here"
    talk.later(days=30)
    after = await talk.deliver()
    assert [u.headline.text for u in after.unchanged] == [briefing.stories[0].headline.text]


async def test_a_choice_is_this_channels_alone(talk):
    await talk.ask(Verb.MUTE, TRUCE)
    assert (await talk.app.store.readers.choices(OTHER.name)) == {}
    (choice,) = (await talk.app.store.readers.choices(NEWS.name)).values()
    assert choice.want is Want.MUTE


async def test_guests_choose_nothing(talk):
    said = await talk.ask(Verb.MUTE, TRUCE, asker=GUEST)
    assert "Guests can read and ask here" in said.text
    assert not await talk.app.store.readers.choices(NEWS.name)


async def test_catching_up_says_what_changed_since_a_moment(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        said = await world.ask(Verb.CATCHUP, "since Monday 12:00")
        assert "Gaza" in said.text
        # Where no model read a story, nothing is called a change of where it stands.
        assert {story.chip for part in said.message.parts for story in part.stories} == {""}
        assert said.private
        assert all(line.cites for part in said.message.parts for s in part.stories for line in s.status)


async def test_catching_up_again_begins_where_the_asker_last_looked(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        assert "Gaza" in (await world.ask(Verb.CATCHUP)).text
        world.later(hours=1)
        assert "Nothing changed in the stories here." in (await world.ask(Verb.CATCHUP)).text


async def test_catching_up_leaves_out_what_is_muted_here(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        await world.ask(Verb.MUTE, TRUCE)
        assert "Gaza" not in (await world.ask(Verb.CATCHUP, "3 days")).text


async def test_a_time_that_is_none_is_refused_with_how_to_write_it(talk):
    said = await talk.ask(Verb.CATCHUP, "soonish")
    assert "“soonish” is not a time in the past. Write it like: since yesterday" in said.text


async def test_another_workspace_finds_none_of_a_channels_own_stories(talk):
    await talk.own_news("The glass harbour of Quillon was closed on Monday, the port said.", channel=NEWS)
    here = await talk.ask(Verb.STORY, "glass harbour quillon")
    assert "Quillon" in here.text
    for channel in (OTHER, elsewhere(NEWS)):
        there = await talk.ask(Verb.STORY, "glass harbour quillon", channel=channel)
        assert "No story here is called" in there.text
