"""Links that earlier releases kept with a feed's key are made public when the database is opened, on both engines."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.language.cleaning.public import MASK
from bot.model.scope import SHARED
from bot.store import open_store
from bot.store.engine import migrate
from tests.store.filled import row_of

pytestmark = pytest.mark.slow
BEFORE = "0017"
KEY = "Zk3vQ9xTb7LmWc2R"  # gitleaks:allow
HEX = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"  # gitleaks:allow
PASSWORD = "swordfish"  # noqa: S105 - nobody's
FEEDS = {
    "by query": f"https://wire.example/feed?token={KEY}&section=technology",
    "by path": f"https://cal.example/private-{HEX}/basic.ics",
    "by password": f"https://anna:{PASSWORD}@paper.example/rss",
    "open": "https://open.example/rss",
}
LINKS = {
    "a": ("by query", f"https://wire.example/a?id=1&token={KEY}", "https://wire.example/a?id=1"),
    "b": ("by query", "https://wire.example/technology/b", "https://wire.example/technology/b"),
    "c": ("by query", FEEDS["by query"], ""),
    "d": ("by path", f"https://cal.example/private-{HEX}/event/4", ""),
    "e": ("by password", f"https://anna:{PASSWORD}@paper.example/e", "https://paper.example/e"),
    "f": ("open", "https://other.example/swordfish-season", "https://other.example/swordfish-season"),
    "g": ("open", "https://open.example/g?id=7#part", "https://open.example/g?id=7#part"),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request, tmp_path):
    """Return the address of an empty database as we write it, and as the toolkit's plain driver does."""
    if request.param == "sqlite":
        return (f"sqlite:///{tmp_path / 'w.db'}",) * 2
    url = request.getfixturevalue("new_postgres_url")
    return url, url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def earlier(urls):
    """Yield a database of the earlier release with articles of private feeds; and where it is."""
    engine = sa.create_engine(urls[1])
    with engine.begin() as connection:
        migrate(connection, BEFORE)
    with engine.begin() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        put = Put(connection, there)
        for name, url in FEEDS.items():
            put("feed", id=name, url=url, site=url, title=f"Feed {KEY}", moved_to="", visibility="shared")
        for name, (feed, link, _) in LINKS.items():
            put.article(name, feed=feed, link=link)
        told = {"sources": [{"url": link} for _, link, _ in LINKS.values()], "title": f"See {KEY}"}
        put("briefing", id="b-1", data=told, untold=None)
        put("notice", key="n", text=f"{FEEDS['by path']} gave nothing")
    yield engine
    engine.dispose()


class Put:
    """Puts rows into the tables as they were."""

    def __init__(self, connection, there):
        self.connection, self.there = connection, there

    def __call__(self, name, **values):
        row = row_of(self.there.tables[name]) | values
        whole = {
            "published_at",
            "fetched_at",
            "made_at",
            "at",
            "told_at",
            "known_at",
            "asked_at",
        } & row.keys()
        moment = int(datetime(2025, 7, 8, tzinfo=UTC).timestamp() * 1_000_000)
        self.connection.execute(
            sa.insert(self.there.tables[name]), [row | {c: moment for c in whole if c not in values}]
        )

    def article(self, name, *, feed, link):
        shared = {"workspace": "", "channel": "", "visibility": "shared"}
        words = {"date_source": "feed", "text_source": "feed", "page_kind": "article", "language": "en"}
        self("article", id=name, url=link, feed_id=feed, title=f"Title {name}", **shared, **words)
        self(
            "sentence",
            article_id=name,
            revision=1,
            number=1,
            paragraph=0,
            text=f"Read {link} today, or {KEY}.",
        )
        self("article_key", kind="link", value=link, article_id=name, **shared)
        self("article_key", kind="guid", value=f"{feed}\n{link}", article_id=name, **shared)


async def test_an_earlier_releases_links_open_no_feed(earlier, urls):
    async with open_store(urls[0]) as store:
        articles = {a.id: a for a in await store.articles.many(LINKS)}
        for name, (feed, _, public) in LINKS.items():
            assert articles[name].url == public, feed
        assert {f.url for f in await store.feeds.all()} == set(FEEDS.values())
        known = await store.articles.known([("link", link) for _, _, link in LINKS.values() if link], SHARED)
        assert {key[1]: match.article_id for key, match in known.items()} == {
            link: name for name, (_, _, link) in LINKS.items() if link
        }
        # What the feeds list again is known by the keys that it has today.
        guids = {f"{feed}\n{link}": name for name, (feed, _, link) in LINKS.items() if link}
        known = await store.articles.known([("guid", guid) for guid in guids], SHARED)
        assert {key[1]: match.article_id for key, match in known.items()} == guids
    text = written(earlier)
    for secret in (KEY, HEX, PASSWORD + "@"):
        assert secret not in text
    assert "https://open.example/g?id=7#part" in text
    assert f"See {MASK}" in text


def written(engine):
    """Return everything that stands in the database as text, without the feeds' own addresses."""
    there = sa.MetaData()
    with engine.connect() as connection:
        there.reflect(connection)
        rows = []
        for table in there.sorted_tables:
            hidden = {"url"} if table.name == "feed" else {"lexemes"}
            columns = [column for column in table.c if column.name not in hidden]
            found = connection.execute(sa.select(*columns)).all()
            rows += sorted(json.dumps([table.name, *map(str, row)], ensure_ascii=False) for row in found)
    return "\n".join(rows)
