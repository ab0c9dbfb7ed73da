"""The guard: no address that is not public is ever connected to, however it is written."""

from __future__ import annotations

import random
from ipaddress import ip_address, ip_network

import pytest

from bot.errors import BlockedAddress, ConfigError, FetchError
from bot.feeds.guard import AllowList, check_url, is_public
from bot.feeds.special_addresses import SPECIAL_V4, SPECIAL_V6

NOTHING = AllowList()


@pytest.mark.parametrize("block", [*SPECIAL_V4, *SPECIAL_V6], ids=str)
def test_every_special_block_is_refused_from_its_first_to_its_last_address(block):
    network = ip_network(block)
    chance = random.Random(str(network))
    last = int(network.broadcast_address)
    numbers = [int(network.network_address), last]
    numbers += [chance.randint(int(network.network_address), last) for _ in range(100)]
    for number in numbers:
        address = ip_address(number) if network.version == 4 else ip_address(number.to_bytes(16, "big"))
        assert not is_public(address), address


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2001:4860:4860::8888"]
)
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
