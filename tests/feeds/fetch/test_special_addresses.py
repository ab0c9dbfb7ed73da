"""Special addresses: no block of them is public, also where one is carried inside another."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from bot.feeds.fetch.allow_list import AllowList
from bot.feeds.fetch.guard import ConnectGuard, is_public
from bot.feeds.fetch.special_addresses import NAT64
from tests.feeds.fetch.registries import BLOCKS, PUBLIC, sample
from tests.support.running.rows import each_row


def test_every_special_block_is_refused_from_its_first_to_its_last_address():
    let_through = [a for block in BLOCKS for a in sample(block) if is_public(a) and a not in NAT64]
    assert let_through == []


def test_public_addresses_pass():
    assert [address for address in PUBLIC if not is_public(address)] == []


EMBEDDED = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200", "168.63.129.16"]


@each_row(
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
def test_a_private_address_inside_an_ipv6_one_is_refused(prefix, shift):
    for inner in EMBEDDED:
        assert not is_public(ip_address(int(ip_address(prefix)) | int(ip_address(inner)) << shift)), inner


def test_networks_without_ipv4_reach_public_addresses_through_nat64():
    assert is_public("64:ff9b::8.8.8.8")


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "08.8.8.8", "fe80::1%eth0", "8.8.8.8/32"])
def test_what_is_no_plain_address_is_not_public(text):
    assert not is_public(text)


@pytest.mark.parametrize("address", ["64:ff9b::a9fe:a9fe", "2a00:1450::5efe:a9fe:a9fe"])
def test_an_allowed_name_reaches_no_metadata_inside_an_ipv6_address(address):
    assert not ConnectGuard(allow=AllowList.parse(["feeds.corp"])).permits(address, 80, host="feeds.corp")


@each_row(
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


@each_row(
    "address", ["10.255.255.255", "100.64.0.1", "192.0.0.9", "192.0.2.1", "192.31.196.1", "192.168.255.1", "224.0.0.1", "239.255.255.255"]
)  # fmt: skip
def test_a_special_ipv4_address_is_not_public(address):
    assert not is_public(address)
