"""Feeds as damage in transit and in programs leaves them: the same seed makes the same mutants.

``python -m tests.feeds.mutants [COUNT [SEED]]`` reads ten thousand and prints what became of them.
"""

from __future__ import annotations

import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC

from bot.errors import ParseError
from bot.feeds.document.parse import parse_feed
from bot.urls import web_host

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def _rss() -> str:
    items = "".join(
        f"<item><title>Talks {n} &amp; votes – “day {n}”</title><link>https://news.example/{n}?a=1&amp;b=2</link><guid>g{n}</guid>"
        f"<pubDate>Mon, {n:02d} Jul 2025 09:00:00 +0200</pubDate><dc:creator>Ida R&#233;nn</dc:creator>"
        f"<description>&lt;p&gt;The talks went on for day {n}.&lt;/p&gt;</description>"
        f"<content:encoded><![CDATA[<p>The talks went on &amp; on for <b>day {n}</b>.</p>]]></content:encoded>"
        f'<enclosure url="https://news.example/{n}.mp3" type="audio/mpeg" length="1"/><category>Talks</category></item>'
        for n in range(1, 6)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {SPACES}><channel><title>Daily</title><link>https://news.example/</link><language>en-GB</language>{items}</channel></rss>'


def _atom() -> str:
    entries = "".join(
        f'<entry xml:base="https://news.example/"><id>tag:{n}</id><title type="html">Talks &amp;amp; votes {n}</title>'
        f'<link rel="self" href="/self/{n}"/><link rel="alternate" href="/{n}"/><updated>2025-07-0{n}T09:00:00+02:00</updated>'
        f'<author><name>Ida Renn</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Day {n}<br/>went on.</p></div></content></entry>'
        for n in range(1, 6)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Täglich</title><link href="https://news.example/"/>{entries}</feed>'


def _rdf() -> str:
    items = "".join(
        f'<item rdf:about="https://news.example/{n}"><title>Talks {n}</title><link>https://news.example/{n}</link>'
        f"<dc:date>2025-07-0{n}</dc:date><description>Day {n}.</description></item>"
        for n in range(1, 6)
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Daily</title></channel>{items}</rdf:RDF>'
    )


def _json() -> str:
    items = ",".join(
        f'{{"id":{n},"url":"/{n}","title":"Talks \\u201c{n}\\u201d","content_html":"<p>Day {n}</p>","date_published":"2025-07-0{n}T09:00:00Z","tags":["a",null]}}'
        for n in range(1, 6)
    )
    return f'{{"version":"https://jsonfeed.org/version/1.1","title":"Daily","language":"en-US","items":[{items}]}}'


SEEDS = {"rss": _rss(), "atom": _atom(), "rdf": _rdf(), "json": _json()}
PIECES = (
    "&", "<", ">", '"', "'", "&#", "&#0;", "&#xD83D;", "&#146;", "&#x110000;", "&nosuch;", "&amp;amp;#8217;", "]]>", "<![CDATA[", "<!--", "-->",
    "<?xml?>", "<!DOCTYPE x>", "<!ENTITY a 'b'>", "&a;", "\x00", "\x0c", "\ufffe", "\ud83d", "\\ud83d", "é", "\u0092", "<item>", "</item>", "<entry/>",
    "</channel>", "<title>", "</title>", "<link/>", "</description>", "<br>", "<p>", "<media:title>", "<x:y z=1>", 'xmlns="', 'xmlns:a="', "xml:base='http://['",
    "http://[", "//]", "http://℀.com/", "99999999999999999999", "-1", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "Mon, 99 Foo 99999 99:99:99 +9999",
    "٣", "{", "}", "[", "]", ",", "null", "1e999", "NaN", "\\u0000", "<" * 40, "&" * 40, "</" * 20, "a" * 3000, "<a " + "b='c' " * 200 + ">",
    'type="application/octet-stream"', 'type="xhtml"', 'mode="base64"', "<guid isPermaLink='", "<atom:link rel='self' href='x'/>", "\r", "\u2028", "%", "%s", "\\",
)  # fmt: skip
ENCODINGS = ("utf-8",) * 6 + (
    "utf-16",
    "utf-16-be",
    "latin-1",
    "cp1252",
    "utf-7",
    "koi8-r",
    "utf-8-sig",
    "cp037",
)


def mutants(count: int, *, seed: int) -> Iterator[tuple[int, bytes]]:
    """Yield ``count`` numbered mutants; each has from one to six wounds."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        text = SEEDS[chance.choice(list(SEEDS))]
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            text = chance.choice(WOUNDS)(text, chance)
        yield number, _in_bytes(_encoded(text, chance), chance)


def _encoded(text: str, chance: random.Random) -> bytes:
    name, faults = chance.choice(ENCODINGS), chance.choice(("replace", "xmlcharrefreplace", "ignore"))
    # Half a character survives in UTF-8 alone.
    return text.encode("utf-8", "surrogatepass") if "\ud83d" in text else text.encode(name, faults)


def _insert(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(PIECES) + text[place:]


def _replace(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(PIECES) + text[place + chance.randrange(30) :]


def _cut(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + text[place + chance.choice((1, 1, 3, 20, 200)) :]


def _end(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _twice(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    piece = text[start : start + chance.choice((3, 30, 300))]
    place = chance.randrange(len(text) + 1)
    return text[:place] + piece * chance.choice((1, 1, 2, 40)) + text[place:]


def _swap(text: str, chance: random.Random) -> str:
    one, other = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
    return text[:one] + text[other : other + 50] + text[one:other] + text[other + 50 :]


def _case(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + text[place : place + 60].swapcase() + text[place + 60 :]


WOUNDS: tuple[Callable[[str, random.Random], str], ...] = (
    _insert,
    _insert,
    _replace,
    _replace,
    _cut,
    _end,
    _twice,
    _swap,
    _case,
)


def _in_bytes(body: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.2:
        for _ in range(chance.randrange(1, 5)):
            place = chance.randrange(len(body) + 1)  # a body of one byte may be gone after the first change
            body = body[:place] + chance.randbytes(chance.randrange(4)) + body[place + 1 :]
    return body


def outcomes(count: int, *, seed: int) -> Counter[str]:
    """Return what became of ``count`` mutants: entries read, the reason why none were, or the error that got through."""
    found: Counter[str] = Counter()
    for number, body in mutants(count, seed=seed):
        try:
            document = parse_feed(body, url="https://news.example/feed.xml")
        except ParseError as error:
            found[error.message] += 1
        except Exception as error:  # noqa: BLE001 - what must never happen, told with its mutant
            found[f"uncaught: {error!r} in mutant {number} of seed {seed}"] += 1
        else:
            found["read in part" if document.note else "read"] += 1
            assert all(not e.link or web_host(e.link) for e in document.entries), number
            assert all(e.published is None or e.published.tzinfo is UTC for e in document.entries), number
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for outcome, times in outcomes(size, seed=first).most_common():
        sys.stdout.write(f"{times:6}  {outcome}\n")
