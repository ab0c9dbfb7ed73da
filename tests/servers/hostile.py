"""A loopback server of bombs and hangs, in a process of its own so that making them costs the reader nothing."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection

import brotli

from tests.feeds.page.pdf_files import file_of, stream

Write = Callable[[bytes], Awaitable[None]]
Attack = Callable[[Write], Awaitable[None]]

FINE = (
    "<rss version='2.0'><channel><title>Fine</title><item><title>The talks go on</title><guid>fine</guid>"
    "<pubDate>Mon, 10 Mar 2031 12:00:00 GMT</pubDate><description>The talks in Geneva went on for a second day on "
    "Monday, two officials said.</description></item></channel></rss>"
)
STEMMED = "y" * 985 + "eed"
DATES = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "Mon, 99 Foo 99999 99:99:99 +9999",
    "-1",
    "1e999",
    "9" * 400,
)
BROKEN = (
    "http://[",
    "//]",
    "http://\u2100.com/",
    "http://[127.0.0.1]/",
    "http://a.example:99999/",
    "http://[v1.x]/",
    "http:",
    "//[",
    "\\\\[",
)
HALVES = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Half \\ud83d","author":{"name":"\\udc00\\u0000"},'
    '"datePublished":"0001-01-01T00:00:00+14:00","url":"http://[","publisher":{"name":"\\ud83d"}}</script>'
)
NONE_AT_ALL = "<base href='http://['><link rel=canonical href='//]'><meta property='og:url' content='http://[127.0.0.1]/'>"
ITEM = "<item><title>{0}</title><guid>{0}</guid><description>{1}</description></item>"


def head(*lines: str, status: str = "200 OK", kind: str = "application/rss+xml") -> bytes:
    """Return the head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *lines, "", ""]).encode()


def whole(body: bytes, *lines: str, status: str = "200 OK", kind: str = "application/rss+xml") -> Attack:
    """Answer with ``body`` and be done."""
    length = () if any("Content-Length" in line for line in lines) else (f"Content-Length: {len(body)}",)

    async def answer(write: Write) -> None:
        await write(head(*length, *lines, status=status, kind=kind) + body)

    return answer


def feed(inner: str, *, prolog: str = "") -> bytes:
    """Return a feed around ``inner``."""
    return f"<?xml version='1.0'?>{prolog}<rss version='2.0'><channel><title>t</title>{inner}</channel></rss>".encode()


def json_feed(title: str, text: str) -> bytes:
    """Return a JSON Feed of one entry; ``title`` and ``text`` are JSON already."""
    item = (
        f'{{"id":"1","title":"{title}","content_text":"{text}","url":"http://[{title}","tags":["{title}"]}}'
    )
    return f'{{"version":"https://jsonfeed.org/version/1.1","title":"{title}","items":[{item}]}}'.encode()


def sent_to(address: str) -> Attack:
    """Answer with a redirect to ``address``, in its bytes."""
    line = f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode()

    async def answer(write: Write) -> None:
        await write(line)

    return answer


def leading_to(name: str) -> bytes:
    """Return a feed whose one entry lies at the page ``name`` of this server."""
    return feed(f"<item><title>Page {name}</title><link>BASE/{name}</link><guid>{name}</guid></item>")


@cache
def squeezed(size: int, form: str) -> bytes:
    """Return ``size`` bytes of blanks, packed."""
    block = b" " * 2**20
    if form == "br":
        packer = brotli.Compressor(quality=5)
        return b"".join(packer.process(block) for _ in range(size // 2**20)) + packer.finish()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if form == "gzip" else 15)
    return b"".join(packer.compress(block) for _ in range(size // 2**20)) + packer.flush()


def zstandard(size: int) -> bytes:
    """Return a frame of ``size`` repeated bytes: blocks of 128 KiB, four bytes each."""
    blocks = size // 131_072
    rows = (struct.pack("<I", 131_072 << 3 | 1 << 1 | (i == blocks - 1))[:3] + b" " for i in range(blocks))
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(rows)


def endless(first: bytes, piece: bytes, *, pause: float = 0.0) -> Attack:
    """Send ``first``, then ``piece`` for ever."""

    async def answer(write: Write) -> None:
        await write(first)
        while True:
            await write(piece)
            await asyncio.sleep(pause)

    return answer


async def silence(_write: Write) -> None:
    """Take the request and say nothing."""
    await asyncio.sleep(3600)  # what waits for nothing may be collected, and would hang up


async def sends_on(write: Write) -> None:
    """Redirect to an address that redirects, each time another one and after a while."""
    await asyncio.sleep(3)
    await write(
        head(f"Location: /slow-redirects?{os.urandom(4).hex()}", "Content-Length: 0", status="302 Found")
    )


def laughs(*, before: str = "") -> bytes:
    levels = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10}'>" for i in range(1, 12))
    return feed(
        "<item><title>&l11;</title></item>", prolog=f"{before}<!DOCTYPE rss [<!ENTITY l0 'ha'>{levels}]>"
    )


def quadratic() -> bytes:
    doctype = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"
    return feed(f"<item><title>{'&a;' * 100_000}</title></item>", prolog=doctype)


def page(inner: str, *, title: str = "t") -> bytes:
    return f"<html lang=en><head><title>{title}</title></head><body><article>{inner}</article></body></html>".encode()


def attacks(giant: int) -> dict[str, Attack]:
    """Return what a feed's address may do, by name; bombs unpack to ``giant`` bytes."""
    many = "".join(ITEM.format(i, "x") for i in range(300_000))
    return {
        "gzip": whole(squeezed(giant, "gzip"), "Content-Encoding: gzip"),
        "deflate": whole(squeezed(giant, "deflate"), "Content-Encoding: deflate"),
        "brotli": whole(squeezed(giant, "br"), "Content-Encoding: br"),
        "zstd": whole(zstandard(giant), "Content-Encoding: zstd"),
        "double gzip, named": whole(gzip.compress(squeezed(giant, "gzip")), "Content-Encoding: gzip, gzip"),
        "double gzip, hidden": whole(gzip.compress(squeezed(giant, "gzip")), "Content-Encoding: gzip"),
        "gzip of many members": whole(gzip.compress(b"") * 200_000, "Content-Encoding: gzip"),
        "endless body": endless(head(), b" " * 65_536),
        "endless chunks of one byte": endless(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n" * 10_000),
        "endless chunk extension": endless(head("Transfer-Encoding: chunked") + b"1;x=", b"y" * 65_536),
        "endless head": endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 5000),
        "endless head line": endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65_536),
        "endless continues": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        "endless trailer": endless(head("Transfer-Encoding: chunked") + b"1\r\nx\r\n0\r\n", b"X-A: b\r\n" * 5000),
        "one byte a second": endless(head("Content-Length: 1000"), b"<", pause=1.0),
        "a head byte a second": endless(b"HTTP/1.1 200 OK\r\n", b"X", pause=1.0),
        "silence": silence,
        "redirect loop": whole(b"", "Location: /redirect-loop", status="301 Moved Permanently"),
        "slow redirects": sends_on,
        "a lie about its length": whole(b"<rss/>", "Content-Length: 999999999999999999999"),
        "giant tag": whole(feed(f"<item a='{'x' * 2**20}'><title>t</title></item>")),
        "200,000 attributes": whole(feed("<item " + " ".join(f"a{i}='x'" for i in range(200_000)) + "/>")),
        "deep nesting": whole(feed("<a>" * 200_000)),
        "300,000 entries": whole(feed(many[: 7 * 2**20])),
        "300,000 JSON entries": whole(b'{"version":"1","items":[' + b'{"id":"1"},' * 300_000 + b"{}]}", kind="text/json"),
        "deep JSON": whole(b'{"version":' + b"[" * 400_000, kind="application/json"),
        "billion laughs": whole(laughs()),
        "billion laughs, far down": whole(laughs(before=f"<!--{'x' * 70_000}-->")),
        "quadratic entities": whole(quadratic()),
        "a title of 7 MB": whole(feed(ITEM.format("<b>" * 2_400_000, "x"))),
        "endless early hints": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000),
        "a redirect to http://[": sent_to("http://["),
        "a redirect to //]": sent_to("//]"),
        "a redirect to a host of signs": sent_to("http://\u2100.com/"),
        "a redirect to [127.0.0.1]": sent_to("http://[127.0.0.1]/"),
        "a redirect to a port beyond all": sent_to("http://a.example:99999999/"),
        "halves of characters in JSON": whole(json_feed("\\ud83d", "\\udc00\\ud83d" * 5000), kind="application/json"),
        "NUL in JSON": whole(json_feed("\\u0000", "a\\u0000b" * 5000), kind="application/json"),
        "numbers without end in JSON": whole(json_feed("1", "2").replace(b'"1"', b"9" * 2**20), kind="application/json"),
        "a feed in unicode_escape": whole(feed(ITEM.format("\\ud83d", "\\x00"), prolog="<?xml version='1.0' encoding='unicode_escape'?>")),
        "a feed in utf-7": whole(feed(ITEM.format("+2D0-", "+AAA-")), kind="application/rss+xml; charset=utf-7"),
        "entities in UTF-16": whole(laughs(before=f"<!--{'x' * 40_000}-->").decode().encode("utf-16")),
        "references to what is no character": whole(feed(ITEM.format("&#0;&#xd83d;&#xffff;&#x110000;" * 50, "&#xdc00;" * 20_000))),
        "a word for the stemmer": whole(feed(ITEM.format(STEMMED, f"{STEMMED} was {STEMMED}. " * 200))),
        "a word of vowels": whole(feed(ITEM.format("e" * 12_000, "\u00e9" * 100_000))),
        "towers of accents": whole(feed(ITEM.format("t" + "\u0301" * 400, ("t" + "\u0301\u0489" * 2000) * 20))),
        "dates beyond the calendar": whole(feed("".join(f"<item><title>{d}</title><pubDate>{d}</pubDate><description>It is {d}.</description></item>" for d in DATES))),
        "addresses that are none": whole(feed("".join(f"<item><title>{i}</title><link>{a}</link><guid>{a}</guid></item>" for i, a in enumerate(BROKEN)), prolog="")),
        "500 entries of 16 KB": whole(feed("".join(ITEM.format(i, "Mr. A. " * 2300) for i in range(500)))),
    }  # fmt: skip


def pages(giant: int) -> dict[str, Attack]:
    """Return what the page of an entry may be, by name."""
    html = "text/html"
    text = "The talks in Geneva went on for a second day on Monday, two officials said. "
    accent = "\u0301\u0489"
    scripts = "".join(f"<script type='application/ld+json'>{'[' * 100_000}</script>" for _ in range(20))
    return {
        "page: gzip": whole(squeezed(giant, "gzip"), "Content-Encoding: gzip", kind=html),
        "page: giant tag": whole(page(f"<p a='{'x' * 2**20}'>t</p>"), kind=html),
        "page: deep nesting": whole(page("<div>" * 24_000 + text * 9), kind=html),
        "page: unclosed tags": whole(page("<a><b><i>" * 8_000 + text * 9), kind=html),
        "page: one line of 2.9 MB": whole(page(f"<p>{text * 37_000}</p>"), kind=html),
        "page: full stops": whole(page(f"<p>{'A. ' * 900_000}</p>"), kind=html),
        "page: titles without end": whole(page(f"<p>{'Mr. ' * 700_000}</p>"), kind=html),
        "page: one word of 2.9 MB": whole(page(f"<p>{'x' * 2_900_000}</p>"), kind=html),
        "page: brackets": whole(page(f"<p>{'[' * 2_900_000}</p>"), kind=html),
        "page: blanks": whole(page(f"<p>{text}{' ' * 2_800_000}x</p>"), kind=html),
        "page: numbers and dates": whole(page(f"<p>{'1,000 on 3 May 2031 and ' * 120_000}</p>"), kind=html),
        "page: names": whole(page(f"<p>{'Anna Berg said that Anna Berg said. ' * 80_000}</p>"), kind=html),
        "page: 12,000 short paragraphs": whole(page(f"<p>{text}</p>" * 12_000), kind=html),
        "page: deep JSON-LD": whole(page(scripts + text * 9), kind=html),
        "page: odd charset": whole(page(text * 9000), kind=f"{html}; charset=idna"),
        "page: a word for the stemmer": whole(page(f"<p>{text * 5}{STEMMED} was {STEMMED}.</p>"), kind=html),
        "page: a title of vowels": whole(page(text * 5, title="e" * 12_000), kind=html),
        "page: halves in JSON-LD": whole(page(HALVES + text * 5), kind=html),
        "page: towers of accents": whole(page(f"<p>{text * 5}{'t' + accent * 9000} </p>" * 9), kind=html),
        "page: text in utf-7": whole((text * 5 + "+2D0- +AAA-").encode(), kind="text/plain; charset=utf-7"),
        "page: text in unicode_escape": whole(
            (text * 5 + "\\ud83d \\x00").encode(), kind="text/plain; charset=unicode_escape"
        ),
        "page: text in raw_unicode_escape": whole(
            (text * 5 + "\\ud83d").encode(), kind="text/plain; charset=raw_unicode_escape"
        ),
        "page: base and address that are none": whole(page(NONE_AT_ALL + text * 5), kind=html),
        "page: a redirect to http://[": sent_to("http://["),
        "page: informational for ever": endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 1000),
        "page: drips": endless(head("Content-Length: 1000", kind=html), b"<", pause=1.0),
    }


def pdf(content: bytes, *, kids: str = "3 0 R", count: int = 1, more: tuple[bytes, ...] = ()) -> bytes:
    """Return a PDF whose page, object 3, shows ``content``, object 4."""
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page_ = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s >>" % font
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()
    return file_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page_, content, *more])


def pdfs(giant: int) -> dict[str, Attack]:
    """Return what the PDF that an entry leads to may be, by name."""
    words = b"BT /F1 11 Tf 14 TL 50 740 Td\n%sET" % (b"(The talks in Geneva went on on Monday.) Tj T*\n" * 20)
    packed = squeezed(giant, "deflate")
    twice = zlib.compress(packed, 9)
    filters = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (
        len(twice),
        twice,
    )
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    deep = b"[" * 200_000 + b"]" * 200_000
    tree = tuple(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (i + 1) for i in range(5, 45_000))
    kind = "application/pdf"
    files = {
        "pdf: flate bomb": pdf(bomb),
        "pdf: flate in flate": pdf(filters),
        "pdf: 4 million operators": pdf(stream(b"BT " + b"(x) Tj " * 1_000_000 + b"ET")),
        "pdf: 200,000 pages": pdf(stream(words), kids="3 0 R " * 200_000, count=200_000),
        "pdf: pages in a circle": pdf(stream(words), kids="2 0 R"),
        "pdf: deep tree of pages": pdf(stream(words), kids="5 0 R", more=tree),
        "pdf: deep arrays": pdf(stream(words), more=(deep,)),
        "pdf: no end": b"%PDF-1.7\n" + b"1 0 obj\n<< /A " * 200_000,
        "pdf: a line of 2 MB": pdf(stream(b"BT /F1 11 Tf (%s) Tj ET" % (b"Mr. " * 500_000))),
    }
    return {name: whole(body, kind=kind) for name, body in files.items()}


class HostileServer:
    """Serves every attack under its name with blanks as hyphens, and under ``to-NAME`` a feed that leads to it."""

    def __init__(self, giant: int) -> None:
        self._attacks, self._pages = attacks(giant), pages(giant) | pdfs(giant)
        self._known = {slug(name): attack for name, attack in (self._attacks | self._pages).items()}

    async def serve(self) -> int:
        """Begin to serve; return the port."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        for name in map(slug, self._pages):
            self._known[f"to-{name}"] = whole(leading_to(name).replace(b"BASE", base.encode()))
        self._known["fine"] = whole(FINE.encode())
        return port

    def feeds(self) -> dict[str, str]:
        """Return the path of the feed that leads to each attack, by its name."""
        direct = {name: slug(name) for name in (*self._attacks, "fine")}
        return direct | {name: f"to-{slug(name)}" for name in self._pages}

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
            attack = self._known.get(request[1:].partition("?")[0])
            await (attack(write) if attack else write(head("Content-Length: 0", status="404 N")))
        writer.close()


def slug(name: str) -> str:
    """Return ``name`` as a path."""
    return "".join(c if c.isalnum() else "-" for c in name)


def _main(pipe: Connection, giant: int) -> None:
    async def run() -> None:
        server = HostileServer(giant)
        base = f"http://127.0.0.1:{await server.serve()}"
        pipe.send({name: f"{base}/{path}" for name, path in server.feeds().items()})
        await asyncio.Event().wait()

    asyncio.run(run())


@asynccontextmanager
async def hostile_server(giant: int = 2**30) -> AsyncIterator[dict[str, str]]:
    """Yield the address of every attack by name, and of a feed that is "fine"; the server is a process of its own.

    Its bombs unpack to ``giant`` bytes; to pack a gigabyte in six ways takes many seconds.
    """
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_main, args=(theirs, giant), daemon=True)
    await asyncio.to_thread(process.start)
    try:
        yield await asyncio.to_thread(ours.recv)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        ours.close()
