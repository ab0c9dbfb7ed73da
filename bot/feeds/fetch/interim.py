"""A response that limits the number of informational (1xx) responses before it, which the client library does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from aiohttp.connector import Connection

MAX_INTERIM_ANSWERS = 16  # informational answers before the real one; servers send one or two


class CountedResponse(aiohttp.ClientResponse):
    """A response that fails with ``ClientResponseError`` after ``MAX_INTERIM_ANSWERS`` informational answers."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Read the head of the answer, and of what comes before it."""
        protocol: Any = connection.protocol
        read, seen = protocol.read, 0

        async def counted() -> Any:
            nonlocal seen
            found = await read()
            if 100 <= found[0].code < 200:
                seen += 1
                if seen > MAX_INTERIM_ANSWERS:
                    raise aiohttp.ClientResponseError(
                        self.request_info, self.history, message="informational answers without end"
                    )
            return found

        # Each connection is used once, so that nothing has to be put back.
        protocol.read = counted
        return await super().start(connection)
