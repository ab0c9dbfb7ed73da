"""Opinion pieces are told by address or title, and news about opinions is none."""

from __future__ import annotations

import pytest

from bot.feeds.judge.opinion import is_opinion

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
    assert is_opinion(url=url, title=title)


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
    assert not is_opinion(url=url, title=title)
