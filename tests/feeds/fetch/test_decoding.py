"""Content encodings: undone piece by piece, named where they cannot be."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest

from bot.errors import FetchError
from bot.feeds.fetch.decoding import DECODED_STEP_BYTES, MAX_GZIP_MEMBERS, decoder_for
from tests.feeds.fetch.refusing import refused

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
def test_a_bomb_is_given_out_in_small_pieces(encoding, pack):
    pieces = decoder_for([encoding]).feed(pack(bytes(2**22)))
    assert all(len(piece) <= 4 * DECODED_STEP_BYTES for piece in pieces)


def test_members_of_gzip_are_counted():
    most = decoder_for(["gzip"])
    assert b"".join(most.feed(gzip.compress(b"x") * MAX_GZIP_MEMBERS)) == b"x" * MAX_GZIP_MEMBERS
    with pytest.raises(FetchError) as caught:
        list(decoder_for(["gzip"]).feed(gzip.compress(b"x") * (MAX_GZIP_MEMBERS + 1)))
    assert caught.value.reason == "encoding"
    padded = decoder_for(["gzip"])
    assert b"".join(padded.feed(gzip.compress(b"news") + bytes(99))) == b"news"
    assert padded.whole()


@pytest.mark.parametrize("headers", [["zstd"], ["gzip", "br"], ["gzip, gzip"]])
def test_what_is_not_undone_is_refused(headers):
    with pytest.raises(FetchError) as caught:
        decoder_for(headers)
    assert caught.value.reason == "encoding"


@pytest.mark.parametrize("headers", [[], [""], ["identity, none"], ["binary", "UTF-8"]])
def test_what_is_called_packed_in_no_way_is_read_as_it_is(headers):
    decoder = decoder_for(headers)
    assert b"".join(decoder.feed(b"news")) == b"news"
    assert decoder.whole()
