"""The guard: no address that is not public is ever connected to, however it is written."""

from __future__ import annotations

import contextlib
import socket
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress, ConfigError, FetchError
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList
from bot.feeds.fetch.guard import READ_BYTES, ConnectGuard, check_url, connecting_to, is_public, ports_for
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


def test_an_address_has_4096_characters_at_most():
    longest = "https://a.example/".ljust(4096, "x")
    assert check_url(longest, allow=NOTHING) == longest
    with pytest.raises(FetchError, match="longer than 4096 characters") as caught:
        check_url(longest + "x", allow=NOTHING)
    assert caught.value.reason == "bad_url"


@pytest.mark.parametrize(
    ("entry", "hosts", "networks"),
    [
        ("feeds.corp", (("feeds.corp", WEB_PORTS),), ()),
        ("Feeds.Corp:8080", (("feeds.corp", frozenset({8080})),), ()),
        ("feeds.corp:*", (("feeds.corp", None),), ()),
        ("feeds.corp:1", (("feeds.corp", frozenset({1})),), ()),
        ("feeds.corp:65535", (("feeds.corp", frozenset({65535})),), ()),
        ("10.0.0.0/8", (), ((ip_network("10.0.0.0/8"), WEB_PORTS),)),
        ("10.0.0.1:81", (), ((ip_network("10.0.0.1/32"), frozenset({81})),)),
        ("::1", (), ((ip_network("::1"), WEB_PORTS),)),
        ("[::1]", (), ((ip_network("::1"), WEB_PORTS),)),
        ("[fd00::]:81", (), ((ip_network("fd00::"), frozenset({81})),)),
        ("fd00::/8", (), ((ip_network("fd00::/8"), WEB_PORTS),)),
    ],
)
def test_an_entry_of_the_allow_list_goes_with_its_ports(entry, hosts, networks):
    assert AllowList.parse([entry]) == AllowList(hosts=hosts, networks=networks)


@pytest.mark.parametrize(
    "entry", ["a.example:0", "a.example:65536", "a.example:", "a.example:٨٠", "a.example:+80", "[::1", "[::1]80", "[::1]x:80", "a:b:80"]
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_a_mistake(entry):
    with pytest.raises(ConfigError, match="is no host, host:port or network"):
        AllowList.parse([entry])


def test_a_name_is_listed_for_its_ports_and_for_all_with_a_star():
    listed = AllowList.parse(["feeds.corp:8080", "any.corp:*", "10.0.0.0/8:*"])
    assert [listed.names("feeds.corp", port=port) for port in (8080, 80)] == [True, False]
    assert [listed.names("any.corp", port=port) for port in (1, 8080)] == [True, True]
    assert [listed.named_or_covered("10.1.1.1", port=1), listed.named_or_covered("11.1.1.1", port=1)] == [True, False]  # fmt: skip


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


@pytest.mark.parametrize("address", ["64:ff9b::a9fe:a9fe", "2a00:1450::5efe:a9fe:a9fe"])
def test_an_allowed_name_reaches_no_metadata_inside_an_ipv6_address(address):
    assert not ConnectGuard(allow=AllowList.parse(["feeds.corp"])).permits(address, 80, host="feeds.corp")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("2a00:1450::5efe:808:808", True), ("2a00:1450::200:5efe:808:808", True), ("2a00:1450::5eff:7f00:1", True), ("2a00:1450::200:5eff:7f00:1", True),
        ("2a00:1450::200:5efd:7f00:1", True), ("2a00:1450::5efd:7f00:1", True), ("2a00:1450::5efe:7f00:1", False), ("2a00:1450::200:5efe:7f00:1", False),
        ("4000::1", False), ("1000::1", False), ("2001:db8::1", False), ("fd20:ce::254", False), ("64:ff9b:1::1", False), ("64:ff9b::808:808", True),
    ],
)  # fmt: skip
def test_an_ipv6_address_is_public_with_what_it_carries(address, public):
    assert is_public(address) is public
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "address", ["10.255.255.255", "100.64.0.1", "192.0.0.9", "192.0.2.1", "192.31.196.1", "192.168.255.1", "224.0.0.1", "239.255.255.255"]
)  # fmt: skip
def test_a_special_ipv4_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
