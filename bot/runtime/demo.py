"""Four mornings of recorded news, played through the whole program over a loopback server.

config/demo ──HTTP──▶ fetch ─ parse ─ extract ─ cluster ─ ledger ─ write ─▶ four briefings and a page
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.blocking import run_blocking
from bot.chat.document.message import to_message
from bot.config import BriefingSettings, Config, DatabaseSettings, Fetch, packaged
from bot.errors import InputError
from bot.flows.ingest.ingest import Progress
from bot.model.briefing import Briefing
from bot.model.ids import derive_id
from bot.model.message import Message
from bot.model.news import Feed
from bot.ports import LanguageModel
from bot.runtime.compose import open_app, recorded_model
from bot.urls import path_of
from bot.web.page import render_page

ZONE = "Europe/Berlin"
MORNINGS = tuple(datetime(2025, 7, day, 7, 30, tzinfo=ZoneInfo(ZONE)) for day in (7, 8, 9, 10))
DEMO_FEEDS = ("continental.rdf", "harbour-post.rss.xml", "meridian.atom.xml", "northline.feed.json")
PLACEHOLDER = re.compile(rb"\{\{BASE\}\}/(\w+)")
CONTENT_TYPES = {".rdf": "application/rdf+xml", ".xml": "application/xml", ".json": "application/feed+json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The result of the demo: the briefings, the same as messages, and the page."""

    briefings: tuple[Briefing, ...]
    messages: tuple[Message, ...]
    page: Path


class RecordedNews:
    """A loopback server of the recorded feeds and pages, as they were on ``day``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = 1
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Return a feed of the day or a page, with an ETag, as a publisher's server does."""
        name = request.path.lstrip("/")
        path = self.folder / (f"day{self.day}/{name}" if name in DEMO_FEEDS else f"pages/{name}")
        body = await run_blocking(self._read, path)
        if body is None:
            raise web.HTTPNotFound
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        kind = CONTENT_TYPES.get(path.suffix, "text/html")
        return web.Response(body=body, content_type=kind, headers={"ETag": etag}, charset="utf-8")

    def _read(self, path: Path) -> bytes | None:
        if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            return None
        return PLACEHOLDER.sub(lambda m: self.at(m[1].decode()).encode() + b"/" + m[1], path.read_bytes())

    def at(self, outlet: str) -> str:
        """Return the address of the site of ``outlet``: each is a host of its own, as sources are counted by hosts."""
        return f"http://{outlet}.localhost:{self.port}"

    def feed(self, name: str) -> str:
        """Return the address of the feed ``name``."""
        return f"{self.at(re.split('[-.]', name)[0])}/{name}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What ``[fetch] allow`` must name for the recorded sites to be read."""
        return tuple(self.feed(name).split("/")[2] for name in DEMO_FEEDS)


@asynccontextmanager
async def recorded_news(folder: Path, *, port: int = 0) -> AsyncIterator[RecordedNews]:
    """Yield the server, listening on a loopback ``port``, a free one for 0."""
    news = RecordedNews(folder)
    application = web.Application()
    application.router.add_get("/{path:.*}", news.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        news.port = runner.addresses[0][1]
        yield news
    finally:
        await runner.cleanup()


async def play_demo(
    folder: Path, *, progress: Progress | None = None, model: LanguageModel | None = None
) -> Demo:
    """Play the mornings, write the page into ``folder``, and return the result.

    ``model`` writes the stories; without one they are quoted from the articles.
    """
    recorded = await run_blocking(_recorded)
    briefings: list[Briefing] = []
    async with recorded_news(recorded) as news:
        clock = [MORNINGS[0]]
        config = Config(
            database=DatabaseSettings(url="sqlite:///:memory:"),
            # The news are here: on a slow or busy machine they are waited for.
            fetch=Fetch(allow=news.hosts, feed_deadline=120, page_deadline=120, parse_deadline=60),
            briefings=BriefingSettings(timezone=ZONE),
        )
        async with open_app(config, now=lambda: clock[0], model=model) as app:
            await app.store.feeds.add(
                [Feed(id=derive_id("fee", name), url=news.feed(name)) for name in DEMO_FEEDS]
            )
            for day, morning in enumerate(MORNINGS, 1):
                news.day, clock[0] = day, morning
                await app.ingest(everything=True, progress=_titled(progress, day))
                briefings.append(await app.brief_channel("demo"))
    # The recorded pages are gone with their server: a link to them would lead nowhere.
    messages = tuple(
        replace(message, sources=tuple(replace(source, url="") for source in message.sources))
        for message in map(to_message, briefings)
    )
    page = await run_blocking(_write_page, folder, messages)
    return Demo(briefings=tuple(briefings), messages=messages, page=page)


def recorded_replies() -> LanguageModel:
    """Return the model with the recorded replies of the demo."""
    return recorded_model(packaged("demo/replies"))


def as_published(briefing: Briefing) -> Briefing:
    """Return ``briefing`` of the demo with the addresses that its outlets would have, instead of this machine's."""
    sources = (replace(source, url=_published(source.url)) for source in briefing.sources)
    return replace(briefing, sources=tuple(sources))


def _published(url: str) -> str:
    outlet, _, page = path_of(url).lstrip("/").partition("/")
    return f"https://{outlet}.example/{page}"


def _recorded() -> Path:
    folder = packaged("demo/recorded")
    if not folder.is_dir():
        raise InputError("The recorded news of the demo is missing", hint="Install Wirebrief again")
    return folder


def _write_page(folder: Path, messages: tuple[Message, ...]) -> Path:
    page = folder / "briefings.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(render_page(messages, title="Wirebrief: four mornings"), "utf-8")
    except OSError as error:
        raise InputError(
            f"The page cannot be written to {str(folder)!r}: {error.strerror}",
            hint="Name a folder with --folder",
        ) from error
    return page


def _titled(progress: Progress | None, day: int) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"Morning {day}: {what.lower()}", done, total)
