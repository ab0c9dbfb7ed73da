"""The real dispatcher behind the real client: every command answers a person in a place where there is little yet."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.chat.commands import PRIVATE, TYPED_VERBS
from bot.chat.discord.chat import DiscordChat
from bot.config import Config, DatabaseSettings
from bot.model.talk import Verb
from bot.runtime.compose import open_app
from tests.chat.discord.conftest import staged, text_of
from tests.chat.discord.loopback import looped, now
from tests.chat.discord.test_talking import TYPED_AS
from tests.readers.discord import read_message
from tests.servers.discord import world as dw

pytestmark = pytest.mark.slow


@pytest.fixture
async def stage():
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(Config(database=DatabaseSettings(url="sqlite:///"))))
        opened = await stack.enter_async_context(staged())
        listener = opened.env.bot.listener
        chat = DiscordChat(listener._connection, listener=listener, now=now)

        async def wake():
            """Nothing is due."""

        dispatcher = app.request_dispatcher(chats={"discord": chat}, wake=wake)
        opened.dispatcher.answer = dispatcher.handle
        yield opened


async def done(stage):
    """Return when the dispatcher has done with everything: the database works in a thread that simcord does not see."""
    async with asyncio.timeout(120):
        while stage.env.bot.listener._running:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "verb", [v for v in TYPED_VERBS if v is not Verb.SUBSCRIBE], ids=lambda verb: verb.value
)
async def test_every_command_gets_a_sentence(stage, verb):
    options, _ = TYPED_AS[verb]
    result = await stage.anna.slash(stage.channel, f"brief {verb.value}", **options)
    await done(stage)
    told = [m for m in (result.response, *result.followups) if m is not None]
    assert told, stage.env.transcript()
    assert all(len(text_of(m).strip()) > 10 for m in told)
    if verb in PRIVATE:
        assert all(m.ephemeral for m in told)


async def test_only_admins_get_the_form_and_others_are_told_so(stage):
    shown = await stage.anna.slash(stage.channel, "brief subscribe")
    await done(stage)
    assert shown.modal is not None
    refused = await stage.ben.slash(stage.channel, "brief subscribe")
    await done(stage)
    assert refused.modal is None
    assert refused.ephemeral
    assert "admins" in text_of(refused.response)


async def test_a_form_sent_in_makes_a_briefing_that_is_listed(stage):
    shown = await stage.anna.slash(stage.channel, "brief subscribe")
    await done(stage)
    names = {}
    for label in shown.modal["components"]:
        component = label["component"]
        names[component["custom_id"]] = component
    values = {}
    for name, component in names.items():
        if component["type"] == 8:
            values[name] = [stage.channel]
        elif component["type"] == 3:
            values[name] = [component["options"][0]["value"]]
        elif component.get("value"):
            values[name] = component["value"]
        elif "time" in name:
            values[name] = "weekdays 07:30"
        elif component.get("required", True):
            values[name] = "UTC"
    sent = await stage.anna.submit_modal(shown, values)
    await done(stage)
    assert sent.ephemeral, sent
    listed = await stage.ben.slash(stage.channel, "brief list")
    await done(stage)
    assert "07:30" in text_of(listed.response), (text_of(sent.response), values)


async def test_a_mention_with_plain_words_is_answered_and_a_question_without_an_answer_to_who_asked(stage):
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} hello")
    await done(stage)
    assert ["Ask me about the news" in text for text in stage.seen()] == [True]
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} who resigned in Norland?")
    await done(stage)
    assert len(stage.seen()) == 1
    assert "There is no news here yet" in text_of(stage.ben.user.dm_channel.last_message)


async def test_the_follow_up_button_asks_in_a_form_and_answers_who_pressed_it(stage):
    asked = await stage.ben.slash(stage.channel, "brief ask", question="who resigned in Norland?")
    await done(stage)
    (declined,) = [m for m in asked.followups if m is not None]
    shown = await stage.ben.click(declined, label="Ask a follow-up")
    await done(stage)
    assert shown.modal is not None
    (label,) = shown.modal["components"]
    sent = await stage.ben.submit_modal(shown, {label["component"]["custom_id"]: "And who followed?"})
    await done(stage)
    assert any("There is no news" in text_of(m) for m in sent.followups if m is not None)
    assert not stage.seen()


@pytest.fixture
async def loop():
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(Config(database=DatabaseSettings(url="sqlite:///"))))
        opened = await stack.enter_async_context(looped())

        async def wake():
            """Nothing is due."""

        await opened.listener.listen(app.request_dispatcher(chats={"discord": opened.chat}, wake=wake).handle)
        yield app, opened


async def mentioned(loop, text):
    """Let a member name the bot; return what it says then, each with its place."""
    anna = loop.server.world.member(loop.guild, "anna", may=dw.MANAGE_GUILD)
    named = {"mentions": [loop.server.world.users[dw.APP_ID]]}
    before = len(loop.server.world.log) + 1
    await loop.server.say(loop.place, anna, f"<@{dw.APP_ID}> {text}", **named)
    await loop.server.gateway.heard()
    async with asyncio.timeout(120):
        while loop.listener._running:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
    return [
        (loop.server.world.places[s.channel], read_message(s.body).text)
        for s in loop.server.world.log[before:]
    ]


@pytest.mark.parametrize(
    ("right", "says"),
    [
        (dw.SEND, "The bot lacks a permission in the channel <#{id}>. /brief status there names it."),
        (dw.VIEW, "The bot may not see the channel <#{id}>. Channel settings → Permissions → add Wirebrief"),
    ],
    ids=["send", "view"],
)
async def test_where_the_bot_may_not_answer_the_asker_alone_and_the_admins_are_told(loop, right, says):
    app, opened = loop
    opened.server.world.deny(opened.place, right)
    ((place, told),) = await mentioned(opened, "hello")
    assert place.type == dw.DM
    assert says.format(id=opened.place.id) in told
    (notice,) = await app.store.notices.recent(5)
    assert "could not be answered there" in notice.text


async def test_a_command_that_is_said_is_told_how_to_be_typed(loop):
    _, opened = loop
    ((place, told),) = await mentioned(opened, "subscribe")
    assert place.type == dw.DM
    assert "Type /brief subscribe" in told


async def test_of_many_links_the_first_are_read_and_the_rest_is_counted(loop):
    _, opened = loop
    links = " ".join(f"https://n{number}.invalid/" for number in range(300))
    ((place, told),) = await mentioned(opened, links)
    assert place.type == dw.DM
    assert "5 of the links could not be read." in told
    assert "These are the first 5 of 300 links; send the others in another message." in told


@pytest.mark.parametrize(
    ("verb", "options", "says"),
    [
        ("ask", {"question": "why " * 1000}, "Your question has 3,999 characters; the first 595 were read."),
        ("link", {"url": "hello"}, "There is no link in that. Write /brief link https://…"),
        ("pause", {}, "There is no briefing in this channel. Add one with /brief subscribe."),
        ("forget", {"what": "workspace"}, "This removes every subscription, briefing, question, report and feed of this server."),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_told_with_what_to_do(stage, verb, options, says):
    result = await stage.anna.slash(stage.channel, f"brief {verb}", **options)
    await done(stage)
    told = [text_of(m) for m in (result.response, *result.followups) if m is not None]
    assert any(says in text for text in told), told
