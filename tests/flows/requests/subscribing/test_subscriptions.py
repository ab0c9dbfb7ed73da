"""Subscriptions, sources and status in a chat: made, shown, stopped and ended by those who may."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.model.chat import Channel, Length, QuietDay
from bot.model.news import Feed
from bot.model.scope import Visibility
from bot.model.talk import Verb
from bot.store import tables
from tests.flows.talk import ADMIN, MEMBER, NEWS, OTHER, Said, elsewhere, pressed

pytestmark = pytest.mark.slow
FILLED = {
    "channel": NEWS.name,
    "times": "weekdays 08:00 Europe/Berlin",
    "feeds": "",
    "words": "",
    "length": "short",
    "quiet_day": "silent",
}


async def subscribed(talk, **values):
    return await talk.ask(Verb.SUBSCRIBE, asker=ADMIN, values=FILLED | values)


async def kept(talk):
    return await talk.app.store.subscriptions.all()


async def test_the_form_opens_before_anything_else_with_the_present_channel_in_it(talk):
    said = await talk.ask(Verb.SUBSCRIBE, "daily 06:15 UTC", asker=ADMIN)
    (form,) = said.forms
    values = {field.name: field.value for field in form.fields}
    assert (values["channel"], values["times"]) == (NEWS.name, "daily 06:15 UTC")
    assert len(form.fields) <= 5
    assert not said.replies


async def test_a_form_that_was_sent_in_makes_the_subscription_and_a_first_briefing_at_once(talk):
    said = await subscribed(talk)
    (made,) = await kept(talk)
    assert (made.length, made.quiet_day, made.scope) == (Length.SHORT, QuietDay.SILENT, NEWS.scope)
    assert "A first briefing is on its way to the channel. Next: Mon 7 July 08:00 Europe/Berlin" in said.text
    assert pressed(said.message, Verb.MANAGE) == made.id
    assert talk.woken == 1
    await talk.deliver()
    assert talk.chat.posted


async def test_no_first_briefing_is_made_where_it_could_not_be_posted_or_nothing_is_read(talk):
    talk.chat.obstacles = ("I may not post here: allow Send Messages",)
    await subscribed(talk)
    talk.chat.obstacles = ()
    for feed in await talk.app.store.feeds.all():
        await talk.app.store.feeds.remove(feed.id)
    said = await subscribed(talk, times="daily 18:00 UTC")
    assert "no feed is read there yet; an admin adds one with /brief feeds add URL" in said.text
    assert await talk.app.store.deliveries.open() == 0


async def test_what_it_is_about_is_feeds_packs_and_words(talk):
    await talk.app.store.feeds.add([Feed(id="fee-x", url="https://x.example/feed", title="X", pack="world")])
    opened = (await talk.ask(Verb.SUBSCRIBE, asker=ADMIN)).forms[0]
    (choices,) = [dict(field.options) for field in opened.fields if field.name == "feeds"]
    assert choices["pack world"] == "world (1 feed)"
    (post,) = [value for value, label in choices.items() if label == "harbour-post.rss.xml"]
    said = await subscribed(talk, feeds=f"pack world,{post}", words="gaza, ceasefire talks")
    (made,) = await kept(talk)
    assert (made.packs, made.feeds, made.filters.words) == (("world",), (post,), ("gaza", "ceasefire talks"))
    assert "pack world, harbour-post.rss.xml, only stories with one of “gaza”, “ceasefire talks”" in said.text
    assert "stories would have matched" in said.text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"times": "whenever"}, "Write it like"),
        ({"times": "daily 08:00 Mars/Base"}, "Mars"),
        ({"channel": "talk:W1/nowhere"}, "There is no channel 'nowhere'"),
        ({"channel": "talk:W2/news"}, "You cannot see that channel"),
        ({"feeds": "fee-gone"}, "One of these is not read here any more"),
        ({"words": ", ".join(f"w{n}" for n in range(61))}, "more than 60 words"),
        ({"approval": "talk:W2/editors"}, "You cannot see that channel"),
    ],
)
async def test_what_cannot_be_is_refused_in_a_sentence_with_what_to_write(talk, values, sentence):
    said = await subscribed(talk, **values)
    assert sentence in said.text
    assert said.private
    assert not await kept(talk)


async def test_another_channel_takes_an_admin_who_sees_it(talk):
    blind = await talk.ask(
        Verb.SUBSCRIBE, asker=ADMIN, values=FILLED | {"channel": OTHER.name}, said=Said(seen=())
    )
    assert "You cannot see that channel" in blind.text
    await subscribed(talk, channel=OTHER.name)
    assert [s.channel for s in await kept(talk)] == [OTHER]


async def test_what_is_missing_in_the_channel_is_said_when_subscribing(talk):
    talk.chat.obstacles = ("I am not in the channel: invite me with /invite",)
    assert "But: I am not in the channel: invite me" in (await subscribed(talk)).text


async def test_a_subscription_is_paused_resumed_and_ended_by_its_buttons(talk):
    await subscribed(talk)
    listed = await talk.ask(Verb.LIST, asker=ADMIN)
    await talk.ask(Verb.PAUSE, subject=pressed(listed.message, Verb.PAUSE), asker=ADMIN)
    assert (await kept(talk))[0].paused == "by hand, Ada"
    listed = await talk.ask(Verb.LIST, asker=ADMIN)
    assert "Paused  by hand, Ada" in listed.text
    again = await talk.ask(Verb.RESUME, subject=pressed(listed.message, Verb.RESUME), asker=ADMIN)
    assert "It runs again. Next: Mon 7 July 08:00" in again.text
    await talk.ask(Verb.UNSUBSCRIBE, asker=ADMIN)
    assert not await kept(talk)


@pytest.mark.parametrize(
    "verb", [Verb.PAUSE, Verb.RESUME, Verb.UNSUBSCRIBE, Verb.TEST, Verb.MANAGE, Verb.EDIT]
)
async def test_a_button_of_a_briefing_that_somebody_else_ended_touches_no_other(talk, verb):
    await subscribed(talk)
    (gone,) = await kept(talk)
    await talk.ask(Verb.UNSUBSCRIBE, subject=gone.id, asker=ADMIN)
    await subscribed(talk, times="daily 09:00 UTC")
    await subscribed(talk, times="daily 10:00 UTC")
    before = await kept(talk)
    said = await talk.ask(verb, subject=gone.id, asker=ADMIN)
    assert "This briefing was ended meanwhile. Set up a new one with /brief subscribe." in said.text
    assert said.private
    assert not said.message.actions
    assert await kept(talk) == before


async def test_a_briefing_that_two_people_send_at_once_comes_once(talk):
    one = await talk.subscribe(times="daily 23:00")
    said = await asyncio.gather(
        *(talk.ask(Verb.TEST, subject=one.id, asker=replace(ADMIN, id=f"U{n}")) for n in (2, 7))
    )
    told = sorted(one.text for one in said)
    assert "A briefing as of now is on its way" in told[0]
    assert "A briefing is on its way to the channel already." in told[1]
    assert len(await talk.app.store.deliveries.recent(9)) == 1
    await talk.deliver()
    talk.later(minutes=5)
    again = await talk.ask(Verb.TEST, subject=one.id, asker=ADMIN)
    assert "A briefing as of now is on its way" in again.text


async def test_which_of_several_is_asked(talk):
    await subscribed(talk)
    await subscribed(talk, times="daily 18:00 UTC")
    said = await talk.ask(Verb.PAUSE, asker=ADMIN)
    assert "Which briefing?" in said.text
    (evening,) = [a for a in said.message.actions if a.label == "daily 18:00 UTC"]
    await talk.ask(evening.verb, subject=evening.subject, asker=ADMIN)
    assert [s.times for s in await kept(talk) if s.paused] == ["daily 18:00 UTC"]


async def test_a_member_sees_the_list_without_buttons_and_changes_nothing(talk):
    await subscribed(talk)
    listed = await talk.ask(Verb.LIST)
    assert "weekdays 08:00 Europe/Berlin" in listed.text
    assert not listed.message.actions
    (made,) = await kept(talk)
    for verb in (Verb.PAUSE, Verb.UNSUBSCRIBE, Verb.TEST):
        assert "Only admins" in (await talk.ask(verb, subject=made.id)).text
    assert await kept(talk) == [made]


@pytest.mark.parametrize("channel", [elsewhere(NEWS), elsewhere(OTHER)])
async def test_an_admin_of_another_workspace_reaches_nothing_here(talk, channel):
    await subscribed(talk)
    (made,) = await kept(talk)
    said = await talk.ask(
        Verb.UNSUBSCRIBE, subject=made.id, asker=ADMIN, channel=channel, said=Said(seen=(NEWS, channel))
    )
    assert "This briefing was ended meanwhile" in said.text
    assert await kept(talk) == [made]


async def test_home_shows_the_channels_that_the_asker_sees(talk):
    await subscribed(talk)
    await subscribed(talk, channel=OTHER.name)
    said = await talk.ask(Verb.HOME, asker=ADMIN, said=Said(seen=(OTHER,)), channel=NEWS)
    assert OTHER.name in said.text
    assert len([p for p in said.message.parts if "weekdays 08:00" in p.title]) == 1
    assert Verb.SUBSCRIBE in [action.verb for action in said.message.actions]


async def test_status_names_every_obstacle_with_what_to_do(talk):
    assert "No problems" in (await talk.ask(Verb.STATUS)).text
    talk.chat.obstacles = ("I may not post here: allow Send Messages", "I am not in the channel: invite me")
    said = await talk.ask(Verb.STATUS)
    assert "There are problems" in said.text
    assert all(obstacle in said.text for obstacle in talk.chat.obstacles)
    assert "4, last read Mon 7 July 07:30 Europe/Berlin" in said.text


async def test_where_no_feed_is_read_status_says_how_to_add_one(talk):
    for feed in await talk.app.store.feeds.all():
        await talk.app.store.feeds.remove(feed.id)
    said = await talk.ask(Verb.STATUS)
    assert "No feed is read here: an admin adds one with /brief feeds add URL" in said.text


async def test_a_feed_is_added_for_the_workspace_or_for_a_private_channel_alone(talk):
    base = talk.news.at("continental")
    (shared,) = [f for f in await talk.app.store.feeds.all() if f.url == f"{base}/continental.rdf"]
    await talk.app.store.feeds.remove(shared.id)
    for private, visibility in ((False, Visibility.WORKSPACE), (True, Visibility.CHANNEL)):
        said = await talk.ask(
            Verb.FEEDS, f"add {base}/continental.rdf", asker=ADMIN, private=private, channel=NEWS
        )
        assert "“Continental Wire” (" in said.text
        (added,) = [f for f in await talk.app.store.feeds.all() if f.scope.visibility is visibility]
        await talk.ask(Verb.FEEDS, f"remove {added.url}", asker=ADMIN)
        assert added.id not in {f.id for f in await talk.app.store.feeds.all()}


async def test_a_feed_that_is_none_or_known_is_not_added(talk):
    before = await talk.app.store.feeds.all()
    known = await talk.ask(Verb.FEEDS, f"add {talk.news.at('continental')}/continental.rdf", asker=ADMIN)
    assert "is read here already" in known.text
    for address in ("http://10.0.0.1/feed", f"{talk.news.at('continental')}/nothing.xml", "no address"):
        said = await talk.ask(Verb.FEEDS, f"add {address}", asker=ADMIN)
        assert len(said.replies) == 1
    assert await talk.app.store.feeds.all() == before


async def test_what_everybody_reads_is_not_a_channels_to_remove(talk):
    before = await talk.app.store.feeds.all()
    said = await talk.ask(Verb.FEEDS, "remove continental.rdf", asker=ADMIN)
    assert "cannot be removed by this channel" in said.text
    assert "Only admins" in (await talk.ask(Verb.FEEDS, "remove continental.rdf")).text
    assert await talk.app.store.feeds.all() == before


async def test_another_workspace_sees_no_feed_of_this_one(talk):
    await talk.app.store.feeds.add(
        [Feed(id="fee-own", url="https://own.example/feed", title="Own", scope=NEWS.scope)]
    )
    assert "Own" in (await talk.ask(Verb.FEEDS)).text
    for channel in (OTHER, elsewhere(NEWS)):
        assert "Own" not in (await talk.ask(Verb.FEEDS, "health", channel=channel)).text


async def test_forgetting_is_the_askers_own_and_leaves_the_others(talk):
    for asker in (MEMBER, ADMIN):
        await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?", asker=asker)
    said = await talk.ask(Verb.FORGET)
    assert "Forgotten: what you asked and reported (1 questions and links)" in said.text
    assert len(await everything_asked(talk)) == 1


async def test_a_channel_is_forgotten_once_an_admin_is_sure(talk):
    await subscribed(talk)
    await subscribed(talk, channel=OTHER.name)
    assert "Only admins" in (await talk.ask(Verb.FORGET, "channel")).text
    asked = await talk.ask(Verb.FORGET, "channel", asker=ADMIN)
    assert len(await kept(talk)) == 2
    subject = pressed(asked.message, Verb.FORGET)
    assert "Only admins" in (await talk.ask(Verb.FORGET, subject=subject)).text
    await talk.ask(Verb.FORGET, subject=subject, asker=ADMIN)
    assert [s.channel for s in await kept(talk)] == [OTHER]


async def test_typing_that_one_is_sure_is_not_being_sure(talk):
    await subscribed(talk)
    await talk.ask(Verb.FORGET, "channel yes", asker=ADMIN)
    assert await kept(talk)


async def test_what_the_bot_is_removed_from_is_purged(talk):
    await subscribed(talk)
    await subscribed(talk, channel=OTHER.name)
    await talk.ask(Verb.GONE)
    assert [s.channel for s in await kept(talk)] == [OTHER]
    await talk.ask(Verb.GONE, channel=Channel(platform="talk", workspace="W1", id=""))
    assert not await kept(talk)


async def everything_asked(talk):
    async with talk.app.store.database.reading() as connection:
        return (await connection.execute(sa.select(tables.turn))).all()
