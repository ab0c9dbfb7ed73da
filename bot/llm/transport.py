"""The HTTP client of an endpoint: uncompressed, bounded bodies, no redirects."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache

import httpx2
import openai

from bot.config import Model

MAX_MODEL_RESPONSE_BYTES = 2 * 1024 * 1024  # bytes of one answer


class BodyTooLarge(Exception):  # noqa: N818 - never leaves the client
    """An endpoint sent more than the limit of an answer."""


class BoundedBody(httpx2.AsyncByteStream):
    """A body that raises an error once it exceeds the limit of an answer."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the chunks of the body."""
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > MAX_MODEL_RESPONSE_BYTES:
                raise BodyTooLarge
            yield chunk

    async def aclose(self) -> None:
        """Close the body."""
        await self._inner.aclose()


class BoundedTransport(httpx2.AsyncHTTPTransport):
    """A transport that requests uncompressed bodies and bounds them."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the response to ``request``, its body bounded."""
        # Uncompressed bodies only, so that there are no decompression bombs.
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - narrows the type
        response.stream = BoundedBody(response.stream)
        return response


def open_client(settings: Model, *, proxy: str = "") -> openai.AsyncOpenAI:
    """Return the client for the endpoint of ``settings``, through ``proxy``; it takes a second, and reads files."""
    transport = BoundedTransport(verify=_trusted(), trust_env=False, proxy=proxy or None)
    http = httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
    key = settings.api_key.get_secret_value() or "none"  # own servers need none, the SDK does
    client: openai.AsyncOpenAI
    if settings.api_version:
        client = openai.AsyncAzureOpenAI(
            azure_endpoint=settings.base_url,
            api_key=key,
            api_version=settings.api_version,
            max_retries=0,
            http_client=http,
        )
    else:
        client = openai.AsyncOpenAI(base_url=settings.base_url, api_key=key, max_retries=0, http_client=http)
    _ = client.chat.completions  # loads its modules
    return client


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom endpoints' certificates must be signed by: one for all clients, since to read the list takes a while."""
    return httpx2.create_ssl_context()
