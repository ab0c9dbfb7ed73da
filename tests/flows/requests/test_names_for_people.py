"""No machine name reaches a person: not in a reply, a form, a draft or a notice, on either platform."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.chat.discord.render.message import render_reply as on_discord
from bot.chat.slack.render.message import render_reply as on_slack
from bot.model.chat import Channel
from bot.model.talk import Asker, Verb
from tests.flows.requests.subscribing.test_subscriptions import FILLED
from tests.flows.talk import ADMIN, MEMBER, Said, pressed
from tests.readers.discord import read_payload as read_discord
from tests.readers.slack import read_payload as read_slack

pytestmark = pytest.mark.slow
MACHINE = re.compile(
    r"\b(?:slack|discord|talk):\S+|\b(?:sub|sto|dlv|bri|ans|lnk|req|fee|art)-[a-z2-7]{8,}|\bT1/|[\ufdd0\ufdd1]"
)
PLACES = {
    "slack": Channel(platform="slack", workspace="T1", id="C1"),
    "discord": Channel(platform="discord", workspace="100", id="200"),
}
OTHERS = {
    "slack": Channel(platform="slack", workspace="T1", id="C2"),
    "discord": Channel(platform="discord", workspace="100", id="300"),
}
WORDS = {
    Verb.ASK: ("What happened in Gaza?", "How tall is the mayor?"),
    Verb.STORY: ("Gaza", "nothing like it", ""),
    Verb.FOLLOW: ("Gaza", "talks"),
    Verb.MUTE: ("Gaza",),
    Verb.UNMUTE: ("Gaza",),
    Verb.CATCHUP: ("since yesterday", "never"),
    Verb.FEEDS: ("", "health", "remove continental.rdf", "add nothing", "sing"),
    Verb.FORGET: ("", "channel", "moon"),
    Verb.LINK: ("https://127.0.0.1/a", "no link"),
    Verb.HELP: ("", "pause"),
    Verb.NOW: ("", "all"),
}


def shown(platform, message):
    """Return what readers of ``platform`` see of a reply."""
    if platform == "slack":
        return "\n".join(read_slack(payload).text for payload in on_slack(message))
    return "\n".join(read_discord(payload).text for payload in on_discord(message))


async def two_briefings(talk, place, other):
    for channel, times in (
        (place, "daily 08:00 UTC"),
        (place, "daily 09:00 UTC"),
        (other, "daily 08:00 UTC"),
    ):
        values = FILLED | {"channel": channel.name, "times": times}
        said = Said(seen=(place, other))
        yield await talk.ask(Verb.SUBSCRIBE, asker=ADMIN, channel=place, values=values, said=said)


@pytest.mark.long
async def test_no_reply_to_any_command_or_button_shows_a_machine_name(talk):
    place, other = PLACES["slack"], OTHERS["slack"]
    talk.chats["slack"] = talk.chat
    replies = []

    async def ask(verb, words="", **what):
        talk.later(seconds=20)  # nobody's minute is used up
        said = await talk.ask(verb, words, channel=place, said=Said(seen=(place, other)), **what)
        replies.extend(said.replies)
        return said

    talk.chat.obstacles = (f"The bot is not in {place.shown}: invite it",)
    for said in [said async for said in two_briefings(talk, place, other)]:
        replies += said.replies
    for said in [said async for said in two_briefings(talk, place, other)]:
        replies += said.replies  # at a time that is taken
    for obstacles in (talk.chat.obstacles, ()):
        talk.chat.obstacles = obstacles
        for verb in Verb:
            for words in WORDS.get(verb, ("",)):
                for asker in (ADMIN, MEMBER if obstacles else Asker(id="U9", zone="Asia/Tokyo")):
                    if verb is not Verb.GONE and not (verb is Verb.FORGET and asker is ADMIN):
                        await ask(verb, words, asker=asker)
    pressed = [(a.verb, a.subject) for _, message, _ in list(replies) for a in message.actions if a.subject]
    for verb, subject in dict.fromkeys(pressed):
        if verb is not Verb.FORGET:
            await ask(verb, subject=subject, asker=ADMIN)
    messages = list(dict.fromkeys(message for _, message, _ in replies))
    for platform in PLACES:
        texts = {shown(platform, message) for message in messages}
        assert len(texts) > 60
        assert {found[0] for text in texts if (found := MACHINE.search(text))} == set()


@pytest.mark.parametrize("platform", PLACES)
async def test_channels_are_shown_as_their_platform_names_them(talk, platform):
    place, other = PLACES[platform], OTHERS[platform]
    talk.chats[platform] = talk.chat
    said = [said async for said in two_briefings(talk, place, other)]
    home = await talk.ask(Verb.HOME, asker=ADMIN, channel=place, said=Said(seen=(place, other)))
    assert "is on its way" in said[-1].text
    mention = {"slack": '"channel_id": "C2"', "discord": "<#300>"}[platform]
    render = on_slack if platform == "slack" else on_discord
    assert mention in "".join(render(home.message))


async def test_kinds_states_times_and_days_of_a_reply_are_in_the_language_of_who_asks(talk):
    asker = replace(ADMIN, language="de")
    await talk.subscribe(times="weekdays 07:35")
    listed = await talk.ask(Verb.LIST, asker=asker)
    assert "werktags 07:35" in listed.text
    now = await talk.ask(Verb.NOW, asker=asker)
    assert now.message.title == "Morgenbriefing"
    caught_up = await talk.ask(Verb.CATCHUP, "seit gestern", asker=asker)
    assert caught_up.message.title == "Was sich geändert hat"
    refused = await talk.ask(Verb.CATCHUP, "neulich", asker=asker)
    assert "Schreibe etwa: seit gestern, 3 Tage, Montag" in refused.text
    asked = await talk.ask(Verb.ASK, "Wer bezahlt das Essen der Minister?", asker=asker)
    assert "weekdays" not in f"{listed.text}{now.text}{caught_up.text}"
    assert not re.search(r"\(\d+ Juli\)", asked.text)


async def test_the_times_of_a_link_are_in_the_zone_and_language_of_who_asks_and_of_who_presses(talk):
    url = f"{talk.news.at('continental')}/continental/doha-talks-open.html"
    asked = await talk.ask(Verb.LINK, url, asker=replace(MEMBER, zone="Asia/Tokyo"))
    assert "Sunday 6 July 2025, 23:10 Asia/Tokyo" in asked.text
    presser = replace(ADMIN, language="de", zone="America/New_York")
    more = await talk.ask(Verb.DETAILS, subject=pressed(asked.message, Verb.DETAILS), asker=presser)
    assert "Sonntag 6. Juli 2025, 10:10 America/New_York" in more.text
    assert "Artikel in einem Feed seit  Mo. 7. Juli 01:30 America/New_York" in more.text
