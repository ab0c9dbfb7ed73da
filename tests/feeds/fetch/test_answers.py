"""What a status and the headers of a server mean."""

from __future__ import annotations

import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from yarl import URL

from bot.errors import FetchError
from bot.feeds.fetch.answers import (
    MAX_SERVER_WAIT_SECONDS,
    MAX_VALIDATOR_CHARS,
    caching_seconds,
    in_words,
    media_type,
    refusal,
    refuse_media,
    seconds_until,
    validator,
)
from tests.feeds.fetch.refusing import refused

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize(
    "given", ["video/mp4", "image/svg+xml", "audio/mpeg; x=y", "application/zip", "FONT/woff2"]
)
async def test_what_holds_no_text_is_refused_before_its_body(server, fetch, given):
    server.page("/", bytes(2**20), Content_Type=given)
    assert (await refused(fetch, "/")).reason == "media"


@pytest.mark.parametrize(
    "status", [204, 300, 401, 402, 403, 404, 406, 407, 408, 410, 429, 451, 500, 503, 599, 600]
)
def test_every_refusal_is_a_sentence_with_a_hint_and_waits_only_where_a_server_is_busy(status):
    error = refusal(status, retry_after="7")
    assert error.message[0].isupper()
    assert not error.message.endswith(".")
    assert error.hint
    assert (error.status, error.retry_after) == (status, 7 if status in {429, 503} else None)


def test_statuses_of_a_faulty_server_and_unknown_ones_are_told_apart():
    assert [refusal(s, retry_after="").reason for s in (499, 500, 502)] == ["http", "server", "server"]
    assert refusal(418, retry_after="").message == "The address answered with status 418"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (" 7 ", 7),
        ("0", 0),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 11, 86_400),
        ("9" * 12, None),
        ("-1", None),
    ],
)
def test_a_number_of_seconds_is_believed_for_a_day(text, seconds):
    assert seconds_until(text) == seconds


def test_a_date_without_a_zone_is_in_utc_and_one_far_ahead_is_a_day():
    ahead = datetime.now(UTC) + timedelta(hours=2)
    assert 7100 <= seconds_until(format_datetime(ahead.replace(tzinfo=None))) <= 7200
    assert seconds_until("Mon, 01 Jan 2999 10:00:00 GMT") == MAX_SERVER_WAIT_SECONDS


def test_the_first_directive_decides_how_long_a_document_may_be_kept():
    assert caching_seconds({"Cache-Control": "max-age=60, max-age=600"}) == 60
    assert caching_seconds({"Cache-Control": "Public , MAX-AGE=60"}) == 60
    assert caching_seconds({}) is None
    dates = {"Date": "Mon, 01 Jan 2029 10:00:00 GMT", "Expires": "Mon, 01 Jan 2029 09:00:00 GMT"}
    assert caching_seconds(dates) == 0
    assert caching_seconds(dates | {"Cache-Control": "private"}) == 0


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "font/woff2", "model/obj"])
def test_what_holds_no_text_is_refused_by_its_name(kind):
    with pytest.raises(FetchError) as caught:
        refuse_media(kind)
    assert caught.value.reason == "media"


@pytest.mark.parametrize(
    "kind", ["text/html", "application/pdf", "application/x-gzip", "", "application/octet-stream"]
)
def test_what_may_hold_a_text_is_read(kind):
    refuse_media(kind)


def test_a_charset_is_kept_where_it_is_a_plain_name_of_usual_length():
    assert media_type("text/html; charset=" + "a" * 40) == ("text/html", "a" * 40)
    assert media_type("text/html; charset=" + "a" * 41) == ("text/html", "")
    assert media_type("text/html; charset=utf-8; charset=koi8-r")[1] == "utf-8"
    assert media_type("text/\x00; charset=utf_8") == ("", "utf_8")


def test_a_validator_is_kept_up_to_its_limit():
    assert validator("x" * MAX_VALIDATOR_CHARS) == "x" * MAX_VALIDATOR_CHARS
    assert validator("x" * (MAX_VALIDATOR_CHARS + 1)) == ""
    assert validator("a\nb") == ""


KEY = ConnectionKey("h", 80, False, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aiohttp.ClientProxyConnectionError(KEY, OSError(errno.ECONNREFUSED, "10.0.0.7 is silent")), "proxy"),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(socket.EAI_NONAME, "10.0.0.7 is silent")), "dns"),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("10.0.0.7 is silent")), "tls"),
        (aiohttp.ClientConnectorSSLError(KEY, OSError(1, "10.0.0.7 is silent")), "no_tls"),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.ECONNREFUSED, "10.0.0.7 is silent")), "connect"),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.EHOSTUNREACH, "10.0.0.7 is silent")), "connect"),
        (aiohttp.ClientPayloadError("10.0.0.7 is silent"), "cut"),
        (aiohttp.InvalidURL("10.0.0.7 is silent"), "bad_url"),
        (aiohttp.ServerDisconnectedError(), "connection"),
        (aiohttp.ClientOSError(errno.ECONNRESET, "10.0.0.7 is silent"), "connection"),
    ],
)
def test_a_failed_exchange_is_told_without_a_word_of_the_network_behind(error, reason):
    told = in_words(error)
    assert told.reason == reason
    assert told.hint
    assert "10.0.0.7" not in f"{told.message} {told.hint}"


def test_a_host_that_refuses_and_one_that_is_not_reached_are_told_apart():
    refuses, away = (
        in_words(aiohttp.ClientConnectorError(KEY, OSError(code, "no"))).message
        for code in (errno.ECONNREFUSED, errno.EHOSTUNREACH)
    )
    assert (refuses, away) == ("The host does not accept connections", "The host cannot be reached")


@pytest.mark.parametrize(
    ("status", "says"), [(407, "asks for a user and password"), (502, "let the request through")]
)
def test_what_a_proxy_answers_is_told_as_the_proxys(status, says):
    request = aiohttp.RequestInfo(URL("http://p"), "GET", {}, URL("http://p"))
    error = in_words(aiohttp.ClientHttpProxyError(request, (), status=status))
    assert (error.reason, error.status) == ("proxy", status)
    assert says in error.message
