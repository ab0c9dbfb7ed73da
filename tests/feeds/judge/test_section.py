"""Texts that report no event are told by address or title, and news about such texts is news."""

from __future__ import annotations

import pytest

from bot.feeds.judge.section import kind_of_section
from bot.model.news import PageKind

NEWS = "Harn votes on the dam"


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://post.example/opinion/the-price-of-a-loaf", "The price of a loaf"),
        ("https://post.example/story/opinion/columnist/2026/03/02/dam/88/", NEWS),
        ("https://post.example/uk/Commentisfree/2026/mar/02/dam", NEWS),
        ("https://zeitung.example/meinung/damm-123.html", "Ein Damm zu viel"),
        ("https://post.example/2026/dam", "Opinion: The dam will not feed us"),
        ("https://post.example/2026/dam", "The dam will not feed us | Opinion"),
        ("http://[::1", "Letters: after the vote"),
    ],
)
def test_an_opinion_piece_is_told_by_where_it_lies_or_what_it_is_called(url, title):
    assert kind_of_section(url=url, title=title) is PageKind.OPINION


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://post.example/whats-on/week-10", "Mushrooms, Mahler and a detour"),
        ("https://post.example/newsletters/june", NEWS),
        ("https://post.example/2026/guide", "What’s on this weekend"),
        ("https://post.example/2026/03/02/world/gallery/storm-ilsa", "Storm Ilsa"),
        ("https://post.example/2026/03/02/world/harn-newsletter-03-02-26", NEWS),
        (
            "https://post.example/story/news/2026/03/02/ferry-goat/",
            "Ferry lost: News from around our 50 states",
        ),
    ],
)
def test_a_newsletter_or_a_calendar_is_of_many_things(url, title):
    assert kind_of_section(url=url, title=title) is PageKind.ROUNDUP


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://post.example/politics/opinion-polls-harn", "Opinion polls put the dam ahead"),
        ("https://post.example/opinion", NEWS),
        ("https://post.example/world/2026/03/dam/comment/7", NEWS),
        ("https://opinion.example/news/dam", "Letters reveal what the minister knew of the dam"),
        ("", ""),
        ("http://[", NEWS),
    ],
)
def test_news_is_none(url, title):
    assert kind_of_section(url=url, title=title) is PageKind.ARTICLE
