"""Connections: kept for requests that wait, never shared by two hosts, and nothing unasked is taken from them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.errors import FetchError
from bot.feeds.fetch import connections
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.connections import MAX_INTERIM_ANSWERS
from bot.feeds.fetch.fetch import HttpFetcher
from bot.ports import FetchRequest
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"


def answer(body: bytes) -> bytes:
    return ANSWER % (len(body), body)


@asynccontextmanager
async def reading(talk, *, names=("127.0.0.1",), **given):
    """Yield a fetcher that may read the server ``talk`` under ``names``, and what fetches a path of it."""
    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    allow = AllowList.parse([f"{name}:{port}" for name in names])
    async with listener, HttpFetcher(user_agent="x", allow=allow, **given) as fetcher:

        async def fetch(path: str, name: str = names[0]) -> bytes:
            return (await fetcher.fetch(FetchRequest(url=f"http://{name}:{port}{path}", deadline=60))).body

        yield fetch


class Server:
    """Answers each path with itself; ``asked`` has the paths of each connection, ``hosts`` the names."""

    def __init__(self, *, after: int = 99) -> None:
        self.asked: list[list[str]] = []
        self.hosts: defaultdict[int, set[str]] = defaultdict(set)
        self.closed = asyncio.Event()  # by the client
        self._after = after  # answers, without a word the server closes the connection

    async def __call__(self, reader, writer):
        paths: list[str] = []
        self.asked.append(paths)
        number = len(self.asked)
        try:
            while len(paths) < self._after:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                paths.append(head.split()[1])
                self.hosts[number].add(head.partition("Host: ")[2].split()[0])
                await self.say(writer, paths)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.closed.set()
        finally:
            writer.close()

    async def say(self, writer, paths):
        writer.write(answer(paths[-1].encode()))
        await writer.drain()


async def test_requests_that_wait_for_a_host_use_one_connection_and_the_last_closes_it():
    server = Server()
    async with reading(server) as fetch:
        found = await asyncio.gather(*(fetch(f"/{n}") for n in range(5)))
        await server.closed.wait()
        assert found == [b"/0", b"/1", b"/2", b"/3", b"/4"]
        assert server.asked == [["/0", "/1", "/2", "/3", "/4"]]
        await fetch("/a")
        await fetch("/b")
        assert server.asked[1:] == [["/a"], ["/b"]]


async def test_hosts_of_one_site_share_no_connection():
    server, names = Server(), ("x.site.localhost", "y.site.localhost")
    async with reading(server, names=names) as fetch:
        await asyncio.gather(*(fetch(f"/{n}", names[n % 2]) for n in range(10)))
    assert sorted(path for paths in server.asked for path in paths) == [f"/{n}" for n in range(10)]
    assert len(server.asked) < 10  # some were used again
    assert all(len(hosts) == 1 for hosts in server.hosts.values())


async def test_a_redirect_to_another_host_leaves_the_connection():
    async def lead(request):
        seen[request.transport.get_extra_info("peername")].add(request.host)
        if other := away.get(request.host):
            raise web.HTTPFound(other + request.path)
        return web.Response(text=request.host)

    seen, away = defaultdict(set), {}
    async with NewsServer() as server:
        hosts = [f"{name}.site.localhost:{server.port}" for name in "xy"]
        away[hosts[0]] = f"http://{hosts[1]}"
        server.answers = {f"/{n}": lead for n in range(5)}
        async with HttpFetcher(user_agent="x", allow=AllowList.parse(hosts)) as fetcher:
            asked = (FetchRequest(url=f"http://{hosts[0]}/{n}") for n in range(5))
            found = await asyncio.gather(*map(fetcher.fetch, asked))
    assert {one.body.decode() for one in found} == {hosts[1]}
    assert all(len(hosts) == 1 for hosts in seen.values())


@pytest.mark.parametrize(
    "junk", [b"x", answer(b"false"), b"HTTP/1.1 304 Not Modified\r\n\r\n" * 9], ids=["byte", "answer", "many"]
)
async def test_what_comes_unasked_is_never_the_answer_to_the_next_request(junk, monkeypatch):
    class Pushing(Server):
        async def say(self, writer, paths):
            if paths == ["/slow"]:
                asked_slow.set()
                await self.closed.wait()
            await super().say(writer, paths)
            if paths == ["/0"]:
                await asked_slow.wait()
                writer.write(junk)

    monkeypatch.setattr(connections, "MAX_IDLE_SECONDS", 3600.0)
    asked_slow = asyncio.Event()
    server = Pushing()
    # There is one place, and another host takes it: meanwhile the connection of the first waits for its next request.
    async with reading(server, names=("127.0.0.1", "other.localhost"), concurrency=1) as fetch:
        found = await asyncio.gather(fetch("/0"), fetch("/slow", "other.localhost"), fetch("/1"))
    assert found == [b"/0", b"/slow", b"/1"]
    assert server.asked == [["/0"], ["/slow"], ["/1"]]


async def test_what_comes_together_with_an_answer_closes_the_connection():
    class Pushing(Server):
        async def say(self, writer, paths):
            writer.write(answer(paths[-1].encode()) + answer(b"false"))
            await writer.drain()

    server = Pushing()
    async with reading(server) as fetch:
        assert await asyncio.gather(*(fetch(f"/{n}") for n in range(3))) == [b"/0", b"/1", b"/2"]
    assert server.asked == [["/0"], ["/1"], ["/2"]]


async def test_what_comes_with_the_end_of_an_answer_closes_the_connection():
    class Pushing(Server):
        async def say(self, writer, paths):
            whole = answer(paths[-1].encode() * 9)
            writer.write(whole[:-4])
            await writer.drain()
            await asyncio.sleep(0.05)  # the head and a part of the body are read before the rest comes
            writer.write(whole[-4:] + answer(b"false"))
            await writer.drain()

    server = Pushing()
    async with reading(server) as fetch:
        found = await asyncio.gather(*(fetch(f"/{n}") for n in range(4)))
    assert found == [f"/{n}".encode() * 9 for n in range(4)]
    assert sorted(server.asked) == [[f"/{n}"] for n in range(4)]


async def test_an_idle_connection_is_closed_after_its_time(monkeypatch):
    class Slow(Server):
        async def say(self, writer, paths):
            if paths[-1] == "/slow":
                await self.closed.wait()
            await super().say(writer, paths)

    monkeypatch.setattr(connections, "MAX_IDLE_SECONDS", 0.05)
    server = Slow()
    async with reading(server, names=("127.0.0.1", "other.localhost"), concurrency=1) as fetch:
        await asyncio.gather(fetch("/0"), fetch("/slow", "other.localhost"), fetch("/1"))
    assert server.asked == [["/0"], ["/slow"], ["/1"]]


@pytest.mark.parametrize("after", [1, 2])
async def test_a_server_that_closes_connections_without_a_word_is_read_whole(after):
    server = Server(after=after)
    async with reading(server) as fetch:
        found = await asyncio.gather(*(fetch(f"/{n}") for n in range(6)))
    assert found == [f"/{n}".encode() for n in range(6)]


async def test_what_is_no_answer_on_a_kept_connection_is_asked_for_anew():
    class Confused(Server):
        async def say(self, writer, paths):
            if len(paths) == 1:
                await super().say(writer, paths)
            else:
                writer.write(b"the rest of what came before")

    server = Confused()
    async with reading(server) as fetch:
        assert await asyncio.gather(*(fetch(f"/{n}") for n in range(3))) == [b"/0", b"/1", b"/2"]
    assert server.asked == [["/0", "/1"], ["/1", "/2"], ["/2"]]


async def test_informational_answers_are_counted_for_each_request_anew():
    class Hinting(Server):
        async def say(self, writer, paths):
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * MAX_INTERIM_ANSWERS)
            await super().say(writer, paths)

    server = Hinting()
    async with reading(server) as fetch:
        assert await asyncio.gather(*(fetch(f"/{n}") for n in range(3))) == [b"/0", b"/1", b"/2"]
    assert len(server.asked) == 1


@pytest.mark.parametrize("pause", [0.0, 0.01])
@pytest.mark.parametrize("status", [100, 102, 103, 199])
async def test_informational_answers_are_counted(status, pause):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        try:
            while True:
                writer.write(f"HTTP/1.1 {status} Wait\r\nX-A: b\r\n\r\n".encode() * (1 if pause else 200))
                await writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            ended.set()

    ended = asyncio.Event()
    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    host = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, HttpFetcher(user_agent="x", allow=AllowList.parse([host])) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=f"http://{host}/", deadline=60))
        await ended.wait()
    assert caught.value.reason == "protocol"  # and no time-out after a minute


async def test_a_few_informational_answers_come_before_the_real_one():
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3
            + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews"
        )
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    host = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, HttpFetcher(user_agent="x", allow=AllowList.parse([host])) as fetcher:
        assert (await fetcher.fetch(FetchRequest(url=f"http://{host}/"))).body == b"news"


@pytest.mark.parametrize(("before", "read"), [(MAX_INTERIM_ANSWERS, True), (MAX_INTERIM_ANSWERS + 1, False)])
async def test_as_many_informational_answers_are_read_as_the_limit_says(before, read):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 103 Early Hints\r\n\r\n" * before + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews"
        )
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    host = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, HttpFetcher(user_agent="x", allow=AllowList.parse([host])) as fetcher:
        request = FetchRequest(url=f"http://{host}/")
        if read:
            assert (await fetcher.fetch(request)).body == b"news"
            return
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(request)
        assert caught.value.reason == "protocol"
