"""Read one response: its redirect, or its body within the limits, as transferred and decoded."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from bot.errors import FetchError
from bot.feeds.fetch.answers import caching_seconds, media_type, refusal, refuse_media, validator
from bot.feeds.fetch.decoding import decoder_for
from bot.ports import FetchRequest, FetchResult

PERMANENT = frozenset({301, 308})
MOVED = PERMANENT | {302, 303, 307}
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """The target of a redirect."""

    target: str
    permanent: bool


async def read_response(
    response: aiohttp.ClientResponse, request: FetchRequest, *, url: str, conditional: bool
) -> FetchResult | Redirect:
    """Return what ``response`` holds or where it redirects to; raises ``FetchError`` for everything else."""
    headers, status = response.headers, response.status
    if status in MOVED:
        if not (target := headers.get("Location", "").strip()):
            raise redirect_error("The address redirects without saying where")
        # A raw UTF-8 address arrives with its bytes escaped; undo that before it is vetted.
        target = target.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return Redirect(target=target, permanent=status in PERMANENT)
    if status not in {200, 203} and not (status == 304 and conditional):
        raise refusal(status, retry_after=headers.get("Retry-After", ""))
    content_type, charset = media_type(headers.get("Content-Type", ""))
    if status != 304:
        refuse_media(content_type)
    return FetchResult(
        url=url,
        status=304 if status == 304 else 200,
        body=b"" if status == 304 else await _body(response, request.max_bytes),
        content_type=content_type,
        charset=charset,
        etag=validator(headers.get("ETag", "")),
        last_modified=validator(headers.get("Last-Modified", "")),
        max_age=caching_seconds(headers),
    )


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the decoded body; raises ``FetchError`` as soon as it is over ``limit``, on the wire or decoded."""
    decoder = decoder_for(response.headers.getall("Content-Encoding", []))
    wire, body = 0, bytearray()
    if (response.content_length or 0) > limit:
        raise _too_large(limit)
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        wire += len(chunk)
        for piece in decoder.feed(chunk):
            body += piece
            if len(body) > limit:
                raise _too_large(limit)
        if wire > limit:
            raise _too_large(limit)
    if not decoder.whole():
        raise FetchError("The document was cut off", reason="cut", hint="It is tried again later")
    return bytes(body)


def _too_large(limit: int) -> FetchError:
    size = f"{limit / 2**20:.3g} MiB" if limit >= 2**20 else f"{limit} bytes"
    return FetchError(
        f"The document is larger than {size}", reason="too_large", hint="Look for a shorter feed or page"
    )


def redirect_error(message: str) -> FetchError:
    """Return the error for redirects without a usable target."""
    return FetchError(
        message, reason="redirects", hint="Open it in a browser and give the address it ends at"
    )
