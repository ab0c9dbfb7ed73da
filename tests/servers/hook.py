"""A receiver of webhook posts that refuses as long as it is told to."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from aiohttp import web


class HookServer:
    """Takes posts at ``url``; ``status`` is what it answers, ``posts`` what it took."""

    def __init__(self) -> None:
        self.status = 200
        self.posts: list[Any] = []
        self.url, self.port = "", 0

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/{path:.*}", self._take)
        application.router.add_get("/{path:.*}", self._look)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}/in/hook"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _look(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPNotFound

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if self.status == 200:
            self.posts.append(body)
        return web.Response(status=self.status)
