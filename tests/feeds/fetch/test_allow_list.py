"""The allow list: each entry opens what it names, at its ports."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.errors import BlockedAddress, ConfigError
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList, literal_address
from bot.feeds.fetch.guard import check_url
from tests.support.running.rows import each_row


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


@each_row(
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


@each_row(
    "entry", ["a.example:0", "a.example:65536", "a.example:", "a.example:٨٠", "a.example:+80", "[::1", "[::1]80", "[::1]x:80", "a:b:80"]
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_a_mistake(entry):
    with pytest.raises(ConfigError, match="is no host, host:port or network"):
        AllowList.parse([entry])


def test_a_name_is_listed_for_its_ports_and_for_all_with_a_star():
    listed = AllowList.parse(["feeds.corp:8080", "any.corp:*", "10.0.0.0/8:*"])
    assert [listed.names("feeds.corp", port=port) for port in (8080, 80)] == [True, False]
    assert [listed.names("any.corp", port=port) for port in (1, 8080)] == [True, True]
    assert [listed.named_or_covered(at, literal_address(at), port=1) for at in ("10.1.1.1", "11.1.1.1")] == [True, False]  # fmt: skip
