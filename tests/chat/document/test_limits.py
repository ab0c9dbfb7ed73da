"""Every payload within every limit, whatever the message, and nothing of the message lost between them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from bot.chat.discord.render import message as discord
from bot.chat.discord.render.form import render_form as discord_form
from bot.chat.document.markdown import to_markdown
from bot.chat.document.plain import plain_line
from bot.chat.slack.render import message as slack
from bot.chat.slack.render.form import render_form as slack_form
from bot.inline import moment_in_text
from bot.language.cleaning.invisible import visible
from bot.model.chat import Channel
from bot.model.message import Line, Message, Part, StoryBlock
from tests.chat.written import FORMS, MESSAGES, said
from tests.readers import collected
from tests.readers.discord import read_payload as read_discord
from tests.readers.slack import read_payload as read_slack
from tests.servers.discord.limits import faults as discord_faults
from tests.servers.discord.limits import too_big
from tests.servers.slack.methods import model_faults
from tests.servers.slack.schema import schema_faults, view_faults
from tests.support.hostile import message_of, source
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
STYLES = ("components", "embeds", "text")
# What may stand in what, by Discord's reference: container, section, row.
INSIDE = {17: {1, 9, 10, 12, 13, 14}, 9: {10}, 1: {2, 3, 5, 6, 7, 8}}
patient = settings(
    max_examples=sized(15, 1_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def squeezed(text):
    return "".join(text.split())


def strings(value):
    """Yield every text of a payload."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (
                [inner] if isinstance(inner, str) and key in {"text", "url", "fallback"} else strings(inner)
            )
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def check_slack(payload):
    data = json.loads(payload)
    blocks = data["blocks"]
    assert set(data) == {"place", "text", "blocks"}
    assert data["place"] in {"channel", "thread"}
    assert 1 <= len(blocks) <= 50
    assert data["text"].strip()
    assert sum(map(utf16, strings(blocks))) <= 11_000
    assert model_faults(blocks) == []
    assert schema_faults(blocks) == []
    ids = [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    assert len(ids) == len(set(ids))
    for block in blocks:
        assert block["type"] != "header" or utf16(block["text"]["text"]) <= 150
        assert block["type"] != "actions" or len(block["elements"]) <= 25
        assert block["type"] != "context" or all(0 < utf16(e["text"]) <= 2000 for e in block["elements"])
        assert block["type"] != "rich_text" or all(strings(block))


def nested(component):
    """Yield what stands where it may not."""
    for inner in component.get("components", ()):
        if inner["type"] not in INSIDE[component["type"]]:
            yield component["type"], inner["type"]
        if inner["type"] in INSIDE:
            yield from nested(inner)


def check_discord(payload):
    data = json.loads(payload)
    assert data.pop("place") in {"channel", "thread"}
    assert 1 <= utf16(data.pop("thread_name", "x")) <= 100
    assert data["allowed_mentions"] == {"parse": []}
    assert discord_faults(data) == []
    assert not too_big(data)
    assert len(json.dumps(data, ensure_ascii=False).encode()) <= 10_000
    components = data.get("components", [])
    assert len(components) <= 5 or data.get("flags", 0) & 1 << 15
    assert [where for one in components if one["type"] in INSIDE for where in nested(one)] == []
    texts = [c["content"] for one in components for c in one["components"] if c["type"] == 10]
    assert sum(map(utf16, texts)) <= 4000
    assert utf16(data.get("content", "")) <= 2000


def in_place(payloads):
    """Return whether the first payload stands in the channel, and all others, for a briefing, in its thread."""
    places = [json.loads(payload)["place"] for payload in payloads]
    return places == ["channel", *["thread"] * (len(places) - 1)]


@patient
@given(MESSAGES)
def test_every_slack_payload_is_within_the_limits(message):
    payloads = slack.render(message)
    assert in_place(payloads)
    for payload in (*payloads, *slack.render_reply(message)):
        check_slack(payload)


@patient
@given(MESSAGES)
def test_every_discord_payload_is_within_the_limits(message):
    for style in STYLES:
        payloads = discord.render(message, style=style)
        assert in_place(payloads)
        for payload in (*payloads, *discord.render_reply(message, style=style)):
            check_discord(payload)


@patient
@given(MESSAGES)
def test_nothing_of_a_message_is_lost(message):
    readings = {
        "slack": [read_slack(payload) for payload in slack.render(message)],
        "slack reply": [read_slack(payload) for payload in slack.render_reply(message)],
        "discord": [read_discord(payload) for payload in discord.render(message)],
        "discord text": [read_discord(payload) for payload in discord.render(message, style="text")],
        "discord reply": [read_discord(payload) for payload in discord.render_reply(message)],
    }
    for name, reading in readings.items():
        read = squeezed(collected(reading).text).casefold()
        lost = [text for text in said(message) if squeezed(plain_line(text)).casefold() not in read]
        assert lost == [], name


@patient
@given(FORMS)
def test_every_form_is_within_the_limits(form):
    view = slack_form(form)
    assert view_faults(view) == []
    assert model_faults(view["blocks"]) == []
    assert json.loads(view["private_metadata"]) == {"verb": form.verb, "subject": form.subject}
    modal = discord_form(form)
    assert 1 <= utf16(modal["title"]) <= 45
    assert len(modal["custom_id"]) <= 100
    for label in modal["components"]:
        assert utf16(label["label"]) <= 45
        assert utf16(label.get("description", "")) <= 100
        options = label["component"].get("options", [])
        assert len(options) <= 25
        assert all(1 <= utf16(option["label"]) <= 100 for option in options)
        assert (
            utf16(label["component"].get("value", "")) <= label["component"].get("max_length", 4000) <= 4000
        )


def briefing(stories, *, length=120):
    """Return a briefing of ``stories`` stories, as long as writers may make them."""
    blocks = tuple(
        StoryBlock(
            story_id=f"sto-{n}",
            headline=Line(text=f"Headline {n} of at most twelve words, as every writer has it"),
            chip="under way → stalled",
            status=(
                Line(label="Was", text=f"was {n} " + "w" * 70),
                Line(label="Now", text=f"now {n} " + "n" * 70),
            ),
            bullets=tuple(Line(text=f"Fact {n}.{i} " + "word " * (length // 5)) for i in range(4)),
            actors=tuple(Line(lead=f"Actor {n}.{i} (role)", text="says so") for i in range(4)),
            next=(Line(lead="Tue", text=f"next {n}"),),
            footer="single source",
        )
        for n in range(stories)
    )
    return Message(
        title="Chip supply",
        dateline="Tuesday 8 July 2025, 07:30 UTC",
        parts=(Part(title="New", stories=blocks),),
        sources=(source(1, text="Harbour Post"),),
    )


@pytest.mark.parametrize("stories", [1, 3, 5, 7])
@pytest.mark.parametrize("render", [slack.render, discord.render], ids=["slack", "discord"])
def test_all_stories_of_a_usual_day_stand_in_the_channel(render, stories):
    first = render(briefing(stories))[0]
    assert all(f"Headline {number} of" in first for number in range(stories))


@pytest.mark.parametrize("render", [slack.render, discord.render], ids=["slack", "discord"])
def test_every_story_has_one_message_in_the_thread(render):
    _, *thread = render(briefing(5))
    assert [sum(f"Headline {n} of" in payload for n in range(5)) for payload in thread] == [1] * 5


def test_a_notification_says_how_many_stories_and_the_first_headlines():
    note = json.loads(slack.render(briefing(3))[0])["text"]
    assert note.startswith("Chip supply: 3 stories: Headline 0 of at most")


def test_the_buttons_carry_verb_and_subject():
    (row,) = [b for b in json.loads(slack.render(message_of("x"))[0])["blocks"] if b["type"] == "actions"]
    assert [(e["action_id"], e["value"]) for e in row["elements"]] == [
        ("wb:ask:1", "bri-1"),
        ("wb:wrong:2", "bri-1"),
    ]
    assert read_discord(discord.render(message_of("x"))[0]).buttons == ("wb:ask:bri-1", "wb:wrong:bri-1")


def test_a_channel_is_shown_as_its_own_platform_names_it_and_only_there():
    slack_place = Channel(platform="slack", workspace="T1", id="C1")
    discord_place = Channel(platform="discord", workspace="1", id="42")
    lines = [Line(label="Where", text=place.shown) for place in (slack_place, discord_place)]
    message = Message(title="Briefings", dateline="", parts=(Part(title="", lines=tuple(lines)),))
    (payload,) = slack.render_reply(message)
    check_slack(payload)
    assert '{"type": "channel", "channel_id": "C1"}' in payload
    assert "a channel on Discord" in payload
    (payload,) = discord.render_reply(message)
    assert "<#42>" in payload
    assert "a channel on Slack" in payload
    outside = replace(message, parts=(Part(title="", lines=(Line(text=visible(discord_place.shown)),)),))
    assert "<#" not in discord.render_reply(outside)[0]


def test_a_moment_in_a_sentence_is_shown_in_the_zone_of_who_reads_it():
    at = datetime(2025, 7, 7, 5, 30, tzinfo=UTC)
    words = moment_in_text(at, "Mon 7 July 07:30 Europe/Berlin")
    message = Message(title="Note", dateline="", notice=f"Next briefing: {words}.")
    (payload,) = slack.render_reply(message)
    check_slack(payload)
    assert '"type": "date", "timestamp": 1751866200' in payload
    (payload,) = discord.render_reply(message)
    assert "> Next briefing: <t:1751866200:f>." in payload
    (text,) = to_markdown(message, limit=500)
    assert "Next briefing: Mon 7 July 07:30 Europe/Berlin." in text
