"""The golden files: what the renderers give now, what the rules of each platform ask, and what a reader finds in it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.chat.document.message import to_message
from tests.chat.document.test_limits import check_discord, check_slack
from tests.readers import collected
from tests.readers.discord import read_message as read_discord
from tests.readers.slack import read_message as read_slack
from tests.support.generated.documents import GOLDEN, documents, files, mornings, written

pytestmark = pytest.mark.slow
READERS = {"slack": read_slack, "discord": read_discord}
KEPT = sorted(
    str(path.relative_to(GOLDEN)) for platform in READERS for path in GOLDEN.glob(f"{platform}/*.json")
)


def kept(path):
    """Return a golden file as what readers get."""
    platform = path.partition("/")[0]
    return collected([READERS[platform](data) for data in json.loads((GOLDEN / path).read_text("utf-8"))])


@pytest.mark.long
def test_the_files_are_what_the_renderers_give():
    made = {path: written(payloads) for path, payloads in files().items()}
    changed = [path for path in made if path not in KEPT or (GOLDEN / path).read_text("utf-8") != made[path]]
    assert changed == [], "look at the differences; `make golden` writes the files anew"
    assert sorted(made) == KEPT


def test_a_source_that_no_line_cites_is_not_listed():
    first = mornings()[0]
    uncited = replace(first.sources[0], article_id="art-other", number=99)
    listed = to_message(replace(first, sources=(*first.sources, uncited))).sources
    assert uncited not in listed
    assert listed


@pytest.mark.parametrize("path", KEPT)
def test_every_kept_payload_is_within_the_limits(path):
    check = check_slack if path.startswith("slack") else check_discord
    for data in json.loads((GOLDEN / path).read_text("utf-8")):
        check(json.dumps(data))


@pytest.mark.parametrize("path", KEPT)
def test_nothing_kept_is_live_and_links_lead_to_the_sources(path):
    reading = kept(path)
    named = (
        ("channel C1",) if "draft" in path or "home" in path else ()
    )  # the channel it is for: it alerts nobody
    assert set(reading.mentions) <= set(named)
    ours = {"https://example.slack.com/archives/C1/p1"} if "home" in path else set()
    assert set(reading.links) <= ours | {s.url for briefing in mornings() for s in briefing.sources}


@pytest.mark.parametrize("platform", READERS)
def test_every_cited_source_of_a_morning_can_be_reached(platform):
    for name in ("morning-1-new", "morning-2-changed"):
        message = documents()[name]
        stories = [story for part in message.parts for story in part.stories]
        lines = [
            line for story in stories for line in (*story.bullets, *story.status, *story.actors, *story.next)
        ]
        cited = {cite.source for line in lines for cite in line.cites}
        wanted = {source.url for source in message.sources if source.number in cited}
        assert wanted <= set(kept(f"{platform}/{name}.json").links)


@pytest.mark.parametrize("platform", READERS)
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("morning-2-changed", "in talks → stalled"),
        ("morning-3-quiet", "Quiet: 4 new articles, and nothing in them that is new and certain."),
        ("partly-blind", "Incomplete: 7 of 11 feeds could not be read: Coast Radio"),
        ("degraded", "Degraded: stories are quoted from the articles, the model is unavailable"),
        ("late", "Late: scheduled for Tue 8 July 07:30 Europe/Berlin, posted 1 h 35 min later."),
        (
            "corrected",
            "Corrected 09:30: “18 people were dead” instead of “19 people were dead” (miscounted).",
        ),
        ("correction-note", "Corrected 09:30"),
        ("draft", "Draft for "),
        ("german", "Gespräche laufen → festgefahren"),
        ("german", "4 von 4 Feeds gelesen"),
        ("declined", "Not found; the archive begins on"),
        ("link", "opens review of Velmora's takeover"),
    ],
)
def test_each_document_says_what_it_is_about(platform, name, says):
    assert says in kept(f"{platform}/{name}.json").text


@pytest.mark.parametrize("platform", READERS)
def test_a_quiet_day_is_one_short_message(platform):
    (data,) = json.loads((GOLDEN / platform / "morning-3-quiet.json").read_text("utf-8"))
    assert len(READERS[platform](data).text.split()) < 150


@pytest.mark.parametrize("platform", READERS)
def test_a_morning_in_the_channel_is_looked_through_in_a_minute(platform):
    for name in ("morning-1-new", "morning-2-changed"):
        first = json.loads((GOLDEN / platform / f"{name}.json").read_text("utf-8"))[0]
        words = [word for word in READERS[platform](first).text.split() if not word.startswith("[")]
        assert len(words) < 440  # the header and the buttons counted
