"""Days, feasts and times are read by the calendar of the article."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.evidence.reading.facts import feast, read
from tests.evidence.checking import check
from tests.support.running.rows import each_row

FEASTS = {
    "New Year’s Day": (1, 1), "Christmas Day": (12, 25), "Christmas Eve": (12, 24), "New Year’s Eve": (12, 31), "Boxing Day": (12, 26),
    "Bastille Day": (7, 14), "Independence Day": (7, 4), "Valentine’s Day": (2, 14),
}  # fmt: skip


@each_row("name", FEASTS)
def test_a_feast_is_its_day(name: str):
    assert feast(name) == FEASTS[name]
    published = datetime(2031, *FEASTS[name], 12, tzinfo=UTC)
    days = read(f"It opens on {name}.", published).days
    assert (published.date(), published.date()) in [span for day in days for span in day.spans]


def test_later_in_the_year_is_of_the_year_at_the_place_of_the_article():
    eve = datetime(2031, 12, 31, 23, 30, tzinfo=UTC)
    [day] = read("It opens later in the year.", eve, 60).days
    assert day.spans == ((date(2032, 1, 1), date(2032, 12, 31)),)


def test_a_time_is_its_minute_of_the_day():
    assert read("It left at 5 p.m.", None).times == {17 * 60}
    assert read("It left at 5:30 p.m.", None).times == {17 * 60 + 30}
    assert read("It left at 12 a.m. and 14:05.", None).times == {0, 14 * 60 + 5}


def test_to_march_is_no_month():
    said = "Crews walked to the port in protest."
    assert check("Crews march to the port in protest.", said).passed
    assert check("Crews walked to the port in protest in April.", said).reason == "date"
