"""Recorded articles are served as the feeds that brought them, each once, when its time has come."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import FetchError
from bot.feeds.document.parse import parse_feed
from bot.feeds.fetch.archive import ArchiveFetcher
from bot.model.recorded_article import RecordedArticle
from bot.ports import FetchRequest

FIRST = datetime(2031, 3, 10, 9, tzinfo=UTC)


def article(
    number: int, *, host: str = "a.example", text: str = "One.\n\nTwo <b> & three."
) -> RecordedArticle:
    at = FIRST + timedelta(hours=number)
    return RecordedArticle(
        url=f"https://{host}/{number}",
        source=host,
        title=f"News {number}",
        text=text,
        published_at=at,
        listed_at=at,
    )


class Present:
    at = FIRST

    def now(self) -> datetime:
        return self.at


async def ask(fetcher: ArchiveFetcher, url: str, etag: str = "", max_bytes: int = 10**6):
    return await fetcher.fetch(FetchRequest(url=url, etag=etag, max_bytes=max_bytes))


async def test_each_article_is_served_once_when_its_time_has_come():
    present = Present()
    fetcher = ArchiveFetcher([article(n) for n in (2, 0, 1)], now=present.now)
    (feed,) = fetcher.feeds()
    first = await ask(fetcher, feed.url)
    assert [i["title"] for i in json.loads(first.body)["items"]] == ["News 0"]
    assert (await ask(fetcher, feed.url, first.etag)).status == 304
    present.at += timedelta(hours=5)
    rest = await ask(fetcher, feed.url, first.etag)
    assert [i["title"] for i in json.loads(rest.body)["items"]] == ["News 1", "News 2"]
    assert (await ask(fetcher, feed.url, rest.etag)).status == 304


async def test_a_host_is_a_feed_that_our_parser_reads_with_its_paragraphs():
    fetcher = ArchiveFetcher([article(0), article(0, host="b.example")], now=Present().now)
    assert [feed.title for feed in fetcher.feeds()] == ["a.example", "b.example"]
    answer = await ask(fetcher, fetcher.feeds()[0].url)
    document = parse_feed(answer.body, url=answer.url)
    assert document.entries[0].content == "<p>One.</p><p>Two &lt;b&gt; &amp; three.</p>"
    assert document.entries[0].published == FIRST


async def test_what_is_too_large_for_one_answer_comes_with_the_next():
    present = Present()
    present.at += timedelta(days=1)
    fetcher = ArchiveFetcher([article(n, text="x" * 3000) for n in range(4)], now=present.now)
    url, etag, titles = fetcher.feeds()[0].url, "", []
    while (answer := await ask(fetcher, url, etag, max_bytes=10_000)).status == 200:
        assert len(answer.body) <= 10_000
        titles += [i["title"] for i in json.loads(answer.body)["items"]]
        etag = answer.etag
    assert titles == [f"News {n}" for n in range(4)]


async def test_no_other_address_is_known():
    with pytest.raises(FetchError, match="holds no page"):
        await ask(ArchiveFetcher([article(0)], now=Present().now), "https://a.example/0")
