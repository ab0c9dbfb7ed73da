"""A bot among several workspaces whose every string is known by its owner: what leaves it is compared with that.

Each article, page, feed, question and report carries a word of its own, a canary. ``Scopes`` lets people and feeds do
what they do; whatever enters a prompt or is said in a channel may hold only canaries that the channel may read.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import bot.feeds.page.main_text  # noqa: F401 - workers have it loaded, and here it is read in the loop
from bot.codec import to_plain
from bot.config import Config, DatabaseSettings, Fetch, Limits
from bot.errors import FetchError, NoLookUp
from bot.flows.delivery.ahead import Preparer
from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.delivery.slots import create_due_deliveries
from bot.flows.notify import notifier, post_notices
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.llm.offline.scripted import ScriptedModel
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.message import Message
from bot.model.news import Feed
from bot.model.scope import SHARED, Scope, Visibility, audience, readable
from bot.model.talk import Asker, Request, Verb
from bot.ports import FetchRequest, FetchResult, ModelReply, ModelRequest, Post
from bot.runtime.compose import open_app
from bot.store import tables
from bot.store.rows import scope_of

START = datetime(2031, 3, 10, 6, 0, tzinfo=UTC)
CHANNELS = [
    Channel(platform="talk", workspace="T1", id="C1"),
    Channel(platform="talk", workspace="T1", id="C2"),
    Channel(platform="talk", workspace="T2", id="C1"),
    Channel(platform="talk", id="C1"),
]
ADMINS = Channel(platform="talk", workspace="T1", id="admins")
OWNERS = [
    SHARED,
    *(channel.scope for channel in CHANNELS),
    Scope(workspace="T1", visibility=Visibility.WORKSPACE),
    Scope(workspace="T1", channel=CHANNELS[0].name, visibility=Visibility.WORKSPACE),
    Scope(workspace="T2", visibility=Visibility.WORKSPACE),
]
ASKER = Asker(id="U1", name="Mia", admin=True)
# Events whose articles are alike, so that those of different owners come to stand in one story.
EVENTS = [
    (
        "Fighting in the {0} valley of Tarn",
        "Fighting in the Tarn valley left {n} people dead, the {0} ministry said on Monday.",
        "Talks with the Tarn Front were suspended, said {0} Haddad, the spokesman of the government.",
        "The talks in Selin resume on Thursday, mediator Ida {0} said.",
        "The road to {0} in the north is closed, and the hospital of Tarn asked for blood donors.",
    ),
    (
        "Crane falls into the harbour of {0}",
        "A crane fell into the harbour of Velt on Monday, and {n} workers were injured, the {0} authority said.",
        "Director Anna {0} said the northern pier of Velt would stay closed until Friday.",
        "The crane had been inspected by {0} Norden in March, according to the harbour authority of Velt.",
        "Ferries to {0} leave from the southern pier of Velt until then.",
    ),
    (
        "Parliament of {0} votes on the water law",
        "The parliament of Orm passed the water law with {n} votes on Monday, speaker {0} Lund said.",
        "The {0} party voted against the water law, and called it a gift to the mills of Orm.",
        "President Jon {0} will sign the water law on Friday, his office said.",
        "Farmers around {0} had demanded the water law for eleven years.",
    ),
]  # fmt: skip
BUTTONS = (
    *(Verb.CITED, Verb.DETAILS, Verb.USEFUL, Verb.WRONG, Verb.MANAGE, Verb.TEST, Verb.STORY),
    *(Verb.APPROVE, Verb.REJECT, Verb.PAUSE, Verb.RESUME),
)
SENTENCE = st.integers(1, 4)
MOST = 12  # feeds, and pages, of one world


@dataclass(slots=True, kw_only=True)
class Page:
    """A page and the owners of whoever was told of it; an edit gives it another canary."""

    url: str
    event: int
    canary: str


@dataclass(kw_only=True)
class Canaries:
    """Words that belong to somebody, and what was found where it must not be."""

    owners: dict[str, set[Scope]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def new(self, *owners: Scope) -> str:
        """Return a word that no text has, known to belong to ``owners``; consonants alone, so that no stem differs."""
        number, letters = next(self.serial), ""
        while number:
            number, rest = divmod(number, 16)
            letters += "bcdfghjklmnpqrtv"[rest]
        word = f"Xz{letters}zx"
        self.owners[word.lower()] = set(owners)
        return word

    def check(self, text: str, *, by: Scope, where: str) -> None:
        """Note every canary in ``text`` that the destination ``by`` may not read."""
        lowered = text.lower()
        for word, owners in self.owners.items():
            if word in lowered and not any(readable(owner, by=by) for owner in owners):
                self.violations.append(f"{where}: {word} of {owners} was told to {by}: {text[:4000]}")

    def check_prompt(self, text: str, *, by: Scope | None, where: str) -> None:
        """Note every canary in ``text`` that ``by``, or, where that is unknown, no one channel may read with the others."""
        if by is not None:
            self.check(text, by=by, where=where)
            return
        lowered = text.lower()
        shown = [owners for word, owners in self.owners.items() if word in lowered]
        readers = [channel.scope for channel in CHANNELS]
        if not any(all(any(readable(o, by=by) for o in owners) for owners in shown) for by in readers):
            self.violations.append(f"{where}: what no one channel may read was put together: {text[:4000]}")


@dataclass(kw_only=True)
class World:
    """Feeds, pages, a platform and a model, all in memory, and the bot among them."""

    canaries: Canaries = field(default_factory=Canaries)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)  # by address: type and body
    time: datetime = START
    reader: Scope | None = SHARED  # for whom something is being made; None for some of the channels
    prompts: int = 0
    messages: int = 0

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Answer as a fetcher does."""
        if request.url not in self.documents:
            raise FetchError("There is nothing at the address", reason="not_found")
        kind, body = self.documents[request.url]
        return FetchResult(url=request.url, status=200, body=body.encode(), content_type=kind)

    async def run(
        self, fn: Callable[..., Any], *args: Any, deadline: float = 3.0, urgent: bool = False, **kwargs: Any
    ) -> Any:
        """Do at once what a worker does."""
        return fn(*args, **kwargs)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer as a model does, after a look at what it is shown."""
        self.prompts += 1
        text = f"{request.system}\n{request.user}\n{json.dumps(request.schema)}"
        self.canaries.check_prompt(text, by=self.reader, where=f"prompt {request.purpose}")
        return await ScriptedModel(scripted_answer).complete(request)

    # The platform, as a Chat and as a Conversation.
    platform = "talk"
    window = 1.0
    settle_seconds = 0.0

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        return (json.dumps(to_plain(message), ensure_ascii=False),)

    def validate(self, channel: Channel) -> None:
        pass

    def rate_limit_wait(self, channel: Channel) -> float:
        return 0.0

    async def post(self, post: Post) -> str:
        self.messages += 1
        self.canaries.check(post.payload, by=post.channel.scope, where=f"post in {post.channel.name}")
        return f"p{self.messages}"

    async def find(self, post: Post) -> str | None:
        raise NoLookUp("Nothing can be looked up here", reason="no lookup")

    async def amend(self, post: Post, message_id: str) -> None:
        self.canaries.check(post.payload, by=post.channel.scope, where="amended")

    async def check(self, channel: Channel) -> tuple[str, ...]:
        return ()


@dataclass(kw_only=True)
class Talk:
    """One exchange in ``channel``; ``sees`` nothing else."""

    world: World
    channel: Channel
    said: list[tuple[str, Message]] = field(default_factory=list)

    def _told(self, what: Any, where: str) -> None:
        self.world.messages += 1
        text = json.dumps(to_plain(what), ensure_ascii=False)
        self.world.canaries.check(text, by=self.channel.scope, where=f"{where} in {self.channel.name}")

    async def working(self, text: str) -> None:
        self._told(text, "progress")

    async def show(self, message: Message) -> None:
        self._told(message, "shown")

    async def reply(self, message: Message, *, private: bool = False) -> str:
        self._told(message, "reply")
        self.said.append((f"m{self.world.messages}", message))
        return self.said[-1][0]

    async def open(self, form: Any) -> None:
        self._told([form.title, [(f.label, f.value, f.hint, list(f.options)) for f in form.fields]], "form")

    max_fields = 5

    async def permalink(self, channel: Any, message_id: str) -> str:
        return ""

    shows_preview = True

    async def update(self, form: Any) -> bool:
        self._told([form.title, *form.preview, [(f.label, f.value, f.hint) for f in form.fields]], "form")
        return True

    async def refuse(self, errors: Any) -> bool:
        self._told(list(errors.values()), "form")
        return False

    async def sees(self, channel: Channel) -> bool:
        return False


class Scopes(RuleBasedStateMachine):
    """Feeds, links, questions and briefings of several workspaces, in any order."""

    steps = 0
    totals = (0, 0)  # prompts, messages
    read = 0  # stories ahead of their slots
    own: ClassVar[Counter[str]] = Counter()  # rows that were looked at and are not for everybody, by table

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.stack = AsyncExitStack()
        self.feeds: list[Feed] = []
        self.items: dict[str, list[str]] = {}
        self.pages: list[Page] = []
        self.threads: dict[str, list[str]] = {channel.name: [] for channel in CHANNELS}
        self.subjects: list[str] = []  # of whatever was ever said, in whichever channel
        self.requests = itertools.count(1)

    def teardown(self) -> None:
        try:
            self.loop.run_until_complete(self.stack.aclose())
        finally:
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()
        type(self).totals = (self.totals[0] + self.world.prompts, self.totals[1] + self.world.messages)

    def do(self, work: Any) -> Any:
        """Do ``work`` to its end, and see that nothing was told to anybody who may not know it."""
        type(self).steps += 1
        result = self.loop.run_until_complete(work)
        self.clean()
        return result

    def clean(self) -> None:
        """Raise with the first violation, where there is one."""
        if self.world.canaries.violations:
            raise AssertionError(self.world.canaries.violations[0])

    @initialize()
    def open(self) -> None:
        many = Limits(
            user_per_minute=1000,
            channel_per_minute=10000,
            workspace_per_minute=100000,
            workspace_per_day=10**7,
        )
        config = Config(
            database=DatabaseSettings(url="sqlite:///:memory:"), fetch=Fetch(full_text=False), limits=many
        )

        async def begin() -> None:
            app = await self.stack.enter_async_context(
                open_app(config, now=lambda: self.world.time, model=self.world)
            )
            self.app = replace(app, fetcher=self.world, workers=self.world)
            self.chats = {"talk": self.world}
            self.dispatcher = self.app.request_dispatcher(chats=self.chats, wake=self._wake)
            self.deliverer = Deliverer(
                store=app.store,
                chats=self.chats,
                settings=config.briefings,
                now=lambda: self.world.time,
                session=self.app.session,
                notify=notifier(store=app.store, now=lambda: self.world.time),
                count_delivery=lambda _outcome, _late: None,
                offer=self.app.with_questions,
            )
            for channel in CHANNELS:
                requested = SubscriptionRequest(channel=channel.name, times="daily 07:30 UTC")
                await subscribe(requested, store=app.store, chats=self.chats, now=START, zone="UTC")
            drafted = SubscriptionRequest(
                channel=CHANNELS[0].name, times="daily 19:30 UTC", approval=CHANNELS[1].name, title="Evening"
            )
            await subscribe(drafted, store=app.store, chats=self.chats, now=START, zone="UTC")

        self.do(begin())
        for number, owner in enumerate((SHARED, SHARED, *(channel.scope for channel in CHANNELS), OWNERS[5])):
            self.follow(owner)
            self._publish(self.feeds[-1], event=number % len(EVENTS), copied=None)
        for event in range(len(EVENTS)):
            self.page(event)
        self.ingest(5)

    async def _wake(self) -> None:
        pass

    def text(self, event: int, canary: str, number: int) -> tuple[str, list[str]]:
        title, *sentences = (line.format(canary, n=10 + number % 7) for line in EVENTS[event])
        order = random.Random(number)
        order.shuffle(sentences)
        return title, sentences

    # What comes in.

    @rule(owner=st.sampled_from(OWNERS))
    def follow(self, owner: Scope) -> None:
        if len(self.feeds) >= MOST:
            return
        canary = self.world.canaries.new(owner)
        url = f"https://{canary.lower()}.example/feed"
        feed = Feed(id=derive_id("fee", url, *owner.parts), url=url, title=f"The {canary} Post", scope=owner)
        self.feeds.append(feed)
        self.items[feed.id] = []
        self._serve(feed)
        self.do(self.app.store.feeds.add([feed]))

    @precondition(lambda self: self.feeds)
    @rule(data=st.data(), event=st.integers(0, len(EVENTS) - 1), copied=st.booleans())
    def publish(self, data: st.DataObject, event: int, *, copied: bool) -> None:
        feed = data.draw(st.sampled_from(self.feeds))
        page = data.draw(st.sampled_from(self.pages)) if copied and self.pages else None
        self._publish(feed, event=event, copied=page)

    def _publish(self, feed: Feed, *, event: int, copied: Page | None) -> None:
        scope = feed.scope
        if copied:  # the same text at the same address as a page that somebody may have pasted
            self._known_to(scope, copied)
            event, canary, link = copied.event, copied.canary, copied.url
        else:
            canary = self.world.canaries.new(scope)
            link = f"https://{canary.lower()}.example/story"
        number = len(self.world.canaries.owners)
        title, sentences = self.text(event, canary, number)
        body = "".join(f"<p>{html.escape(s)}</p>" for s in sentences)
        moment = self.world.time.strftime("%a, %d %b %Y %H:%M:%S GMT")
        self.items[feed.id].insert(
            0,
            f"<item><title>{html.escape(title)}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{moment}</pubDate><description>{html.escape(body)}</description></item>",
        )
        self._serve(feed)

    def _known_to(self, owner: Scope, page: Page) -> None:
        """Note that ``owner`` is told of ``page``: its text, and the word in its address."""
        for word in (page.canary.lower(), page.url.split("/")[2].removesuffix(".example")):
            self.world.canaries.owners[word].add(owner)

    def _serve(self, feed: Feed) -> None:
        items = "".join(self.items[feed.id][:8])
        body = f"<rss version='2.0'><channel><title>{feed.title}</title><language>en</language>{items}</channel></rss>"
        self.world.documents[feed.url] = ("application/rss+xml", body)

    @precondition(lambda self: self.feeds)
    @rule(data=st.data())
    def break_or_mend(self, data: st.DataObject) -> None:
        feed = data.draw(st.sampled_from(self.feeds))
        if self.world.documents.pop(feed.url, None) is None:
            self._serve(feed)

    @rule(minutes=st.integers(5, 400))
    def ingest(self, minutes: int) -> None:
        self.world.time += timedelta(minutes=minutes)
        self.do(self.app.ingest(everything=True))

    @rule(event=st.integers(0, len(EVENTS) - 1))
    def page(self, event: int) -> None:
        if len(self.pages) >= MOST:
            return
        canary = self.world.canaries.new()
        self.pages.append(Page(url=f"https://{canary.lower()}.example/page", event=event, canary=canary))
        self._show(self.pages[-1])

    @precondition(lambda self: self.pages)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from(self.pages))
        page.canary = self.world.canaries.new()
        self._show(page)

    def _show(self, page: Page) -> None:
        title, sentences = self.text(page.event, page.canary, len(self.world.canaries.owners))
        paragraphs = "".join(f"<p>{html.escape(s)}</p>" for s in sentences)
        body = f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
        self.world.documents[page.url] = ("text/html", body)

    # What people ask.

    def ask(self, channel: Channel, verb: Verb, words: str = "", **what: Any) -> Talk:
        self.world.reader = channel.scope
        self.world.time += timedelta(seconds=61)
        talk = Talk(world=self.world, channel=channel)
        request = Request(
            id=f"r{next(self.requests)}", asker=ASKER, channel=channel, verb=verb, words=words, **what
        )
        self.do(self.dispatcher.handle(request, talk))
        for name, message in talk.said:
            self.threads[channel.name].append(name)
            self.subjects += [a.subject for a in message.actions if a.subject]
            assert "Something broke" not in message.notice + "".join(
                line.text for part in message.parts for line in part.lines
            ), message
        return talk

    channels = st.sampled_from(CHANNELS)

    @precondition(lambda self: self.pages)
    @rule(data=st.data(), channel=channels, fresh=st.booleans())
    def paste(self, data: st.DataObject, channel: Channel, *, fresh: bool) -> None:
        some = data.draw(st.lists(st.sampled_from(self.pages), min_size=1, max_size=2, unique_by=id))
        for page in some:
            self._known_to(channel.scope, page)
        self.ask(channel, Verb.LINK, ("fresh " if fresh else "") + " ".join(p.url for p in some))

    @rule(data=st.data(), channel=channels, event=st.integers(0, len(EVENTS) - 1), number=SENTENCE)
    def question(self, data: st.DataObject, channel: Channel, event: int, number: int) -> None:
        canary = self.world.canaries.new(channel.scope)
        thread = data.draw(st.sampled_from(["", *self.threads[channel.name][-3:]]))
        known = st.sampled_from(sorted(self.world.canaries.owners))
        theirs = data.draw(st.one_of(st.just(""), known))
        # Whoever names a canary of others knows it already: what they said may be said back to them.
        if theirs:
            self.world.canaries.owners[theirs].add(channel.scope)
        words = EVENTS[event][number].format(theirs, n=12)
        self.ask(channel, Verb.ASK, f"What about {canary}: {words}?", thread=thread)

    @rule(
        channel=channels,
        verb=st.sampled_from([Verb.NOW, Verb.CATCHUP, Verb.LIST, Verb.FEEDS, Verb.STATUS, Verb.HOME]),
    )
    def look(self, channel: Channel, verb: Verb) -> None:
        self.ask(channel, verb)

    @rule(
        data=st.data(),
        channel=channels,
        verb=st.sampled_from([Verb.STORY, Verb.FOLLOW, Verb.MUTE, Verb.UNMUTE]),
        event=st.integers(0, len(EVENTS) - 1),
    )
    def story(self, data: st.DataObject, channel: Channel, verb: Verb, event: int) -> None:
        """Ask for a story by words, or by the id of one of any channel."""
        ids = self.do(self.app.store.stories.all_ids())
        name = data.draw(st.sampled_from(["", EVENTS[event][0].replace("{0}", ""), *ids]))
        self.ask(channel, verb, name)

    @precondition(lambda self: self.subjects)
    @rule(
        data=st.data(),
        channel=channels,
        verb=st.sampled_from(BUTTONS),
    )
    def press(self, data: st.DataObject, channel: Channel, verb: Verb) -> None:
        """Press any button with the subject of any other, of whichever channel."""
        subject = data.draw(st.sampled_from(sorted(set(self.subjects))))
        self.ask(channel, verb, subject=subject)

    @precondition(lambda self: self.subjects)
    @rule(data=st.data(), channel=channels)
    def report(self, data: st.DataObject, channel: Channel) -> None:
        subject = data.draw(st.sampled_from(sorted(set(self.subjects))))
        canary = self.world.canaries.new(channel.scope)
        self.ask(channel, Verb.WRONG, subject=subject, values={"what": f"{canary} is not true"})

    # What the bot does by itself.

    @rule(hours=st.sampled_from([1, 7, 24]))
    def deliver(self, hours: int) -> None:
        self.world.time += timedelta(hours=hours)
        now, store = self.world.time, self.app.store

        async def see_through() -> None:
            await create_due_deliveries(store=store, now=now, grace=timedelta(days=1))
            for one in await store.deliveries.claim(now):
                delivery = await store.deliveries.get(one.id)
                assert delivery
                self.world.reader = delivery.channel.scope
                step: str = Step.GATHER
                turns = 0
                while step and turns < 40:
                    step = (await self.deliverer.step(step, one.id, one.epoch)).step
                    turns += 1
                kept = await store.deliveries.get(one.id)
                self.subjects += [one.id, *([kept.briefing_id] if kept and kept.briefing_id else [])]
            await post_notices(store=store, chats=self.chats, channel=ADMINS)

        self.do(see_through())

    @rule()
    def rebuild(self) -> None:
        async def anew() -> None:
            await self.app.rebuild(await self.app.store.stories.all_ids())

        self.do(anew())

    @rule()
    def brief_on_the_console(self) -> None:
        self.world.reader = Scope(channel="console", visibility=Visibility.CHANNEL)
        briefing = self.do(self.app.brief_channel("console"))
        text = json.dumps(to_plain(briefing), ensure_ascii=False)
        self.world.canaries.check(text, by=self.world.reader, where="console")
        self.clean()

    @rule(days=st.sampled_from([1, 95]))
    def prune(self, days: int) -> None:
        self.world.time += timedelta(days=days)
        self.do(self.app.prune())

    @rule()
    def read_ahead(self) -> None:
        """Have stories read for the slots of the next day, for all channels in one go."""
        preparer = Preparer(composer=self.deliverer.composer, minutes=24 * 60, at_once=2)
        self.world.reader = None
        report = self.do(preparer.round())
        type(self).read += report.read

    @rule()
    def look_at_every_row(self) -> None:
        """See that no row holds what not everybody may read who may read the row, in whichever table and form."""
        rows = self.do(rows_by_reader(self.app.store.database))
        for name, by, text in rows:
            self.world.canaries.check(text, by=by, where=f"table {name}")
            if by != SHARED:
                type(self).own[name] += 1
        self.clean()


async def rows_by_reader(database: Any) -> list[tuple[str, Scope, str]]:
    """Return as text every row with the name of its table and the scope that reads no more than all its readers may."""
    found: list[tuple[str, Scope, str]] = []
    async with database.reading() as connection:
        article = tables.article.c
        own = set()
        for row in await connection.execute(sa.select(article.id).where(article.visibility != "shared")):
            own.add(row[0])
        for table in tables.metadata.sorted_tables:
            if table.name in {"feed_health", "model_call", "delivery_part", "ingest"}:
                continue
            for row in (await connection.execute(sa.select(table))).mappings():
                values = dict(row)
                scoped = "visibility" in values
                if not scoped and values.get("article_id") in own:
                    continue
                by = audience(scope_of(values)) if scoped else SHARED
                found.append((table.name, by, " ".join(_text(value) for value in values.values())))
    return found


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return json.dumps(value, ensure_ascii=False, default=str)
    try:
        return zlib.decompress(value).decode()
    except zlib.error:
        return ""
