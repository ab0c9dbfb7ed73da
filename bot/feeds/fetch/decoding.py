"""Undo a content encoding piece by piece, so that a decompression bomb is noticed right after the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

import brotli

from bot.errors import FetchError

DECODED_STEP_BYTES = 64 * 1024  # bytes made at once
MAX_GZIP_MEMBERS = 64  # gzip members of one body; each costs a copy of what follows it
GZIP_MARK = b"\x1f\x8b"
GZIP_START = GZIP_MARK + b"\x08"  # with its one method of compression
# What begins like this is packed in no way: neither gzip nor a deflate that servers send starts so.
_MARKUP = (
    b"<?xml",
    b"<rss",
    b"<feed",
    b"<rdf:",
    b"<!DOCT",
    b"<!doct",
    b"<html",
    b"\xef\xbb\xbf<",
    b'{"version',
    b"\n<?xml",
    b"\r\n<?xml",
)

# What servers name for a body that is not packed at all.
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})


class Decoder(Protocol):
    """Turns a body's bytes on the wire into the document's."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what ``chunk`` decodes to, in small pieces; raises ``FetchError`` for damaged compression."""
        ...

    def whole(self) -> bool:
        """Return whether the packed stream came to its own end."""
        ...


def decoder_for(headers: Sequence[str]) -> Decoder:
    """Return the decoder for a response's ``Content-Encoding`` headers; raises ``FetchError``.

    A body whose first bytes show that the headers are wrong is read as what it is: gzip that is called plain, or
    markup that is called gzip. Stacked encodings are refused: no publisher needs them, and they multiply what a
    bomb unpacks to.
    """
    names = [part.strip().lower() for header in headers for part in header.split(",")]
    names = [name for name in names if name not in _PLAIN]
    if not names:
        return _Sniffing(_Plain(), marks=(GZIP_START,))
    if names in (["gzip"], ["x-gzip"]):
        return _Sniffing(_Inflater(members=MAX_GZIP_MEMBERS), marks=(GZIP_START, *_MARKUP))
    if names == ["deflate"]:
        return _Sniffing(_Inflater(members=0), marks=(GZIP_START, *_MARKUP))
    if names == ["br"]:
        return _Sniffing(_Brotli(), marks=(GZIP_START, *_MARKUP))
    raise FetchError(
        "The server compresses the document in an unsupported way",
        reason="encoding",
        hint="Gzip, deflate and brotli are read, one at a time",
    )


class _Sniffing:
    """Looks at the first bytes before it believes what the body is called."""

    def __init__(self, stated: Decoder, *, marks: tuple[bytes, ...]) -> None:
        self._decoder = stated
        self._marks = marks
        self._start = b""  # held back until enough bytes have arrived to decide
        self._started = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if not self._started:
            self._start += chunk
            if any(len(self._start) < len(mark) and mark.startswith(self._start) for mark in self._marks):
                return
            chunk, self._start, self._started = self._start, b"", True
            mark = next((mark for mark in self._marks if chunk.startswith(mark)), b"")
            if mark:
                self._decoder = _Inflater(members=MAX_GZIP_MEMBERS) if mark == GZIP_START else _Plain()
        yield from self._decoder.feed(chunk)

    def whole(self) -> bool:
        return not self._start and self._decoder.whole()


class _Plain:
    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def whole(self) -> bool:
        return True


class _Inflater:
    """Gzip when it may have ``members``, else deflate, with its wrapper or, as some servers send it, without."""

    def __init__(self, *, members: int) -> None:
        self._members = members
        self._gzip = members > 0
        self._stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            stream = self._stream = self._stream or zlib.decompressobj(self._window(chunk))
            if stream.eof:
                # Another gzip member may follow; anything else after the end is padding.
                if not self._gzip or not GZIP_MARK.startswith(chunk[:2]):
                    return
                self._members -= 1
                if not self._members:
                    raise _damaged()
                stream = self._stream = zlib.decompressobj(31)
            yield from _inflate(stream, chunk)
            chunk = stream.unused_data

    def whole(self) -> bool:
        return self._stream is None or self._stream.eof

    def _window(self, start: bytes) -> int:
        if self._gzip:
            return 31
        wrapped = start[0] & 15 == 8 and (len(start) < 2 or int.from_bytes(start[:2], "big") % 31 == 0)
        return 15 if wrapped else -15


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        try:
            # Until a call makes nothing: output may wait inside although all input is taken.
            piece = chunk
            while piece and not self._stream.is_finished():
                piece = self._stream.process(chunk, output_buffer_limit=DECODED_STEP_BYTES)
                chunk = b""
                yield piece
        except brotli.error as error:
            raise _damaged() from error

    def whole(self) -> bool:
        return bool(self._stream.is_finished())


def _inflate(stream: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    while True:
        try:
            piece = stream.decompress(chunk, DECODED_STEP_BYTES)
        except zlib.error as error:
            raise _damaged() from error
        yield piece
        chunk = stream.unconsumed_tail
        # After a full piece more may wait inside the stream although all input is taken.
        if stream.eof or not (chunk or len(piece) == DECODED_STEP_BYTES):
            return


def _damaged() -> FetchError:
    return FetchError(
        "The server's compression of the document is damaged",
        reason="encoding",
        hint="It is tried again later",
    )
