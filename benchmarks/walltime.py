"""Wall time of a briefing over its longest chain of calls, at an endpoint that takes a known time for each."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.briefings.scripted import scripted_answer
from bot.config import BriefingSettings, Config, DatabaseSettings, Model, packaged
from bot.flows.briefing.brief import make_briefing
from bot.flows.briefing.gather import gather
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep, read_cases
from bot.model.scope import SHARED
from bot.ports import ModelRequest
from bot.runtime.compose import open_app

LATENCY = 1.0  # seconds the endpoint takes for a call: quick for any model
RUNS = 3
NOW = datetime(2025, 10, 12, 6, tzinfo=UTC)


def run() -> list[dict[str, str]]:
    """Return the rows of the table: with every story's first wording accepted, and with each one mended."""
    return [
        asyncio.run(_measure("worded", refuse=False)),
        asyncio.run(_measure("worded, every story mended", refuse=True)),
    ]


async def _measure(name: str, *, refuse: bool) -> dict[str, str]:
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
        briefings=BriefingSettings(stories=20),
    )
    seconds: list[float] = []
    chains: list[int] = []
    async with open_app(config, now=lambda: NOW) as app:
        golden = [given for case in read_cases(packaged("golden")) for given in case.articles]
        articles = [given.article(fetched_at=NOW - timedelta(hours=1)) for given in golden]
        await keep(articles, store=app.store, at=NOW, timezone="UTC")
        for _ in range(RUNS):
            started = time.perf_counter()
            gathered = await gather(
                store=app.store,
                sent={},
                since=NOW - timedelta(days=1),
                at=NOW,
                by=SHARED,
                settings=config.briefings,
            )
            assert app.model
            session = ModelSession(model=app.model)
            made = await make_briefing(
                gathered, store=app.store, channel="bench", settings=config.briefings, session=session
            )
            seconds.append(time.perf_counter() - started)
            chains = [len(w.exchanges) for w in made.record.writings]
    await runner.cleanup()
    wall, longest = min(seconds), max(chains) * LATENCY
    return {
        "briefing": name,
        "stories": str(len(chains)),
        "calls": str(sum(chains)),
        "longest chain": f"{longest:.2f} s",
        "one after another": f"{sum(chains) * LATENCY:.2f} s",
        "wall": f"{wall:.2f} s",
        "wall / chain": f"{wall / longest:.3f}",
    }


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
    data = json.loads(json.dumps(scripted_answer(asked)))
    if refuse and not mending and data["facts"]:
        text = "Nobody in the whole country had foreseen 4,711 of it."
        data["facts"].append(data["facts"][0] | {"text": text, "importance": 3})
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(data)},
    }
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
