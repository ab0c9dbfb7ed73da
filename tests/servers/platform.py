"""A loopback chat platform with a log of its own, and the faults of real ones; runs in a process of its own.

Every message it accepts is a line of the log, written before anything else happens: the log is what readers saw.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from tests.servers.broken import Broken

FAULTS = ("drop before", "drop after", "late", "slow", "500 after", "500 before", "429", "503 before")


@dataclass(slots=True, kw_only=True)
class Platform:
    """Takes posts under ``/hook/NAME`` and look-ups under ``/find/NAME?key=``; ``rate`` in posts a second, 0 for any."""

    log: Path
    faults: float = 0.0  # share of the posts to which something happens
    rate: float = 0.0
    seed: int = 0
    latest: float = 0.6  # seconds after a request came at which its message may still appear
    script: list[str] = field(default_factory=list)  # what happens to the next posts, before chance has a say
    posted: dict[str, str] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)
    busy: int = 0  # posts that were told to come again
    tokens: float = 1.0
    refilled: float = field(default_factory=time.monotonic)
    chance: random.Random = field(default_factory=random.Random)
    late: set[asyncio.Task[str]] = field(default_factory=set)
    broken: Broken = field(default_factory=Broken)  # by the name of the hook

    def __post_init__(self) -> None:
        self.chance.seed(self.seed)

    async def serve(self, port: int) -> web.AppRunner:
        """Begin to serve on ``port`` of this machine."""
        site = web.Application()
        site.add_routes([web.post("/hook/{name}", self._post), web.get("/find/{name}", self._find)])
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        return runner

    async def _post(self, request: web.Request) -> web.StreamResponse:
        key, name = request.headers["Idempotency-Key"], request.match_info["name"]
        await request.read()
        if answer := await self.broken.answer(name, request):
            return answer
        if self.rate and not self._turn():
            self.busy += 1
            return web.Response(status=429, headers={"Retry-After": f"{self._wait():.3f}"})
        kind = self.script.pop(0) if self.script else self._drawn()
        if not kind:
            return web.json_response({"id": self._accept(key, name)})
        if kind == "429":
            return web.Response(status=429, headers={"Retry-After": "0.2"})
        if kind.endswith(" before") and kind[:3].isdigit():
            return web.Response(status=int(kind[:3]))
        if kind == "late":
            # The caller hears nothing, and the message appears after that.
            task = asyncio.create_task(self._accept_late(key, name))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
        if kind == "slow":
            await asyncio.sleep(self.chance.random() * 0.5)
        if kind in {"drop after", "500 after", "slow"}:
            answer = web.json_response({"id": self._accept(key, name)})
            if kind == "slow":
                return answer
            if kind == "500 after":
                return web.Response(status=500)
        if request.transport:
            request.transport.close()
        return web.Response(status=500)

    def _drawn(self) -> str:
        return self.chance.choice(FAULTS) if self.chance.random() < self.faults else ""

    async def _accept_late(self, key: str, name: str) -> str:
        await asyncio.sleep(self.chance.random() * self.latest)
        return self._accept(key, name)

    def _accept(self, key: str, name: str) -> str:
        message_id = f"m{len(self.posted)}-{key}"
        with self.log.open("a") as file:
            file.write(f"{time.time():.6f} {name} {key}\n")
        self.posted[key] = message_id
        return message_id

    async def _find(self, request: web.Request) -> web.StreamResponse:
        if answer := await self.broken.answer(request.match_info["name"], request):
            return answer
        if self.chance.random() < self.faults / 4:
            return web.Response(status=500)
        found = self.posted.get(request.query["key"])
        return web.json_response({"id": found}) if found else web.Response(status=404)

    def _turn(self) -> bool:
        now = time.monotonic()
        self.tokens = min(self.rate / 5, self.tokens + (now - self.refilled) * self.rate)
        self.refilled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def _wait(self) -> float:
        return max(0.05, (1 - self.tokens) / self.rate)


def serve_for_ever(platform: Platform, port: int) -> None:
    """Serve until the process is ended."""

    async def run() -> None:
        await platform.serve(port)
        await asyncio.Event().wait()

    asyncio.run(run())
    os._exit(0)
