"""What happened before a channel was last told is background, and news that names an old day is news."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.briefings.days_before import tells_of_days_before
from tests.support.running.rows import each_row

WRITTEN = datetime(2026, 3, 11, 12, tzinfo=UTC)  # a Wednesday
UNTIL = date(2026, 3, 10)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday, police said that the driver had been drinking.",
        "The ferry sank off Brekk on Sunday while its crew was asleep.",
        "A spokesman said the explosion late on Monday had caused massive damage to the building.",
        "Orsund Line announced the cuts on 2 March and said 40 departures would be cancelled.",
        "The ferry was closed to cars on the 2nd of March, crews said.",
        "The ferry sank before dawn on Sunday, and before 6 a.m. on Sunday its crew was ashore.",
        "Police on Monday said that the driver had been drinking.",
    ],
)
def test_a_sentence_about_days_before_the_last_briefing_is_background(text):
    assert tells_of_days_before(text, written=WRITTEN, until=UNTIL)
    assert not tells_of_days_before(text, written=WRITTEN, until=date(2026, 3, 1))


@each_row(
    "text",
    [
        "The toll has risen to 12.",
        "The toll of Sunday's accident has risen to 12.",
        "On Tuesday police said that the driver who was arrested on Sunday had been drinking.",
        "More than 250 people have been killed since 28 February.",
        "The report names the two officers on duty in the bombings of 7 March.",
        "Pictures from 8 March show a leak.",
        "The ferry sank in March last year.",
        "Crews voted on Sunday to strike from Friday 13 March.",
        "More than 250 people have been killed since the minister, Jan Orsund, took office on 28 February.",
        "The line let 12 people go before its ferry sank on Sunday.",
        "The report blames the line for the 8 March accident.",
        "Pictures taken on 8 March show a leak.",
        "Jan Orsund, who left the line on 2 March, says that it knew of the leak.",
    ],
)
def test_news_that_names_an_old_day_is_news(text):
    assert not tells_of_days_before(text, written=WRITTEN, until=UNTIL)
