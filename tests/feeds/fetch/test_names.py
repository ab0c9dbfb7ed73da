"""Names are resolved on threads of their own."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from bot.errors import FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.feeds.fetch.names import ThreadResolver
from bot.ports import FetchRequest
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow


async def test_a_name_server_that_never_answers_holds_up_no_other_name(monkeypatch):
    free = threading.Event()
    real = socket.getaddrinfo

    def slow(host, *rest, **more):
        if host.endswith("silent.example"):
            free.wait()
        return real("127.0.0.1", *rest, **more)

    monkeypatch.setattr("bot.feeds.fetch.names.socket.getaddrinfo", slow)
    async with NewsServer() as server:
        server.page("/", b"news")
        async with HttpFetcher(
            user_agent="x", allow=AllowList.parse([f"news.example:{server.port}"]), concurrency=8
        ) as fetcher:
            dead = [
                asyncio.create_task(
                    fetcher.fetch(FetchRequest(url=f"http://{i}.silent.example/", deadline=0.2))
                )
                for i in range(8)
            ]
            try:
                assert {type(e) for e in await asyncio.gather(*dead, return_exceptions=True)} == {FetchError}
                request = FetchRequest(url=f"http://news.example:{server.port}/", deadline=120)
                assert (await fetcher.fetch(request)).body == b"news"
                assert await asyncio.to_thread(int, "1") == 1
            finally:
                free.set()


async def resolved(host, *, port=80):
    resolver = ThreadResolver(threads=1)
    try:
        return await resolver.resolve(host, port)
    finally:
        await resolver.close()


async def test_a_name_that_ends_in_localhost_is_this_machine_under_its_own_name():
    (found,) = await resolved("news.localhost", port=8080)
    assert (found["host"], found["hostname"], found["port"]) == ("127.0.0.1", "news.localhost", 8080)
    assert found["family"] == socket.AF_INET


async def test_every_address_of_a_name_is_returned(monkeypatch):
    def two(host, port, **_):
        return [(socket.AF_INET, 0, 6, "", (one, port)) for one in ("192.0.2.1", "192.0.2.2")]

    monkeypatch.setattr("bot.feeds.fetch.names.socket.getaddrinfo", two)
    assert [one["host"] for one in await resolved("news.example")] == ["192.0.2.1", "192.0.2.2"]


async def test_a_name_without_an_address_is_an_error(monkeypatch):
    def none(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "none")

    monkeypatch.setattr("bot.feeds.fetch.names.socket.getaddrinfo", none)
    with pytest.raises(OSError, match="none"):
        await resolved("news.example")


async def test_questions_that_wait_are_dropped_when_the_resolver_is_closed(monkeypatch):
    free, asked = threading.Event(), []

    def slow(host, *_, **__):
        asked.append(host)
        free.wait()
        return []

    monkeypatch.setattr("bot.feeds.fetch.names.socket.getaddrinfo", slow)
    resolver = ThreadResolver(threads=1)
    first = asyncio.ensure_future(resolver.resolve("one.example"))
    second = asyncio.ensure_future(resolver.resolve("two.example"))
    await asyncio.sleep(0)
    await resolver.close()
    free.set()
    assert await first == []
    with pytest.raises(asyncio.CancelledError):
        await second
    assert asked == ["one.example"]
