"""Read the tree of an RSS, RDF or Atom document: the meaning of each element, whatever the prefix of its namespace.

Fields are looked for in order of preference: an entry's own elements, then Atom's, Dublin Core's, and what
Media RSS and podcasts add.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.feeds.document.dates import read_moment
from bot.feeds.document.elements import (
    Element,
    Fields,
    base_of,
    fields_of,
    first_child,
    key_of,
    line_of,
    markup_of,
    rel_of,
    space_of,
    value_of,
    with_base,
)
from bot.feeds.document.raw import Moment, RawEntry, RawFeed

MAX_ENTRY_TAGS = 20
NO_FILE_RANK = 3

_TITLES = ("title", "atom:title", "dc:title", "itunes:title", "media:title")
_SUMMARIES = (
    "atom:summary", "summary", "description", "atom:tagline", "dc:description", "dcterms:abstract",
    "itunes:summary", "googleplay:description", "media:description", "itunes:subtitle", "media:text",
)  # fmt: skip
_CONTENTS = (
    "content:encoded",
    "atom:content",
    "content",
    "xhtml:body",
    "yandex:full-text",
    "fullitem",
    "fulltext",
    "body",
)
_LONG = ("itunes:summary", "googleplay:description", "media:description", "dc:description")
_PUBLISHED = (
    "pubdate", "atom:published", "atom:issued", "dcterms:issued", "dcterms:created", "dc:date", "dc:created",
    "atom:created", "published", "date", "dcterms:date",
)  # fmt: skip
_UPDATED = ("atom:updated", "atom:modified", "dcterms:modified", "updated", "lastbuilddate", "dc:modified")
_AUTHORS = ("atom:author", "author", "dc:creator", "dc:author", "itunes:author", "creator", "dc:contributor")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_MAIL = re.compile(r"[\w.+-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,60}){1,6}")
_HREF = re.compile(r"<a\s[^<>]{0,500}?href\s?=\s?[\"']([^\"'<>]{1,1500})[\"'].*", re.IGNORECASE | re.DOTALL)
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def read_tree(root: Element) -> RawFeed | None:
    """Return the feed whose tree has ``root``; None when it is no feed."""
    home = space_of(root)
    kind = key_of(root.tag, home).rpartition(":")[2]
    if kind not in {"rss", "rdf", "feed", "channel"}:
        return None
    channel = root if kind in {"feed", "channel"} else first_child(root, "channel", home)
    fields = fields_of(channel, home) if channel is not None else {}
    language = value_of(fields, "language") or value_of(fields, "dc:language") or _inherited(root, channel)
    entries = tuple(_entry(item, home=home, language=language) for item in _items(root, home))
    return RawFeed(
        format=_format(root, kind),
        title=_title(fields),
        link=_alternate(fields),
        base=base_of(channel if channel is not None else root),
        language=language,
        ttl=_ttl(fields),
        entries=entries,
    )


def _entry(item: Element, *, home: str, language: str) -> RawEntry:
    fields = fields_of(item, home)
    spoken = _language(item, fields)
    guid = (
        value_of(fields, "guid")
        or value_of(fields, "atom:id")
        or value_of(fields, "id")
        or value_of(fields, "dc:identifier")
    )
    summary, content = _texts(fields)
    source_name, source_url = _source(fields, home)
    return RawEntry(
        guid=guid or item.get(_RDF + "about", ""),
        link=_link(item, fields, guid=guid),
        base=base_of(item),
        title=_title(fields),
        summary=summary,
        content=content,
        author=_author(fields, home),
        language=spoken,
        published=_date(fields, _PUBLISHED, spoken or language),
        updated=_date(fields, _UPDATED, spoken or language),
        tags=tuple(_tags(fields)),
        source_name=source_name,
        source_url=source_url,
        enclosure=_enclosure(fields),
    )


def _items(root: Element, home: str) -> list[Element]:
    found = [e for e in root.iter("{*}item", "{*}entry") if key_of(e.tag, home) in _ITEMS]
    if not found:  # some write their names in capitals
        found = [e for e in root.iter("{*}*") if key_of(e.tag, home) in _ITEMS]
    return found


_ITEMS = frozenset({"item", "entry", "atom:entry", "atom:item"})


def _title(fields: Fields) -> str:
    return next((text for name in _TITLES for e in fields.get(name, ()) if (text := line_of(e))), "")


def _texts(fields: Fields) -> tuple[str, str]:
    """Return an entry's summary and its full text, the longest of those it gives."""
    found = {
        name: text
        for name in (*_SUMMARIES, *_CONTENTS)
        for e in fields.get(name, ())
        if (text := markup_of(e))
    }
    summary = next((found[name] for name in _SUMMARIES if name in found), "")
    content = max((found[name] for name in _CONTENTS if name in found), key=len, default="")
    if not content and "description" in found and summary != found["description"]:
        content = found["description"]
    if not content:
        longest = max((found[name] for name in _LONG if name in found), key=len, default="")
        content = longest if len(longest) > len(summary) else ""
    return summary, content


def _link(item: Element, fields: Fields, *, guid: str) -> str:
    """Return the address of the article, never that of the feed or of a file."""
    stated = (
        value_of(fields, "feedburner:origlink") or value_of(fields, "pheedo:origlink") or _alternate(fields)
    )
    if stated:
        return stated
    for element in fields.get("guid", ()):
        if element.get("isPermaLink", element.get("ispermalink", "true")).lower() != "false" and _is_web(
            guid
        ):
            return guid
    if not fields.get("guid") and _is_web(guid):
        return guid
    about = item.get(_RDF + "about", "")
    if _is_web(about):
        return about
    others = {rel_of(e): e.get("href", "") for e in reversed(list(_atom_links(fields)))}
    sources = [e.get("src", "") for e in fields.get("atom:content", ())]
    return next(filter(None, (*sources, *(others.get(rel, "") for rel in ("related", "via", "self")))), "")


def _alternate(fields: Fields) -> str:
    """Return the address that a link names as the readable form: RSS's own text first, then Atom's ``alternate``."""
    if text := value_of(fields, "link"):
        return _HREF.sub(r"\1", text[:2000]) if "<" in text else text
    alternate = [e for e in _atom_links(fields) if rel_of(e) == "alternate" and e.get("href")]
    alternate.sort(key=lambda e: "html" not in e.get("type", "text/html"))
    if alternate:
        return with_base(alternate[0], alternate[0].get("href", "").strip())
    return value_of(fields, "atom:link") or value_of(fields, "url")


def _atom_links(fields: Fields) -> Iterator[Element]:
    yield from fields.get("atom:link", ())
    yield from (e for e in fields.get("link", ()) if e.get("href"))


def _is_web(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _author(fields: Fields, home: str) -> str:
    for name in _AUTHORS:
        names = dict.fromkeys(n for e in fields.get(name, ()) if (n := _person(e, home)))
        if names:
            return ", ".join(list(names)[:10])
    return ""


def _person(element: Element, home: str) -> str:
    """Return a person's name: of RSS's "mail (name)" the name, of an address alone nothing."""
    for child in element:
        if key_of(child.tag, home).rpartition(":")[2] == "name":
            return line_of(child)
    text = line_of(element)
    mail = _MAIL.search(text[:500])
    if mail is None:
        return text
    return " ".join(f"{text[: mail.start()]} {text[mail.end() :]}".split()).strip(" ()<>[]\"',;:-")


def _date(fields: Fields, names: Sequence[str], language: str) -> Moment | None:
    moments = (read_moment(e.text or "", language=language) for name in names for e in fields.get(name, ()))
    return next((moment for moment in moments if moment), None)


def _tags(fields: Fields) -> Iterator[str]:
    stated: list[str] = []
    for name in ("category", "atom:category", "dc:subject", "media:category", "itunes:category"):
        elements = [
            inner for e in fields.get(name, ()) for inner in e.iter(e.tag)
        ]  # podcasts put one into another
        stated += [
            e.get("label", "") or e.get("term", "") or e.get("text", "") or line_of(e) for e in elements
        ]
    for name in ("itunes:keywords", "media:keywords", "keywords", "tags"):
        stated.extend(value_of(fields, name).split(","))
    yield from [tag for tag in dict.fromkeys(t.strip() for t in stated) if tag][:MAX_ENTRY_TAGS]


def _source(fields: Fields, home: str) -> tuple[str, str]:
    """Return the name and address of the feed or outlet that an entry is taken from."""
    for element in fields.get("source", ()):
        if url := element.get("url", "") or element.get("href", ""):
            return line_of(element), url
    for element in (*fields.get("atom:source", ()), *fields.get("source", ())):
        inner = fields_of(element, home)
        name = _title(inner) or ("" if inner else line_of(element))
        url = _alternate(inner) or next((e.get("href", "") for e in _atom_links(inner)), "")
        identity = value_of(inner, "atom:id")
        if name or url:
            return name, url or (identity if _is_web(identity) else "")
    name = next((text for e in fields.get("dc:source", ()) if (text := line_of(e))), "")
    return ("", name) if _is_web(name) else (name, "")


def _enclosure(fields: Fields) -> str:
    """Return the address of the sound or film an entry carries, else of another file that is no picture."""
    found = [(e.get("url", "") or e.get("href", ""), e) for e in fields.get("enclosure", ())]
    found += [(e.get("href", ""), e) for e in _atom_links(fields) if rel_of(e) == "enclosure"]
    found += [(e.get("url", ""), e) for e in fields.get("media:content", ())]
    ranked = sorted(
        (
            (file_rank(f"{e.get('type', '')} {e.get('medium', '')}", url), url.strip())
            for url, e in found
            if url.strip()
        ),
        key=lambda pair: pair[0],
    )
    return ranked[0][1] if ranked and ranked[0][0] < NO_FILE_RANK else ""


def file_rank(kind: str, url: str) -> int:
    """Return the rank of a file of media type ``kind`` as the content of an entry: 0 sound, 1 film, 2 others, 3 pictures."""
    kind = kind.lower()
    ending = url.lower().partition("?")[0].rpartition(".")[2]
    if "audio" in kind or ending in {"mp3", "m4a", "ogg", "opus", "wav", "flac", "aac"}:
        return 0
    if "video" in kind or ending in {"mp4", "m4v", "webm", "mov"}:
        return 1
    return (
        NO_FILE_RANK
        if "image" in kind or ending in {"jpg", "jpeg", "png", "gif", "webp", "avif", "svg"}
        else 2
    )


def _language(item: Element, fields: Fields) -> str:
    return item.get(_LANG, "") or value_of(fields, "dc:language") or value_of(fields, "language")


def _inherited(root: Element, channel: Element | None) -> str:
    return (channel.get(_LANG, "") if channel is not None else "") or root.get(_LANG, "")


def _format(root: Element, kind: str) -> str:
    if kind == "rss":
        version = root.get("version", "").strip()
        return f"rss {version}" if re.fullmatch(r"[\d.]{1,8}", version) else "rss"
    return {"feed": "atom", "rdf": "rdf"}.get(kind, "rss")


def _ttl(fields: Fields) -> int | None:
    minutes = value_of(fields, "ttl")
    if minutes.isdecimal() and len(minutes) < 12:
        return min(int(minutes), 43_200) * 60 or None
    period = _PERIODS.get(value_of(fields, "sy:updateperiod").lower())
    frequency = value_of(fields, "sy:updatefrequency")
    times = int(frequency) if frequency.isdecimal() and len(frequency) < 6 else 1
    return max(60, period // max(1, times)) if period else None
