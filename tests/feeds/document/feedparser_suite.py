"""What the tests of feedparser (BSD-2) state of well-formed feeds, in the terms of our own fields.

Each of its files carries one expectation, a Python condition on what feedparser returns. Those that compare a value that
a reader of ours would see are mapped to our field; the others (details, styles, coordinates) have none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import ParseError
from bot.feeds.document.markup import MarkupKind, plain_text
from bot.feeds.document.parse import entry_of, home_of, parse_feed
from bot.feeds.document.xml_feed import parse_xml
from bot.feeds.page.extract import html_to_text
from bot.model.news import Entry, FeedDocument

FOLDER = Path(__file__).parents[3] / "var" / "outside" / "feedparser" / "tests" / "wellformed"
SERVER = "http://127.0.0.1:8097/tests/wellformed"  # where its own tests serve the files

_EXPECT = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)
_CHARSET = re.compile(rb"Header:\s*Content-type:\s*([\w/+.-]+)(?:;\s*charset=[\"']?([\w-]+))?", re.IGNORECASE)

# Theirs, for a feed and for an entry, and ours. A path in brackets is looked into: tags[0]['term'].
FEED = {
    "title": "title", "title_detail.value": "title", "link": "link", "language": "language", "ttl": "ttl",
}  # fmt: skip
ENTRY = {
    "title": "title", "title_detail.value": "title", "link": "link", "id": "guid", "guid": "guid",
    "summary": "summary", "summary_detail.value": "summary", "description": "summary", "content.0.value": "content",
    "author": "author", "author_detail.name": "author", "authors.0.name": "author.0", "authors.1.name": "author.1",
    "published_parsed": "published", "created_parsed": "published", "issued_parsed": "published",
    "updated_parsed": "updated", "modified_parsed": "updated",
    "tags.0.term": "tags.0", "tags.1.term": "tags.1", "category": "tags.0", "language": "language",
    "enclosures.0.href": "enclosure", "enclosures.0.url": "enclosure", "media_content.0.url": "enclosure",
    "source.title": "source_name", "source.title_detail.value": "source_name", "source.link": "source_url", "source.href": "source_url",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One value that the suite states; ``file`` is relative to its folder."""

    file: str
    field: str
    expected: Any
    ours: Any

    @property
    def agrees(self) -> bool:
        """Whether a reader would see the same."""
        name = self.field.rpartition(".")[2]
        if self.expected == self.ours or (
            isinstance(self.ours, datetime) and _same_time(self.expected, self.ours)
        ):
            return True
        if not isinstance(self.ours, str) or not isinstance(self.expected, str):
            return name == "ttl" and str(self.expected).isdecimal() and int(self.expected) * 60 == self.ours
        if name in {"summary", "content"}:
            return _text(self.ours) in {_text(self.expected), " ".join(self.expected.split())}
        if name == "language":
            return self.ours == self.expected.replace("_", "-").partition("-")[0].lower()
        return self.ours == plain_text(self.expected, kind=MarkupKind.HTML)


def _same_time(expected: Any, ours: datetime) -> bool:
    return isinstance(expected, tuple) and datetime(*expected[:6], tzinfo=UTC) == ours


def _text(markup: str) -> str:
    return " ".join(html_to_text(markup).split())


def stated_values() -> Iterator[Stated]:
    """Yield every value that the suite states for a field of ours, beside what we read."""
    for path in sorted(FOLDER.rglob("*.xml")):
        body = path.read_bytes()
        found = _EXPECT.search(body)
        wanted = list(_comparisons(found[1].decode("utf-8", "replace"))) if found else []
        mapped = [(ours, value) for theirs, value in wanted if (ours := _mapped(theirs))]
        if not mapped:
            continue
        name = path.relative_to(FOLDER).as_posix()
        document = _read(body, name)
        for field, value in mapped:
            yield Stated(file=name, field=field, expected=value, ours=_value(document, field))


def _read(body: bytes, name: str) -> tuple[FeedDocument, list[Entry]] | None:
    """Return the feed, and its entries with those that hold too little for an article."""
    served = _CHARSET.search(body[:2000])
    media, charset = (
        (served[1].decode().lower(), (served[2] or b"").decode().lower())
        if served
        else ("application/xml", "")
    )
    url = f"{SERVER}/{name}"
    try:
        raw = parse_xml(body, charset=charset)
        entries = [entry_of(entry, home=home_of(raw, url)) for entry in raw.entries]
        return parse_feed(body, url=url, content_type=media, charset=charset), entries
    except ParseError:
        return None


def _comparisons(condition: str) -> Iterator[tuple[str, Any]]:
    """Yield the paths and values that ``condition`` compares for equality."""
    try:
        tree = ast.parse(condition.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            path = _path(node.left)
            try:
                value = ast.literal_eval(node.comparators[0])
            except ValueError:
                continue
            if path:
                yield path, value


def _path(node: ast.expr) -> str:
    """Return ``feed['link']`` or ``entries[0].tags[1]['term']`` with points; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            steps = _path(inner), name
        case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
            steps = _path(inner), str(key)
        case _:
            return ""
    return ".".join(steps) if steps[0] else ""


def _mapped(path: str) -> str:
    """Return our field for their ``path``; empty where we have none."""
    if path.startswith("feed."):
        ours = FEED.get(path.removeprefix("feed."), "")
        return f"feed.{ours}" if ours else ""
    found = re.fullmatch(r"entries\.(\d+)\.(.+)", path)
    ours = ENTRY.get(found[2], "") if found else ""
    return f"entries.{found[1]}.{ours}" if found and ours else ""


def _value(read: tuple[FeedDocument, list[Entry]] | None, field: str) -> Any:
    if read is None:
        return None
    document, entries = read
    first, *steps = field.split(".")
    if first == "feed":
        return getattr(document, steps[0])
    place = int(steps[0])
    entry = entries[place] if place < len(entries) else Entry()
    value = getattr(entry, steps[1])
    if steps[1] == "summary":
        return value or entry.content  # theirs gives one for the other
    if len(steps) > 2:
        values = value.split(", ") if isinstance(value, str) else value
        return values[int(steps[2])] if int(steps[2]) < len(values) else ""
    return value
