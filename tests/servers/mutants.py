"""A loopback server of seeded mutants, in a process of its own: feeds under /f/N, pages under /p/N, and feeds that lead to pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

from tests.support.mutants import mutant, seeds

PAGES = 10_000_000  # added to a page's number, so that feeds and pages are broken differently


def application(data: Path | None) -> web.Application:
    """Return the server's routes; ``data`` is the folder of the reference data, where there is one."""
    feeds, pages = seeds(data)

    async def answer(request: web.Request) -> web.Response:
        kind, number = request.match_info["kind"], int(request.match_info["number"])
        made = mutant(number, feeds) if kind == "f" else mutant(PAGES + number, pages)
        stated = made.content_type.encode("ascii", "replace").decode()
        return web.Response(body=made.body, headers={"Content-Type": stated} if stated else {})

    async def leads(request: web.Request) -> web.Response:
        first, count = int(request.match_info["first"]), int(request.match_info["count"])
        base = f"http://{request.host}/p"
        items = "".join(
            f"<item><title>Page {i}</title><guid>p{i}</guid><link>{base}/{i}</link></item>"
            for i in range(first, first + count)
        )
        return _rss(f"Pages {first}", items)

    async def healthy(request: web.Request) -> web.Response:
        number = request.match_info["number"]
        item = f"<item><title>Healthy {number}</title><guid>healthy {number}</guid><description>The harbour of Selin took in ship {number} today.</description></item>"
        return _rss("Healthy", item)

    made = web.Application()
    made.router.add_get("/{kind:[fp]}/{number:\\d+}", answer)
    made.router.add_get("/to/{first:\\d+}/{count:\\d+}", leads)
    made.router.add_get("/healthy/{number:\\d+}", healthy)
    return made


def _rss(title: str, items: str) -> web.Response:
    body = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
    return web.Response(text=body, content_type="application/rss+xml")


def _main(pipe: Connection, data: Path | None) -> None:
    async def run() -> None:
        runner = web.AppRunner(application(data), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


@asynccontextmanager
async def mutant_server(data: Path | None = None) -> AsyncIterator[int]:
    """Yield the port of a server of mutants."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_main, args=(theirs, data), daemon=True)
    await asyncio.to_thread(process.start)
    try:
        yield await asyncio.to_thread(ours.recv)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        ours.close()
