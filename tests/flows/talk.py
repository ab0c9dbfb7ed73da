"""A bot to talk to: recorded conversations over the recorded mornings, on a clock of the test's own."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.config import BriefingSettings, Config, DatabaseSettings, Fetch, packaged
from bot.errors import DeliveryReason, NoLookUp, PostRefused
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.ingest.clustering.assign_stories import assign_stories
from bot.flows.notify import notifier
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.inline import in_words
from bot.model.briefing import Briefing
from bot.model.chat import Channel, Subscription
from bot.model.ids import derive_id
from bot.model.message import Message
from bot.model.news import Feed
from bot.model.talk import Asker, Form, Request, Verb
from bot.ports import Chat, Post
from bot.runtime.app import App
from bot.runtime.compose import open_app
from bot.runtime.demo import DEMO_FEEDS, MORNINGS, ZONE, RecordedNews, recorded_news
from bot.store import StoredDraft
from tests.servers.written import article

MEMBER = Asker(id="U1", name="Mia")
ADMIN = Asker(id="U2", name="Ada", admin=True)
GUEST = Asker(id="U3", name="Gus", guest=True)
RECORDED = packaged("demo/recorded")
_messages = itertools.count(1000)
NEWS = Channel(platform="talk", workspace="W1", id="news")
OTHER = Channel(platform="talk", workspace="W1", id="other")


@dataclass(slots=True, kw_only=True)
class Said:
    """A conversation that records what the bot does in it."""

    seen: tuple[Channel, ...] = (NEWS, OTHER)
    fails: Exception | None = None
    replies: list[tuple[str, Message, bool]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)
    refused: list[Mapping[str, str]] = field(default_factory=list)
    at_fields: bool = False  # whether the platform shows what is wrong at the fields
    max_fields: int = 5
    shows_preview: bool = False

    async def working(self, text: str) -> None:
        self.progress.append(text)

    async def show(self, message: Message) -> None:
        self.progress.append(text_of(message))

    async def reply(self, message: Message, *, private: bool = False) -> str:
        if self.fails:
            raise self.fails
        name = f"m{next(_messages)}"
        self.replies.append((name, message, private))
        return name

    async def open(self, form: Form) -> None:
        self.forms.append(form)

    async def permalink(self, channel: Channel, message_id: str) -> str:
        return f"https://talk.example/{channel.id}/{message_id}"

    async def update(self, form: Form) -> bool:
        self.forms.append(form)
        return self.shows_preview

    async def refuse(self, errors: Mapping[str, str]) -> bool:
        self.refused.append(errors)
        return self.at_fields

    async def sees(self, channel: Channel) -> bool:
        return channel in self.seen

    @property
    def text(self) -> str:
        """All replies as text."""
        return "\n".join(text_of(message) for _, message, _ in self.replies)

    @property
    def message(self) -> Message:
        """The one reply."""
        ((_, message, _),) = self.replies
        return message

    @property
    def private(self) -> bool:
        """Whether every reply was for the asker alone."""
        return all(private for _, _, private in self.replies)


@dataclass(slots=True, kw_only=True)
class TalkChat:
    """A platform in memory; ``obstacles`` is what its check says."""

    platform: str = "talk"
    window: float = 1.0
    settle_seconds: float = 0.0
    editable: bool = True
    obstacles: tuple[str, ...] = ()
    posted: dict[str, tuple[Post, str]] = field(default_factory=dict)  # by message id
    amended: list[tuple[str, str]] = field(default_factory=list)

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        if channel.id == "nowhere":
            raise PostRefused("There is no channel 'nowhere'", reason="unknown channel", gone=True)
        return (text_of(message),)

    def validate(self, channel: Channel) -> None:
        if channel.id == "nowhere":
            raise PostRefused("There is no channel 'nowhere'", reason="unknown channel", gone=True)

    def rate_limit_wait(self, channel: Channel) -> float:
        return 0.0

    async def post(self, post: Post) -> str:
        name = f"p{len(self.posted) + 1}"
        self.posted[name] = (post, post.payload)
        return name

    async def find(self, post: Post) -> str | None:
        raise NoLookUp("Nothing can be looked up here", reason="no lookup")

    async def amend(self, post: Post, message_id: str) -> None:
        if not self.editable:
            raise PostRefused("Messages stay as they are", reason=DeliveryReason.CANNOT_EDIT)
        self.amended.append((message_id, post.payload))

    async def check(self, channel: Channel) -> tuple[str, ...]:
        return self.obstacles


@dataclass(kw_only=True)
class World:
    """The program with its news, a platform and a clock."""

    app: App
    news: RecordedNews
    chat: TalkChat
    clock: list[datetime]
    woken: int = 0
    chats: dict[str, Chat] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chats["talk"] = self.chat
        self.dispatcher = self.app.request_dispatcher(chats=self.chats, wake=self.wake)
        self.serial = itertools.count(1)

    async def wake(self) -> None:
        self.woken += 1

    async def ask(self, verb: Verb, words: str = "", *, said: Said | None = None, **what) -> Said:
        """Ask one thing of the bot and return the conversation."""
        conversation = said or Said()
        values = {
            "id": f"r{next(self.serial)}",
            "asker": MEMBER,
            "channel": NEWS,
            "verb": verb,
            "words": words,
        } | what
        await self.dispatcher.handle(Request(**values), conversation)
        return conversation

    async def morning(self, day: int) -> None:
        """Let the news of a morning (1 to 3) come in."""
        self.news.day, self.clock[0] = day, MORNINGS[day - 1]
        await self.app.ingest(everything=True)

    async def own_news(self, text: str, *, channel: Channel, feed: str = "fee-own") -> None:
        """Let an article come that only ``channel`` may read, from a ``feed`` or, without one, by a pasted link."""
        one = replace(article(text, title=text, published=self.clock[0]), scope=channel.scope, feed_id=feed)
        draft = StoredDraft(article=one, keys=(), entry_hash="h", fingerprint=b"\0" * 8)
        await self.app.store.articles.save([draft])
        await assign_stories(store=self.app.store, now=self.clock[0])

    async def subscribe(self, **requested) -> Subscription:
        """Subscribe the news channel, so that its next briefing comes in a minute."""
        local = self.clock[0] + timedelta(minutes=1)
        requested = {"channel": NEWS.name, "times": f"daily {local:%H:%M}", "zone": ZONE} | requested
        made, _ = await subscribe(
            SubscriptionRequest(**requested),
            store=self.app.store,
            chats=self.chats,
            now=self.clock[0],
            zone=ZONE,
        )
        return made

    async def deliver(self) -> Briefing:
        """Let the next minute's slots be delivered; return the last briefing."""
        self.later(minutes=1)
        store, now = self.app.store, self.clock[0]
        deliverer = Deliverer(
            store=store,
            chats=self.chats,
            settings=self.app.config.briefings,
            now=lambda: self.clock[0],
            session=self.app.session,
            notify=notifier(store=store, now=lambda: self.clock[0]),
            count_delivery=lambda _outcome, _late: None,
            offer=self.app.with_questions,
        )
        await create_due_deliveries(store=store, now=now, grace=timedelta(days=1))
        for one in await store.deliveries.claim(now):
            step: str = Step.GATHER
            while step:
                step = (await deliverer.step(step, one.id, one.epoch)).step
        (_, briefing), *_ = await store.briefings.recent(1)
        return briefing

    def later(self, **time: float) -> None:
        self.clock[0] += timedelta(**time)


@asynccontextmanager
async def recorded_world(archive: Path, folder: Path, *, day: int = 1, **sections) -> AsyncIterator[World]:
    """Yield the world as it was after the morning ``day``; ``sections`` change the configuration."""
    file = folder / "talk.db"
    await asyncio.to_thread(shutil.copy, archive / f"day{day}.db", file)
    async with AsyncExitStack() as stack:
        port = int(await asyncio.to_thread((archive / "port").read_text))
        news = await stack.enter_async_context(recorded_news(RECORDED, port=port))
        news.day = day
        clock = [MORNINGS[day - 1]]
        app = await stack.enter_async_context(open_app(_config(file, news, **sections), now=lambda: clock[0]))
        yield World(app=app, news=news, chat=TalkChat(), clock=clock)


async def read_mornings(folder: Path) -> None:
    """Write the archive as it was after each morning to ``folder``, day1.db to day3.db, and the port it was read from."""
    file = folder / "mornings.db"
    async with recorded_news(RECORDED) as news:
        await asyncio.to_thread((folder / "port").write_text, str(news.port))
        for day, morning in enumerate(MORNINGS[:3], 1):
            news.day = day
            async with open_app(_config(file, news), now=lambda at=morning: at) as app:
                feeds = [Feed(id=derive_id("fee", f), url=news.feed(f), title=f) for f in DEMO_FEEDS]
                await app.store.feeds.add(feeds)
                await app.ingest(everything=True)
            await asyncio.to_thread(shutil.copy, file, folder / f"day{day}.db")


def _config(file: Path, news: RecordedNews, **sections) -> Config:
    allow = news.hosts
    return Config(
        database=DatabaseSettings(url=f"sqlite:///{file}"),
        fetch=Fetch(allow=allow, feed_deadline=120, page_deadline=120),  # on a busy machine too
        briefings=BriefingSettings(timezone=ZONE),
        **sections,
    )


def text_of(message: Message) -> str:
    """Return everything a reader sees of ``message``, a line each."""
    lines = [message.title, message.dateline, message.notice]
    for part in message.parts:
        lines.append(part.title)
        for story in part.stories:
            lines += [story.headline.text, story.chip, story.footer]
            for group in (story.status, story.bullets, story.actors, story.figures, story.next):
                lines += [f"{line.label} {line.lead} {line.text}".strip() for line in group]
        lines += [f"{line.label} {line.lead} {line.text}".strip() for line in part.lines]
        lines += [f"[{a.verb} {a.label}]" for a in part.actions]
    lines += [message.coverage, *(f"[{a.verb} {a.label}]" for a in message.actions)]
    return in_words("\n".join(line for line in lines if line))


def pressed(message: Message, verb: Verb) -> str:
    """Return the subject of the button ``verb`` under ``message``."""
    everything = [*message.actions, *(action for part in message.parts for action in part.actions)]
    return next(action.subject for action in everything if action.verb is verb)


def elsewhere(channel: Channel) -> Channel:
    """Return the same channel of another workspace."""
    return replace(channel, workspace="W2")
