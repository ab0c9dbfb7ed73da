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


OLD_POSTS = (date(2025, 12, 2), date(2025, 12, 1))


def test_posts_of_one_time_weeks_before_the_stamp_tell_an_old_page():
    told = page("The ferry sank on Saturday, the harbour police said.")
    assert written_about(told, posted=OLD_POSTS) == date(2025, 12, 2)
    assert written_about(told, posted=(*OLD_POSTS, date(2025, 5, 10))) == date(2025, 12, 2)


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        # A report may show one old post, and one of its own days beside old ones.
        ("The ferry sank on Saturday.", OLD_POSTS[:1]),
        ("The ferry sank on Saturday.", (*OLD_POSTS, date(2026, 5, 11))),
        ("The ferry sank on Saturday.", (date(2026, 4, 20), date(2026, 4, 21))),
        # Old posts of many times are a history; what names their time looks back at them.
        ("The captain had complained for years.", (date(2021, 1, 2), date(2023, 4, 5), date(2024, 6, 7))),
        ("The mayor resigned over posts of December.", OLD_POSTS),
        ("The mayor resigned over what he had posted in 2025.", OLD_POSTS),
    ],
)
def test_news_that_shows_old_posts_is_news(text, posted):
    assert written_about(page(text), posted=posted) is None


def test_the_day_that_a_page_tells_machines_counts_where_the_text_names_no_newer_one():
    told = "The ferry sank on Saturday, the harbour police said."
    assert written_about(page(told), page_day=date(2026, 3, 1)) == date(2026, 3, 1)
    assert written_about(page(told), page_day=date(2026, 5, 1)) is None
    assert written_about(page(f"{told} It was raised on 11 May 2026."), page_day=date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    "path",
    [
        "/20251103/ferry",
        "/news/ferry-20251103.html",
        "/ferry-2025-11-03",
        "/2025-11/ferry",
        "/a_2025_11_03.html",
    ],
)
def test_a_day_in_an_address_is_read_in_every_common_form(path):
    assert written_about(page("The ferry sank on Monday.", url=f"https://post.example{path}"))


@pytest.mark.parametrize(
    "path", ["/news/20259903-ferry", "/news/120251103/ferry", "/flight-2025-11-crew", "/?day=2025-11-03"]
)
def test_a_number_in_an_address_that_is_no_day_tells_nothing(path):
    found = written_about(page("The ferry sank on Monday.", url=f"https://post.example{path}"))
    assert found is None


def test_a_newer_day_beside_the_text_tells_a_page_that_was_changed():
    told = page("Harn won the cup on 30 November 1996. It won it again on 2 January 1997.")
    assert written_about(told) == date(1997, 1, 2)
    assert written_about(told, printed_day=date(2026, 5, 11)) is None
    assert written_about(told, printed_day=date(2026, 1, 2)) == date(1997, 1, 2)
