"""The connection to Discord through everything that breaks it, by the real client and a loopback gateway."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.chat.discord.client import BriefClient, Connection, Sessions, quiet_library, wait_before_session
from bot.chat.discord.listener import DiscordListener
from bot.errors import ConfigError, PostRefused
from bot.log import set_up_logs
from bot.model.talk import Field, Form, Verb
from tests.chat.discord.conftest import note
from tests.chat.discord.loopback import looped, now
from tests.servers.discord import world as dw
from tests.servers.discord.server import Discord

pytestmark = pytest.mark.slow


@pytest.fixture
async def loop():
    async with looped() as opened:
        await opened.listener.listen(opened.dispatcher)
        yield opened


async def until(condition):
    """Return once ``condition`` holds."""
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def mention(loop, text="what is new?"):
    """Let somebody ask the bot."""
    anna = loop.server.world.member(loop.guild, "anna")
    named = {"mentions": [loop.server.world.users[dw.APP_ID]]}
    return await loop.server.say(loop.place, anna, f"<@{dw.APP_ID}> {text}", **named)


async def test_it_asks_for_no_privileged_intent(loop):
    (identify,) = loop.server.gateway.identifies
    assert identify["intents"] == (1 << 0) | (1 << 9) | (1 << 12)


async def test_a_broken_line_is_resumed_and_nothing_is_missed(loop):
    loop.server.gateway.deaf = True
    await loop.server.gateway.drop()
    await mention(loop, "said while the line was down")
    loop.server.gateway.deaf = False
    await until(lambda: loop.dispatcher.asked)
    assert loop.dispatcher.asked[0].words == "said while the line was down"
    assert (len(loop.server.gateway.identifies), loop.server.gateway.resumes) == (1, 1)


async def test_discord_asking_to_reconnect_is_obeyed_by_a_resume(loop):
    await loop.server.gateway.reconnect()
    await until(lambda: loop.server.gateway.resumes)
    await mention(loop)
    await until(lambda: loop.dispatcher.asked)
    assert len(loop.server.gateway.identifies) == 1


async def test_an_invalid_session_begins_anew_and_hears_again(loop):
    await loop.server.gateway.invalidate()
    await until(lambda: len(loop.server.gateway.identifies) == 2 and loop.server.gateway.live.is_set())
    await mention(loop)
    await until(lambda: loop.dispatcher.asked)


async def test_a_resume_that_is_refused_begins_anew(loop):
    loop.server.gateway.forget = 1
    await loop.server.gateway.reconnect()
    await until(lambda: len(loop.server.gateway.identifies) == 2 and loop.server.gateway.live.is_set())
    await mention(loop)
    await until(lambda: loop.dispatcher.asked)


async def test_sessions_that_are_refused_again_and_again_are_asked_for_ever_more_slowly():
    async with looped() as loop:
        loop.server.gateway.refuse = [9] * 4
        begun = asyncio.get_running_loop().time()
        await loop.listener.listen(loop.dispatcher)
        taken = asyncio.get_running_loop().time() - begun
        assert len(loop.server.gateway.identifies) == 5
        assert taken >= 0.05 + 0.1 + 0.2 + 0.4


def test_waits_before_sessions_double_and_end_with_the_hour():
    sessions = Sessions()
    assert sessions.wait(0.0) == 0.0
    waits = []
    at = 0.0
    for _ in range(12):
        waits.append(sessions.wait(at))
        at += waits[-1]
        sessions.begin(at)
    assert waits[:5] == [0.0, 5.0, 10.0, 20.0, 40.0]
    assert max(waits) == 900.0
    assert sessions.wait(at + 7200) == 0.0


def test_a_days_sessions_are_never_used_up():
    sessions = Sessions()
    at, begun = 0.0, 0
    while at < 86_400:
        at += sessions.wait(at)
        sessions.begin(at)
        begun += 1
    assert begun < 200


@pytest.mark.parametrize(
    ("remaining", "wait"), [(1000, 0.0), (200, 0.0), (100, 36.0), (4, 900.0), (0, 3600.0)]
)
def test_the_last_sessions_of_a_day_are_spread_over_it(remaining, wait):
    assert wait_before_session(remaining, 3600.0) == wait


async def test_a_wrong_token_is_one_sentence_with_where_to_get_another():
    async with looped(token="wrong") as loop:  # noqa: S106 - it is wrong
        with pytest.raises(ConfigError) as wrong:
            await loop.listener.listen(loop.dispatcher)
        assert "discord.token" in wrong.value.message
        assert "Reset Token" in wrong.value.hint


@pytest.mark.parametrize("token", ["", "with a\nline", "ünïcode"])
async def test_what_can_be_no_token_is_told_the_same_way(token):
    async with looped(token=token or " ") as loop:
        with pytest.raises(ConfigError):
            await loop.listener.listen(loop.dispatcher)


async def test_an_intent_the_application_may_not_have_is_named():
    async with looped() as loop:
        loop.server.gateway.refuse = [4014]
        with pytest.raises(ConfigError) as wrong:
            await loop.listener.listen(loop.dispatcher)
        assert "message_content" in wrong.value.message


async def test_a_token_revoked_while_it_runs_is_told_to_admins_and_ends_the_line(loop):
    told = []

    async def tell(_key, text):
        told.append(text)

    loop.listener.line._tell = tell
    assert loop.listener.connected
    await loop.server.gateway.close(4004)
    await until(lambda: told)
    assert "discord.token: Discord does not accept this token" in told[0]
    assert not loop.listener.connected


async def test_a_line_that_is_down_is_no_connection(loop):
    loop.server.gateway.deaf = True
    await loop.server.gateway.drop()
    await until(lambda: not loop.listener.connected)
    loop.server.gateway.deaf = False
    await until(lambda: loop.listener.connected)


async def test_a_discord_that_cannot_be_reached_is_tried_again(monkeypatch):
    monkeypatch.setattr("bot.chat.discord.line.RETRY_SECONDS", (0.05, 0.1))
    async with looped() as loop:
        from tests.servers.discord.server import pointed_at  # noqa: PLC0415

        tries, log_in = asyncio.Queue(), loop.connection.log_in

        async def tried():
            tries.put_nowait("again")
            await log_in()

        loop.connection.log_in = tried
        async with asyncio.timeout(120):
            with pointed_at(9):
                listening = asyncio.create_task(loop.listener.listen(loop.dispatcher))
                for _ in range(3):
                    await tries.get()
                assert not listening.done()
            await listening


async def test_an_event_that_cannot_be_read_costs_a_moment_and_not_the_line(monkeypatch):
    monkeypatch.setattr("bot.chat.discord.line.RETRY_SECONDS", (0.05, 0.1))
    async with looped() as loop:
        await loop.listener.listen(loop.dispatcher)
        loop.server.gateway.live.clear()
        await loop.server.gateway.tell("MESSAGE_CREATE", {"id": "1"})
        await until(loop.server.gateway.live.is_set)
        await loop.connection.client.wait_until_ready()
        await mention(loop)
        await until(lambda: loop.dispatcher.asked)
        assert await loop.chat.post(loop.post())
        assert loop.listener.line.trouble == ""


async def test_a_thread_that_slept_is_looked_up(loop):
    thread = dw.Place(
        id=loop.server.world.snowflake(), type=dw.PUBLIC_THREAD, guild=loop.guild.id, parent=loop.place.id
    )
    loop.server.world.places[thread.id] = thread
    loop.place, channel = thread, loop.place
    await mention(loop)
    await until(lambda: loop.dispatcher.asked)
    assert (loop.dispatcher.asked[0].channel.id, loop.dispatcher.asked[0].thread) == (
        str(channel.id),
        str(thread.id),
    )


async def test_two_shards_hear_each_their_own_servers():
    async with looped(Discord(shards=2)) as loop:
        guilds = [loop.server.world.server() for _ in range(6)]
        await loop.listener.listen(loop.dispatcher)
        assert len(loop.server.gateway.identifies) == 2
        for guild in guilds:
            place = loop.server.world.place(guild)
            anna = loop.server.world.member(guild, "anna")
            await loop.server.gateway.tell(
                "GUILD_CREATE", loop.server.world.guild(guild, whole=True), guild=guild.id
            )
            await loop.server.command(anna, place, "list")
        await until(lambda: len(loop.dispatcher.asked) == len(guilds))
        assert {r.channel.workspace for r in loop.dispatcher.asked} == {str(guild.id) for guild in guilds}


async def test_a_server_joined_as_the_bot_logs_in_is_greeted_by_one_request_and_older_ones_by_none():
    async with looped() as loop:
        lately = loop.server.world.server("Second")
        lately.joined_at = now().isoformat()
        channel = loop.server.world.place(lately)
        await loop.listener.listen(loop.dispatcher)
        await until(lambda: loop.dispatcher.asked)
        again = loop.server.world.guild(lately, whole=True)
        await loop.server.gateway.tell("GUILD_CREATE", again, guild=lately.id)
        await mention(loop)
        await until(lambda: loop.dispatcher.asked[-1].verb is Verb.SAID)
    invited = [r for r in loop.dispatcher.asked if r.verb is Verb.INVITED]
    assert {r.channel.id for r in invited} == {str(channel.id)}
    assert len(invited) == 2
    assert len({r.id for r in invited}) == 1


async def test_a_command_is_acknowledged_before_anything_is_done(loop):
    release = asyncio.Event()

    async def answer(_request, conversation):
        await release.wait()
        await conversation.reply(note(), private=True)

    loop.dispatcher.answer = answer
    anna = loop.server.world.member(loop.guild, "anna")
    asked = await loop.server.command(anna, loop.place, "list")
    await until(lambda: asked.kind)
    assert (asked.kind, asked.ephemeral, asked.original) == (5, True, None)
    release.set()
    await until(lambda: asked.original)


async def test_an_interaction_that_another_process_took_is_left_to_it(loop):
    anna = loop.server.world.member(loop.guild, "anna")
    number = loop.server.world.snowflake()
    async with asyncio.timeout(120):
        other = BriefClient(first_wait=0.05, ready_wait=0.05)
        second = DiscordListener(Connection(other, token=loop.server.world.token), now=now)
        await second.listen(loop.dispatcher)
        try:
            asked = await loop.server.interact(
                2,
                anna,
                loop.place,
                {
                    "id": "5",
                    "name": "brief",
                    "type": 1,
                    "options": [{"name": "list", "type": 1, "options": []}],
                },
                id=number,
            )
            await until(lambda: asked.original)
            await loop.server.gateway.heard()
            await until(lambda: not (loop.listener._running or second._running))
            assert len(loop.dispatcher.asked) == 1
        finally:
            await second.close(1.0)
            await second._connection.close()


@pytest.mark.parametrize("fault", ["500 before", "502 after", "drop before", "drop after"])
async def test_an_acknowledgement_that_was_lost_is_given_once_more(loop, fault):
    loop.server.ack_script.append(fault)
    anna = loop.server.world.member(loop.guild, "anna")
    asked = await loop.server.command(anna, loop.place, "list")
    await until(lambda: asked.original)
    assert (asked.kind, len(asked.messages)) == (5, 1)


async def test_an_interaction_that_came_too_late_is_not_worked_on(loop):
    clock = loop.server.world.now
    anna = loop.server.world.member(loop.guild, "anna")
    loop.server.world.now = lambda: clock() - 100.0
    asked = await loop.server.command(anna, loop.place, "list")
    loop.server.world.now = clock
    await loop.server.gateway.heard()
    await until(lambda: not loop.listener._running)
    assert (asked.kind, loop.dispatcher.asked) == (0, [])


async def test_a_form_that_takes_too_long_becomes_a_promise(loop, monkeypatch):
    monkeypatch.setattr("bot.chat.discord.listener.FORM_OPENING_SECONDS", 0.05)
    refused = []

    async def answer(_request, conversation):
        await until(lambda: asked.kind)  # it takes longer than the form may
        try:
            await conversation.open(
                Form(verb=Verb.SUBSCRIBE, title="New", fields=(Field(name="a", label="A"),))
            )
        except Exception as error:  # noqa: BLE001 - it is looked at below
            refused.append(str(error))
            await conversation.reply(note("Too slow."), private=True)

    loop.dispatcher.answer = answer
    anna = loop.server.world.member(loop.guild, "anna", may=dw.MANAGE_GUILD)
    asked = await loop.server.command(anna, loop.place, "subscribe")
    await until(lambda: asked.original)
    assert asked.kind == 5
    assert "Try once more" in refused[0]


async def test_an_answer_whose_fate_is_unknown_is_not_given_twice(loop):
    loop.server.script += ["500 after"]
    anna = loop.server.world.member(loop.guild, "anna")
    asked = await loop.server.command(anna, loop.place, "ask", question="what?")
    await until(lambda: asked.messages)
    await until(lambda: not loop.listener._running)
    assert len(asked.messages) == 1


async def test_closed_direct_messages_are_told_in_the_channel(loop):
    async def answer(_request, conversation):
        await conversation.reply(note("Yours alone."), private=True)

    loop.dispatcher.answer = answer
    said = await mention(loop)
    loop.server.closed_to.add(int(said["author"]["id"]))
    await until(lambda: loop.shown() == 2)
    (told,) = [seen.body for seen in loop.server.world.log if "message_reference" not in seen.body][1:]
    assert "direct messages" in told["content"]


async def test_closing_takes_nothing_new_and_lets_work_end(loop):
    release = asyncio.Event()

    async def answer(_request, conversation):
        await release.wait()
        await conversation.reply(note("Done after all."), private=True)

    loop.dispatcher.answer = answer
    anna = loop.server.world.member(loop.guild, "anna")
    asked = await loop.server.command(anna, loop.place, "list")
    await until(lambda: asked.kind)
    closing = asyncio.create_task(loop.listener.close(30.0))
    await asyncio.sleep(0)
    late = await loop.server.command(anna, loop.place, "list")
    release.set()
    await closing
    assert asked.original is not None
    assert (late.original, len(loop.dispatcher.asked)) == (None, 1)


async def test_after_the_line_is_hung_up_what_is_being_delivered_is_still_posted(loop):
    await loop.listener.close(1.0)
    await until(lambda: all(s.socket.closed for s in loop.server.gateway.sessions.values()))
    assert await loop.chat.post(loop.post())
    await loop.connection.close()
    with pytest.raises(PostRefused) as refused:
        await loop.chat.post(loop.post(key="other"))
    assert refused.value.retry_after is not None


async def test_a_server_that_is_down_for_a_while_is_not_gone(loop):
    guild = loop.guild.id
    await loop.server.gateway.tell("GUILD_DELETE", {"id": str(guild), "unavailable": True}, guild=guild)
    await loop.server.gateway.heard()
    assert loop.dispatcher.asked == []
    await loop.server.gateway.tell(
        "GUILD_CREATE", loop.server.world.guild(loop.guild, whole=True), guild=guild
    )
    await mention(loop)
    await until(lambda: loop.dispatcher.asked)
    assert loop.dispatcher.asked[0].verb is Verb.SAID


async def test_a_deleted_thread_is_told(loop):
    gone = {"id": "77", "guild_id": str(loop.guild.id), "parent_id": str(loop.place.id), "type": 11}
    await loop.server.gateway.tell("THREAD_DELETE", gone, guild=loop.guild.id)
    await until(lambda: loop.dispatcher.asked)
    assert (loop.dispatcher.asked[0].verb, loop.dispatcher.asked[0].channel.id) == (Verb.GONE, "77")


def test_discord_py_is_heard_in_the_bots_own_log_without_its_values(capsys):
    set_up_logs(level="warning", json_lines=True)
    quiet_library()
    gateway = logging.getLogger("discord.gateway")
    gateway.warning("Can't keep up, shard ID %s websocket is %.1fs behind.", 0, 12.5)
    gateway.warning("Shard ID %s closed with canary-%s", 0, "body")
    lines = capsys.readouterr().err
    assert lines.count("discord.gateway") == 1
    assert "Can't keep up" not in lines
    assert "canary" not in lines
