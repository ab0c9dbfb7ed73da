"""``/healthz``, ``/readyz`` and ``/metrics`` of the running bot, on an address of the house."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import ConfigError

Probe = Callable[[], Awaitable[str]]
"""Returns why the bot cannot work, in words; empty when it can."""


@asynccontextmanager
async def serve_health(
    address: str, *, ready: Probe, metrics: Callable[[], Awaitable[bytes]]
) -> AsyncIterator[str]:
    """Serve on ``address`` (``host:port``, port 0 for any) and yield where; raises ``ConfigError`` for a taken one."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_request: web.Request) -> web.Response:
        why = await ready()
        return web.Response(text=f"{why or 'ready'}\n", status=503 if why else 200)

    async def counted(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": "text/plain; version=0.0.4"})

    site = web.Application()
    site.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", counted)])
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    host, _, port = address.rpartition(":")
    try:
        await web.TCPSite(runner, host, int(port)).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(
            f"run.http: {address} cannot be used: {error.strerror}",
            hint="Name another port, or leave it empty",
        ) from error
    try:
        taken = runner.addresses[0]
        yield f"{taken[0]}:{taken[1]}"
    finally:
        await runner.cleanup()
