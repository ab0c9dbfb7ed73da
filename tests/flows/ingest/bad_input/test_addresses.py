"""Broken addresses, wherever they stand: each costs itself, through a whole ingest, on every engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from aiohttp import web

from bot.config import Config, DatabaseSettings, Fetch
from bot.feeds.document.parse import absolute_link
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer
from tests.support.hostile import BROKEN_ADDRESSES

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
BODY = "".join(
    f"<p>The council of Selin met again and spoke of bridge number {i} for most of the day.</p>"
    for i in range(9)
)


def sends(server: NewsServer, path: str, target: str) -> None:
    """Let ``path`` redirect to ``target``, as its bytes are."""

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport
        line = f"HTTP/1.1 301 Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        request.transport.write(line.encode("utf-8", "replace"))
        request.transport.close()
        return web.Response()

    server.answers[path] = answer


@pytest.mark.one_engine
async def test_no_broken_address_costs_more_than_itself(engine_url):
    async with NewsServer() as server:
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(allow=(f"127.0.0.1:{server.port}",), first_poll_entries=99),
        )
        feeds, items = [], []
        for i, address in enumerate(BROKEN_ADDRESSES):
            sends(server, f"/r{i}", address)  # a feed that moved there
            sends(server, f"/p{i}", address)  # a page that moved there
            feeds.append(Feed(id=derive_id("fee", f"r{i}"), url=server.url(f"/r{i}")))
            items += [
                f"<item><title>Moved {i}</title><guid>m{i}</guid><link>{server.url(f'/p{i}')}</link><description>Text {i} of it.</description></item>",
                f"<item><title>Linked {i}</title><guid>{escape(address)}</guid><link>{escape(address)}</link><description>Text {i} of it.</description></item>",
            ]
            facts = {
                "@type": "NewsArticle",
                "headline": f"Council {i}",
                "url": address,
                "mainEntityOfPage": address,
            }
            page = f"<html lang=en><head><base href='{escape(address)}'><link rel=canonical href='{escape(address)}'><meta property=og:url content='{escape(address)}'><script type='application/ld+json'>{json.dumps(facts)}</script></head><body><article>{BODY}</article></body></html>"
            server.page(f"/c{i}", page)
            items.append(
                f"<item><title>Canonical {i}</title><guid>c{i}</guid><link>{server.url(f'/c{i}')}</link></item>"
            )
            feed = f"<rss version='2.0' xml:base='{escape(address)}'><channel><title>Base {i}</title><link>{escape(address)}</link><item><title>Based {i}</title><link>x{i}</link></item></channel></rss>"
            server.page(f"/b{i}", feed.encode("utf-8", "replace"), Content_Type="application/rss+xml")
            feeds.append(Feed(id=derive_id("fee", f"b{i}"), url=server.url(f"/b{i}")))
        fine = f"<rss version='2.0'><channel><title>Fine</title>{''.join(items)}</channel></rss>"
        server.page("/fine", fine.encode("utf-8", "replace"), Content_Type="application/rss+xml")
        feeds.append(Feed(id=derive_id("fee", "fine"), url=server.url("/fine")))
        config = config.model_copy(
            update={"fetch": config.fetch.model_copy(update={"max_entries": 500, "first_poll_entries": 500})}
        )
        async with open_app(config, now=lambda: NOW) as app:
            await app.store.feeds.add(feeds)
            report = await app.ingest()
            ids = await app.store.articles.came_between(NOW - timedelta(days=1), NOW + timedelta(days=1))
            kept = await app.store.articles.many(ids)
    count = len(BROKEN_ADDRESSES)
    assert (report.feeds_due, report.feeds_read, len(report.failures)) == (2 * count + 1, count + 1, count)
    assert "It could not be read" not in {failure.reason for failure in report.failures}
    titles = {article.title for article in kept}
    # Seen from the server itself some lead to an address of its own, which the page above calls its own too: one article.
    own = {
        i
        for i, address in enumerate(BROKEN_ADDRESSES)
        if absolute_link(address, server.url("/fine")).startswith(server.url(""))
    }
    for kind in ("Moved", "Based"):
        assert {f"{kind} {i}" for i in range(count)} - titles == set()
    for kind in ("Canonical", "Linked"):
        assert {f"{kind} {i}" for i in set(range(count)) - own} - titles == set()
    assert [i for i in own if not {f"Canonical {i}", f"Linked {i}"} & titles] == []
