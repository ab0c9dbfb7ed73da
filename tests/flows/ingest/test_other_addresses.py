"""The same news from another host gives the same stories in the same order: ids are made from addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.news import Feed
from tests.flows.outside import NOW, open_outside
from tests.servers.news import NewsServer

pytestmark = pytest.mark.slow

EVENTS = {
    "Selin": "dockers strike port wages union cranes",
    "Velt": "eclipse astronomers telescope corona crowds sun",
    "Tarn": "reservoir dam engineers spillway rainfall leak",
    "Oster": "museum theft painting guard alarm thieves",
    "Norrby": "vaccine clinic measles nurses outbreak children",
}
TOLD = (
    "{} and {} in {place}|In {place} there was news of the {} and the {}, the {} and the {}.",
    "{place}: {} after {}|The {} of {place} spoke of the {}. Later came the {} and the {}.",
    "What {place} knows of its {} and {}|Everybody in {place} asks for {} and {}, {} and {}.",
)


def feed(server, number):
    items = "".join(
        f"<item><title>{title}</title><link>{server.url(f'/{number}/{place}/{n}')}</link>"
        f"<description>{text}</description></item>"
        for place, words in EVENTS.items()
        for n, told in enumerate(TOLD)
        for title, text in [told.format(*words.split()[:2], *words.split()[2:], place=place).split("|")]
        if n % 2 == number
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>"


async def stories():
    """Return the titles of each story, in order of rank, as read from a server at any free port."""
    async with NewsServer() as server, open_outside("sqlite:///", server=server) as world:
        for number in (0, 1):
            server.page(f"/feed{number}", feed(server, number), Content_Type="application/rss+xml")
        await world.store.feeds.add(
            [Feed(id=f"fee-{n}-{server.port}", url=server.url(f"/feed{n}")) for n in (0, 1)]
        )
        await world.app.ingest(everything=True)
        ranked = await world.app.stories(since=NOW - timedelta(days=1), limit=50, by=None)
        titles = []
        for item in ranked:
            articles = await world.store.articles.many(item.story.article_ids)
            titles.append((item.story.title, *(article.title for article in articles)))
        return titles


async def test_the_same_news_at_another_port_gives_the_same_stories_in_the_same_order():
    first = await stories()
    assert [len(story) for story in first] == [1 + len(TOLD)] * len(EVENTS)
    assert [await stories() for _ in range(2)] == [first] * 2
