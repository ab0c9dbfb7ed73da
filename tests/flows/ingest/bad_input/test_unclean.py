"""Unclean text, wherever it comes in: it is read, kept on every engine, and what is kept is clean."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Config, DatabaseSettings, Fetch
from bot.language.cleaning.clean import is_clean
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer
from tests.support.hostile import UNCLEAN

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
BODY = " ".join(
    f"The council of Selin met again and spoke of bridge number {i} for most of the day." for i in range(9)
)


def page(dirt: str, *, i: int) -> bytes:
    """Return a page that holds ``dirt`` in its JSON-LD, its head and its text."""
    facts = {
        "@type": "NewsArticle", "headline": f"Council {i} {dirt}", "author": {"name": f"Ann {dirt}"},
        "datePublished": "2025-07-07T10:00:00Z",
    }  # fmt: skip
    references = "".join(f"&#{ord(c)};" for c in dirt if not c.isalnum())[:400]
    text = f"<html lang=en><head><meta property='og:site_name' content='Post {dirt}'></head><body><article><script type='application/ld+json'>{json.dumps(facts)}</script><p>{dirt} {BODY} {references}</p></article></body></html>"
    return text.encode("utf-8", "surrogatepass")


async def test_what_is_kept_is_clean_on_every_engine_and_costs_no_other_feed(engine_url):
    async with NewsServer() as server:
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(allow=(f"127.0.0.1:{server.port}",), first_poll_entries=50),
        )
        items = [
            {
                "id": f"{dirt}{i}", "url": server.url(f"/p{i}"), "title": f"Talks {i} {dirt}", "summary": dirt,
                "content_text": f"{dirt} goes on.", "authors": [{"name": dirt}], "tags": [dirt],
            }
            for i, dirt in enumerate(UNCLEAN)
        ]  # fmt: skip
        for i, dirt in enumerate(UNCLEAN):
            server.page(f"/p{i}", page(dirt, i=i))
        dirty = {"version": "https://jsonfeed.org/version/1.1", "title": "".join(UNCLEAN), "items": items}
        server.page("/dirty", json.dumps(dirty), Content_Type="application/feed+json")
        plain = ("".join(UNCLEAN) + BODY).encode("utf-8", "surrogatepass")
        server.page("/plain", plain, Content_Type="text/plain; charset=utf-8")
        fine = f"<rss version='2.0'><channel><title>Fine</title><item><title>Fine</title><guid>f</guid><link>{server.url('/plain')}</link></item></channel></rss>"
        server.page("/fine", fine, Content_Type="application/rss+xml")
        feeds = [Feed(id=derive_id("fee", p), url=server.url(p)) for p in ("/dirty", "/fine")]
        async with open_app(config, now=lambda: NOW) as app:
            await app.store.feeds.add(feeds)
            report = await app.ingest()
            assert (report.feeds_read, report.failures) == (2, ())
            ids = await app.store.articles.came_between(NOW - timedelta(days=1), NOW + timedelta(days=1))
            kept = await app.store.articles.many(ids)
    assert len(kept) == len(UNCLEAN) + 1
    told = [t for a in kept for t in (a.title, a.author, a.outlet, a.url, *(s.text for s in a.sentences))]
    assert [t for t in told if not is_clean(t)] == []
    assert all(len(a.sentences) >= 9 for a in kept)
