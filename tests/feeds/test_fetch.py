"""Fetching: bounded whatever the server does, and every failure one sentence."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli
import pytest
from aiohttp import web

from bot.errors import BlockedAddress, FetchError
from bot.feeds.fetch import HttpFetcher
from bot.feeds.guard import AllowList
from bot.ports import FetchRequest
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow


@pytest.fixture
async def server():
    async with NewsServer() as running:
        yield running


@pytest.fixture
async def fetch(server):
    allow = AllowList.parse([f"127.0.0.1:{server.port}"])
    async with HttpFetcher(user_agent="Wirebrief test", allow=allow) as fetcher:

        async def call(path: str, **request):
            url = path if "://" in path else server.url(path)
            return await fetcher.fetch(FetchRequest(url=url, **request))

        yield call


async def refused(fetch, path: str, **request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(path, **request)
    assert not caught.value.message.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("identity", bytes)],
)
async def test_every_usual_encoding_is_undone(server, fetch, encoding, pack):
    server.page(
        "/a",
        pack(b"news " * 1000),
        Content_Encoding=encoding,
        Content_Type="text/html; charset=koi8-r",
        ETag='"1"',
    )
    result = await fetch("/a")
    assert result.body == b"news " * 1000
    assert (result.content_type, result.charset, result.etag) == ("text/html", "koi8-r", '"1"')
    assert server.requests[0].headers["User-Agent"] == "Wirebrief test"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", lambda b: gzip.compress(b, 9)), ("br", brotli.compress), ("deflate", zlib.compress)],
)
async def test_a_bomb_is_too_large_before_it_is_unpacked(server, fetch, encoding, pack):
    server.page("/bomb", pack(bytes(30 * 2**20)), Content_Encoding=encoding)
    assert (await refused(fetch, "/bomb", max_bytes=2**20)).reason == "too_large"


async def test_stacked_encodings_are_refused(server, fetch):
    server.page("/double", gzip.compress(gzip.compress(b"x")), Content_Encoding="gzip, gzip")
    assert (await refused(fetch, "/double")).reason == "encoding"


async def test_damaged_compression_is_named(server, fetch):
    server.page("/bad", b"this is no gzip", Content_Encoding="gzip")
    assert (await refused(fetch, "/bad")).reason == "encoding"


async def test_a_body_over_the_cap_is_cut_off(server, fetch):
    server.page("/big", bytes(2**20))
    assert (await refused(fetch, "/big", max_bytes=1000)).reason == "too_large"


async def test_an_unchanged_document_costs_nothing(server, fetch):
    async def answer(request):
        return web.Response(status=304 if request.headers.get("If-None-Match") == '"v1"' else 200, body=b"")

    server.answers["/feed"] = answer
    assert (await fetch("/feed", etag='"v1"')).status == 304


async def test_only_a_wholly_permanent_redirect_is_remembered(server, fetch):
    server.page("/old", status=301, Location="/mid")
    server.page("/mid", status=308, Location="/new")
    server.page("/temporary", status=302, Location="/old")
    server.page("/new", b"x")
    assert (await fetch("/old")).moved_to == server.url("/new")
    found = await fetch("/temporary")
    assert (found.url, found.moved_to) == (server.url("/new"), "")


async def test_redirects_end(server, fetch):
    server.page("/loop", status=302, Location="/loop")
    for i in range(9):
        server.page(f"/r{i}", status=302, Location=f"/r{i + 1}")
    assert (await refused(fetch, "/loop")).reason == "redirects"
    assert (await refused(fetch, "/r0")).reason == "redirects"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_private_network_is_refused(server, fetch, code):
    server.page("/out", status=code, Location="http://127.0.0.1:9/secret")
    with pytest.raises(BlockedAddress):
        await fetch("/out")


async def test_a_name_that_resolves_to_loopback_is_refused_as_it_connects(server):
    async with HttpFetcher(user_agent="x", allow=AllowList()) as fetcher:
        # The text of the address looks public; what it resolves to is judged when the socket is made.
        fetcher._session.connector._resolver = Rebinding()
        with pytest.raises(BlockedAddress):
            await fetcher.fetch(FetchRequest(url="http://rebound.example/"))
    assert server.requests == []


class Rebinding:
    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "unauthorised"),
        (403, "forbidden"),
        (404, "not_found"),
        (410, "gone"),
        (418, "http"),
        (429, "too_many"),
        (500, "server"),
    ],
)
async def test_each_refusal_says_what_to_do(server, fetch, status, reason):
    server.page("/no", status=status, Retry_After="120")
    error = await refused(fetch, "/no")
    assert (error.reason, error.status, bool(error.hint)) == (reason, status, True)
    assert error.retry_after == (120 if status == 429 else None)


@pytest.mark.parametrize(
    ("header", "seconds"), [("public, max-age=600", 600), ("no-store", None), ("max-age=99999999", 86_400)]
)
async def test_caching_headers_are_read_and_bounded(server, fetch, header, seconds):
    server.page("/c", b"x", Cache_Control=header)
    assert (await fetch("/c")).max_age == seconds


async def test_one_deadline_ends_a_server_that_sends_a_byte_at_a_time(server, fetch):
    async def drip(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.02)

    server.answers["/drip"] = drip
    assert (await refused(fetch, "/drip", deadline=0.3)).reason == "timeout"


async def test_a_body_that_breaks_off_is_no_document(server, fetch):
    async def cut(request):
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        request.transport.close()
        return response

    server.answers["/cut"] = cut
    assert (await refused(fetch, "/cut")).reason in {"cut", "connection"}


async def test_a_host_gets_one_request_at_a_time(server, fetch):
    running, most = 0, 0

    async def slow(_request):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return web.Response(body=b"x")

    for i in range(5):
        server.answers[f"/{i}"] = slow
    await asyncio.gather(*(fetch(f"/{i}") for i in range(5)))
    assert most == 1
