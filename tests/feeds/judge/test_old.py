"""An old page with a new time stamp is told by its own days, and news with a long history is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.feeds.judge.old import written_about
from bot.model.news import DateSource
from tests.flows.ferry import article

STAMP = datetime(2026, 5, 12, 8, tzinfo=UTC)


def page(text, *, url="https://post.example/harbour", **changes):
    return replace(article("page", text), published_at=STAMP, url=url, **changes)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The festival will open in Harn on 14 June 2024. Tickets are free.", date(2024, 6, 14)),
        ("Last updated: March 3, 2025. How to apply for the harbour permit.", date(2025, 3, 3)),
        (
            "A crane fell at the port on 2 March 2025. Two workers died. On 4 March 2025 the port was opened again.",
            date(2025, 3, 4),
        ),
        ("The hearing is due in November 2025, the court said on Tuesday.", date(2025, 11, 30)),
    ],
)
def test_a_text_whose_own_days_are_weeks_before_its_stamp_is_old(text, day):
    assert written_about(page(text)) == day


@pytest.mark.parametrize(
    "text",
    [
        "A jury found Orsund Line guilty on Tuesday. The ferry sank on 2 March 2024.",
        "The ferry sank in 2019, the company was sold in 2021, and the wreck will be raised on Friday.",
        "The permit was due to end on 1 March 2024 and had been renewed since.",
        "A crane fell on 2 March 2025 and another on 4 March 2025; a third fell on 10 May 2026.",
        "The port will open on 14 June 2026. It was closed on 2 March 2025.",
        "Nothing here names a day.",
    ],
)
def test_news_that_looks_back_or_ahead_is_news(text):
    assert written_about(page(text)) is None


def test_an_address_with_an_old_date_tells_it_where_the_text_names_no_newer_day():
    old = "https://post.example/2025/11/03/ferry-sinks"
    assert written_about(page("The ferry sank on Monday.", url=old)) == date(2025, 11, 3)
    assert written_about(page("The ferry was raised on 11 May 2026.", url=old)) is None
    for url in (
        "https://post.example/2026/04/30/ferry",
        "https://post.example/2025/99/03/ferry",
        "http://[::1",
    ):
        assert written_about(page("The ferry sank on Monday.", url=url)) is None


def test_a_page_without_a_stamp_of_its_own_is_not_taken_for_old():
    text = "The festival will open in Harn on 14 June 2024."
    assert written_about(page(text, date_source=DateSource.FETCHED)) is None
