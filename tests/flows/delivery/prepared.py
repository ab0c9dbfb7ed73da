"""A bot whose stories a model reads ahead of slots: real feeds, ingests, deliveries and either engine, on a clock of the test's own."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.chat.terminal import TerminalChat
from bot.concurrency import DONE
from bot.config import Config, DatabaseSettings, Fetch, RunSettings
from bot.flows.delivery.ahead import Preparer
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.notify import notifier
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.llm.offline.scripted import ScriptedModel
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.model.scope import SHARED
from bot.runtime.app import App
from bot.runtime.compose import open_app
from tests.servers.news import NewsServer

NOW = datetime(2025, 7, 8, 6, 30, tzinfo=UTC)
SLOT = datetime(2025, 7, 8, 7, tzinfo=UTC)
DAY = timedelta(days=1)
TOPICS = {
    "crane": (
        "Crane collapses at the port of Velmar",
        "Two workers were killed when a crane collapsed at the port of Velmar on Monday, the harbour authority said. "
        "The port of Velmar stays closed until Wednesday and about 40 ships are waiting off the coast.",
    ),
    "nurses": (
        "Nurses in Sunde vote to strike over pay",
        "Nurses at the hospital of Sunde voted on Monday to strike for five days over pay, their union said. "
        "The hospital of Sunde will cancel 120 planned operations from Thursday, its director Tora Lie said.",
    ),
    "volcano": (
        "Volcano Tarn erupts and villages are emptied",
        "The volcano Tarn erupted on Monday and 900 villagers were brought to safety, the civil guard said. "
        "Ash from the volcano Tarn fell on the airport of Ledra and 14 flights were cancelled.",
    ),
    "museum": (
        "Museum of Harn returns stolen masks",
        "The museum of Harn returned 31 carved masks to the islanders of Oke on Monday, curator Milo Brandt said. "
        "The carved masks were taken from Oke by sailors in 1884, the museum of Harn wrote.",
    ),
}
MORE = {
    "crane": (
        "Inspectors blame brakes for the Velmar crane",
        "Labour inspectors said on Tuesday that worn brakes let the crane at the port of Velmar collapse. "
        "The operator Nordkran must pay a fine of 3 million crowns for the crane at the port of Velmar, inspectors said.",
    ),
    "nurses": (
        "Hospital of Sunde and nurses agree on pay",
        "Nurses and the hospital of Sunde agreed on Tuesday on a rise in pay of 6 percent, their union said. "
        "The strike at the hospital of Sunde is off, union leader Ina Moe said.",
    ),
}


class Counting:
    """The scripted model, with what it was asked; ``fails`` says of a request whether it fails."""

    def __init__(self):
        self.requests, self.fails = [], None
        self.before = None  # awaited before each answer
        self.answers = lambda _request, answer: answer
        self.scripted = ScriptedModel(self._answer)

    def _answer(self, request):
        return self.answers(request, scripted_answer(request))

    async def complete(self, request):
        self.requests.append(request)
        if self.before:
            await self.before(request)
        if self.fails and (error := self.fails(request)):
            raise error
        return await self.scripted.complete(request)

    @property
    def reads(self):
        """The story ids that were read, a call each."""
        return [request.subject for request in self.requests if request.schema_name == "update"]


@dataclass
class Prepared:
    """The bot, its clock, its model, and what stands in its feeds."""

    app: App
    server: NewsServer
    clock: list[datetime]
    model: Counting
    chats: dict
    items: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self):
        self.deliverer = Deliverer(
            store=self.store,
            chats=self.chats,
            settings=self.app.config.briefings,
            now=lambda: self.clock[0],
            session=self.app.session,
            notify=notifier(store=self.store, now=lambda: self.clock[0]),
            count_delivery=lambda _outcome, _late: None,
            write_seconds=self.app.config.run.write_seconds,
        )
        self.preparer = self.another()

    def another(self, **more):
        """Return what reads ahead in another process."""
        given = {"composer": self.deliverer.composer, "minutes": 60, "at_once": 3} | more
        return Preparer(**given)

    @property
    def store(self):
        return self.app.store

    async def follow(self, *paths, **values):
        feeds = [Feed(id=derive_id("fee", p), url=self.server.url(p), **values) for p in paths]
        await self.store.feeds.add(feeds)

    async def news(self, *topics, path="/wire", texts=TOPICS, minutes=1, guid=""):
        """Let news on ``topics`` stand in the feed at ``path``, and read it ``minutes`` later."""
        self.publish(*topics, path=path, texts=texts, guid=guid)
        self.clock[0] += timedelta(minutes=minutes)
        return await self.app.ingest(everything=True)

    def publish(self, *topics, path="/wire", texts=TOPICS, guid=""):
        """Let news on ``topics`` stand in the feed at ``path``."""
        at = self.clock[0]
        for topic in topics:
            title, text = texts[topic]
            self.items.setdefault(path, []).append(
                f"<item><title>{title}</title><link>https://{path.strip('/')}.example/{derive_id('x', title)}</link>"
                f"<guid isPermaLink='false'>{guid or derive_id('g', path, title)}</guid>"
                f"<pubDate>{at:%a, %d %b %Y %H:%M:%S GMT}</pubDate><description>{text}</description></item>"
            )
        body = f"<rss version='2.0'><channel><title>{path}</title><language>en</language>{''.join(self.items[path])}</channel></rss>"
        self.server.page(path, body, Content_Type="application/rss+xml")

    async def subscribe(self, channel="console:a", times="daily 07:00 UTC", **more):
        made, _ = await subscribe(
            SubscriptionRequest(channel=channel, times=times, **more),
            store=self.store,
            chats=self.chats,
            now=self.clock[0],
            zone="UTC",
        )
        return made

    async def deliver(self, at=SLOT, *, most=500):
        """Let ``at`` come and see through what is due, at ``most`` so many; return the briefings by channel."""
        self.clock[0] = max(at, self.clock[0])
        await create_due_deliveries(store=self.store, now=self.clock[0], grace=DAY)
        found = {}
        for one in await self.store.deliveries.claim(self.clock[0], limit=most):
            after = await self.deliverer.step(Step.GATHER, one.id, one.epoch)
            while after != DONE:
                after = await self.deliverer.step(after.step, one.id, one.epoch)
            delivery = await self.store.deliveries.get(one.id)
            assert delivery.posted_at == self.clock[0], delivery
            found[delivery.channel.name] = await self.store.briefings.get(delivery.briefing_id)
        return found

    async def updates(self, *, by=SHARED):
        """Return every kept update."""
        stories = await self.store.stories.recent(NOW - timedelta(days=40), by=None)
        kept = await self.store.updates.of([story.id for story in stories], by=by)
        return [update for some in kept.values() for update in some]

    async def story_of(self, title):
        """Return the id of the story of the article with ``title``."""
        for story in await self.store.stories.recent(NOW - timedelta(days=40), by=None):
            for one in await self.store.articles.many(story.article_ids):
                if one.title == title:
                    return story.id
        raise KeyError(title)


@asynccontextmanager
async def open_prepared(url, folder, **sections):
    """Yield the bot before a loopback server of feeds; it follows /wire."""
    clock = [NOW]
    model = Counting()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(NewsServer())
        config = Config(
            database=DatabaseSettings(url=url),
            fetch=Fetch(allow=(f"127.0.0.1:{server.port}",), full_text=False, workers=1, feed_deadline=120),
            **({"run": RunSettings(prepare_minutes=60, http="")} | sections),
        )
        app = await stack.enter_async_context(open_app(config, now=lambda: clock[0], model=model))
        opened = Prepared(
            app=app,
            server=server,
            clock=clock,
            model=model,
            chats={"console": TerminalChat(folder=folder)},
        )
        await opened.follow("/wire")
        yield opened
