"""A loopback server with pages, and a fetcher that may read it."""

from __future__ import annotations

import pytest

from bot.feeds.fetch.allow_list import AllowList
from bot.ports import FetchRequest


@pytest.fixture
async def server():
    from tests.servers.news import NewsServer  # noqa: PLC0415 - the quick tests need no server

    async with NewsServer() as running:
        yield running


@pytest.fixture
async def fetch(server):
    from bot.feeds.fetch.fetch import HttpFetcher  # noqa: PLC0415 - nor its client

    allow = AllowList.parse([f"127.0.0.1:{server.port}"])
    async with HttpFetcher(user_agent="Wirebrief test", allow=allow) as fetcher:

        async def call(path: str, **request):
            url = path if "://" in path else server.url(path)
            return await fetcher.fetch(FetchRequest(url=url, **request))

        yield call
