"""A loopback web server with programmable answers and faults."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NewsServer:
    """Serves what ``page`` and ``answers`` were given; ``requests`` keeps what came in, in order."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self._tls, self._host, self._port = tls, host, port
        self.answers: dict[str, Answer] = {}
        self.requests: list[web.BaseRequest] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port, ssl_context=self._tls).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def url(self, path: str) -> str:
        """Return the address of ``path``."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}{path}"

    def page(self, path: str, body: bytes | str = b"", *, status: int = 200, **headers: str) -> None:
        """Answer ``path`` with ``body``; an underscore in a header's name is a hyphen; HTML unless said."""
        data = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html"} | {name.replace("_", "-"): v for name, v in headers.items()}

        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, headers=named)

        self.answers[path] = answer

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if request.path not in self.answers:
            raise web.HTTPNotFound
        return await self.answers[request.path](request)
