"""Seeded mutants of feeds and pages: small texts of our own, and real ones where they are at hand, broken in many ways. Pure."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST = 20_000  # bytes of a real document that is taken as a seed

SENTENCES = tuple(
    f"The council of Selin met on {day} and spoke of bridge number {i}, which {i * 17} people use, Mayor Anna Berg said."
    for i, day in enumerate(("Monday", "Tuesday", "3 May 2031", "Friday evening", "May 9"), 3)
)
TOKENS: tuple[bytes, ...] = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\xbd", b"\xf4\x90\x80\x80", b"\xc0\x80", b"&#0;", b"&#xd83d;", b"&#x110000;", b"&#146;", b"&", b"&&amp;", b"&nope;",
    b"<", b">", b"</", b"/>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='1.0' encoding='utf-7'?>", b"<!DOCTYPE r [<!ENTITY a 'b'>]>", b"\\ud83d", b"\\u0000",
    b"http://[", b"//]", b"\xe2\x84\x80", b"9" * 400, b"-1", b"1e999", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-12:00", b"Mon, 99 Foo 2031 99:99:99 +9999",
    b"y" * 985 + b"eed", "\u0301".encode() * 300, "\u202e\u200d\U000e0041".encode(), b"{", b"}", b"[" * 400, b'"', b"null", b"e" * 12_000, b"<item>", b"</item>",
    b"<entry>", b"</channel>", b" xmlns:a='b'", b" type='xhtml'", b" xml:base='http://['", b"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"\\ud83d\"}</script>",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an address answers with."""

    body: bytes
    content_type: str


def rss(text: str = " ".join(SENTENCES)) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Selin Post</title><link>https://selin.example/</link><language>en-GB</language><ttl>30</ttl>
<item><title>Council &amp; bridge</title><link>https://selin.example/a?x=1&amp;y=2</link><guid isPermaLink="false">a1</guid><pubDate>Mon, 10 Mar 2031 10:00:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>
<item><title><![CDATA[Talks <b>go on</b>]]></title><link>https://selin.example/b</link><guid>b1</guid><pubDate>2031-03-10T09:00:00Z</pubDate><content:encoded><![CDATA[<p>{text}</p><p>“Größe”, 日本 🙂</p>]]></content:encoded><category>News</category></item></channel></rss>"""


def atom(text: str = " ".join(SENTENCES)) -> str:
    return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="html">Selin &amp;amp; Post</title><link href="https://selin.example/"/>
<entry><id>urn:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Rat <i>tagt</i></div></title><link rel="alternate" href="/c"/><updated>2031-03-10T10:00:00+01:00</updated><author><name>Ann</name></author><summary>{text}</summary></entry></feed>"""


def rdf(text: str = " ".join(SENTENCES)) -> str:
    return f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>Selin</title><link>https://selin.example/</link></channel><item rdf:about="d"><title>Bridge</title><link>https://selin.example/d</link><description>{text}</description></item></rdf:RDF>"""


def json_feed(text: str = " ".join(SENTENCES)) -> str:
    item = {
        "id": "e",
        "url": "https://selin.example/e",
        "title": "Bridge “open”",
        "content_html": f"<p>{text}</p>",
        "date_published": "2031-03-10T10:00:00+01:00",
        "authors": [{"name": "Ann"}],
        "tags": ["News"],
    }
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Selin", "items": [item]}, ensure_ascii=False
    )


def html(text: Sequence[str] = SENTENCES) -> str:
    facts = {
        "@type": "NewsArticle",
        "headline": "Council & bridge",
        "datePublished": "2031-03-10T10:00:00+01:00",
        "author": [{"name": "Ann Lee"}],
        "publisher": {"name": "Selin Post"},
    }
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Council – Selin Post</title><meta property="og:site_name" content="Selin Post"><link rel="canonical" href="/a"><script type="application/ld+json">{json.dumps(facts)}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Council</h1><p>By Ann Lee</p>{"".join(f"<p>{s}</p>" for s in text)}<figure><figcaption>Photo: AFP</figcaption></figure></article><footer>© Selin</footer></body></html>"""


def seeds(data: Path | None) -> tuple[list[Document], list[Document]]:
    """Return the feeds and the pages that are mutated: our own, and the small ones of the reference ``data``."""
    xml = "application/rss+xml"
    feeds = [
        Document(body=rss().encode(), content_type=xml),
        Document(body=atom().encode(), content_type=xml),
    ]
    feeds += [
        Document(body=rdf().encode("utf-16"), content_type=xml),
        Document(
            body=rss().encode("cp1251", "xmlcharrefreplace"), content_type=f"{xml}; charset=windows-1251"
        ),
        Document(body=json_feed().encode(), content_type="application/feed+json"),
    ]
    pages = [
        Document(body=html().encode(), content_type="text/html; charset=utf-8"),
        Document(body=html().encode("utf-16-le"), content_type="text/html; charset=utf-16le"),
        Document(body="\n\n".join(SENTENCES).encode(), content_type="text/plain"),
    ]
    for folder, kind, found in (("feeds", xml, feeds), ("pages/html", "text/html", pages)):
        for path in sorted((data / folder).glob("*")) if data else ():
            if path.is_file() and path.stat().st_size <= LARGEST:
                found.append(Document(body=path.read_bytes(), content_type=kind))
    return feeds, pages


Change = Callable[[bytes, random.Random], bytes]


def _place(body: bytes, dice: random.Random) -> int:
    return dice.randrange(len(body) + 1)


def _flip(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.randint(1, 8)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(body: bytes, dice: random.Random) -> bytes:
    start = _place(body, dice)
    return body[:start] + body[start + dice.randint(1, 400) :]


def _double(body: bytes, dice: random.Random) -> bytes:
    start = _place(body, dice)
    piece = body[start : start + dice.randint(1, 600)]
    return body[:start] + piece * dice.choice((2, 2, 3, 40)) + body[start:]


def _token(body: bytes, dice: random.Random) -> bytes:
    start = _place(body, dice)
    return body[:start] + dice.choice(TOKENS) * dice.choice((1, 1, 1, 5)) + body[start:]


def _behind_a_mark(body: bytes, dice: random.Random) -> bytes:
    """Put a token where a text, a tag or a value begins."""
    mark = dice.choice((b">", b'"', b"<", b"CDATA[", b"="))
    places = [i for i in range(len(body)) if body.startswith(mark, i)][:2000]
    start = dice.choice(places) + len(mark) if places else 0
    return body[:start] + dice.choice(TOKENS) + body[start:]


def _end(body: bytes, dice: random.Random) -> bytes:
    return body[: _place(body, dice)]


def _swap(body: bytes, dice: random.Random) -> bytes:
    one, other = sorted((_place(body, dice), _place(body, dice)))
    return body[other:] + body[one:other] + body[:one]


def _encode(body: bytes, dice: random.Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(
        dice.choice(("utf-16", "utf-16-be", "utf-32", "utf-7", "cp1252", "shift_jis", "cp037")), "replace"
    )


def _digits(body: bytes, dice: random.Random) -> bytes:
    return bytes(dice.choice(b"0123456789-") if 48 <= c <= 57 and dice.random() < 0.3 else c for c in body)


_CHANGES: tuple[Change, ...] = (
    _flip,
    _cut,
    _double,
    _token,
    _behind_a_mark,
    _behind_a_mark,
    _end,
    _swap,
    _encode,
    _digits,
)
_TYPES = (
    "", "text/html", "text/plain", "application/xml", "application/json", "application/pdf", "text/plain; charset=utf-7", "text/html; charset=unicode_escape",
    "text/html; charset=idna", "application/rss+xml; charset=raw_unicode_escape", "application/octet-stream", "text/html; charset=\xff", "x" * 400,
)  # fmt: skip


def mutant(number: int, documents: Sequence[Document]) -> Document:
    """Return the mutant of that ``number``: one of ``documents``, changed one to four times; the same every time."""
    dice = random.Random(number)
    chosen = dice.choice(documents)
    body = chosen.body
    for _ in range(dice.randint(1, 4)):
        body = dice.choice(_CHANGES)(body, dice)
    kind = dice.choice(_TYPES) if dice.random() < 0.15 else chosen.content_type
    return Document(body=body[: 4 * LARGEST], content_type=kind)
