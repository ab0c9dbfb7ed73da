"""The guard: no address that is not public is ever connected to, however it is written."""

from __future__ import annotations

import contextlib
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress, FetchError
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList
from bot.feeds.fetch.guard import READ_BYTES, ConnectGuard, check_url, connecting_to, no_such_host, ports_for
from bot.flows.ingest.feed_discovery import feed_at
from bot.language.text_cache import open_text_caches
from tests.support.running.rows import each_row

NOTHING = AllowList()


def test_a_name_that_leads_nowhere_is_told_as_one_that_is_not_known():
    error = no_such_host()
    assert error.reason == "dns"
    assert "no public web server of that name" in str(error)
    assert "under [fetch] allow" in error.hint


@each_row(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://10.0.0.1/", "http://intranet/", "http://printer.local/",
        "http://metadata.google.internal/", "http://0.0.0.0/", "http://100.100.100.200/", "http://[fd00::1]/", "http://example.com:22/",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_in_words_that_say_nothing_of_the_network(url):
    with pytest.raises(BlockedAddress) as caught:
        check_url(url, allow=NOTHING)
    assert "127" not in str(caught.value)


@each_row(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "http://user:pw@a.example/", "http://2130706433/", "http://0x7f.1/",
     "http://0177.0.0.1/", "http:///x", "http://a b/", "javascript:alert(1)", "http://a.example:99999/", "x" * 5000, "http://a.example/half\ud83d"],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises(FetchError):
        check_url(url, allow=NOTHING)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.COM:443", "https://example.com/"),
        ("http://example.com.:80/a?b=c#d", "http://example.com/a?b=c"),
        (" http://bücher.example/äö ", "http://xn--bcher-kva.example/%C3%A4%C3%B6"),
        ("http://example.com/a%2Fb?x=%20&y=[1]", "http://example.com/a%2Fb?x=%20&y=[1]"),
        ("http://[2606:4700:4700:0::1111]/", "http://[2606:4700:4700::1111]/"),
    ],
)
def test_an_address_is_normalised_without_changing_what_it_names(url, normal):
    assert check_url(url, allow=NOTHING) == normal
    assert check_url(normal, allow=NOTHING) == normal


@each_row(
    "url",
    ["http://127.1/", "http://0x7f000001/", "http://017700000001/", "http://127.0.0.01/", "http://１２７.０.０.１/",
     "http://127。0。0。1/", "http://127.0.0.1./", "http://example.com../", "http://[fe80::1%25eth0]/", "http://[::1/",
     "http://a.example%2f@127.0.0.1/", "http://a.example\\@127.0.0.1/", "http://%31%32%37.0.0.1/", "http://ex_a mple.com/",
     "http://a..example/", "http://" + "a" * 64 + ".example/", "http://" + "a." * 130 + "example/", "http://a.example:0x50/",
     "http://a.example\n.b/", "//a.example/", "http:a.example"],
)  # fmt: skip
def test_odd_ways_to_write_a_host_are_refused(url):
    with pytest.raises(FetchError):
        check_url(url, allow=NOTHING)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_a_refusal_in_words(text):
    for url in (text, f"http://{text}", f"https://a.example/{text}"):
        with contextlib.suppress(FetchError):
            normal = check_url(url, allow=NOTHING)
            assert normal.isascii()
            assert check_url(normal, allow=NOTHING) == normal


def row(address: str, port: int):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("feeds.corp", "feeds.corp", "10.0.0.7", 443),
        ("feeds.corp:8080", "feeds.corp", "fd12::7", 8080),
        ("10.0.0.0/8:*", "any.example", "10.9.9.9", 1234),
        ("[::1]:81", "", "::1", 81),
        ("a.example", "b.example", "8.8.8.8", 443),
    ],
)
def test_a_socket_is_made_for_what_is_public_or_allowed(entry, host, address, port):
    guard = ConnectGuard(allow=AllowList.parse([entry]))
    with connecting_to(host) as attempt, guard.socket(row(address, port)) as made:
        assert made.fileno() > 0
    assert not attempt.refused


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("feeds.corp", "other.corp", "10.0.0.7", 443),
        ("feeds.corp", "feeds.corp", "10.0.0.7", 8080),
        ("feeds.corp", "feeds.corp", "169.254.169.254", 80),
        ("feeds.corp", "feeds.corp", "fd00:ec2::254", 80),
        ("feeds.corp", "feeds.corp", "fe80::1%1", 80),
        ("10.0.0.0/8", "10.1.1.1", "11.0.0.1", 22),
        ("a.example", "b.example", "127.0.0.1", 80),
    ],
)
def test_no_socket_is_made_for_anything_else(entry, host, address, port):
    guard = ConnectGuard(allow=AllowList.parse([entry]))
    with connecting_to(host) as attempt, pytest.raises(OSError, match="refused"):
        guard.socket(row(address, port))
    assert attempt.refused


@pytest.mark.parametrize("port", [8080, 8443])
def test_an_operator_may_add_a_feed_at_two_more_ports_and_nobody_else(port):
    url = f"http://news.example:{port}/feed"
    assert feed_at(url, allow=NOTHING, operator=True).url == url
    with pytest.raises(BlockedAddress):
        feed_at(url, allow=NOTHING)
    with pytest.raises(BlockedAddress):
        check_url(url, allow=NOTHING)
    with pytest.raises(BlockedAddress):
        feed_at("http://news.example:3128/feed", allow=NOTHING, operator=True)
    with pytest.raises(BlockedAddress):
        feed_at(f"http://127.0.0.1:{port}/feed", allow=NOTHING, operator=True)


def test_what_is_remembered_of_an_address_decides_nothing():
    url = "http://10.1.2.3/feed"
    with open_text_caches():
        assert check_url(url, allow=AllowList.parse(["10.0.0.0/8"])) == url
        for _ in range(2):
            with pytest.raises(BlockedAddress):
                check_url(url, allow=NOTHING)
        assert check_url(url, allow=AllowList.parse(["10.1.2.3"])) == url


def test_a_feed_opens_its_own_port_and_no_other():
    assert ports_for("http://news.example:8080/feed") == WEB_PORTS | {8080}
    assert (
        ports_for("http://news.example/feed")
        == ports_for("http://news.example:3128/")
        == ports_for("http://[")
        == WEB_PORTS
    )
    guard = ConnectGuard(allow=NOTHING)
    for port, ports, allowed in (
        (8080, WEB_PORTS, False),
        (8080, WEB_PORTS | {8080}, True),
        (8443, WEB_PORTS | {8080}, False),
    ):
        assert guard.permits("93.184.216.34", port, host="news.example", ports=ports) is allowed
        assert not guard.permits("10.0.0.1", port, host="news.example", ports=ports)


def test_an_address_has_4096_characters_at_most():
    longest = "https://a.example/".ljust(4096, "x")
    assert check_url(longest, allow=NOTHING) == longest
    with pytest.raises(FetchError, match="longer than 4096 characters") as caught:
        check_url(longest + "x", allow=NOTHING)
    assert caught.value.reason == "bad_url"


def test_ports_are_those_of_the_host_that_is_asked_for():
    guard = ConnectGuard(allow=NOTHING)
    with connecting_to("a.example") as attempt, pytest.raises(OSError, match="refused"):
        guard.socket(row("8.8.8.8", 8080))
    assert (attempt.refused, attempt.ports) == (True, WEB_PORTS)
    ports = WEB_PORTS | {8080}
    with connecting_to("a.example", ports=ports) as attempt, guard.socket(row("8.8.8.8", 8080)):
        assert (attempt.refused, attempt.ports) == (False, ports)


def test_without_an_attempt_the_web_alone_is_open():
    guard = ConnectGuard(allow=AllowList.parse(["feeds.corp"]))
    with guard.socket(row("8.8.8.8", 443)) as made:
        assert (made.family, made.type) == (socket.AF_INET, socket.SOCK_STREAM)
    with guard.socket(row("2606:4700:4700::1111", 443)) as made:
        assert made.family == socket.AF_INET6
    for address, port in (("8.8.8.8", 8080), ("10.0.0.1", 443)):
        with pytest.raises(OSError, match="refused"):
            guard.socket(row(address, port))


def test_a_socket_gives_no_more_than_a_little_at_once():
    listener = socket.create_server(("127.0.0.1", 0))
    address, port = listener.getsockname()
    guard = ConnectGuard(allow=AllowList.parse([f"127.0.0.1:{port}"]))
    with listener, guard.socket(row(address, port)) as made:
        made.connect((address, port))
        other, _ = listener.accept()
        with other:
            other.sendall(b"x" * 3 * READ_BYTES)
            assert made.recv(10 * READ_BYTES, socket.MSG_WAITALL) == b"x" * READ_BYTES
            assert made.recv(10) == b"x" * 10
            buffer = bytearray(3 * READ_BYTES)
            assert made.recv_into(buffer, 20) == 20
            assert made.recv_into(buffer, 2 * READ_BYTES, socket.MSG_WAITALL) == READ_BYTES
            assert 20 < made.recv_into(buffer) <= READ_BYTES


def test_what_is_no_address_is_not_connected_to():
    allowing = ConnectGuard(allow=AllowList.parse(["feeds.corp:*", "0.0.0.0/0:*"]))
    assert allowing.permits("feeds.corp", 80, host="feeds.corp") is False


@each_row(
    ("url", "normal"),
    [
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://a.example:80/", "https://a.example:80/"),
        ("https://a.example/?", "https://a.example/"),
        ("http://a.example/%/:@!$&'()*+,;=~?[]|x", "http://a.example/%/:@!$&'()*+,;=~?[]|x"),
        ("http://a_b-c.example/", "http://a_b-c.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://1.example.x0x/", "http://1.example.x0x/"),
        ("http://7.a1/", "http://7.a1/"),
    ],
)
def test_a_usable_address_stays_what_it_is(url, normal):
    assert check_url(url, allow=NOTHING) == normal


@pytest.mark.parametrize("host", ["a" * 63 + ".example", ".".join(["a" * 49] * 5) + ".abc"])
def test_the_longest_hosts_are_hosts(host):
    assert check_url(f"http://{host}/", allow=NOTHING) == f"http://{host}/"
    with pytest.raises(FetchError, match="names no host"):
        check_url(f"http://{'a' + host}/", allow=NOTHING)


@each_row(
    ("url", "reason"),
    [
        ("ftp://a.example/", "does not start with"),
        ("http://user:pw@a.example/", "a user name or password"),
        ("http://a b/", "spaces or control characters"),
        ("http://a.example\\.b/", "names no host"),
        ("http://a%2e.example/", "names no host"),
        ("http:///x", "names no host"),
        ("http://a..example/", "names no host"),
        ("http://.example/", "names no host"),
        ("http://" + "a." * 130 + "example/", "names no host"),
        ("http://a.0x7f/", "writes its host as a number"),
        ("http://a.1/", "writes its host as a number"),
        ("http://127.1/", "writes its host as a number"),
        ("http://[::g]/", "names no host|not a web address"),
        ("http://a.example:0x50/", "not a web address, or its port"),
    ],
)
def test_each_mistake_in_an_address_has_its_own_words(url, reason):
    with pytest.raises(FetchError, match=reason) as caught:
        check_url(url, allow=NOTHING)
    assert caught.value.reason == "bad_url"


@pytest.mark.parametrize("host", ["printer.corp", "nas.lan", "router.home.arpa", "corp", "a.localhost"])
def test_names_of_private_networks_are_refused(host):
    with pytest.raises(BlockedAddress, match="not on the public internet"):
        check_url(f"http://{host}/", allow=NOTHING)


def test_a_link_that_spells_an_address_for_nat64_is_refused_but_one_may_be_connected_to():
    with pytest.raises(BlockedAddress):
        check_url("http://[64:ff9b::808:808]/", allow=NOTHING)
    assert ConnectGuard(allow=NOTHING).permits("64:ff9b::808:808", 80, host="a.example")
