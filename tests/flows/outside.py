"""Feeds over a loopback server, a bot that reads them on either engine, and ways in which its own work can fail."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.config import Config, DatabaseSettings, Fetch
from bot.errors import ParseError
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.app import App
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer

NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
HEALTHY = "/healthy"
SENTENCES = (
    "The council of Selin met on the {n}th bridge and spoke of its repair for most of the day.",
    "Mayor Anna Berg said that the work on pier {n} begins before the winter.",
)


def item(number, *, title="", text="", link="", guid="", date="Mon, 07 Jul 2025 10:00:00 GMT"):
    text = text or " ".join(SENTENCES).format(n=number)
    return (
        f"<item><title>{title or f'Selin repairs bridge {number}'}</title><link>{link}</link>"
        f"<guid isPermaLink='false'>{guid or f'g{number}'}</guid><pubDate>{date}</pubDate>"
        f"<description>{text}</description></item>"
    )


def rss(*items, title="Post"):
    return f"<rss version='2.0'><channel><title>{title}</title><language>en</language>{''.join(items)}</channel></rss>"


@dataclass
class Outside:
    """The bot, the feeds outside and the clock."""

    app: App
    server: NewsServer
    clock: list[datetime]
    news: int = 0

    @property
    def store(self):
        return self.app.store

    async def follow(self, *paths, **values):
        feeds = [Feed(id=derive_id("fee", p), url=self.server.url(p), **values) for p in paths]
        await self.store.feeds.add(feeds)

    def later(self, **delta):
        self.clock[0] += timedelta(**delta)

    async def ingest(self, **options):
        """Let something new stand in the healthy feed, and read every feed."""
        self.news += 1
        items = [item(n) for n in range(self.news, 0, -1)]
        self.server.page(HEALTHY, rss(*items, title="Healthy"), Content_Type="application/rss+xml")
        self.later(minutes=20)
        return await self.app.ingest(everything=True, **options)

    async def titles(self):
        """Return the titles of all articles that stand in a story."""
        stories = await self.store.stories.recent(NOW - timedelta(days=4000), by=None)
        ids = [article_id for story in stories for article_id in story.article_ids]
        return sorted(article.title for article in await self.store.articles.many(ids))

    async def healthy_is_read(self):
        """Assert that everything of the healthy feed so far is in a story, and that it is well."""
        there = [title for title in await self.titles() if title.startswith("Selin repairs bridge")]
        assert there == sorted(f"Selin repairs bridge {n}" for n in range(1, self.news + 1))
        health = (await self.store.feeds.health())[derive_id("fee", HEALTHY)]
        assert (health.failures, health.reason, health.last_success) == (0, "", self.clock[0])

    async def refuse(self, table, column, word):
        """Let the database refuse every row of ``table`` whose ``column`` holds ``word``."""
        async with self.store.database.writing() as connection:
            if connection.dialect.name == "postgresql":
                rule = f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK (CAST({column} AS TEXT) NOT LIKE '%{word}%')"
            else:
                rule = (
                    f"CREATE TRIGGER refused BEFORE INSERT ON {table} WHEN NEW.{column} LIKE '%{word}%' "
                    "BEGIN SELECT RAISE(ABORT, 'refused'); END"
                )
            await connection.execute(sa.text(rule))


class Failing:
    """Workers in which the function named ``what`` fails on whatever holds ``word``, until it is healed."""

    def __init__(self, workers, what, word):
        self.workers, self.what, self.word = workers, what, word
        self.calls = 0

    async def run(self, fn, *args, **kwargs):
        if self.word and fn.__name__ in self.what and self.word in repr(args):
            self.calls += 1
            raise ParseError("It could not be read", hint="The parser stopped with RecursionError")
        return await self.workers.run(fn, *args, **kwargs)


@asynccontextmanager
async def open_outside(url, *, server, allow=(), **fetch):
    clock = [NOW]
    config = Config(
        database=DatabaseSettings(url=url),
        fetch=Fetch(allow=(f"127.0.0.1:{server.port}", *allow), **({"full_text": False} | fetch)),
    )
    async with open_app(config, now=lambda: clock[0]) as app:
        yield Outside(app=app, server=server, clock=clock)


class Broken:
    """Workers that read a feed's document, and break on whatever holds ``word`` after that, as nobody expected."""

    def __init__(self, workers, word):
        self.workers, self.word = workers, word

    async def run(self, fn, *args, **kwargs):
        if fn.__name__ != "parse_feed" and self.word in repr(args):
            raise KeyError(self.word)
        return await self.workers.run(fn, *args, **kwargs)


def failing(world, *what, word="poison"):
    """Return ``world`` with workers that fail at ``what`` on ``word``; its workers are healed by ``word = ''``."""
    return replace(world, app=replace(world.app, workers=Failing(world.app.workers, what, word)))
