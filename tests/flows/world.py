"""A small world of news sites, each a host of its own, and the program that reads them on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.config import Config, DatabaseSettings, Fetch
from bot.model.ids import derive_id
from bot.model.news import Article, Feed
from bot.model.scope import SHARED, Scope
from bot.runtime.app import App
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer

NOW = datetime(2031, 3, 4, 8, tzinfo=UTC)
DATE = "Tue, 04 Mar 2031 06:00:00 +0000"
SITES = ("post", "wire", "evil", "links")
CRANE = (
    "Two workers were killed when a crane collapsed at the port of Velmar on Monday, the harbour authority said.",
    "The port stays closed until Wednesday and about 40 ships are waiting off the coast.",
    "Spokeswoman Ida Renn said investigators of the labour inspectorate arrived in the afternoon.",
    "The crane had been inspected in March and no faults were found, its operator Nordkran said.",
)
STRIKE = (
    "Nurses at the hospital of Sunde voted on Monday to strike for five days over pay, their union said.",
    "The hospital will cancel planned operations from Thursday and send patients to Halden.",
    "Union leader Tora Lie called the offer of two per cent an insult.",
)


@dataclass(slots=True)
class World:
    """The program, its clock, and the sites by name."""

    app: App
    sites: dict[str, NewsServer]
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    async def follow(self, site: str, path: str = "/feed", *, scope: Scope = SHARED, title: str = "") -> Feed:
        """Follow the feed at ``path`` of ``site`` and return it."""
        url = self.sites[site].url(path)
        feed = Feed(id=derive_id("fee", url, *scope.parts), url=url, scope=scope, title=title)
        await self.app.store.feeds.add([feed])
        return feed

    async def articles(self, *, by: Scope = SHARED) -> list[Article]:
        """Return the latest revision of every article that came, oldest first."""
        came = await self.app.store.articles.came_between(
            NOW - timedelta(days=99), NOW + timedelta(days=99), by=by
        )
        return await self.app.store.articles.many(came)

    def serve(self, site: str, path: str, body: str, **headers: str) -> None:
        """Answer ``path`` of ``site`` with ``body``; ``{name}`` in it is the address of that site."""
        for name, server in self.sites.items():
            body = body.replace(f"{{{name}}}", server.url(""))
        kind = "application/rss+xml" if body.lstrip().startswith(("<rss", "<feed", "<?xml")) else "text/html"
        self.sites[site].page(path, body, **{"Content_Type": kind, **headers})


@asynccontextmanager
async def world_of_news(engine_url: str, **sections: object) -> AsyncIterator[World]:
    """Yield the world with nothing served yet."""
    async with AsyncExitStack() as stack:
        sites = {
            name: await stack.enter_async_context(NewsServer(host=f"127.0.0.{number}"))
            for number, name in enumerate(SITES, 1)
        }
        config = Config(
            database=DatabaseSettings(url=engine_url),
            fetch=Fetch(
                allow=tuple(s.url("").removeprefix("http://") for s in sites.values()),
                feed_deadline=120,
                page_deadline=120,
            ),
            **sections,
        )
        clock = [NOW]
        app = await stack.enter_async_context(open_app(config, now=lambda: clock[0]))
        yield World(app=app, sites=sites, clock=clock)


def page(*sentences: str, title: str = "", site: str = "", head: str = "") -> str:
    """Return an article's page of ``sentences``; ``site`` is what it calls itself."""
    named = f"<meta property='og:site_name' content='{site}'>" if site else ""
    text = "".join(f"<p>{s}</p>" for s in sentences)
    heading = title or "Crane collapses at the port of Velmar"
    return (
        f"<html lang='en'><head><title>{heading}</title>{named}{head}</head><body><article><h1>{heading}</h1>"
        f"{text}</article></body></html>"
    )


def rss(*items: str, title: str = "Harbour Post", link: str = "") -> str:
    """Return a feed of ``items``."""
    return (
        f"<rss version='2.0'><channel><title>{title}</title><link>{link}</link><language>en</language>"
        f"{''.join(items)}</channel></rss>"
    )


def item(
    link: str = "",
    *,
    title: str = "Crane collapses at the port of Velmar",
    guid: str = "",
    text: str = "",
    date: str = DATE,
    more: str = "",
) -> str:
    """Return an entry of a feed."""
    parts = {"title": title, "link": link, "guid": guid, "pubDate": date, "description": text}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value)
    return f"<item>{inner}{more}</item>"
