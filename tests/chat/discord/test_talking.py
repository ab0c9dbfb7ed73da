"""What people do on Discord and how they are answered, by the real client in a simulated Discord."""

from __future__ import annotations

import asyncio

import discord
import pytest
import simcord

from bot.chat.commands import PRIVATE, TYPED_VERBS
from bot.errors import DeliveryError
from bot.model.chat import Channel
from bot.model.message import Action
from bot.model.talk import Field, FieldInput, Form, Verb
from tests.chat.discord.conftest import note, staged, text_of
from tests.chat.discord.loopback import looped

pytestmark = pytest.mark.slow

TYPED_AS = {
    Verb.NOW: ({"everybody": True}, "all"),
    Verb.ASK: ({"question": "what did Anna Berg say?"}, "what did Anna Berg say?"),
    Verb.LINK: ({"url": "https://news.example/a", "fresh": True}, "fresh https://news.example/a"),
    Verb.STORY: ({"story": "harbour strike"}, "harbour strike"),
    Verb.FOLLOW: ({"story": "harbour strike"}, "harbour strike"),
    Verb.MUTE: ({"story": "harbour strike"}, "harbour strike"),
    Verb.UNMUTE: ({"story": "harbour strike"}, "harbour strike"),
    Verb.CATCHUP: ({"since": "yesterday"}, "yesterday"),
    Verb.SUBSCRIBE: ({"times": "weekdays 07:30"}, "weekdays 07:30"),
    Verb.LIST: ({}, ""),
    Verb.PAUSE: ({"briefing": "sub-1"}, "sub-1"),
    Verb.RESUME: ({"briefing": "sub-1"}, "sub-1"),
    Verb.UNSUBSCRIBE: ({}, ""),
    Verb.FEEDS: ({"action": "add", "feed": "https://news.example/feed"}, "add https://news.example/feed"),
    Verb.STATUS: ({}, ""),
    Verb.REPLIES: ({"what": "mentions"}, "mentions"),
    Verb.FORGET: ({"what": "channel"}, "channel"),
    Verb.START: ({}, ""),
    Verb.HELP: ({}, ""),
}
WHAT = Form(
    verb=Verb.WRONG,
    title="What is wrong?",
    subject="brf-1",
    fields=(
        Field(name="why", label="Why", kind=FieldInput.TEXT, hint="In a sentence"),
        Field(
            name="kind",
            label="FieldInput",
            kind=FieldInput.CHOICE,
            options=(("a", "A number"), ("b", "A name")),
        ),
        Field(name="where", label="Where", kind=FieldInput.CHANNEL, required=False),
    ),
)


def test_every_verb_that_is_typed_has_a_command():
    assert set(TYPED_AS) == set(TYPED_VERBS)


@pytest.mark.parametrize("verb", TYPED_VERBS, ids=lambda verb: verb.value)
async def test_a_command_is_a_request_and_answered_to_whom_it_concerns(stage, verb):
    options, words = TYPED_AS[verb]
    result = await stage.ben.slash(stage.channel, f"brief {verb.value}", **options)
    (request,) = stage.asked
    assert (request.verb, request.words) == (verb, words)
    assert request.channel == Channel(
        platform="discord", workspace=str(stage.guild.id), id=str(stage.channel.id)
    )
    assert result.ephemeral is (verb in PRIVATE)
    assert "Answer 1" in text_of(result.response)


async def test_who_may_manage_the_server_is_an_admin_and_nobody_else(stage):
    await stage.anna.slash(stage.channel, "brief status")
    await stage.ben.slash(stage.channel, "brief status")
    assert [request.asker.admin for request in stage.asked] == [True, False]
    assert [request.asker.name for request in stage.asked] == ["anna", "ben"]


async def test_members_of_the_configured_role_are_admins_too():
    async with staged(admin_role="") as first:
        await first.ben.slash(first.channel, "brief status")
        assert not first.asked[-1].asker.admin
        role = first.guild.create_role("Desk")
        cleo = first.guild.add_member(first.env.create_user("cleo"), roles=[role])
        first.options["admin_role"] = str(role.id)
        await first.restart()
        await cleo.slash(first.channel, "brief status")
        assert first.asked[-1].asker.admin


async def test_a_form_is_the_first_answer_and_comes_back_with_its_values(stage):
    async def answer(request, conversation):
        if request.values:
            await conversation.reply(note("Thank you."), private=True)
        else:
            await conversation.open(WHAT)

    stage.dispatcher.answer = answer
    shown = await stage.anna.slash(stage.channel, "brief subscribe")
    assert shown.modal["title"] == "What is wrong?"
    sent = await stage.anna.submit_modal(
        shown, {"why": "It is nine.", "kind": ["a"], "where": [stage.channel]}
    )
    request = stage.asked[-1]
    assert (request.verb, request.subject) == (Verb.WRONG, "brf-1")
    assert request.values == {
        "why": "It is nine.",
        "kind": "a",
        "where": f"discord:{stage.guild.id}/{stage.channel.id}",
    }
    assert sent.ephemeral
    assert "Thank you." in text_of(sent.response)


async def test_a_form_that_is_not_opened_is_a_private_sentence(stage):
    async def answer(_request, conversation):
        await conversation.reply(note("Only admins of this server can do that."), private=True)

    stage.dispatcher.answer = answer
    result = await stage.ben.slash(stage.channel, "brief subscribe")
    assert result.ephemeral
    assert "Only admins" in text_of(result.response)


async def test_a_form_survives_a_restart_between_opening_and_sending(stage):
    async def answer(request, conversation):
        await (conversation.reply(note("Kept.")) if request.values else conversation.open(WHAT))

    stage.dispatcher.answer = answer
    shown = await stage.anna.slash(stage.channel, "brief subscribe")
    await stage.restart()
    await stage.anna.submit_modal(shown, {"why": "It is nine.", "kind": ["b"]})
    assert stage.asked[-1].values["kind"] == "b"


async def test_buttons_of_any_age_work_after_a_restart(stage):
    async def answer(_request, conversation):
        button = Action(verb=Verb.CITED, label="Sources", subject="brf-7")
        await conversation.reply(note(actions=(button,)))

    stage.dispatcher.answer = answer
    await stage.ben.slash(stage.channel, "brief ask", question="what?")
    await stage.restart()
    stage.dispatcher.answer = None
    message = stage.channel.last_message
    pressed = await stage.ben.click(message, label="Sources")
    request = stage.asked[-1]
    assert (request.verb, request.subject, request.message) == (Verb.CITED, "brf-7", str(message.id))
    assert pressed.ephemeral
    assert "Answer" in text_of(pressed.response)


async def test_public_answers_can_be_asked_further_and_private_notes_cannot(stage):
    answered = await stage.ben.slash(stage.channel, "brief ask", question="what?")
    listed = await stage.ben.slash(stage.channel, "brief list")
    assert "Ask a follow-up" in text_of(answered.response)
    assert "Ask" not in text_of(listed.response)


async def test_what_is_private_under_a_public_question_is_seen_by_the_asker_alone(stage):
    async def answer(_request, conversation):
        await conversation.reply(note("You ask too much."), private=True)

    stage.dispatcher.answer = answer
    result = await stage.ben.slash(stage.channel, "brief ask", question="what?")
    assert result.response is None
    assert [(m.ephemeral, text_of(m)) for m in result.followups] == [(True, "Note\nYou ask too much.")]
    assert stage.seen() == []


async def test_a_request_that_nobody_answers_leaves_no_promise_behind(stage):
    async def answer(_request, _conversation):
        return

    stage.dispatcher.answer = answer
    result = await stage.ben.slash(stage.channel, "brief ask", question="what?")
    assert result.acknowledged
    assert result.response is None


async def test_a_bug_in_the_handler_costs_one_request(stage):
    async def answer(_request, _conversation):
        raise RuntimeError("a bug")

    stage.dispatcher.answer = answer
    await stage.ben.slash(stage.channel, "brief ask", question="what?")
    stage.dispatcher.answer = None
    result = await stage.ben.slash(stage.channel, "brief ask", question="and now?")
    assert "Answer 2" in text_of(result.response)


async def test_a_menu_on_a_message_takes_its_links(stage):
    message = await stage.ben.send(stage.channel, "look https://news.example/a and https://news.example/b")
    await stage.ben.context_menu(stage.channel, "Summarise link", message)
    (request,) = stage.asked
    assert request.verb is Verb.LINK
    assert request.words == "look https://news.example/a and https://news.example/b"


async def test_a_mention_is_answered_below_it_without_the_bots_name(stage):
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} what about https://news.example/a ?")
    (request,) = stage.asked
    assert (request.verb, request.words) == (Verb.SAID, "what about https://news.example/a ?")
    assert request.addressed
    assert ["Answer 1" in text for text in stage.seen()] == [True]


async def test_a_reply_to_an_answer_belongs_to_its_thread(stage):
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} what?")
    answer = stage.channel.last_message
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} and then?", reply_to=answer)
    assert stage.asked[-1].thread == str(answer.id)
    assert stage.asked[-1].words == "and then?"


async def test_words_that_are_not_for_the_bot_are_no_requests(stage):
    await stage.ben.send(stage.channel, "good morning @everyone")
    await stage.ben.send(stage.channel, f"ask {stage.anna.mention}")
    other = stage.guild.add_member(stage.env.create_user("robot", bot=True))
    await other.send(stage.channel, f"{stage.guild.me.mention} hello")
    assert stage.asked == []


async def test_a_conversation_of_two_needs_no_mention(stage):
    await stage.ben.user.send_dm("what is new?")
    (request,) = stage.asked
    assert (request.direct, request.private, request.words) == (True, True, "what is new?")
    assert request.channel.workspace == ""
    assert not request.asker.admin
    assert "Answer 1" in text_of(stage.ben.user.dm_channel.last_message)


async def test_what_is_private_under_a_mention_comes_as_a_direct_message(stage):
    async def answer(_request, conversation):
        await conversation.reply(note("For you alone."), private=True)

    stage.dispatcher.answer = answer
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} status")
    assert stage.seen() == []
    assert "For you alone." in text_of(stage.ben.user.dm_channel.last_message)


async def thread_on(stage):
    """Return a thread under a message of the bot."""
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} what?")
    message = stage.channel.last_message
    thread = (
        await stage.env.bot.get_channel(stage.channel.id)
        .get_partial_message(message.id)
        .create_thread(name="t")
    )
    return message, next(t for t in stage.channel.threads if t.id == thread.id)


async def test_a_question_in_a_thread_is_answered_there_by_a_message_that_can_be_replied_to(stage):
    message, thread = await thread_on(stage)
    result = await stage.ben.slash(thread, "brief ask", question="and then?")
    request = stage.asked[-1]
    assert (request.channel.id, request.thread) == (str(stage.channel.id), str(message.id))
    assert result.response is None  # the promise was taken back
    assert "Answer 2" in stage.seen(thread)[-1]


async def test_a_mention_in_a_thread_is_answered_there(stage):
    message, thread = await thread_on(stage)
    await stage.ben.send(thread, f"{stage.guild.me.mention} and then?")
    assert stage.asked[-1].thread == str(message.id)
    assert "Answer 2" in stage.seen(thread)[-1]


async def test_with_the_intent_plain_words_in_a_thread_of_ours_are_heard_and_marked():
    async with staged(content=True) as stage:
        _, thread = await thread_on(stage)
        await stage.ben.send(thread, "and then?")
        assert stage.asked[-1].words == "and then?"
        assert not stage.asked[-1].addressed
        assert not stage.asked[-1].tagged
        await stage.ben.send(thread, f"{stage.anna.user.mention} and then?")
        assert stage.asked[-1].tagged
        said = await stage.anna.send(thread, "Nine, I think.")
        await stage.ben.send(thread, "and by now?", reply_to=said)
        assert (stage.asked[-1].words, stage.asked[-1].tagged) == ("and by now?", True)


async def test_an_expired_token_sends_the_answer_to_the_channel(stage):
    async def answer(_request, conversation):
        stage.env.backend.clock.elapsed += 16 * 60
        await conversation.reply(note("Late, but true."))

    stage.dispatcher.answer = answer
    await stage.ben.slash(stage.channel, "brief ask", question="what?")
    assert "Late, but true." in stage.seen()[-1]


async def test_an_expired_private_answer_comes_as_a_direct_message(stage):
    async def answer(_request, conversation):
        stage.env.backend.clock.elapsed += 16 * 60
        await conversation.reply(note("Late, but yours."), private=True)

    stage.dispatcher.answer = answer
    await stage.ben.slash(stage.channel, "brief list")
    assert stage.seen() == []
    assert "Late, but yours." in text_of(stage.ben.user.dm_channel.last_message)


async def test_who_may_not_see_a_channel_is_told_apart(stage):
    hidden = stage.guild.create_text_channel("hidden")
    from simcord.backend.models import Overwrite  # noqa: PLC0415
    from simcord.enums import OverwriteType  # noqa: PLC0415

    stage.env.backend.set_overwrite(
        hidden.id,
        Overwrite(target_id=stage.guild.id, type=OverwriteType.ROLE, allow=0, deny=1 << 10),
    )
    where = Channel(platform="discord", workspace=str(stage.guild.id), id=str(hidden.id))
    unknown = Channel(platform="discord", workspace=str(stage.guild.id), id="1234")
    seen = {}

    async def answer(request, conversation):
        for channel in (where, unknown, request.channel):
            seen[request.asker.name, channel.id] = await conversation.sees(channel)
        await conversation.reply(note(), private=True)

    stage.dispatcher.answer = answer
    await stage.ben.slash(stage.channel, "brief list")
    assert seen == {
        ("ben", str(hidden.id)): False,
        ("ben", "1234"): False,
        ("ben", str(stage.channel.id)): True,
    }


async def test_a_private_channel_is_marked(stage):
    secret = stage.guild.create_text_channel(
        "secret", overwrites={stage.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    await stage.anna.slash(stage.channel, "brief list")
    assert not stage.asked[-1].private
    owner = simcord.MemberActor(stage.env, stage.guild, stage.guild.owner)
    await owner.slash(secret, "brief list")
    assert stage.asked[-1].private


async def test_a_form_asked_for_in_a_message_names_the_command(stage):
    said = []

    async def answer(_request, conversation):
        with pytest.raises(DeliveryError) as refused:
            await conversation.open(WHAT)
        said.append(str(refused.value))
        await conversation.reply(note())

    stage.dispatcher.answer = answer
    await stage.ben.send(stage.channel, f"{stage.guild.me.mention} subscribe")
    assert "/brief wrong" in said[0]


async def test_a_removed_bot_and_a_deleted_channel_are_told(stage):
    spare = stage.guild.create_text_channel("spare")
    stage.env.backend.delete_channel(spare.id)
    await stage.env.settle()
    stage.env.backend.emit("GUILD_DELETE", {"id": str(stage.guild.id)})
    await stage.env.settle()
    assert [(r.verb, r.channel.id) for r in stage.asked] == [(Verb.GONE, str(spare.id)), (Verb.GONE, "")]
    assert {r.channel.workspace for r in stage.asked} == {str(stage.guild.id)}


async def test_a_question_of_four_thousand_characters_arrives_whole(stage):
    question = "why " * 1000
    await stage.ben.slash(stage.channel, "brief ask", question=question)
    assert stage.asked[0].words == question.strip()


async def test_a_message_of_three_hundred_links_arrives_within_bounds(stage):
    links = " ".join(f"https://n.example/{number}" for number in range(300))
    message = await stage.ben.send(stage.channel, links[:2000])
    await stage.ben.context_menu(stage.channel, "Summarise link", message)
    assert 0 < len(stage.asked[0].words) <= 12_000


async def test_suggestions_come_from_the_archive_and_never_fail():
    async def suggest(kind, typed, channel):
        if typed == "boom":
            raise RuntimeError("a bug")
        return [(f"{kind}-{number}", f"{typed} {channel.platform} {number}") for number in range(40)]

    async with staged(suggest=suggest) as stage:
        found = await stage.ben.autocomplete(stage.channel, "brief story", "story", "har")
        assert len(found) == 25
        assert (found[0]["name"], found[0]["value"]) == ("har discord 0", "story-0")
        assert (await stage.ben.autocomplete(stage.channel, "brief pause", "briefing", "x"))[0][
            "value"
        ] == "subscription-0"
        assert await stage.ben.autocomplete(stage.channel, "brief mute", "story", "boom") == []


async def test_commands_are_told_in_other_languages_and_open_to_servers_and_direct_messages(stage):
    brief = stage.env.backend.find_command("brief", None, type=1)
    menu = stage.env.backend.find_command("Summarise link", None, type=3)
    words = {option["name"]: option for option in brief["options"]}
    assert set(words) == {verb.value for verb in TYPED_VERBS}
    assert words["ask"]["name_localizations"]["de"] == "fragen"
    assert words["ask"]["name_localizations"]["fr"] == "demander"
    assert words["ask"]["name_localizations"]["es-ES"] == "preguntar"
    for option in words.values():
        assert set(option["description_localizations"]) == {"de", "fr", "es-ES", "es-419"}
    assert menu["name_localizations"]["de"] == "Link zusammenfassen"
    assert brief["contexts"] == menu["contexts"] == [0, 1]


async def test_an_answer_in_a_form_that_discord_does_not_take_comes_in_a_simpler_one():
    async with looped() as loop:
        loop.server.takes = "text"
        await loop.listener.listen(loop.dispatcher)
        anna = loop.server.world.member(loop.guild, "anna")
        asked = await loop.server.command(anna, loop.place, "list")
        async with asyncio.timeout(120):
            while asked.original is None:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        assert "Answer 1" in asked.original["content"]
