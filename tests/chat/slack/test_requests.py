"""The real dispatcher behind the real client: whatever is asked, the right person reads one sentence that says what to do."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bot.chat.commands import PRIVATE, TYPED_VERBS
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.setup import open_slack
from bot.config import Config, DatabaseSettings, Limits
from bot.model.talk import Verb
from bot.runtime.app import App
from bot.runtime.compose import open_app
from tests.chat.slack.loopback import now, settings
from tests.readers.slack import read_message
from tests.servers.slack.people import Members
from tests.servers.slack.server import Slack

pytestmark = pytest.mark.slow
PLENTY = Limits(user_per_minute=1000, channel_per_minute=1000, workspace_per_minute=1000)


@dataclass(slots=True, kw_only=True)
class Stage:
    """A workspace with the whole bot in it."""

    slack: Slack
    app: App
    chat: SlackChat
    members: Members

    async def told(self, act, *, user="UANNA"):
        """Return what the bot says to ``user`` in answer to ``act``: where, whether to them alone, and what."""
        before = len(self.slack.world.said)
        await act
        await self.chat.listener.idle()
        said = [s for s in self.slack.world.said[before:] if s.user == "UBOT" and s.only_for in {"", user}]
        return [(s.channel, bool(s.only_for), read_message(s.shown(metadata=False)).text) for s in said]

    async def typed(self, text, *, user="UANNA", channel="C1"):
        """Return the last thing that is answered to a command."""
        return (await self.told(self.members.command(user, text, channel=channel), user=user))[-1]


@pytest.fixture
async def stage(slack):
    async with AsyncExitStack() as stack:
        config = Config(database=DatabaseSettings(url="sqlite:///"), limits=PLENTY)
        app = await stack.enter_async_context(open_app(config))
        chat = await stack.enter_async_context(open_slack(settings(slack), now=now, every=0.0))

        async def wake():
            """Nothing is due."""

        dispatcher = app.request_dispatcher(chats={"slack": chat}, wake=wake)
        await chat.listener.listen(dispatcher.handle)
        yield Stage(slack=slack, app=app, chat=chat, members=Members(slack=slack))
        await chat.listener.close(2.0)


@pytest.mark.parametrize(
    "verb", [v for v in TYPED_VERBS if v is not Verb.SUBSCRIBE], ids=lambda verb: verb.value
)
async def test_every_command_gets_a_sentence(stage, verb):
    _, alone, text = await stage.typed(f"{verb.value} harbour strike", user="UADMIN")
    assert len(text.strip()) > 10
    if verb in PRIVATE:
        assert alone


@pytest.mark.parametrize(
    ("text", "user", "channel", "says"),
    [
        ("subscribe", "UANNA", "C1", "Only admins can do that: ask one of them to."),
        ("mute talks", "UGUEST", "C1", "Guests can read and ask here: a member can do that."),
        ("link hello", "UANNA", "C1", "There is no link in that. Write /brief link https://…"),
        ("pause", "UADMIN", "C1", "There is no briefing in this channel. Add one with /brief subscribe."),
        ("status", "UANNA", "C2", "The bot is not in the channel #C2. Write /invite @Wirebrief there"),
        ("status", "UANNA", "C1", "No feed is read here: an admin adds one with /brief feeds add URL"),
        ("catchup since blue", "UANNA", "C1", "Write it like: since yesterday, 3 days, Monday"),
        (
            "ask " + "why " * 1000,
            "UANNA",
            "C1",
            "Your question has 3,999 characters; the first 595 were read.",
        ),
    ],
)
async def test_what_cannot_be_is_told_with_what_to_do(stage, text, user, channel, says):
    where, _, told = await stage.typed(text, user=user, channel=channel)
    assert (where, says in told) == (channel, True), told


async def test_an_archived_channel_is_told_in_it(stage):
    stage.slack.world.rooms["C1"].archived = True
    _, alone, told = await stage.typed("status")
    assert alone
    assert "The channel #C1 is archived. Unarchive it, or choose another channel" in told


async def test_a_form_that_comes_too_late_is_told_to_who_asked(stage):
    stage.slack.trigger_seconds = -1.0
    _, alone, told = await stage.typed("subscribe", user="UADMIN")
    assert alone
    assert "The form came too late for Slack, which waits three seconds. Try again." in told


async def test_a_command_that_is_said_is_told_how_to_be_typed(stage):
    ((_, alone, told),) = await stage.told(stage.members.mention("UADMIN", "subscribe"), user="UADMIN")
    assert alone
    assert "Type /brief subscribe [TIMES]: it sets up scheduled briefings for this channel (admins)." in told


async def test_of_many_links_the_first_are_read_and_the_rest_is_counted(stage):
    links = " ".join(f"https://n{number}.invalid/" for number in range(300))
    ((_, _, told),) = await stage.told(stage.members.mention("UANNA", links))
    assert "These are the first 5 of 300 links; send the others in another message." in told
    assert told.count(": There is no public web server of that name") == 5


@pytest.mark.parametrize("scope", ["chat:write", "commands", "users:read", "channels:read", "im:history"])
async def test_each_missing_scope_is_named_with_how_to_grant_it(stage, scope):
    stage.slack.world.tokens["xoxb-1"].scopes -= {scope}
    await stage.chat._workspaces.watch()
    _, _, told = await stage.typed("status", user="UADMIN")
    assert f"The app lacks {scope} in Team T1. Add it at api.slack.com/apps > your app" in told


async def test_where_the_bot_may_say_nothing_admins_are_told(stage):
    stage.slack.world.tokens["xoxb-1"].scopes -= {"chat:write"}
    assert await stage.told(stage.members.mention("UANNA", "who resigned?")) == []
    (notice,) = await stage.app.store.notices.recent(5)
    assert "could not be answered there: The app lacks the permission chat:write. Add it at" in notice.text


async def test_a_revoked_token_is_told_where_an_answer_still_gets_through(stage):
    stage.slack.world.tokens["xoxb-1"].dead = "token_revoked"
    async with asyncio.timeout(120):
        _, alone, told = await stage.typed("status", user="UADMIN")
    assert alone
    assert "The token for Slack was revoked. Install the app to the workspace again" in told
