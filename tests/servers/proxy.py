"""A loopback HTTP proxy that records what it is asked, and takes every connection to one of our own servers."""

from __future__ import annotations

import asyncio
import contextlib
from base64 import b64encode
from types import TracebackType
from typing import Self


class HttpProxy:
    """Forwards to ``127.0.0.1:upstream`` whatever address it is asked for; ``asked`` keeps the requests as they came."""

    def __init__(self, *, upstream: int, user: str = "", status: str = "", garbage: bytes = b"") -> None:
        self._upstream, self._status, self._garbage = upstream, status, garbage
        self._token = b64encode(user.encode()).decode() if user else ""
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.port = 0
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._talks.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            raw = await reader.readuntil(b"\r\n\r\n")
            line, *rest = raw.decode("latin-1").split("\r\n")
            method, target, _ = line.split(" ", 2)
            headers = {k.lower(): v.strip() for k, _, v in (one.partition(":") for one in rest) if v}
            self.asked.append((method, target, headers))
            await self._answer(raw, method, target, headers, reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(
        self,
        raw: bytes,
        method: str,
        target: str,
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if self._garbage:
            writer.write(self._garbage)
            await writer.drain()
            return
        refused = self._status
        if self._token and headers.get("proxy-authorization") != f"Basic {self._token}":
            refused = "407 Proxy Authentication Required"
        if refused:
            writer.write(f"HTTP/1.1 {refused}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = "/" + target.split("/", 3)[3]
            far_writer.write(raw.replace(target.encode("latin-1"), path.encode("latin-1"), 1))
        both = [
            asyncio.create_task(_pump(reader, far_writer)),
            asyncio.create_task(_pump(far_reader, writer)),
        ]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        far_writer.close()
        with contextlib.suppress(ConnectionError):
            await far_writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
