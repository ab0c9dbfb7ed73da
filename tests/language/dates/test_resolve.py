"""Days named by a weekday get their date where it can be told, and stay as printed where it cannot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.dates.resolve import dates_after, days_ahead, with_dates
from bot.language.dates.rules import WEEKDAYS
from tests.support.running.rows import each_row

WEDNESDAY = date(2031, 3, 12)


def dated(text, *days, today=WEDNESDAY):
    return with_dates(text, written=days or (WEDNESDAY,), today=today)


@each_row(
    ("text", "expected"),
    [
        ("Police searched the harbour on Tuesday.", "Police searched the harbour on Tuesday 11 March."),
        ("The court ruled Monday that the sale was void.", "The court ruled Monday 10 March that the sale was void."),
        ("On Sunday the ferry sank off Hesta.", "On Sunday 9 March the ferry sank off Hesta."),
        ("Rojas paid his own debt on Wednesday.", "Rojas paid his own debt on Wednesday 12 March."),
        ("The minister, who had resigned on Tuesday, left.", "The minister, who had resigned on Tuesday 11 March, left."),
        ("Scores were killed Monday night when a wall fell.", "Scores were killed Monday night, 10 March when a wall fell."),
        ("They were freed after Monday's ruling, police said Tuesday.", "They were freed after Monday's ruling, police said Tuesday 11 March."),
        ("The mayor said yesterday that the road was open.", "The mayor said yesterday (Tuesday 11 March) that the road was open."),
        ("He quit three days ago over the deal.", "He quit three days ago (Sunday 9 March) over the deal."),
        ("He quit two weeks ago.", "He quit two weeks ago."),
        ("Fans cheered at Tuesday night's game.", "Fans cheered at Tuesday night's (11 March) game."),
        ("They could have won on Tuesday.", "They could have won on Tuesday 11 March."),
        ("The rally was announced on Tuesday.", "The rally was announced on Tuesday 11 March."),
    ],
)  # fmt: skip
def test_a_day_behind_the_report_gets_its_date(text, expected):
    assert dated(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("Lema will meet Rojas on Friday.", "Lema will meet Rojas on Friday 14 March."),
        ("The union said that the crews would strike on Monday.", "The union said that the crews would strike on Monday 17 March."),
        ("The captain is to give evidence on Thursday.", "The captain is to give evidence on Thursday 13 March."),
        ("Sanvera votes on Sunday.", "Sanvera votes on Sunday 16 March."),
        ("Crews plan to block five crossings to Ostria from 6 a.m. on Monday", "Crews plan to block five crossings to Ostria from 6 a.m. on Monday 17 March"),
        ("First results are due about 8 p.m. Sunday", "First results are due about 8 p.m. Sunday 16 March"),
        ("Vote on the moratorium put off until 11 a.m. on Thursday", "Vote on the moratorium put off until 11 a.m. on Thursday 13 March"),
        ("Kasmara and Uldan to resume talks in Halvar on Monday", "Kasmara and Uldan to resume talks in Halvar on Monday 17 March"),
        ("Schools will stay closed on Thursday and Friday.", "Schools will stay closed on Thursday 13 March and Friday 14 March."),
        ("The hostages are to be released on Saturday.", "The hostages are to be released on Saturday 15 March."),
        ("Results come tomorrow.", "Results come tomorrow (Thursday 13 March)."),
        ("The mine is expected to close next year.", "The mine is expected to close next year (2032)."),
        ("The tax will rise next month.", "The tax will rise next month (April)."),
        ("They met on Monday and will meet again on Friday.", "They met on Monday 10 March and will meet again on Friday 14 March."),
    ],
)  # fmt: skip
def test_a_day_ahead_of_the_report_gets_its_date(text, expected):
    assert dated(text) == expected


@each_row(
    "text",
    [
        "The party announced a rally on Sunday.",  # it may be either
        "The crews voted to strike on Friday.",
        "The vote on Friday is a test.",
        "He worked in the mine until Friday.",
        "The court ruled on Thursday.",  # six days back: an edited report of tomorrow is likelier
        "The moon will be brighter on Tuesday.",  # or the report of the day before was dated late
        "“We will come back on Friday,” she said.",
        'He told them: "I was at home on Monday night".',
        "„Wir kommen am Friday wieder“, sagte er.",
        "She told the Sunday paper that she had left.",
        "Shops closed on Black Friday.",
        "Police searched the harbour on Tuesday 11 March.",
        "Police searched the harbour on Tuesday, March 11.",
        "The delegation walked out on Tuesday evening, 11 March, and flew home.",
        "On 11 March, a Tuesday, police searched the harbour; they came back on Tuesday.",
        "Today, the company employs 500 people.",
        "The youth of today have no time.",
        "They meet next Friday.",
        "The week was quiet.",
        "Am Montag wurde gewählt.",
    ],
)
def test_what_cannot_be_told_or_is_dated_or_quoted_stays_as_printed(text):
    assert dated(text) == text


def test_reports_of_different_days_must_agree():
    said = "Police searched the harbour on Monday."
    assert dated(said, WEDNESDAY, WEDNESDAY - timedelta(days=1)).endswith("on Monday 10 March.")
    assert dated(said, WEDNESDAY, WEDNESDAY - timedelta(days=7)) == said
    assert with_dates(said, written=(), today=WEDNESDAY) == said


def test_the_year_is_said_where_it_is_another_one():
    said = dated("Police searched the harbour on Tuesday.", today=date(2032, 1, 2))
    assert said == "Police searched the harbour on Tuesday 11 March 2031."


@pytest.mark.parametrize("ahead", range(6))
@pytest.mark.parametrize("written", [WEDNESDAY + timedelta(days=n) for n in range(7)])
def test_every_weekday_is_the_next_one_that_is_planned(written, ahead):
    day = written + timedelta(days=ahead)
    said = dated(f"The court will sit on {WEEKDAYS[day.weekday()]}.", written)
    assert said == f"The court will sit on {WEEKDAYS[day.weekday()]} {day.day} March."


@given(st.text(max_size=300), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_text_keeps_all_that_it_says(text, day):
    said = dated(text, day, today=day)
    rest = iter(said)
    assert all(letter in rest for letter in text)


@each_row(
    ("text", "days"),
    [
        ("The council will vote on Wednesday.", [date(2026, 3, 11)]),
        ("The council will vote on Tuesday.", [date(2026, 3, 10)]),
        ("Lund is due in court later today.", [date(2026, 3, 10)]),
        ("Lund is to appear on March 12.", [date(2026, 3, 12)]),
        ("He said on Monday that he will resign on Friday.", [date(2026, 3, 13)]),
        ("The council voted on Tuesday.", []),
        ("The mayor resigned today.", []),
        ("The ferry sank on March 8.", []),
    ],
)
def test_what_is_still_to_come_is_told_from_what_happened(text, days):
    assert list(days_ahead(text, written=date(2026, 3, 10))) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The funding expires at midnight on Sept. 30.", [date(2026, 9, 30)]),
        ("The law of 3 March expires.", [date(2027, 3, 3)]),
        ("The funding expires on Friday.", []),
        ("The crane fell on 29 September 2026.", []),
    ],
)
def test_dates_after_the_day_of_writing_are_found_whatever_the_verb(text, days):
    assert list(dates_after(text, written=date(2026, 9, 29))) == days


@each_row(
    ("text",),
    [
        ("Their daughters, Sunday Rose Lund and Faith, were there.",),
        ("She came with Sunday Rose Lund.",),
        ("Sunday Rose Lund was there.",),
        ("The Osby Sunday Herald said it was over.",),
        ("The film Friday the 13th was shown.",),
        ("Sheffield Wednesday lost the cup.",),
        ("Shops opened for Black Friday.",),
        ("The band played Bloody Sunday and left.",),
        ("Mass was held on Ash Wednesday.",),
        ("Moe hosted CBS Sunday Morning for years.",),
    ],
)
def test_a_day_that_is_a_part_of_a_name_stays_as_printed(text):
    assert dated(text) == text


@each_row(
    ("text", "expected"),
    [
        ("On Sunday Lema left.", "On Sunday 9 March Lema left."),
        ("The firm said Monday Lema would leave.", "The firm said Monday 10 March Lema would leave."),
    ],
)
def test_a_day_before_a_name_gets_its_date_behind_a_verb_or_preposition(text, expected):
    assert dated(text) == expected


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("The court on Thursday lifted the ban.", "The court on Thursday 9 January lifted the ban."),
        ("Mayor Moe on Thursday flatly refused.", "Mayor Moe on Thursday 9 January flatly refused."),
        ("The union on Thursday said so.", "The union on Thursday 9 January said so."),
        ("The vote on Monday was put off.", "The vote on Monday was put off."),
        ("The vote on Monday scheduled for noon is off.", "The vote on Monday scheduled for noon is off."),
        ("The vote on Monday needs a majority.", "The vote on Monday needs a majority."),
    ],
)
def test_a_day_between_who_acts_and_the_act_is_that_of_the_act(text: str, dated: str) -> None:
    friday = date(2031, 1, 10)
    assert with_dates(text, written=[friday], today=friday) == dated


@each_row(
    ("text", "expected"),
    [
        ("Nine died in the last 24 hours.", "Nine died in the last 24 hours (to 12 March)."),
        ("Rain is due in the next three days.", "Rain is due in the next three days (from 12 March)."),
        ("“In the last 24 hours all was lost,” he said.", "“In the last 24 hours all was lost,” he said."),
    ],
)
def test_a_span_to_the_hour_of_the_report_says_so_on_a_later_day(text, expected):
    assert dated(text, today=WEDNESDAY + timedelta(days=1)) == expected
    assert dated(text) == text
