"""``/healthz``, ``/readyz`` and ``/metrics`` of the running bot, on an address of its own network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Why the process cannot work, empty if it can; ``note`` is other information for the operator."""

    problem: str = ""
    note: str = ""


Probe = Callable[[], Awaitable[Readiness]]
"""Returns whether the process can work."""


@asynccontextmanager
async def serve_health(
    address: str, *, ready: Probe, metrics: Callable[[], Awaitable[bytes]]
) -> AsyncIterator[str]:
    """Serve on ``address`` (``host:port``, port 0 for any) and yield the address; raises ``ConfigError`` if it is in use."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_request: web.Request) -> web.Response:
        found = await ready()
        # A late briefing is not a reason to restart the process: that would not make it earlier.
        lines = [found.problem or "ready", *([found.note] if found.note else [])]
        return web.Response(text="".join(f"{line}\n" for line in lines), status=503 if found.problem else 200)

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
