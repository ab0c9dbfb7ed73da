"""What opens a private feed is seen by nobody, wherever in its address it stands."""

from __future__ import annotations

import pytest

from bot.language.cleaning.public import MASK, public_address, public_text, secrets_in
from tests.support.running.rows import each_row

UUID = "7d1f3c52-0b7e-4a53-9d7e-2f6a1c9b8e04"

PRIVATE = [
    (f"https://app.example/private/{UUID}.rss", UUID, f"https://app.example/private/{MASK}"),
    (
        "https://cal.example/private-8c1f0e9a7b6d5c4e/basic.ics",
        "8c1f0e9a7b6d5c4e",
        f"https://cal.example/private-{MASK}/basic.ics",
    ),
    ("https://wiki.example/secret_hunter22/rss", "hunter22", f"https://wiki.example/secret_{MASK}/rss"),
    ("https://host/feed/a1b2c3d4e5f6a7b8c9d0/rss", "a1b2c3d4e5f6a7b8c9d0", f"https://host/feed/{MASK}/rss"),
    ("https://host/u/aB3-xY_9kLm0pQr7StUv/feed", "aB3-xY_9kLm0pQr7StUv", f"https://host/u/{MASK}/feed"),
    ("https://host/rss/QmFzZTY0VG9rZW4.xml", "QmFzZTY0VG9rZW4", f"https://host/rss/{MASK}"),
    ("https://host/f/hTgKpQwXzRvBnMlSdFcJ.atom", "hTgKpQwXzRvBnMlSdFcJ", f"https://host/f/{MASK}"),
    ("https://host/token/opensesame/feed", "opensesame", f"https://host/token/{MASK}/feed"),
    ("https://host/feed;key=opensesame", "opensesame", f"https://host/feed;key={MASK}"),
    ("https://host/rss%2Fprivate-8c1f0e9a7b6d5c4e", "8c1f0e9a7b6d5c4e", f"https://host/rss/private-{MASK}"),
    (
        f"https://{UUID.replace('-', '')}.feeds.example/rss",
        UUID.replace("-", ""),
        f"https://{MASK}.feeds.example/rss",
    ),
    ("https://host/feed?user=anna&auth_token=hunter22", "hunter22", "https://host/feed"),
    ("https://host/feed?k=8c1f0e9a7b6d5c4e", "8c1f0e9a7b6d5c4e", "https://host/feed"),
    ("https://me:hunter22@host:8443/feed#x", "hunter22", "https://host:8443/feed"),
    (
        "https://host/f/0009ca9a-4e1f-4b7c-9d3a-0009feedpath",
        "0009ca9a-4e1f-4b7c-9d3a-0009feedpath",
        f"https://host/f/{MASK}",
    ),
    ("https://host/1234567890123456/rss", "1234567890123456", f"https://host/{MASK}/rss"),
]


@each_row(("address", "secret", "shown"), PRIVATE)
def test_a_secret_is_found_and_masked_wherever_it_stands(address, secret, shown):
    assert secret in secrets_in(address)
    assert public_address(address) == shown
    assert secret not in public_text(f"The feed {address} was read.")


@each_row(
    "address",
    [
        "https://news.example/rss.xml", "https://news.example/world/rss", "https://feeds.news.example/news/world/europe/rss.xml",
        "https://host/2031/03/10/talks-stall-in-geneva", "https://host/2031/03/10/covid19-and-the-olympics-2032-in-brisbane",
        "https://host/c/World-News-Today/feed.atom", "https://host/donaudampfschifffahrtsgesellschaft/rss", "http://[::1]:80/x",
        "https://host/rss/section/politics.xml", "https://host/tag/COP31/feed", "https://host/user/anna_berg/rss", "https://host/20310310/feed",
    ],
)  # fmt: skip
def test_what_people_wrote_is_shown_as_it_is(address):
    assert public_address(address) == address
    assert secrets_in(address) == frozenset()


@pytest.mark.parametrize("address", ["https://[::1", "http://[", "https://host:port/"])
def test_a_malformed_address_gives_nothing(address):
    assert public_address(address) == ""
    assert secrets_in(address) == frozenset()
