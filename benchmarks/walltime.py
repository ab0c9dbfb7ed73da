"""Wall time of a briefing over its longest chain of calls, at an endpoint that takes a known time for each."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from benchmarks.data import labelled
from benchmarks.engines import busy
from bot.config import BriefingSettings, Config, DatabaseSettings, Model
from bot.flows.briefing.ahead import needs_of
from bot.flows.briefing.brief import make_briefing
from bot.flows.briefing.gather import BriefingInput, gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.flows.requests.quotes import quotes_of
from bot.flows.updates.order import SlotNeeds, reading_order
from bot.flows.updates.story import StoryReader, StoryReading, claim_in, keep_in
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.news import Article
from bot.model.scope import SHARED
from bot.ports import ModelRequest
from bot.runtime.app import App
from bot.runtime.compose import open_app

LATENCY = 6.0  # seconds the endpoint takes for a call: quick for a model that writes an update
RUNS = 1  # each on a new database, with nothing in memory
STORIES = 7
WARMING = 8  # articles read before, so that all parser processes run
ARTICLES_PER_STORY = 4
NOW = datetime(2025, 10, 12, 6, tzinfo=UTC)


def run() -> list[dict[str, str]]:
    """Return the rows of the table: read at its minute, also with each story repaired, and read ahead of it."""
    return [
        asyncio.run(_best("read at its minute")),
        asyncio.run(_best("read at its minute, every story repaired", refuse=True)),
        asyncio.run(_best("planned ahead, read at its minute", planned=True)),
        asyncio.run(_best("read ahead", ahead=True)),
    ]


async def _best(
    name: str, *, refuse: bool = False, planned: bool = False, ahead: bool = False
) -> dict[str, str]:
    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        await asyncio.sleep(LATENCY)
        return web.json_response(_completion(body, refuse=refuse))

    application = web.Application()
    application.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    config = Config(
        database=DatabaseSettings(url="sqlite:///:memory:"),
        model=Model(name="m", base_url=f"http://{host}:{port}/v1", concurrency=16),
        briefings=BriefingSettings(stories=STORIES),
    )
    measured = [await _measure(config, planned=planned, ahead=ahead) for _ in range(RUNS)]
    await runner.cleanup()
    wall, work, chains = min(measured, key=lambda one: one[0])
    longest = max(chains) * LATENCY
    return {
        "briefing": name,
        "stories": str(len(chains)),
        "calls": str(sum(chains)),
        "longest chain": f"{longest:.2f} s",
        "one after another": f"{sum(chains) * LATENCY:.2f} s",
        "wall": f"{wall:.2f} s",
        "processor": f"{work:.2f} s",
        "wall / chain": f"{wall / longest:.3f}" if longest else "-",
    }


async def _measure(config: Config, *, planned: bool, ahead: bool) -> tuple[float, float, list[int]]:
    """Return the seconds of one briefing on a new database, those of a processor, and the calls of each of its stories.

    On a busy machine the first say little. Parser processes run already, as in a bot that runs.
    """
    async with open_app(config, now=lambda: NOW) as app:
        await keep(_articles(), store=app.store, at=NOW)
        session = await app.session()
        assert session
        if planned:
            await _needs(app, session)
        if ahead:
            await _read_ahead(app, session)
        some = _articles()[:WARMING]
        await asyncio.gather(*(app.rules.read(quotes_of, [one], zone=ZoneInfo("UTC")) for one in some))
        started, worked = time.perf_counter(), busy()
        made = await make_briefing(
            await _gathered(app),
            store=app.store,
            channel="bench",
            settings=app.config.briefings,
            session=session,
            rules=app.rules,
        )
        calls = [len(w.exchanges) for w in made.record.writings]
        return time.perf_counter() - started, busy() - worked, calls


def _articles() -> list[Article]:
    """Return the first articles of each of the labelled events, as if all had come in the last hour."""
    of_event: Counter[int] = Counter()
    found = []
    for article, event in labelled():
        of_event[event] += 1
        if of_event[event] <= ARTICLES_PER_STORY:
            found.append(replace(article, fetched_at=NOW - timedelta(hours=1)))
    return found


async def _gathered(app: App) -> BriefingInput:
    request = BriefingRequest(
        sent={},
        since=NOW - timedelta(days=1),
        horizon=NOW - timedelta(days=40_000),  # the labelled articles are of many years
        at=NOW,
        by=SHARED,
        settings=app.config.briefings,
    )
    return await gather(request, store=app.store, rules=app.rules)


async def _needs(app: App, session: ModelSession) -> SlotNeeds:
    return await needs_of(await _gathered(app), due=NOW, settings=app.config.briefings, session=session)


async def _read_ahead(app: App, session: ModelSession) -> None:
    stories = StoryReader(
        reader=await session.reader(),
        at=NOW,
        keep=keep_in(app.store),
        claim=claim_in(app.store, session.claims, by=SHARED),
    )
    while planned := reading_order([await _needs(app, session)]):
        await asyncio.gather(
            *(stories.read(one.material, StoryReading(updates=list(one.material.updates))) for one in planned)
        )


def _completion(body: dict[str, list[dict[str, str]]], *, refuse: bool) -> dict[str, object]:
    system, user = (message["content"] for message in body["messages"])
    mending = "You correct statements" in system
    asked = ModelRequest(
        purpose="update",
        system=system,
        user=user,
        schema_name="update_repair" if mending else "update",
        schema={},
    )
    looking = "Then compare facts with known ones" in system
    data = {"verdicts": [], "repeats": []} if looking else json.loads(json.dumps(scripted_answer(asked)))
    if refuse and not mending and data.get("facts"):
        text = "Nobody in the whole country had foreseen 4,711 of it."
        data["facts"].append(data["facts"][0] | {"text": text, "importance": 3})
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(data)},
    }
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
