"""Pasted links over a loopback server: what a page says, and why one could not be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app import open_app
from bot.config import Config, Database, Fetch
from bot.model.chat import Channel
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
DESK = Channel(platform="slack", workspace="T1", id="C1").scope
TEXT = [
    "The harbour authority of Selin closed the northern pier on Monday after a crane fell into the water.",
    "Two workers were injured, the authority said in a statement.",
    "Director Anna Berg said the pier would stay closed until Friday.",
    "The crane was built in 1974 and had been inspected in March, according to the authority.",
    "Ferries to the islands leave from the southern pier until then.",
]


def page(sentences=TEXT, *, title="Crane falls at Selin harbour", date="2025-07-07T10:00:00+02:00", more=""):
    paragraphs = "".join(f"<p>{s}</p>" for s in sentences)
    return (
        f"<html lang='en'><head><title>{title}</title><meta property='og:site_name' content='Post'>"
        f"<meta property='article:published_time' content='{date}'></head>"
        f"<body>{more}<article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


@pytest.fixture
async def server():
    async with NewsServer() as running:
        yield running


@pytest.fixture
async def app(server):
    clock = [NOW]
    config = Config(
        database=Database(url="sqlite:///:memory:"), fetch=Fetch(allow=(f"127.0.0.1:{server.port}",))
    )
    async with open_app(config, now=lambda: clock[0]) as opened:
        yield opened, clock


async def test_a_page_is_briefed_as_a_story_is(app, server):
    opened, _ = app
    server.page("/a", page())
    (brief,) = await opened.link([server.url("/a")], scope=DESK)
    assert brief.failure == ""
    assert (brief.outlet, brief.published_at) == ("Post", datetime(2025, 7, 7, 8, tzinfo=UTC))
    assert brief.brief.headline.text
    assert 2 <= len(brief.brief.bullets) <= 4
    assert {s.url for s in brief.sources} == {server.url("/a")}


async def test_one_bad_link_is_a_value_and_stops_no_other(app, server):
    opened, _ = app
    server.page("/a", page())
    given = [server.url("/missing"), server.url("/a"), "ftp://127.0.0.1/a", "not a link"]
    missing, good, other, none = await opened.link(given, scope=DESK)
    assert missing.failure == "There is nothing at the address."
    assert good.brief
    assert other.failure == none.failure == "This is no web address."


async def test_more_links_than_fit_are_named(app, server):
    opened, _ = app
    for i in range(7):
        server.page(f"/{i}", page([f"Pier number {i} of Selin closed. " + TEXT[0], *TEXT[1:]]))
    briefs = await opened.link([server.url(f"/{i}") for i in range(7)], scope=DESK)
    assert [bool(b.failure) for b in briefs] == [False] * 5 + [True] * 2
    assert "paste this one again" in briefs[-1].failure
