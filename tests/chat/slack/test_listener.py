"""Listening to Slack with its real libraries: acknowledged at once, given on once, answered where it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat.replies.status import NEW
from bot.chat.slack.replying import conversation as replying
from bot.errors import ConfigError, PostRefused
from bot.model.chat import Channel
from bot.model.message import Action, Message
from bot.model.talk import Field, FieldInput, Form, Verb
from tests.chat.slack.loopback import C1, listening, message
from tests.servers.slack.world import Room

pytestmark = pytest.mark.slow


async def answer(request, conversation):
    await conversation.reply(message(f"about {request.words}"))


async def answer_privately(request, conversation):
    await conversation.reply(message("only for you"), private=True)


async def test_a_command_is_read_and_answered(slack):
    async with listening(slack, act=answer) as heard:
        await heard.members.command("UADMIN", "ask who resigned?")
        request = await heard.handler.next()
    assert (request.verb, request.words, request.channel) == (Verb.ASK, "who resigned?", C1)
    assert request.asker.admin
    assert not request.private
    (said,) = slack.world.seen("C1")
    assert "about who resigned?" in str(said.blocks)


async def test_the_acknowledgement_does_not_wait_for_the_work(slack):
    free = asyncio.Event()

    async def slowly(request, conversation):
        await free.wait()

    async with listening(slack, act=slowly) as heard:
        for _ in range(3):
            await heard.members.command("UANNA", "now")  # it ends with the acknowledgement
        assert heard.handler.done.empty()
        free.set()
        await heard.handler.next()


@pytest.mark.parametrize("verb", ["ask what?", "status"])
async def test_a_private_answer_is_seen_by_the_asker_alone(slack, verb):
    async with listening(slack, act=answer_privately) as heard:
        await heard.members.command("UANNA", verb)
        await heard.handler.next()
    assert not slack.world.seen("C1", user="UADMIN")
    (said,) = slack.world.seen("C1", user="UANNA")
    assert "only for you" in str(said.blocks)


async def test_six_private_answers_arrive_though_slack_takes_five_at_one_address(slack):
    async def six(request, conversation):
        for number in range(6):
            await conversation.reply(message(f"answer {number}"), private=True)

    async with listening(slack, act=six) as heard:
        await heard.members.command("UANNA", "list")
        await heard.handler.next()
    assert len(slack.world.seen("C1", user="UANNA")) == 6
    assert not slack.world.seen("C1")


async def test_where_the_bot_is_not_a_command_is_answered_all_the_same(slack):
    slack.world.rooms["C1"].members.discard("UBOT")
    async with listening(slack, act=answer) as heard:
        await heard.members.command("UANNA", "ask what?")
        await heard.handler.next()
    (said,) = slack.world.seen("C1")
    assert said.only_for == ""


async def test_a_mention_is_answered_in_its_thread(slack):
    async with listening(slack, act=answer) as heard:
        asked = await heard.members.mention(
            "UANNA", "what about the <https://news.example/a|talks> &amp; them?"
        )
        request = await heard.handler.next()
    assert request.verb is Verb.SAID
    assert request.words == "what about the https://news.example/a & them?"
    assert request.addressed
    (said,) = slack.world.seen("C1")
    assert said.thread == asked.ts


async def test_a_mention_told_twice_and_as_a_message_too_is_one_request(slack):
    async with listening(slack, act=answer) as heard:
        await heard.members.mention("UANNA", "what?", doubled=True)
        await heard.members.again(-2)
        await heard.members.again(-1)
        await heard.members.command("UANNA", "status")
        await heard.handler.next()
        await heard.handler.next()
    assert [r.verb for r in heard.handler.requests] == [Verb.SAID, Verb.STATUS]


async def test_the_id_of_a_request_is_the_same_for_every_process(slack):
    ids = []
    for _ in range(2):
        async with listening(slack) as heard:
            if not ids:
                await heard.members.mention("UANNA", "what?", doubled=True)
                told = heard.members.acts
            else:
                heard.members.acts = told
                await heard.members.again(-1)
            ids.append((await heard.handler.next()).id)
    assert ids[0] == ids[1]


async def test_a_plain_reply_in_a_thread_is_handed_on_as_not_addressed(slack):
    async with listening(slack) as heard:
        said = await heard.members.say("UANNA", "hello all", channel="C1")
        await heard.members.say("UANNA", "and then?", channel="C1", thread=said.ts)
        request = await heard.handler.next()
    assert (request.verb, request.words, request.thread) == (Verb.SAID, "and then?", said.ts)
    assert not request.addressed
    assert not request.tagged
    assert len(heard.handler.requests) == 1


@pytest.mark.parametrize("who", ["<@UADMIN>", "<!here>", "<!subteam^S1|@desk>"])
async def test_a_plain_reply_that_mentions_somebody_else_is_marked(slack, who):
    async with listening(slack) as heard:
        said = await heard.members.say("UANNA", "hello all", channel="C1")
        await heard.members.say("UANNA", f"and then, {who}?", channel="C1", thread=said.ts)
        request = await heard.handler.next()
    assert request.tagged
    assert not request.addressed


async def test_a_direct_message_is_private_and_answered_in_its_thread(slack):
    async with listening(slack, act=answer) as heard:
        said = await heard.members.say("UANNA", "what is new?", channel="DUANNA")
        request = await heard.handler.next()
    assert request.direct
    assert request.private
    assert request.addressed
    assert slack.world.seen("DUANNA")[0].thread == said.ts


async def test_bots_and_the_bot_itself_are_never_heard(slack):
    async with listening(slack) as heard:
        await heard.members.say("UBOT", "I said this", channel="DUANNA")
        await heard.members.mention("UOTHERBOT", "what?")
        await heard.members.say("UOTHERBOT", "hi", channel="DUANNA", bot_id="BOTHER")
        await heard.members.say("UANNA", "edited", channel="DUANNA", subtype="message_changed")
        await heard.members.command("UANNA", "help")
        assert (await heard.handler.next()).verb is Verb.HELP
        assert len(heard.handler.requests) == 1


async def test_a_private_channel_with_a_public_looking_id_is_private(slack):
    room = slack.world.rooms["C2"]
    room.kind = "group"
    room.members.add("UBOT")
    async with listening(slack) as heard:
        await heard.members.mention("UANNA", "what?", channel="C2")
        assert (await heard.handler.next()).private


@pytest.mark.parametrize(
    ("user", "admin", "guest"),
    [
        ("UADMIN", True, False),
        ("UANNA", False, False),
        ("UGUEST", False, True),
        ("USINGLE", False, True),
        ("USTRANGER", False, True),
        ("UNOBODY", False, True),
    ],
)
async def test_who_asks_is_looked_up(slack, user, admin, guest):
    async with listening(slack) as heard:
        await heard.members.command(user, "list")
        asker = (await heard.handler.next()).asker
    assert (asker.id, asker.admin, asker.guest) == (user, admin, guest)


async def test_members_of_the_configured_group_are_admins(slack):
    slack.world.groups["S1"] = {"UANNA", "UGUEST"}
    async with listening(slack, admin_group="S1") as heard:
        await heard.members.command("UANNA", "list")
        assert (await heard.handler.next()).asker.admin
        await heard.members.command("UGUEST", "list")
        assert not (await heard.handler.next()).asker.admin


async def test_an_admin_group_that_cannot_be_read_makes_nobody_admin(slack):
    slack.world.tokens["xoxb-1"].scopes -= {"usergroups:read"}
    async with listening(slack, admin_group="S1") as heard:
        await heard.members.command("UANNA", "list")
        assert not (await heard.handler.next()).asker.admin


@pytest.mark.parametrize(
    ("user", "channel", "sees"),
    [
        ("UANNA", "C1", True),
        ("UADMIN", "G1", False),
        ("UANNA", "G1", True),
        ("UGUEST", "C2", False),
        ("UADMIN", "C2", True),
        ("UADMIN", "CNONE", False),
    ],
)
async def test_who_may_see_a_channel(slack, user, channel, sees):
    found = []

    async def look(request, conversation):
        found.append(await conversation.sees(Channel(platform="slack", workspace="T1", id=channel)))
        found.append(await conversation.sees(Channel(platform="slack", workspace="T9", id=channel)))

    async with listening(slack, act=look) as heard:
        await heard.members.command(user, "list")
        await heard.handler.next()
    assert found == [sees, False]


FORM = Form(
    verb=Verb.SUBSCRIBE,
    title="A new briefing, every weekday",
    subject="sub-1",
    fields=(
        Field(name="channel", label="Where", kind=FieldInput.CHANNEL, value="slack:T1/C1"),
        Field(name="times", label="When", value="weekdays 07:30", hint="Such as weekdays 07:30"),
        Field(
            name="length",
            label="How long",
            kind=FieldInput.CHOICE,
            options=(("short", "Short"), ("long", "Long")),
        ),
        Field(name="note", label="Note", kind=FieldInput.TEXT, required=False),
    ),
)


async def test_a_form_opens_and_comes_back_as_a_request(slack):
    async def opens(request, conversation):
        if not request.values:
            await conversation.open(FORM)

    async with listening(slack, act=opens) as heard:
        await heard.members.command("UADMIN", "subscribe")
        await heard.handler.next()
        (view,) = slack.world.views.values()
        await heard.members.submit(
            "UADMIN",
            view,
            {
                "channel": {"type": "conversations_select", "selected_conversation": "C2"},
                "times": {"type": "plain_text_input", "value": " daily 06:00 "},
                "length": {"type": "static_select", "selected_option": {"value": "long"}},
                "note": {"type": "plain_text_input", "value": None},
            },
        )
        request = await heard.handler.next()
        await heard.members.again()
        await heard.members.command("UADMIN", "help")
        assert (await heard.handler.next()).verb is Verb.HELP
    assert (request.verb, request.subject, request.channel) == (Verb.SUBSCRIBE, "sub-1", C1)
    assert request.values == {
        "channel": "slack:T1/C2",
        "times": "daily 06:00",
        "length": "long",
        "note": "",
    }


async def test_a_form_that_comes_too_late_says_so(slack):
    caught = []

    async def opens(request, conversation):
        try:
            await conversation.open(FORM)
        except PostRefused as refusal:
            caught.append(str(refusal))

    slack.trigger_seconds = -1.0
    async with listening(slack, act=opens) as heard:
        await heard.members.command("UADMIN", "subscribe")
        await heard.handler.next()
        await heard.members.mention("UADMIN", "subscribe")
        await heard.handler.next()
    assert caught == [
        "The form came too late for Slack, which waits three seconds. Try again",
        "A form opens from a command or a button only. Write /brief subscribe",
    ]


async def test_a_button_is_a_request_about_its_subject_answered_in_the_thread(slack):
    buttons = Message(
        title="Answer",
        dateline="",
        actions=(
            Action(verb=Verb.DETAILS, label="Details", subject="brf-1"),
            Action(verb=Verb.CITED, label="Sources", subject="brf-1"),
        ),
    )

    async def act(request, conversation):
        await conversation.reply(
            buttons if request.verb is Verb.ASK else message("more"), private=request.verb is Verb.CITED
        )

    async with listening(slack, act=act) as heard:
        await heard.members.command("UANNA", "ask what?")
        await heard.handler.next()
        (said,) = slack.world.seen("C1")
        for verb in ("details", "cited"):
            await heard.members.press("UANNA", said, heard.members.button(said, verb))
            request = await heard.handler.next()
            assert (request.verb.value, request.subject, request.message) == (verb, "brf-1", said.ts)
        await heard.members.again()
        await heard.members.press(
            "UANNA", said, {"action_id": "link", "type": "button", "url": "https://x.example"}
        )
        await heard.members.command("UANNA", "help")
        assert (await heard.handler.next()).verb is Verb.HELP
    _, details, only = slack.world.seen("C1", user="UANNA")[:3]
    assert details.thread == said.ts
    assert only.only_for == "UANNA"


async def test_a_message_shortcut_summarises_its_link_in_the_thread(slack):
    async with listening(slack, act=answer) as heard:
        said = slack.world.add(channel="C1", user="UANNA", text="see <https://news.example/a>")
        await heard.members.message_shortcut("UANNA", said, "wirebrief_link")
        request = await heard.handler.next()
    assert (request.verb, request.words) == (Verb.LINK, "see https://news.example/a")
    assert slack.world.seen("C1")[0].thread == said.ts


async def test_the_global_shortcut_asks_for_a_new_briefing(slack):
    async def opens(request, conversation):
        await conversation.open(FORM)

    async with listening(slack, act=opens) as heard:
        await heard.members.shortcut("UADMIN", "wirebrief_new")
        request = await heard.handler.next()
    assert request.verb is Verb.SUBSCRIBE
    assert len(slack.world.views) == 1


async def test_the_home_tab_shows_what_is_answered_with_its_buttons_above(slack):
    async def page(request, conversation):
        await conversation.reply(replace(message(), actions=(NEW,)))

    async with listening(slack, act=page) as heard:
        await heard.members.open_home("UANNA", tab="messages")
        await heard.members.open_home("UANNA")
        request = await heard.handler.next()
        assert request.verb is Verb.HOME
        assert request.direct
        home = slack.world.homes["UANNA"]
        (button,) = [e for b in home["blocks"] if b["type"] == "actions" for e in b["elements"]]
        await heard.members.press_home("UANNA", button)
        assert (await heard.handler.next()).verb is Verb.SUBSCRIBE
    assert len(heard.handler.requests) == 2


async def test_an_answer_grows_in_a_thread_and_is_replaced_by_the_whole(slack, monkeypatch):
    monkeypatch.setattr("bot.chat.slack.replying.stream.APPEND_INTERVAL_SECONDS", 0.0)

    async def grows(request, conversation):
        await conversation.working("is reading the archive…")
        await conversation.show(message("First <!channel> & more"))
        await conversation.show(message("First <!channel> & more, then the rest"))
        await conversation.reply(message("All of it."))

    async with listening(slack, act=grows) as heard:
        asked = await heard.members.mention("UANNA", "what?")
        await heard.handler.next()
    assert slack.world.statuses == [("C1", asked.ts, "is reading the archive…")]
    methods = [method for method, _ in slack.calls if method.startswith("chat.")]
    assert methods == ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"]
    started = next(a for m, a in slack.calls if m == "chat.startStream")
    assert "<!channel>" not in str(started)
    (said,) = slack.world.seen("C1")
    assert "All of it." in str(said.blocks)


@pytest.mark.parametrize("private", [False, True])
async def test_the_line_that_a_command_is_worked_on_is_gone_when_the_answer_stands(slack, private):
    async def act(request, conversation):
        await conversation.working("is reading the archive…")
        assert ["is reading" in str(said.text) for said in slack.world.seen("C1")] == [True]
        await conversation.reply(message("All of it."), private=private)

    async with listening(slack, act=act) as heard:
        await heard.members.command("UANNA", "ask what?")
        await heard.handler.next()
    (said,) = slack.world.seen("C1", user="UANNA")
    assert "All of it." in str(said.blocks)
    assert bool(said.only_for) is private


@pytest.mark.parametrize(("after", "lines"), [(0.0, ["is at work…", "All of it."]), (3600.0, ["All of it."])])
async def test_a_private_answer_is_announced_only_if_it_takes_long(slack, monkeypatch, after, lines):
    monkeypatch.setattr(replying, "ANNOUNCE_SECONDS", after)

    async def act(request, conversation):
        await conversation.working("is at work…")
        await conversation.working("is still at work…")
        if not after:
            await conversation._announcement
        await conversation.reply(message("All of it."), private=True)

    async with listening(slack, act=act) as heard:
        await heard.members.command("UANNA", "now")
        await heard.handler.next()
    said = slack.world.seen("C1", user="UANNA")
    assert all(line in str(one.shown(metadata=False)) for line, one in zip(lines, said, strict=True))


async def test_without_streams_and_status_the_answer_takes_the_place_of_a_line(slack):
    slack.script["assistant.threads.setStatus"] = ["error invalid_thread_ts"]
    slack.script["chat.startStream"] = ["error unknown_method"]

    async def grows(request, conversation):
        await conversation.working("is reading the archive…")
        await conversation.show(message("First."))
        await conversation.reply(message("All of it."))

    async with listening(slack, act=grows) as heard:
        asked = await heard.members.mention("UANNA", "what?")
        await heard.handler.next()
    (said,) = slack.world.seen("C1", thread=asked.ts)
    assert said.edits == 1
    assert "All of it." in str(said.blocks)


async def test_being_removed_from_a_channel_or_workspace_is_told(slack):
    async with listening(slack) as heard:
        await heard.members.leave("C1", user="UANNA")
        await heard.members.leave("C1")
        request = await heard.handler.next()
        assert (request.verb, request.channel) == (Verb.GONE, C1)
        await heard.members.uninstall()
        request = await heard.handler.next()
    assert (request.verb, request.channel.workspace, request.channel.id) == (Verb.GONE, "T1", "")
    assert len(heard.handler.requests) == 2


async def test_a_request_that_breaks_stops_no_other(slack):
    async def breaks(request, conversation):
        if request.words == "break":
            raise RuntimeError("oops")
        await answer(request, conversation)

    async with listening(slack, act=breaks) as heard:
        await heard.members.command("UANNA", "ask break")
        await heard.members.command("UANNA", "ask hold")
        await heard.handler.next()
        await heard.handler.next()
    assert len(slack.world.seen("C1")) == 1


async def test_more_than_can_be_worked_on_is_told_to_come_again(slack, monkeypatch):
    monkeypatch.setattr("bot.chat.slack.listener.MAX_SLACK_REQUESTS", 1)
    free = asyncio.Event()

    async def slowly(request, conversation):
        await free.wait()

    async with listening(slack, act=slowly) as heard:
        await heard.members.command("UANNA", "now")
        await heard.members.command("UANNA", "now")
        assert "try again" in heard.members.answer["text"]
        free.set()
        await heard.handler.next()


async def test_a_long_question_arrives_whole(slack):
    async with listening(slack) as heard:
        await heard.members.mention("UANNA", "why " * 1000)
        assert len((await heard.handler.next()).words) == 3999


async def test_a_message_of_300_links_is_read(slack):
    text = " ".join(f"<https://news.example/{n}|label {n}>" for n in range(300))
    async with listening(slack) as heard:
        await heard.members.mention("UANNA", text)
        words = (await heard.handler.next()).words
    assert words.split()[0] == "https://news.example/0"
    assert "label" not in words


async def test_a_broken_socket_is_built_up_again(slack):
    async with listening(slack) as heard:
        await slack.hang_up()
        async with asyncio.timeout(120):
            await slack.connected.wait()
        await heard.members.command("UANNA", "help")
        assert (await heard.handler.next()).verb is Verb.HELP


async def test_a_socket_that_died_in_silence_is_replaced(slack, monkeypatch):
    monkeypatch.setattr("bot.chat.slack.socket.PING_INTERVAL_SECONDS", 0.5)
    monkeypatch.setattr("bot.chat.slack.socket.MAX_DOWN_SECONDS", 2.0)
    slack.deaf = True
    async with listening(slack) as heard:
        (dead,) = slack.sockets
        slack.deaf = False
        async with asyncio.timeout(120):
            while slack.sockets == [dead] or not slack.sockets:
                slack.connected.clear()
                await slack.connected.wait()
        await heard.members.command("UANNA", "help")
        assert (await heard.handler.next()).verb is Verb.HELP


async def test_a_slack_that_is_down_at_the_start_is_waited_for(slack):
    slack.script["auth.test"] = ["503 before"]
    slack.script["apps.connections.open"] = ["503 before", "drop before"]
    async with listening(slack) as heard:
        await heard.members.command("UANNA", "help")
        assert (await heard.handler.next()).verb is Verb.HELP


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bot_token": "xoxb-wrong"}, "slack.bot_token: Slack does not accept the token. Install the app"),
        ({"app_token": "xapp-wrong"}, "slack.app_token: Slack does not accept the token. Make one at"),
        ({"app_token": ""}, "slack.app_token is empty: the bot cannot receive anything"),
        ({"bot_token": "xapp-1"}, "slack.bot_token is not a bot token"),
        ({"app_token": "xoxb-1"}, "slack.app_token is not an app-level token"),
        ({"client_id": "1"}, "slack.bot_token and slack.client_id are both set"),
        (
            {"bot_token": "", "client_id": "1"},
            "slack.client_id is set, and slack.client_secret, slack.encryption_key, slack.http, slack.public_url too",
        ),
    ],
)
async def test_a_wrong_configuration_is_one_sentence(slack, changes, says):
    with pytest.raises(ConfigError) as caught:
        async with listening(slack, **changes):
            pass
    assert str(caught.value).startswith(says)


async def test_a_revoked_token_stops_the_start_with_one_sentence(slack):
    slack.world.tokens["xoxb-1"].dead = "token_revoked"
    with pytest.raises(ConfigError, match="The token for Slack was revoked"):
        async with listening(slack):
            pass


@pytest.mark.parametrize("asked", [False, True], ids=["before anybody asks", "though somebody asked first"])
async def test_a_token_revoked_later_is_told_to_admins(slack, asked):
    told = asyncio.Queue()

    async def tell(key, text):
        told.put_nowait(text)

    async with listening(slack) as heard:
        heard.opened.listener._tell = tell
        slack.world.tokens["xoxb-1"].dead = "token_revoked"
        if asked:
            await heard.members.command("UANNA", "help")
            await heard.opened.listener.idle()
        heard.opened.listener._watch = 0.01
        heard.opened.listener._watching.cancel()
        heard.opened.listener._watching = asyncio.create_task(heard.opened.listener._watch_tokens())
        async with asyncio.timeout(120):
            assert "The token for Slack was revoked" in await told.get()


async def test_an_app_token_revoked_later_is_told_to_admins(slack, monkeypatch):
    monkeypatch.setattr("bot.chat.slack.socket.MAX_DOWN_SECONDS", 0.1)
    monkeypatch.setattr("bot.chat.slack.socket.CHECK_INTERVAL_SECONDS", 0.02)
    monkeypatch.setattr("bot.chat.slack.socket.RECONNECT_WAITS_SECONDS", (0.02,))
    told = asyncio.Queue()

    async def tell(key, text):
        told.put_nowait(text)

    async with listening(slack) as heard:
        listener = heard.opened.listener
        assert listener.connected
        listener._tell, listener._watch = tell, 0.05
        listener._watching.cancel()
        slack.app_token = "xapp-2"  # noqa: S105 - of a loopback server
        await slack.hang_up()
        listener._watching = asyncio.create_task(listener._watch_tokens())
        async with asyncio.timeout(120):
            assert "slack.app_token: Slack does not accept the token" in await told.get()
        assert not listener.connected


async def test_a_command_where_two_people_talk_is_answered_there_and_privately_to_one(slack):
    slack.world.rooms["DTWO"] = Room(id="DTWO", kind="im", members={"UANNA", "UADMIN"})

    async def act(request, conversation):
        await conversation.reply(message("both"), private=request.verb is Verb.LIST)

    async with listening(slack, act=act) as heard:
        await heard.members.command("UANNA", "list", channel="DTWO")
        request = await heard.handler.next()
        assert request.private
        await heard.members.command("UANNA", "ask what?", channel="DTWO")
        await heard.handler.next()
    private, public = slack.world.seen("DTWO", user="UANNA")
    assert (private.only_for, public.only_for) == ("UANNA", "")


async def test_a_shortcut_where_the_bot_is_not_is_answered_to_the_asker_alone(slack):
    async with listening(slack, act=answer) as heard:
        said = slack.world.add(channel="C2", user="UADMIN", text="https://news.example/a")
        await heard.members.message_shortcut("UANNA", said, "wirebrief_link")
        await heard.handler.next()
    (answered,) = slack.world.seen("C2", user="UANNA")
    assert answered.only_for == "UANNA"


async def test_a_form_opened_where_the_bot_is_not_is_answered_directly(slack):
    async def opens(request, conversation):
        if request.values:
            await conversation.reply(message("Subscribed."), private=True)
        else:
            await conversation.open(FORM)

    async with listening(slack, act=opens) as heard:
        await heard.members.command("UANNA", "subscribe", channel="C2")
        await heard.handler.next()
        (view,) = slack.world.views.values()
        await heard.members.submit(
            "UANNA", view, {"times": {"type": "plain_text_input", "value": "daily 06:00"}}
        )
        await heard.handler.next()
    assert not slack.world.seen("C2", user="UANNA")
    assert len(slack.world.seen("DUANNA")) == 1


async def test_what_is_pressed_under_a_private_answer_is_answered_privately(slack):
    buttons = Message(
        title="Yours", dateline="", actions=(Action(verb=Verb.DETAILS, label="Details", subject="s"),)
    )

    async def act(request, conversation):
        await conversation.working("is at work…")
        if request.verb is Verb.LIST:
            await conversation.reply(buttons, private=True)
        else:
            await conversation.reply(message("details"))

    async with listening(slack, act=act) as heard:
        await heard.members.command("UANNA", "list")
        await heard.handler.next()
        said = slack.world.seen("C1", user="UANNA")[-1]
        await heard.members.press("UANNA", said, heard.members.button(said, "details"))
        await heard.handler.next()
    assert not slack.world.seen("C1")
    assert "details" in str(slack.world.seen("C1", user="UANNA")[-1].blocks)


async def test_a_private_answer_in_a_thread_takes_the_status_away(slack):
    async def act(request, conversation):
        await conversation.working("is at work…")
        await conversation.show(message("So far."))
        await conversation.reply(message("only for you"), private=True)

    async with listening(slack, act=act) as heard:
        await heard.members.mention("UANNA", "what?")
        await heard.handler.next()
    assert [status for _, _, status in slack.world.statuses] == ["is at work…", ""]
    assert not slack.world.seen("C1")
    assert len(slack.world.seen("C1", user="UANNA", thread="")) == 1
