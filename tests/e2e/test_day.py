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

        # The exact sentences, for the one who pressed.
        await place.press(parent[0], "cited")
        sentence = "Storm Ilsa tore through Marenga province on Sunday"
        await day.until(
            lambda: any(sentence in s.reading.text for s in place.shown() if s.only_for),
            "the cited sentences",
        )

        # A question in the thread is answered there.
        await day.has_delivered(1)
        before = len(place.shown())
        await place.ask_in_thread(parent[0], "How many people did the storm kill?")
        await day.says("nine")
        assert all(s.thread for s in place.shown()[before:])

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
        day.move_to(TUESDAY + AFTER)
        morning = await day.until(lambda: in_channel(place)[before:], "Tuesday's briefing")
        text = morning[0].reading.text
        assert "changed" in text.casefold()
        assert "climbs to 19" in text
        assert "at least nine" not in text  # as Monday's briefing had it
        assert sum("Morning briefing" in s.reading.text for s in in_channel(place)) == 2
        assert [s.reading for s in place.shown() if s.reading.mentions] == []


def in_channel(place):
    """Return what stands in the channel itself, for everybody."""
    return [s for s in place.shown() if not s.thread and not s.only_for]
