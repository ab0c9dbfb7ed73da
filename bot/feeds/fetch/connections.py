"""Connections of the client: one is used again only for requests that wait for its host already, and only while nothing comes unasked.

    answer read ──nobody waits for the host──▶ closed
         └── others wait ──▶ idle, for seconds ──▶ the next request to the same host and port
                              └── anything comes that nobody asked for: closed

The guard decides on the address of a connection when it is made; a connection that is used again stays at that address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError

if TYPE_CHECKING:
    from aiohttp.client_reqrep import ConnectionKey

MAX_INTERIM_ANSWERS = 16  # informational answers before the real one; servers send one or two
MAX_IDLE_SECONDS = 2.0  # seconds a connection waits for the next request, which waits for its turn meanwhile


class Connections(aiohttp.TCPConnector):
    """Makes connections, and keeps one for the next request if ``awaited`` says of its host that there is one; without ``awaited`` none."""

    def __init__(self, *, awaited: Callable[[str], bool] | None, **given: Any) -> None:
        kept: dict[str, Any] = {"keepalive_timeout": MAX_IDLE_SECONDS} if awaited else {"force_close": True}
        super().__init__(limit=0, **kept, **given)
        self._factory = partial(_Answers, loop=self._loop)  # type: ignore[assignment]
        self._awaited = awaited

    def _release(self, key: ConnectionKey, protocol: _Answers, *, should_close: bool = False) -> None:  # type: ignore[override]
        protocol.idle = not should_close and self._awaited is not None and self._awaited(key.host)
        super()._release(key, protocol, should_close=not protocol.idle)


class _Answers(ResponseHandler):
    """The answers that come through one connection: informational ones are counted, and none is taken that was not asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.idle = False
        self._asked = 0  # requests
        self._interim = 0  # informational answers to the present one

    def set_response_params(self, **given: Any) -> None:
        """Begin with the next request."""
        self.idle, self._asked, self._interim = False, self._asked + 1, 0
        super().set_response_params(**given)

    def data_received(self, data: bytes) -> None:
        """Take what came. What comes while nothing is asked would be the answer to the next request, or fill the memory."""
        if data and self.idle:  # the library itself comes with nothing, to have it read on
            self.abort()
            return
        super().data_received(data)
        # The end of an answer makes the connection idle; what followed it in the same data nobody asked for.
        if self.idle and self.should_close:
            self.abort()

    async def read(self) -> Any:
        """Return the next answer; raises ``HttpProcessingError`` after ``MAX_INTERIM_ANSWERS`` informational ones."""
        try:
            found = await super().read()
        except HttpProcessingError as error:
            if self._asked == 1:
                raise
            # The rest of an earlier answer, perhaps: at this error the client asks again, on a new connection.
            raise aiohttp.ServerDisconnectedError from error
        if 100 <= found[0].code < 200:
            self._interim += 1
            if self._interim > MAX_INTERIM_ANSWERS:
                raise HttpProcessingError(message="informational answers without end")
        return found
