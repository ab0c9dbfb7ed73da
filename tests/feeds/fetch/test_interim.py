"""Informational answers before the real one: a few are read, without end they are an error."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.feeds.fetch.interim import MAX_INTERIM_ANSWERS
from bot.ports import FetchRequest

pytestmark = pytest.mark.slow


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
