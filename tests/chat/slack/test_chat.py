"""Posting to Slack: each key once whatever happens on the way, found again, and every refusal in words."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.chat.slack.setup import open_slack
from bot.errors import NoLookUp, PostRefused, PostUnclear
from bot.inline import in_words
from bot.model.chat import Channel
from bot.ports import Post
from tests.chat.slack.loopback import C1, message, now, settings
from tests.servers.slack.server import FAULTS

pytestmark = pytest.mark.slow


def posts(chat, channel=C1, key="wb-1", **more):
    payload = chat.render(message(), channel)[0]
    return Post(channel=channel, key=key, payload=payload, **more)


async def test_a_post_carries_its_key_and_is_found_by_it(chat, slack):
    message_id = await chat.post(posts(chat))
    assert await chat.find(posts(chat)) == message_id
    assert await chat.find(posts(chat, key="wb-2")) is None
    (said,) = slack.world.seen("C1")
    assert said.metadata == {
        "event_type": "wirebrief_delivery",
        "event_payload": {"delivery_id": "wb-1", "part": 1},
    }


async def test_nothing_unfurls(chat, slack):
    await chat.post(posts(chat))
    (call,) = [arguments for method, arguments in slack.calls if method == "chat.postMessage"]
    assert call["unfurl_links"] is False
    assert call["unfurl_media"] is False


async def test_a_part_for_the_thread_stands_under_the_first_message_and_is_found_there(chat, slack):
    first = await chat.post(posts(chat))
    payload = posts(chat).payload.replace('"place": "channel"', '"place": "thread"')
    part = replace(posts(chat, key="wb-2", number=2, of=2), payload=payload, parent=first)
    second = await chat.post(part)
    assert slack.world.find("C1", second).thread == first
    assert await chat.find(part) == second
    assert await chat.find(replace(part, key="wb-3")) is None


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "slow"])
async def test_each_fault_is_told_as_what_it_is(chat, slack, fault):
    slack.script["chat.postMessage"] = [fault]
    refused = fault == "429"
    with pytest.raises(PostRefused if refused else PostUnclear) as caught:
        await chat.post(posts(chat))
    await slack.settle()
    assert bool(await chat.find(posts(chat))) is (fault in {"drop after", "late", "500 after"})
    if refused:
        assert caught.value.retry_after == 1.0


async def test_what_became_of_a_call_that_was_not_answered_in_time_is_unknown(slack):
    slack.script["chat.postMessage"], slack.slow = ["slow"], 3600.0
    async with open_slack(settings(slack), now=now, window=0.5) as hurried:
        with pytest.raises(PostUnclear):
            await hurried.post(posts(hurried))


async def test_a_key_stands_once_through_every_fault(chat, slack):
    slack.faults = 0.7
    for number in range(40):
        await deliver(chat, posts(chat, key=f"wb-{number}"))
    await slack.settle()
    keys = [said.key for said in slack.world.seen("C1")]
    assert sorted(keys) == sorted({f"wb-{number}" for number in range(40)})


async def deliver(chat, post):
    """Post as deliveries do: after an unknown outcome settle, look, and only then send again."""
    for _ in range(60):
        try:
            await chat.post(post)
        except PostRefused as refusal:
            assert refusal.retry_after is not None
        except PostUnclear:
            await asyncio.sleep(chat.settle_seconds)
            if await chat.find(post):
                return
        else:
            return
    pytest.fail("it was never posted")


async def test_nothing_is_sent_after_its_time(chat, slack):
    with pytest.raises(PostRefused):
        await chat.post(posts(chat, latest=time.monotonic() - 1))
    assert not slack.world.seen("C1")


async def test_a_server_that_is_not_there_means_nothing_was_posted(slack):
    nowhere = settings(slack, api_url="http://127.0.0.1:9/api/")
    async with open_slack(nowhere, now=now) as opened:
        with pytest.raises(PostRefused) as caught:
            await opened.post(posts(opened))
    assert caught.value.retry_after == 5.0
    assert "could not be reached" in str(caught.value)


@pytest.mark.parametrize(
    ("error", "gone", "says"),
    [
        ("channel_not_found", True, "Slack knows no channel slack:T1/C1"),
        ("not_in_channel", True, "The bot is not in the channel slack:T1/C1. Write /invite @Wirebrief"),
        ("is_archived", True, "The channel slack:T1/C1 is archived"),
        ("restricted_action", True, "An admin has restricted who may post in slack:T1/C1"),
        ("missing_scope", True, "The app lacks the permission"),
        ("invalid_auth", True, "Slack does not accept the token"),
        ("token_revoked", True, "The token for Slack was revoked"),
        ("account_inactive", True, "The app was removed from the workspace"),
        ("msg_too_long", False, "The message is too long for Slack"),
        ("never_heard_of", False, "Slack refused it (never_heard_of)"),
    ],
)
async def test_every_refusal_is_one_sentence_with_what_to_do(chat, slack, error, gone, says):
    slack.script["chat.postMessage"] = [f"error {error}"]
    with pytest.raises(PostRefused) as caught:
        await chat.post(posts(chat))
    refusal = caught.value
    assert refusal.reason == error
    assert refusal.gone is gone
    assert refusal.retry_after is None
    assert in_words(str(refusal)).startswith(says)
    assert refusal.hint


async def test_a_server_error_said_in_words_is_unknown_too(chat, slack):
    slack.script["chat.postMessage"] = ["error fatal_error"]
    with pytest.raises(PostUnclear):
        await chat.post(posts(chat))


async def test_without_the_scope_for_history_nothing_can_be_looked_up(chat, slack):
    token = slack.world.tokens["xoxb-1"]
    token.scopes -= {"channels:history"}
    await chat.post(posts(chat))
    with pytest.raises(NoLookUp) as caught:
        await chat.find(posts(chat))
    assert "channels:history" in str(caught.value)
    assert any("channels:history" in sentence for sentence in await chat.check(C1))


async def test_a_channel_the_bot_left_cannot_be_looked_into(chat, slack):
    slack.world.rooms["C1"].members.discard("UBOT")
    with pytest.raises(NoLookUp, match="not in the channel"):
        await chat.find(posts(chat))


async def test_the_history_limit_of_unlisted_apps_is_waited_out(chat, slack):
    slack.history_most, slack.history_every = 15, 60.0
    message_id = await chat.post(posts(chat))
    assert await chat.find(posts(chat)) == message_id
    with pytest.raises(PostUnclear):
        await chat.find(posts(chat))


async def test_a_key_is_found_behind_many_other_messages(chat, slack):
    message_id = await chat.post(posts(chat))
    for number in range(250):
        slack.world.add(channel="C1", user="UANNA", text=f"chatter {number}")
    assert await chat.find(posts(chat)) == message_id


async def test_an_edit_replaces_the_message_with_the_time(chat, slack):
    message_id = await chat.post(posts(chat))
    correction = replace(posts(chat), payload=chat.render(message("The talks go on."), C1)[0])
    await chat.amend(correction, message_id)
    (said,) = slack.world.seen("C1")
    assert said.edits == 1
    assert "The talks go on." in str(said.blocks)
    assert "Edited 20" in str(said.blocks[-1])
    assert await chat.find(posts(chat)) == message_id


async def test_an_edit_of_what_was_deleted_is_refused(chat):
    with pytest.raises(PostRefused, match="The message is gone"):
        await chat.amend(posts(chat), "1700000000.000001")


@pytest.mark.parametrize("name", ["slack:C1", "slack:T9/C1"])
async def test_a_channel_without_our_team_says_how_to_write_it(chat, name):
    channel = Channel.read(name)
    with pytest.raises(PostRefused) as caught:
        await chat.post(replace(posts(chat), channel=channel)) if channel.workspace else chat.render(
            message(), channel
        )
    assert "slack:T" in caught.value.hint


async def test_all_is_well_in_a_channel_with_everything(chat):
    assert await chat.check(C1) == ()


async def test_what_stands_in_the_way_is_named(chat, slack):
    token = slack.world.tokens["xoxb-1"]
    token.scopes -= {"commands", "app_mentions:read"}
    found = await chat.check(Channel(platform="slack", workspace="T1", id="C2"))
    assert [in_words(sentence).split(".")[0] for sentence in found] == [
        "The app lacks app_mentions:read in Team T1",
        "The app lacks commands in Team T1",
        "The bot is not in the channel slack:T1/C2",
    ]


async def test_an_admin_group_that_may_not_be_read_is_named(slack):
    slack.world.tokens["xoxb-1"].scopes -= {"usergroups:read"}
    for group, named in (("S1", True), ("", False)):
        async with open_slack(settings(slack, admin_group=group), now=now) as chat:
            assert any("usergroups:read" in found for found in await chat.check(C1)) is named


async def test_an_archived_channel_is_named(chat, slack):
    slack.world.rooms["C1"].archived = True
    (sentence,) = await chat.check(C1)
    assert in_words(sentence).startswith("The channel slack:T1/C1 is archived")


async def test_a_busy_channel_makes_only_itself_wait(slack):
    async with open_slack(settings(slack), now=now, every=600.0) as opened:
        other = Channel(platform="slack", workspace="T1", id="C9")
        assert opened.rate_limit_wait(C1) == 0.0
        assert opened.rate_limit_wait(other) == 0.0
        assert 0.0 < opened.rate_limit_wait(C1) <= 600.0


async def test_two_busy_channels_make_their_workspace_wait(chat, slack):
    slack.world.rooms["C2"].members.add("UBOT")
    slack.retry_after = 600
    other = Channel(platform="slack", workspace="T1", id="C2")
    for channel in (C1, other):
        slack.script["chat.postMessage"] = ["429"]
        with pytest.raises(PostRefused):
            await chat.post(posts(chat, channel))
    assert 0.0 < chat.rate_limit_wait(Channel(platform="slack", workspace="T1", id="G1")) <= 600.0
