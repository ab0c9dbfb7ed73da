"""Fetching: bounded whatever the server does, and every failure one sentence."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.errors import BlockedAddress, FetchError
from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.fetch import HttpFetcher
from bot.ports import FetchRequest
from tests.feeds.fetch.refusing import refused

pytestmark = pytest.mark.slow


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
