"""Since when somebody wants to know, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.language.dates.since import read_since
from tests.support.running.rows import each_row

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 7, 9, 7, 30, tzinfo=BERLIN)  # a Wednesday


@each_row(
    ("text", "moment"),
    [
        ("since yesterday", (2025, 7, 8)),
        ("yesterday 18:00", (2025, 7, 8, 18)),
        ("today", (2025, 7, 9)),
        ("3 days", (2025, 7, 6, 7, 30)),
        ("last 2 hours", (2025, 7, 9, 5, 30)),
        ("an hour ago", (2025, 7, 9, 6, 30)),
        ("1w", (2025, 7, 2, 7, 30)),
        ("Monday", (2025, 7, 7)),
        ("since last week", (2025, 7, 2, 7, 30)),
        ("2025-07-03", (2025, 7, 3)),
        ("3 July", (2025, 7, 3)),
        ("since july", (2025, 7, 1)),
        ("6:45", (2025, 7, 9, 6, 45)),
        ("22:15", (2025, 7, 8, 22, 15)),
        ("since 7am", (2025, 7, 9, 7)),
        ("9 pm", (2025, 7, 8, 21)),
        ("yesterday 6:30 pm", (2025, 7, 8, 18, 30)),
        ("12am", (2025, 7, 9)),
    ],
)
def test_a_time_as_people_write_it_is_read_in_their_zone(text, moment):
    assert read_since(text, now=NOW.astimezone(UTC), zone="Europe/Berlin") == datetime(*moment, tzinfo=BERLIN)


@each_row("text", ["", "soon", "2031-01-01", "the harbour", "9" * 500, "99999 d", "13pm", "9"])
def test_what_names_no_past_time_is_refused(text):
    assert read_since(text, now=NOW, zone="UTC") is None
