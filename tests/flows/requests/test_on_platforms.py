"""First contact with the platforms' real clients: loopback Slack by Socket Mode, loopback Discord by its gateway."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.model.chat import Channel
from bot.model.talk import Verb
from tests.chat.discord.loopback import looped
from tests.chat.slack.loopback import listening
from tests.readers import collected
from tests.readers.discord import read_message as read_discord
from tests.readers.slack import read_message as read_slack
from tests.servers.slack import Slack, serving

pytestmark = pytest.mark.slow
C1 = Channel(platform="slack", workspace="T1", id="C1")


@asynccontextmanager
async def on_slack(talk):
    """Let people talk to the program on a loopback Slack."""
    async with serving(Slack()) as slack, listening(slack, act=talk.desk.handle) as heard:
        talk.chats["slack"] = heard.opened
        yield heard


@asynccontextmanager
async def on_discord(talk):
    """Let people talk to the program on a loopback Discord."""
    async with looped() as loop:
        talk.chats["discord"] = loop.chat
        done = asyncio.Queue()

        async def answer(request, conversation):
            await talk.desk.handle(request, conversation)
            done.put_nowait(request)

        loop.desk.answer = answer
        await loop.listener.listen(loop.desk)
        yield loop, done


def slack_text(said):
    return collected([read_slack({"text": said.text, "blocks": said.blocks})]).text


async def test_invited_into_a_slack_channel_it_says_once_what_it_does_and_its_buttons_lead_on(talk):
    async with on_slack(talk) as heard:
        slack, members = heard.slack, heard.members
        slack.world.rooms["C2"].members.discard("UBOT")
        await members.join("C2")
        await heard.handler.next()
        await members.again()
        await members.join("C2", user="UANNA")
        await members.command("UANNA", "", channel="C2")
        assert (await heard.handler.next()).verb is Verb.START
        (welcome,) = slack.world.seen("C2")
        assert "Hello, I am Wirebrief" in slack_text(welcome)
        assert not welcome.thread
        await members.press("UANNA", welcome, members.button(welcome, "example"))
        await heard.handler.next()
        await members.press("UANNA", welcome, members.button(welcome, "subscribe"))
        await heard.handler.next()
        assert not slack.world.views
        await members.press("UADMIN", welcome, members.button(welcome, "subscribe"))
        await heard.handler.next()
        assert slack.world.views
        private = "\n".join(slack_text(said) for said in slack.world.seen("C2", user="UANNA"))
    assert "No briefing is scheduled in this channel." in private
    assert "Gaza" in private
    assert "Only admins can do that" in private
    assert len(slack.world.seen("C2")) == 1


async def test_added_to_a_discord_server_it_greets_in_a_channel_where_it_may_write(talk):
    async with on_discord(talk) as (loop, done):
        world = loop.server.world
        guild = world.server("Second")
        closed, open_one = world.place(guild, "closed"), world.place(guild, "open")
        world.deny(closed, 1 << 11)
        joined = world.guild(guild, whole=True)
        del joined["unavailable"]  # it is told of servers that were there before
        await loop.server.gateway.tell("GUILD_CREATE", joined, guild=guild.id)
        async with asyncio.timeout(120):
            await done.get()
        (seen,) = [one for one in world.log if one.channel in {closed.id, open_one.id}]
    assert seen.channel == open_one.id
    assert "Hello, I am Wirebrief" in read_discord(seen.body).text
    assert [request.verb for request in loop.desk.asked] == [Verb.INVITED]
