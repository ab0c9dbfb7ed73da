"""The guard: no address that is not public is ever connected to, however it is written."""

from __future__ import annotations

import contextlib
import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress, ConfigError, FetchError
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList
from bot.feeds.fetch.guard import ConnectGuard, check_url, connecting_to, is_public, ports_for
from bot.feeds.fetch.special_addresses import NAT64
from bot.flows.ingest.feed_discovery import feed_at
from tests.feeds.fetch.registries import BLOCKS, PUBLIC, sample

NOTHING = AllowList()


@pytest.mark.parametrize("block", BLOCKS)
def test_every_special_block_is_refused_from_its_first_to_its_last_address(block):
    for address in sample(block):
        assert not is_public(address) or address in NAT64, address


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert is_public(address)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "http://user:pw@a.example/", "http://2130706433/", "http://0x7f.1/",
     "http://0177.0.0.1/", "http:///x", "http://a b/", "javascript:alert(1)", "http://a.example:99999/", "x" * 5000],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises(FetchError):
        check_url(url, allow=NOTHING)


EMBEDDED = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200", "168.63.129.16"]


@pytest.mark.parametrize("inner", EMBEDDED)
@pytest.mark.parametrize(
    ("prefix", "shift"),
    [
        ("::", 0),
        ("::ffff:0:0", 0),
        ("::ffff:0:0:0", 0),
        ("64:ff9b::", 0),
        ("64:ff9b:1::", 0),
        ("2002::", 80),
        ("2001::", 0),
        ("2a00:1450::5efe:0:0", 0),
        ("2a00:1450::200:5efe:0:0", 0),
    ],
)
def test_a_private_address_inside_an_ipv6_one_is_refused(prefix, shift, inner):
    assert not is_public(ip_address(int(ip_address(prefix)) | int(ip_address(inner)) << shift))


def test_networks_without_ipv4_reach_public_addresses_through_nat64():
    assert is_public("64:ff9b::8.8.8.8")


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "08.8.8.8", "fe80::1%eth0", "8.8.8.8/32"])
def test_what_is_no_plain_address_is_not_public(text):
    assert not is_public(text)


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


@pytest.mark.parametrize(
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


def test_what_the_operator_allows_passes_on_its_port_alone():
    allow = AllowList.parse(["127.0.0.1:8080", "feeds.corp"])
    assert check_url("http://127.0.0.1:8080/x", allow=allow) == "http://127.0.0.1:8080/x"
    assert check_url("https://feeds.corp/x", allow=allow)
    for url in ("http://127.0.0.1:8081/", "http://127.0.0.1/", "http://feeds.corp:81/"):
        with pytest.raises(BlockedAddress):
            check_url(url, allow=allow)


def test_every_wrong_entry_of_an_allow_list_is_named():
    with pytest.raises(ConfigError) as caught:
        AllowList.parse(["a b", "ok.corp", "x:99999"])
    assert len(caught.value.problems) == 2


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
