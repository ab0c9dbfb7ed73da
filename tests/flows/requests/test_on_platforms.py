"""First contact with the platforms' real clients: loopback Slack by Socket Mode, loopback Discord by its gateway."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager

import pytest

from bot.model.chat import Channel
from bot.model.talk import Verb
from tests.chat.discord.loopback import looped
from tests.chat.slack.loopback import listening
from tests.readers import collected
from tests.readers.discord import read_message as read_discord
from tests.readers.slack import read_message as read_slack
from tests.servers.discord.limits import walk
from tests.servers.slack.server import Slack, serving

pytestmark = pytest.mark.slow
C1 = Channel(platform="slack", workspace="T1", id="C1")


@asynccontextmanager
async def on_slack(talk):
    """Let people talk to the program on a loopback Slack."""
    async with serving(Slack()) as slack, listening(slack, act=talk.dispatcher.handle) as heard:
        talk.chats["slack"] = heard.opened
        yield heard


@asynccontextmanager
async def on_discord(talk):
    """Let people talk to the program on a loopback Discord."""
    async with looped() as loop:
        talk.chats["discord"] = loop.chat
        done = asyncio.Queue()

        async def answer(request, conversation):
            await talk.dispatcher.handle(request, conversation)
            done.put_nowait(request)

        loop.dispatcher.answer = answer
        await loop.listener.listen(loop.dispatcher)
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
    assert [request.verb for request in loop.dispatcher.asked] == [Verb.INVITED]


def slack_state(view, **changed):
    """Return the state of a modal as Slack sends it: what stands in it, but for what is ``changed``."""
    state = {}
    for block in (block for block in view["blocks"] if block["type"] == "input"):
        element = dict(block["element"])
        value = changed.get(block["block_id"])
        if element["type"] == "plain_text_input":
            state[block["block_id"]] = {
                "type": element["type"],
                "value": value or element.get("initial_value"),
            }
        elif element["type"] == "conversations_select":
            chosen = value or element.get("initial_conversation")
            state[block["block_id"]] = {"type": element["type"], "selected_conversation": chosen}
        elif element["type"] == "multi_static_select":
            chosen = element.get("initial_options") or []
            state[block["block_id"]] = {"type": element["type"], "selected_options": chosen}
        else:
            chosen = {"value": value} if value else element.get("initial_option")
            state[block["block_id"]] = {"type": element["type"], "selected_option": chosen}
    return state


async def test_slacks_form_stays_open_with_what_is_wrong_at_its_field_and_is_taken_when_right(talk):
    async with on_slack(talk) as heard:
        slack, members = heard.slack, heard.members
        await members.command("UADMIN", "subscribe")
        await heard.handler.next()
        (view,) = slack.world.views.values()
        assert slack_state(view)["times"]["value"] == "weekdays 07:30 Europe/Berlin"
        await members.submit("UADMIN", view, slack_state(view, times="whenever"))
        await heard.handler.next()
        assert members.answer["response_action"] == "errors"
        assert set(members.answer["errors"]) == {"times"}
        assert "slack:T1" not in str(members.answer)
        await members.submit("UADMIN", view, slack_state(view, times="daily 06:00 UTC", length="long"))
        await heard.handler.next()
        assert not members.answer
        await members.submit("UADMIN", view, slack_state(view, times="daily 06:00 UTC", length="long"))
        await heard.handler.next()
    (made,) = await talk.app.store.subscriptions.all()
    assert (made.channel, made.times, made.length) == (C1, "daily 06:00 UTC", "long")
    said = [slack_text(one) for one in slack.world.seen("C1", user="UADMIN")]
    assert "A first briefing is on its way to the channel." in said[0]
    assert "This briefing already exists" in said[1]
    assert not slack.world.seen("C1")


async def test_slacks_form_shows_what_it_would_match_while_it_is_filled_in_and_when_a_briefing_is_changed(
    talk,
):
    async with on_slack(talk) as heard:
        slack, members = heard.slack, heard.members

        async def shown(view, action, **changed):
            await members.press_in_form("UADMIN", view, slack_state(view, **changed), action)
            assert (await heard.handler.next()).verb is Verb.PREVIEW
            now = slack.world.views[view["id"]]
            return collected(
                [read_slack({"text": "", "blocks": [b]}) for b in now["blocks"] if "elements" in b]
            ).text

        await members.command("UADMIN", "subscribe")
        await heard.handler.next()
        (view,) = slack.world.views.values()
        (words,) = [block for block in view["blocks"] if block["block_id"] == "words"]
        (look,) = [block["elements"][0] for block in view["blocks"] if block["type"] == "actions"]
        assert words["dispatch_action"]
        entered = {
            "action_id": words["element"]["action_id"],
            "block_id": "words",
            "type": "plain_text_input",
        }
        said = await shown(view, entered, words="gaza", times="whenever")
        assert "Of the last week 1 of " in said
        assert "Gaza" in said
        said = await shown(view, look, words="zebra crossing")
        assert "stories of the last week would have matched." in said
        assert not slack.world.seen("C1", user="UADMIN")
        made = await talk.subscribe(channel=C1.name, words=["gaza"])
        slack.world.views.clear()
        await members.command("UADMIN", "list")
        await heard.handler.next()
        listed = slack.world.seen("C1", user="UADMIN")[-1]
        await members.press("UADMIN", listed, members.button(listed, "edit"))
        await heard.handler.next()
        (view,) = slack.world.views.values()
        assert "Of the last week 1 of " in json.dumps(view)
        assert made.id in view["private_metadata"]


async def test_a_slack_form_for_a_channel_that_was_archived_meanwhile_reaches_its_sender_with_what_to_do(
    talk,
):
    async with on_slack(talk) as heard:
        slack, members = heard.slack, heard.members
        await members.command("UADMIN", "subscribe", channel="C2")
        await heard.handler.next()
        (view,) = slack.world.views.values()
        del slack.world.rooms["C2"]
        await members.submit("UADMIN", view, slack_state(view))
        await heard.handler.next()
    assert "or it is gone" in members.answer["errors"]["channel"]
    assert not await talk.app.store.subscriptions.all()


def discord_state(modal, **changed):
    """Return a modal as Discord sends it in: what stands in it, but for what is ``changed``."""
    rows = []
    for label in modal["components"]:
        inner = label["component"]
        name, kind = inner["custom_id"], inner["type"]
        if kind == 4:
            filled = {"value": changed.get(name, inner.get("value", ""))}
        elif kind == 8:
            filled = {"values": [one["id"] for one in inner.get("default_values", ())]}
        else:
            chosen = [one["value"] for one in inner["options"] if one["default"]]
            filled = {"values": [changed[name]] if name in changed else chosen}
        rows.append({"type": 18, "component": {"type": kind, "custom_id": name, **filled}})
    return {"custom_id": modal["custom_id"], "components": rows}


def button_of(message, verb):
    """Return the custom id of the button ``verb`` of a Discord message."""
    found = re.findall(rf'"custom_id": "(wb:{verb}[^"]*)"', json.dumps(message))
    return found[0]


async def test_on_discord_a_form_that_was_not_taken_opens_again_with_what_was_typed(talk):
    async with on_discord(talk) as (loop, done):

        async def act(kind, data, message=None):
            found = await loop.server.interact(kind, anna, loop.place, data, message=message)
            async with asyncio.timeout(120):
                await done.get()
            return found

        anna = loop.server.world.member(loop.guild, "anna", may=1 << 5)
        typed = {"id": "5", "name": "brief", "type": 1, "options": [{"name": "subscribe", "type": 1}]}
        opened = await act(2, typed)
        assert len(opened.modal["components"]) <= 5
        wrong = discord_state(opened.modal, times="whenever", words="Gaza", length="long")
        refused = await act(5, wrong)
        (reply,) = refused.messages
        assert refused.ephemeral
        assert "Not saved yet: " in read_discord(reply).text
        press = {"custom_id": button_of(reply, "edit"), "component_type": 2}
        again = await act(3, press, reply)
        state = discord_state(again.modal, times="daily 06:00 UTC")
        assert [row["component"].get("value") for row in state["components"]].count("Gaza") == 1
        taken = await act(5, state)
        (reply,) = taken.messages
        assert "A first briefing is on its way to the channel." in read_discord(reply).text
        more = await act(3, {"custom_id": button_of(reply, 'edit:[^"]* more'), "component_type": 2}, reply)
        names = [label["component"]["custom_id"] for label in more.modal["components"]]
        assert names == ["language", "quiet_day", "approval", "title"]
        await act(5, discord_state(more.modal, language="de", title="Hafen"))
    (made,) = await talk.app.store.subscriptions.all()
    assert (made.times, made.filters.words, made.length) == ("daily 06:00 UTC", ("Gaza",), "long")
    assert (made.language, made.title) == ("de", "Hafen")


async def test_on_discord_of_two_who_send_a_form_in_at_once_one_is_taken_and_the_other_told(talk):
    async with on_discord(talk) as (loop, done):
        world = loop.server.world
        people = [world.member(loop.guild, name, may=1 << 5) for name in ("anna", "bea")]

        async def all_of(acts):
            found = [await act for act in acts]
            async with asyncio.timeout(120):
                for _ in found:
                    await done.get()
            return found

        typed = {"id": "5", "name": "brief", "type": 1, "options": [{"name": "subscribe", "type": 1}]}
        opened = await all_of(loop.server.interact(2, who, loop.place, typed) for who in people)
        words = ("Gaza", "storm")
        sent = await all_of(
            loop.server.interact(
                5, who, loop.place, discord_state(one.modal, times="daily 06:00 UTC", words=word)
            )
            for who, one, word in zip(people, opened, words, strict=True)
        )
        said = [read_discord(one.messages[0]).text for one in sent]
        assert all(one.ephemeral for one in sent)
        assert sorted("That channel has a briefing at that time" in text for text in said) == [False, True]
        (made,) = await talk.app.store.subscriptions.all()
        lost = 0 if "That channel has a briefing" in said[0] else 1
        again = {"custom_id": button_of(sent[lost].messages[0], "edit"), "component_type": 2}
        (form,) = await all_of(
            [loop.server.interact(3, people[lost], loop.place, again, message=sent[lost].messages[0])]
        )
        assert made.filters.words == (words[1 - lost],)
        assert words[lost] in json.dumps(form.modal)


async def test_a_discord_form_for_a_channel_that_was_deleted_meanwhile_keeps_what_was_typed(talk):
    async with on_discord(talk) as (loop, done):
        world = loop.server.world
        anna = world.member(loop.guild, "anna", may=1 << 5)
        gone = world.place(loop.guild, "gone")

        async def act(kind, data, message=None):
            found = await loop.server.interact(kind, anna, loop.place, data, message=message)
            async with asyncio.timeout(120):
                await done.get()
            return found

        typed = {"id": "5", "name": "brief", "type": 1, "options": [{"name": "subscribe", "type": 1}]}
        state = discord_state((await act(2, typed)).modal, words="Gaza")
        state["components"][0]["component"]["values"] = [str(gone.id)]
        del world.places[gone.id]
        refused = await act(5, state)
        assert refused.ephemeral
        assert "or it is gone" in read_discord(refused.messages[0]).text
        press = {"custom_id": button_of(refused.messages[0], "edit"), "component_type": 2}
        assert "Gaza" in json.dumps((await act(3, press, refused.messages[0])).modal)
    assert not await talk.app.store.subscriptions.all()


ADMINS_ONLY = (
    "subscribe",
    "pause",
    "resume",
    "unsubscribe",
    "now all",
    "feeds add https://news.example/feed",
    "feeds remove Post",
    "replies all",
    "forget channel",
    "forget workspace",
)


async def test_on_slack_a_member_without_rights_gets_one_private_sentence_for_every_command(talk):
    async with on_slack(talk) as heard:
        for text in ADMINS_ONLY:
            before = len(heard.slack.world.said)
            await heard.members.command("UANNA", text)
            await heard.handler.next()
            await heard.opened.listener.idle()
            talk.later(minutes=1)
            (said,) = heard.slack.world.said[before:]
            assert said.only_for == "UANNA"
            assert "Only admins can do that: ask one of them to." in slack_text(said), text
        assert not heard.slack.world.views


async def test_on_discord_a_member_without_rights_gets_one_private_sentence_for_every_command(talk):
    async with on_discord(talk) as (loop, done):
        ben = loop.server.world.member(loop.guild, "ben")
        options = {
            "now": {"everybody": "all"},
            "feeds": {"action": "add", "feed": "https://news.example/feed"},
            "replies": {"what": "all"},
            "forget": {"what": "channel"},
        }
        for verb in dict.fromkeys(text.split()[0] for text in ADMINS_ONLY):
            if verb == "now":
                continue  # its option is no text
            found = await loop.server.command(ben, loop.place, verb, **options.get(verb, {}))
            async with asyncio.timeout(120):
                await done.get()
            talk.later(minutes=1)
            (said,) = found.messages
            assert found.ephemeral
            assert "Only admins can do that: ask one of them to." in read_discord(said).text, verb


async def test_each_story_in_slacks_channel_has_its_menu_and_what_is_chosen_is_done(talk):
    async with on_slack(talk) as heard:
        slack, members = heard.slack, heard.members
        await members.command("UANNA", "now")
        await heard.handler.next()
        await talk.subscribe(channel=C1.name)
        await talk.deliver()
        parent = next(said for said in slack.world.seen("C1") if not said.thread)
        menus = [
            element
            for block in parent.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["type"] == "overflow"
        ]
        briefing = (await talk.app.store.briefings.recent(1))[0][1]
        assert len(menus) == len(briefing.stories) > 1
        labels = [option["text"]["text"] for option in menus[1]["options"]]
        assert labels == ["Follow", "Mute", "Timeline", "Sources", "Wrong?"]

        async def choose(label):
            (option,) = [o for o in menus[1]["options"] if o["text"]["text"] == label]
            chosen = {k: v for k, v in menus[1].items() if k != "options"} | {"selected_option": option}
            await members.press("UANNA", parent, chosen)
            return await heard.handler.next()

        await choose("Follow")
        second = briefing.stories[1]
        choices = await talk.app.store.readers.choices(C1.name)
        assert choices[second.story_id].want == "follow"
        await choose("Sources")
        shown = slack_text(slack.world.seen("C1", user="UANNA")[-1])
        assert second.headline.text in shown
        assert briefing.stories[0].headline.text not in shown
        await choose("Wrong?")
        (view,) = slack.world.views.values()
        listed = [o["text"]["text"] for o in view["blocks"][0]["element"]["options"]]
        assert all(briefing.stories[0].headline.text[:20] not in text for text in listed)


async def test_discords_parent_lists_its_stories_in_a_menu_that_opens_one_to_who_chose(talk):
    async with on_discord(talk) as (loop, done):
        anna = loop.server.world.member(loop.guild, "anna")
        await talk.subscribe(channel=loop.channel.name)
        await talk.deliver()
        briefing = (await talk.app.store.briefings.recent(1))[0][1]
        parent = next(iter(loop.place.messages.values()))
        (select,) = [c for c in walk(parent["components"]) if c["type"] == 3]
        assert len(select["options"]) == len(briefing.stories)
        chosen = {
            "custom_id": select["custom_id"],
            "component_type": 3,
            "values": [select["options"][1]["value"]],
        }
        found = await loop.server.interact(3, anna, loop.place, chosen, message=parent)
        async with asyncio.timeout(120):
            await done.get()
        (menu,) = found.messages
        assert found.ephemeral
        assert briefing.stories[1].headline.text in read_discord(menu).text
        follow = {"custom_id": button_of(menu, "follow"), "component_type": 2}
        await loop.server.interact(3, anna, loop.place, follow, message=menu)
        async with asyncio.timeout(120):
            await done.get()
        assert set(await talk.app.store.readers.choices(loop.channel.name)) == {briefing.stories[1].story_id}
        threads = [one for one in loop.server.world.places.values() if one.parent == loop.place.id]
        in_thread = json.dumps([m for one in threads for m in one.messages.values()])
        assert re.search(r"- .*\(\[\d+\]\(https?://", in_thread)
        made = [path for method, path in loop.server.calls if method == "POST" and path.endswith("/threads")]
        assert len(made) == 1


async def test_on_slack_a_person_is_answered_in_the_language_and_zone_of_their_profile(talk):
    async with on_slack(talk) as heard:
        person = heard.slack.world.people["UADMIN"]
        person.locale, person.zone = "de-DE", "America/New_York"
        await heard.members.command("UADMIN", "")
        await heard.handler.next()
        await heard.members.command("UADMIN", "subscribe")
        await heard.handler.next()
        (view,) = heard.slack.world.views.values()
    (said,) = heard.slack.world.seen("C1", user="UADMIN")
    assert "In diesem Kanal ist noch kein Briefing geplant." in slack_text(said)
    assert view["title"]["text"] == "Neues Briefing"
    assert slack_state(view)["times"]["value"] == "weekdays 07:30 America/New_York"
    assert slack_state(view)["language"]["selected_option"]["value"] == "de"
