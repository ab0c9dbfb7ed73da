"""One response: within its limits, whole, and what is kept of its head."""

from __future__ import annotations

import gzip

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.feeds.fetch.response import redirect_error
from tests.feeds.fetch.refusing import refused

pytestmark = pytest.mark.slow


async def test_a_body_over_the_cap_is_cut_off(server, fetch):
    server.page("/big", bytes(2**20))
    assert (await refused(fetch, "/big", max_bytes=1000)).reason == "too_large"


async def test_an_unchanged_document_costs_nothing(server, fetch):
    async def answer(request):
        return web.Response(status=304 if request.headers.get("If-None-Match") == '"v1"' else 200, body=b"")

    server.answers["/feed"] = answer
    assert (await fetch("/feed", etag='"v1"')).status == 304


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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_without_a_target_is_named(server, fetch, status):
    server.page("/nowhere", status=status)
    error = await refused(fetch, "/nowhere")
    assert (error.reason, error.message) == ("redirects", "The address redirects without saying where")
    assert redirect_error("x").hint == error.hint


async def test_a_limit_is_told_in_a_readers_units(server, fetch):
    server.page("/big", bytes(2**21))
    assert (await refused(fetch, "/big", max_bytes=2**20)).message == "The document is larger than 1 MiB"
    assert (await refused(fetch, "/big", max_bytes=999)).message == "The document is larger than 999 bytes"
    server.page("/packed", gzip.compress(bytes(2000)), Content_Encoding="gzip")
    assert (await fetch("/packed", max_bytes=2000)).body == bytes(2000)
    assert (await refused(fetch, "/packed", max_bytes=1999)).reason == "too_large"


async def test_a_target_with_raw_letters_is_followed(server, fetch):
    async def answer(_request):
        return web.Response(status=302, headers={"Location": "/größe"})

    server.answers["/old"] = answer
    server.page("/größe", b"news")
    assert (await fetch("/old")).body == b"news"
