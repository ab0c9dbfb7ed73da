"""Days and months in addresses of pages."""

from __future__ import annotations

from datetime import date

import pytest

from bot.feeds.address_dates import day_in_address, month_in_address
from tests.support.running.rows import each_row


@each_row(
    "path",
    [
        "2025/11/03/ferry-sinks",
        "2025/11/3/ferry-sinks",
        "news/2025-11-03-ferry",
        "a_2025_11_03.html",
        "20251103/ferry",
        "news/ferry-20251103.html",
        "world/2025/nov/03/ferry",
        "World/2025/November/3/ferry",
        "news%2F2025%2F11%2F03",
    ],
)
def test_a_day_in_a_path_is_found_in_every_common_form(path):
    assert day_in_address(f"https://post.example/{path}") == date(2025, 11, 3)


@each_row(
    "url",
    [
        "https://post.example/news/120251103/ferry",
        "https://post.example/news/20259903-ferry",
        "https://post.example/2025/02/30/ferry",
        "https://post.example/1825/11/03/ferry",
        "https://post.example/2025/11/ferry",
        "https://post.example/?day=2025-11-03",
        "https://2025-11-03.example/ferry",
        "http://[::1",
        "",
    ],
)
def test_a_number_that_is_no_day_of_a_path_is_none(url):
    assert day_in_address(url) is None


def test_a_number_that_is_no_day_hides_none_behind_it():
    assert day_in_address("https://post.example/2025/02/30/2025-11-03-ferry") == date(2025, 11, 3)


@pytest.mark.parametrize("path", ["2025/11/ferry", "2025-11/ferry", "news/2025_11", "2025/11.html"])
def test_a_month_that_stands_alone_is_found_by_its_last_day_of_every_year(path):
    assert month_in_address(f"https://post.example/{path}") == date(2025, 11, 28)


@pytest.mark.parametrize(
    "path", ["flight-2025-11-crew", "2025/13/ferry", "2025/1/ferry", "2025/111", "?m=/2025/11/"]
)
def test_a_number_that_is_no_month_of_a_path_is_none(path):
    assert month_in_address(f"https://post.example/{path}") is None
