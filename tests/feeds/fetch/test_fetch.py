"""Fetching: bounded whatever the server does, and every failure one sentence."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.errors import BlockedAddress, FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.decoding import decoder_for
from bot.feeds.fetch.fetch import HttpFetcher
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


MISLABELLED = b"<?xml version='1.0'?><rss>" + b"news " * 3000


@pytest.mark.parametrize("stated", ["", "identity", "deflate", "br", "utf-8"])
async def test_gzip_that_is_called_something_else_is_unpacked(server, fetch, stated):
    headers = {"Content_Encoding": stated} if stated else {}
    server.page("/feed.xml.gz", gzip.compress(MISLABELLED), Content_Type="application/x-gzip", **headers)
    assert (await fetch("/feed.xml.gz")).body == MISLABELLED


@pytest.mark.parametrize("stated", ["gzip", "deflate", "br"])
async def test_markup_that_is_called_packed_is_read_as_it_is(server, fetch, stated):
    server.page("/feed", MISLABELLED, Content_Encoding=stated)
    assert (await fetch("/feed")).body == MISLABELLED


async def test_a_hidden_bomb_is_too_large_before_it_is_unpacked(server, fetch):
    server.page("/bomb", gzip.compress(b"0" * 40 * 2**20, 9))
    with pytest.raises(FetchError, match="larger than"):
        await fetch("/bomb")


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
    ("asked", "least", "most"),
    [
        ("7", 7, 7),
        ("999999999", 86_400, 86_400),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0),
    ],
    ids=["seconds", "too many seconds", "a past date"],
)
async def test_retry_after_is_read_as_seconds(server, fetch, asked, least, most):
    server.page("/busy", status=503, Retry_After=asked)
    assert least <= (await refused(fetch, "/busy")).retry_after <= most


async def test_retry_after_is_read_as_a_date(server, fetch):
    asked = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    server.page("/busy", status=503, Retry_After=asked)
    assert 7000 <= (await refused(fetch, "/busy")).retry_after <= 7200


@pytest.mark.parametrize("asked", ["", "soon", "-5", "²", "Thu, 99 Foo 9999 99:99:99", "1e9"])
async def test_a_retry_after_that_says_nothing_is_ignored(server, fetch, asked):
    server.page("/busy", status=429, Retry_After=asked)
    assert (await refused(fetch, "/busy")).retry_after is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("public, max-age=600", 600),
        ('max-age="60"', 60),
        ("no-store", None),
        ("no-cache, max-age=600", None),
        ("max-age=99999999", 86_400),
        ("max-age=²", None),
        ("max-age=-1", None),
    ],
)
async def test_caching_headers_are_read_and_bounded(server, fetch, header, seconds):
    server.page("/c", b"x", Cache_Control=header)
    assert (await fetch("/c")).max_age == seconds


async def test_expires_counts_by_the_servers_own_clock(server, fetch):
    server.page("/e", b"x", Date="Mon, 01 Jan 2029 10:00:00 GMT", Expires="Mon, 01 Jan 2029 11:00:00 GMT")
    assert (await fetch("/e")).max_age == 3600


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Text/HTML; a=b; Charset="UTF-8"', ("text/html", "utf-8")),
        ("application/rss+xml", ("application/rss+xml", "")),
        ("text/xml;charset=<script>", ("text/xml", "")),
        (";;;", ("", "")),
    ],
)
async def test_the_media_type_and_charset_are_read_from_any_header(server, fetch, header, expected):
    server.page("/t", b"x", Content_Type=header)
    result = await fetch("/t")
    assert (result.content_type, result.charset) == expected


async def test_validators_that_cannot_be_sent_back_are_left_out(server, fetch):
    server.page("/v", b"x", ETag="é" * 9, Last_Modified="x" * 600)
    result = await fetch("/v", etag='"a\r\nX: 1"', last_modified="née")
    assert (result.etag, result.last_modified) == ("", "")
    assert not {"If-None-Match", "If-Modified-Since", "X"} & set(server.requests[0].headers)


async def test_an_unasked_304_is_no_document(server, fetch):
    server.page("/n", status=304)
    assert (await refused(fetch, "/n")).status == 304


async def test_packing_that_breaks_off_is_no_document(server, fetch):
    server.page("/half", gzip.compress(b"news " * 1000)[:-9], Content_Encoding="gzip")
    assert (await refused(fetch, "/half")).reason == "cut"


async def test_encodings_stacked_in_separate_headers_are_refused(server, fetch):
    async def answer(_request):
        headers = CIMultiDict([("Content-Encoding", "gzip"), ("Content-Encoding", "br")])
        return web.Response(body=b"x", headers=headers)

    server.answers["/two"] = answer
    assert (await refused(fetch, "/two")).reason == "encoding"


async def test_cookies_are_neither_kept_nor_sent(server, fetch):
    server.page("/c", b"x", Set_Cookie="id=1; Path=/")
    await fetch("/c")
    await fetch("/c")
    assert "Cookie" not in server.requests[1].headers


async def test_a_circle_of_redirects_is_named(server, fetch):
    server.page("/a", status=302, Location="/b")
    server.page("/b", status=302, Location="/a")
    server.page("/void", status=302)
    assert "circle" in (await refused(fetch, "/a")).message
    assert (await refused(fetch, "/void")).reason == "redirects"


async def test_encryption_that_fails_is_named(server, fetch):
    assert (await refused(fetch, server.url("/").replace("http:", "https:"))).reason == "no_tls"


async def test_a_port_where_nothing_listens_is_named(server, unused_tcp_port):
    host = f"127.0.0.1:{unused_tcp_port}"
    async with HttpFetcher(user_agent="x", allow=AllowList.parse([host])) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=f"http://{host}/"))
    assert caught.value.reason == "connect"


@pytest.mark.parametrize("raw", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"])
async def test_what_is_no_web_server_is_named(raw):
    async def talk(_reader, writer):
        writer.write(raw)
        writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    host = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, HttpFetcher(user_agent="x", allow=AllowList.parse([host])) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url=f"http://{host}/"))
    assert caught.value.reason in {"protocol", "connection"}
    assert host not in str(caught.value)


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


@pytest.mark.slow
async def test_waiting_for_a_hosts_turn_does_not_use_up_the_deadline(server, fetch):
    async def slow(_request):
        await asyncio.sleep(0.1)
        return web.Response(body=b"x")

    server.answers["/slow"] = slow
    # One takes a twentieth of the deadline; all of them take longer than it, one after the other.
    found = await asyncio.gather(*(fetch("/slow", deadline=2.0) for _ in range(25)))
    assert [result.body for result in found] == [b"x"] * 25


async def test_those_who_wait_for_a_silent_host_give_up_with_it(server, fetch):
    async def silent(_request):
        await asyncio.Event().wait()

    server.answers["/silent"] = silent
    server.page("/fine", b"x")
    errors = await asyncio.gather(*(refused(fetch, "/silent", deadline=0.1) for _ in range(10)))
    assert [e.reason for e in errors] == ["timeout"] * 3 + ["busy"] * 7
    assert (await fetch("/fine")).body == b"x"


async def test_nothing_is_remembered_of_hosts_that_are_done_with(server):
    async with HttpFetcher(user_agent="x", allow=AllowList.parse([f"127.0.0.1:{server.port}"])) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(FetchRequest(url=server.url("/none")))
        assert fetcher._hosts == {}


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize("body", [b"", b"a", bytes(300_000), random.Random(7).randbytes(70_000)], ids=len)
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("gzip", lambda b: gzip.compress(b[:9]) + gzip.compress(b[9:])),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
    ],
)
@pytest.mark.parametrize("step", [7, 65_536])
def test_a_body_is_unpacked_the_same_however_it_is_cut_on_the_wire(body, encoding, pack, step):
    data = pack(body)

    def unpack(data):
        decoder = decoder_for([encoding])
        pieces = [p for i in range(0, len(data), step) for p in decoder.feed(data[i : i + step])]
        return b"".join(pieces), decoder.whole()

    assert unpack(data) == (body, True)
    if len(data) > 1:
        assert not unpack(data[:-1])[1]


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
