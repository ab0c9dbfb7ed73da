"""Posting to Discord through every fault, by the real client and a loopback Discord."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import pytest

from bot.chat.discord.nonce import nonce_of
from bot.chat.discord.permissions import USED
from bot.chat.rate_limit import wait_for_rate_limit
from bot.errors import DeliveryReason, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import Channel
from bot.model.message import Action, Line, Message, Part, StoryBlock
from bot.model.talk import Verb
from tests.chat.discord.conftest import note
from tests.chat.discord.loopback import looped
from tests.readers.discord import read_message
from tests.servers.discord import world as dw
from tests.servers.discord.server import Discord

pytestmark = pytest.mark.slow


@pytest.fixture
async def loop():
    async with looped() as opened:
        yield opened


def briefing(stories=30):
    blocks = tuple(
        StoryBlock(
            story_id=f"sto-{n}", headline=Line(text=f"Headline {n}"), bullets=(Line(text=f"Fact {n}. " * 25),)
        )
        for n in range(stories)
    )
    return Message(
        title="Morning briefing",
        dateline="Tuesday 8 July 2025, 07:30 UTC",
        parts=(Part(title="New", stories=blocks),),
        actions=(Action(verb=Verb.ASK, label="Ask", subject="brf-1"),),
    )


async def deliver(loop, message, *, place=None, key="k"):
    """Post every part as the deliverer does; return the ids."""
    from bot.ports import Post  # noqa: PLC0415

    channel = loop.channel_of(place or loop.place)
    ids = []
    for number, payload in enumerate(loop.chat.render(message, channel), 1):
        parent = ids[0] if ids else ""
        ids.append(
            await loop.chat.post(Post(channel=channel, key=f"{key}-{number}", payload=payload, parent=parent))
        )
    return ids


async def settled(loop, post):
    """Post as the deliverer does where the outcome may be unknown; return the id and the calls it took."""
    told = []
    for calls in range(1, 40):
        try:
            return await loop.chat.post(post), calls
        except PostUnclear as unclear:
            told.append(unclear.reason)
            await asyncio.sleep(loop.chat.settle_seconds)
            if found := await loop.chat.find(post):
                return found, calls
        except PostRefused as refused:
            assert refused.retry_after is not None
            told.append(refused.reason)
            await wait_for_rate_limit(loop.chat, post.channel)
    raise AssertionError(told)


async def test_the_same_key_within_the_window_is_one_message(loop):
    assert await loop.chat.post(loop.post()) == await loop.chat.post(loop.post())
    assert loop.shown() == 1


async def test_the_nonce_fits_and_holds_the_destination(loop):
    other = loop.server.world.place(loop.guild, "other")
    await loop.chat.post(loop.post())
    await loop.chat.post(loop.post(place=other))
    nonces = [seen.nonce for seen in loop.server.world.log]
    assert len(set(nonces)) == 2
    assert all(0 < len(nonce) <= 25 for nonce in nonces)


async def test_nothing_posted_can_alert_anybody(loop):
    await loop.chat.post(loop.post("@everyone"))
    assert loop.server.world.log[0].body["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize("fault", ["drop after", "500 after", "502 after"])
async def test_an_answer_lost_after_the_message_came_is_unclear_and_found(loop, fault):
    loop.server.script.append(fault)
    post = loop.post()
    with pytest.raises(PostUnclear):
        await loop.chat.post(post)
    found = await loop.chat.find(post)
    assert found == str(loop.server.world.log[0].message)
    assert loop.shown() == 1


@pytest.mark.parametrize("fault", ["drop before", "500 before", "503 before"])
async def test_a_fault_before_the_message_came_is_unclear_and_not_found(loop, fault):
    loop.server.script.append(fault)
    post = loop.post()
    with pytest.raises(PostUnclear):
        await loop.chat.post(post)
    assert await loop.chat.find(post) is None
    assert loop.shown() == 0


async def test_a_call_is_made_once_however_it_ends(loop):
    for fault in ("500 before", "502 after", "503 before", "429", "drop before"):
        loop.server.calls.clear()
        loop.server.script.append(fault)
        with pytest.raises((PostUnclear, PostRefused)):
            await loop.chat.post(loop.post(key=fault))
        assert [path for method, path in loop.server.calls if method == "POST"] == [
            f"channels/{loop.place.id}/messages"
        ]


async def test_a_busy_discord_names_its_wait_and_all_callers_keep_it(loop):
    loop.server.script.append("429")
    loop.server.retry_after = 600.0
    with pytest.raises(PostRefused) as refused:
        await loop.chat.post(loop.post())
    assert (refused.value.reason, refused.value.retry_after) == (DeliveryReason.RATE_LIMITED, 600.0)
    assert 0.0 < loop.chat.rate_limit_wait(loop.channel) <= 600.0


async def test_one_busy_channel_keeps_no_other_waiting_but_a_global_limit_does(loop):
    other = loop.channel_of(loop.server.world.place(loop.guild, "other"))
    loop.server.retry_after = 600.0
    loop.server.script.append("429")
    with pytest.raises(PostRefused):
        await loop.chat.post(loop.post())
    assert loop.chat.rate_limit_wait(other) == 0.0
    loop.server.script.append("429 global")
    with pytest.raises(PostRefused):
        await loop.chat.post(loop.post())
    assert 0.0 < loop.chat.rate_limit_wait(other) <= 600.0


async def test_a_ban_of_the_address_is_left_in_peace_for_minutes(loop):
    loop.server.script.append("429 ban")
    with pytest.raises(PostRefused) as refused:
        await loop.chat.post(loop.post())
    assert refused.value.retry_after >= 600
    assert "blocked this IP address" in refused.value.message


async def test_nothing_is_sent_after_its_time(loop):
    await loop.chat.post(loop.post(key="first"))
    with pytest.raises(PostRefused) as refused:
        await loop.chat.post(loop.post(key="late", latest=time.monotonic() - 0.001))
    assert refused.value.retry_after is not None
    assert loop.shown() == 1


async def test_details_go_to_a_thread_named_after_the_briefing(loop):
    ids = await deliver(loop, briefing())
    thread = loop.server.world.places[int(ids[0])]
    assert thread.name.startswith("Morning briefing")
    assert set(map(int, ids[1:])) == set(thread.messages)
    assert len(ids) > 1


async def test_a_thread_that_is_there_already_is_used(loop):
    ids = await deliver(loop, briefing())
    assert await deliver(loop, briefing()) == ids
    assert loop.shown() == 1


async def test_every_part_is_found_long_after_its_nonce_was_forgotten(loop):
    message = briefing()
    ids = await deliver(loop, message)
    loop.server.nonces.clear()
    found = []
    for number, payload in enumerate(loop.chat.render(message, loop.channel), 1):
        post = replace(loop.post(key=f"k-{number}"), payload=payload, parent=ids[0] if number > 1 else "")
        found.append(await loop.chat.find(post))
    assert found == ids


async def test_where_threads_may_not_be_made_the_details_follow_in_the_channel(loop):
    loop.server.world.deny(loop.place, dw.PUBLIC_THREADS)
    message = briefing()
    ids = await deliver(loop, message)
    assert set(map(int, ids)) == set(loop.place.messages)
    payload = loop.chat.render(message, loop.channel)[-1]
    post = replace(loop.post(key=f"k-{len(ids)}"), payload=payload, parent=ids[0])
    assert await loop.chat.find(post) == ids[-1]


async def test_a_briefing_in_a_forum_is_one_post_with_its_details(loop):
    forum = loop.server.world.place(loop.guild, "forum", type=dw.FORUM)
    ids = await deliver(loop, briefing(), place=forum)
    thread = loop.server.world.places[int(ids[0])]
    assert (thread.parent, set(thread.messages)) == (forum.id, set(map(int, ids)))
    post = replace(
        loop.post(place=forum), payload=loop.chat.render(briefing(), loop.channel_of(forum))[0], key="k-1"
    )
    assert await loop.chat.find(post) == ids[0]
    assert await loop.chat.find(replace(post, key="other")) is None
    loop.server.world.deny(forum, dw.READ_HISTORY)
    with pytest.raises(NoLookUp):
        await loop.chat.find(post)


async def test_a_forum_that_wants_tags_says_what_to_switch_off(loop):
    forum = loop.server.world.place(loop.guild, "forum", type=dw.FORUM, flags=1 << 4)
    assert any(
        "Require people to select tags" in line for line in await loop.chat.check(loop.channel_of(forum))
    )
    with pytest.raises(PostRefused) as refused:
        await deliver(loop, briefing(), place=forum)
    assert refused.value.gone
    assert "tag" in refused.value.message


@pytest.mark.parametrize("takes", ["embeds", "text"])
@pytest.mark.parametrize("kind", [dw.TEXT, dw.FORUM])
async def test_a_form_that_discord_does_not_take_is_sent_in_a_simpler_one(loop, takes, kind):
    place = loop.server.world.place(loop.guild, "old", type=kind)
    loop.server.takes = takes
    ids = await deliver(loop, briefing(), place=place)
    first = loop.server.world.log[0].body
    assert bool(first.get("embeds")) is (takes == "embeds")
    reading = read_message(first)
    assert briefing().parts[0].stories[0].headline.text in reading.text
    assert {row["type"] for row in first["components"]} == {1}
    payloads = loop.chat.render(briefing(), loop.channel_of(place))
    for number, (message_id, payload) in enumerate(zip(ids, payloads, strict=True), 1):
        post = replace(
            loop.post(place=place),
            payload=payload,
            key=f"k-{number}",
            number=number,
            parent=ids[0] if number > 1 else "",
        )
        assert await loop.chat.find(post) == message_id


async def test_a_correction_takes_the_place_of_the_message_and_is_still_found(loop):
    (message_id,) = await deliver(loop, note("Nine dead."))
    corrected = replace(loop.post(key="k-1"), payload=loop.chat.render(note("Eight dead."), loop.channel)[0])
    await loop.chat.amend(corrected, message_id)
    text = json.dumps(loop.place.messages[int(message_id)]["components"])
    assert "Eight dead" in text
    assert "Nine dead" not in text
    assert await loop.chat.find(corrected) == message_id


async def test_without_history_nothing_is_guessed(loop):
    await loop.chat.post(loop.post())
    loop.server.world.deny(loop.place, dw.READ_HISTORY)
    with pytest.raises(NoLookUp) as blind:
        await loop.chat.find(loop.post())
    assert "Read Message History" in str(blind.value)


async def test_a_look_up_that_fails_is_for_later(loop):
    await loop.chat.find(loop.post())
    loop.server.gateway.world.token = "changed"  # noqa: S105 - of a server of our own
    with pytest.raises(PostRefused) as refused:
        await loop.chat.find(loop.post())
    assert refused.value.retry_after
    assert "discord.token" in refused.value.hint


@pytest.mark.parametrize("permission", USED, ids=lambda permission: permission.name)
async def test_each_missing_permission_is_named_with_how_to_grant_it(loop, permission):
    assert await loop.chat.check(loop.channel) == ()
    loop.server.world.deny(loop.place, permission.bit)
    (line,) = await loop.chat.check(loop.channel)
    assert permission.called in line
    assert "Channel settings" in line


async def test_a_channel_without_the_right_to_send_is_gone_and_the_right_is_named(loop):
    loop.server.world.deny(loop.place, dw.SEND)
    with pytest.raises(PostRefused) as refused:
        await loop.chat.post(loop.post())
    assert refused.value.gone
    assert "Send Messages" in refused.value.message


async def test_a_deleted_channel_and_a_server_without_the_bot_are_gone(loop):
    await loop.chat.post(loop.post())
    del loop.guild.members[dw.APP_ID]
    with pytest.raises(PostRefused) as removed:
        await loop.chat.post(loop.post())
    assert removed.value.gone
    loop.guild.members[dw.APP_ID] = []
    del loop.server.world.places[loop.place.id]
    with pytest.raises(PostRefused) as deleted:
        await loop.chat.post(loop.post())
    assert deleted.value.gone
    assert str(loop.place.id) in deleted.value.message


async def test_a_name_that_is_no_channel_says_how_to_write_one(loop):
    with pytest.raises(PostRefused) as refused:
        loop.chat.render(note(), Channel(platform="discord", workspace="1", id="general"))
    assert "Copy ID" in refused.value.hint


async def test_a_wrong_token_stops_nobody_else(loop):
    async with looped(token="wrong") as other:  # noqa: S106 - it is wrong
        with pytest.raises(PostRefused) as refused:
            await other.chat.post(other.post())
        assert "token" in refused.value.message


async def test_an_unreachable_discord_is_tried_again_and_then_reached(loop):
    from tests.servers.discord.server import pointed_at  # noqa: PLC0415

    with pointed_at(9):
        with pytest.raises(PostRefused) as refused:
            await loop.chat.post(loop.post())
        assert refused.value.retry_after is not None
    assert await loop.chat.post(loop.post())


async def test_only_our_own_messages_are_taken_for_ours(loop):
    nonce = nonce_of("k", loop.channel)
    button = {"type": 2, "style": 2, "label": "x", "custom_id": f"wb:ask::{nonce}"}
    anna = loop.server.world.member(loop.guild, "anna")
    loop.server.world.add(
        loop.place, anna, {"content": "x", "components": [{"type": 1, "components": [button]}]}
    )
    assert await loop.chat.find(loop.post()) is None


@pytest.mark.parametrize("nonces", [300.0, 0.0], ids=["with nonces", "by history alone"])
@pytest.mark.parametrize("seed", range(2))
async def test_through_a_storm_of_faults_every_message_stands_once(seed, nonces):
    server = Discord(share=0.5, seed=seed, nonce_seconds=nonces)
    async with looped(server) as loop:
        places = [server.world.place(loop.guild, f"c{n}") for n in range(8)]
        await asyncio.gather(
            *(settled(loop, loop.post(key=f"{n}", place=place)) for place in places for n in range(3))
        )
        await asyncio.sleep(server.latest)
        assert [loop.shown(place) for place in places] == [3] * len(places)
