"""A whole day and the next morning, on each chat platform, with the bot as a process that is killed once in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.day import PLACES, opened

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2025, 7, 7, 7, 30, tzinfo=BERLIN)
TUESDAY = MONDAY + timedelta(days=1)
BEFORE = timedelta(minutes=4)
AFTER = timedelta(seconds=2)
CHATTED = "agreed, will call Sam at 10"
OFFERED = "first hamas answer"  # what a prime minister spoke of
UNKNOWN = "Why do nurses in Calder strike?"


@pytest.mark.long
@pytest.mark.parametrize("platform", sorted(PLACES))
async def test_a_newsroom_gets_through_its_day(tmp_path, platform):
    async with opened(tmp_path, platform) as day:
        place = day.place
        await day.prepare(now=MONDAY - BEFORE, times="daily 07:30 Europe/Berlin")

        # Monday's briefing, at its minute.
        await day.start()
        await day.has_read(1)
        assert not place.shown()

        day.move_to(MONDAY + AFTER)
        parent = await day.until(lambda: in_channel(place), "Monday's briefing")
        assert "no breakthrough" in parent[0].reading.text or "talks" in parent[0].reading.text
        await day.until(lambda: [s for s in place.shown() if s.thread], "the details in its thread")

        # Invited elsewhere, it says what it does. Discord's library takes a server that comes within seconds of its login
        # for one that it was in before; what was posted shows that this time is over.
        await place.invite()
        (welcome,) = await day.until(place.greeted, "the welcome")
        assert "Hello, I am Wirebrief" in welcome.text
        assert any("subscribe" in button for button in welcome.buttons)

        # The exact sentences, for the one who pressed.
        await place.press(parent[0], "cited")
        sentence = "Storm Ilsa tore through Marenga province on Sunday"
        await day.until(
            lambda: any(sentence in s.reading.text for s in place.shown() if s.only_for),
            "the cited sentences",
        )

        await day.has_delivered(1)
        await questions_are_answered(day, parent)

        # What is not known yet is watched for who asked.
        await place.paste(UNKNOWN)
        (declined,) = await day.until(lambda: told(place, "not found"), "that it is not known")
        await place.press(declined, "watch")
        (watched,) = await day.until(lambda: told(place, "watching:"), "that it is watched")
        assert declined.only_for
        assert watched.only_for

        # A power cut; what the channel was told is not told again.
        await day.kill()
        await day.start()

        # A pasted link is summarised and set into what is known.
        await place.paste(f"{day.news.at('northline')}/northline/ilsa-shelters.html")
        await day.says("shelter")

        # News came overnight: the next morning says what changed.
        await day.kill()
        day.news.day = 2
        day.move_to(TUESDAY - BEFORE)
        before = len(in_channel(place))
        await day.start()
        await day.has_read(2)
        known = await day.until(lambda: told(place, "this is known now"), "the watched answer")
        assert "nurses" in known[0].reading.text
        before = len(in_channel(place))
        day.move_to(TUESDAY + AFTER)
        morning = await day.until(lambda: in_channel(place)[before:], "Tuesday's briefing")
        text = morning[0].reading.text
        assert "changed" in text.casefold()
        assert "climbs to 19" in text
        assert "at least nine" not in text  # as Monday's briefing had it
        assert sum("Morning briefing" in s.reading.text for s in in_channel(place)) == 2
        assert_once(place)


async def questions_are_answered(day, briefing):
    """Chat, ask and press below a briefing: what people say to each other is left alone."""
    place = day.place
    before = len(place.shown())
    await place.chat(briefing[0], CHATTED)
    await place.ask_in_thread(briefing[0], "How many people did the storm kill?")
    await day.says("nine")
    assert all(s.thread for s in place.shown()[before:])
    # A question that the briefing offers has an answer that the briefing does not say itself.
    assert not told(place, OFFERED)
    await place.press(briefing[-1], "further")
    await day.says(OFFERED)


def assert_once(place):
    """Assert that each thing was said once, whatever was cut off, and not a word on what people said to each other."""
    for words in ("this is known now", "watching:", "not found"):
        assert len(told(place, words)) == 1, words
    assert len(place.greeted()) == 1
    assert not told(place, "call sam")
    assert [s.reading for s in place.shown() if s.reading.mentions] == []


def told(place, words):
    """Return the messages with ``words`` in them."""
    return [s for s in place.shown() if words in s.reading.text.casefold()]


def in_channel(place):
    """Return what stands in the channel itself, for everybody."""
    return [s for s in place.shown() if not s.thread and not s.only_for]
