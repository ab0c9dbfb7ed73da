"""Feeds that list articles of others: which article an entry is about, who wrote it, and which text is the feed's own. Pure.

    entry ──wrapped link, "[link]", "Article URL:"──▶ the article's address
          ──<source>, "Title - Outlet"──▶ the outlet's name, the title alone
          ──lists of links, votes, "submitted by"──▶ no text

Kinds are recognised by their shape, not by their host. What they state about others is not verified: an address
found there is treated as that of a foreign page, and a name belongs to the site that gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import lxml.etree
import lxml.html

from bot.feeds.address import same_site
from bot.feeds.giant_tags import without_giant_tags
from bot.feeds.wrappers import unwrapped
from bot.language.rules import load_rules
from bot.model.news import MAX_OUTLET_CHARS, Entry, FeedDocument
from bot.urls import split

MIN_WORDS_BEFORE_OUTLET = 3  # words of a title before an outlet's name
MIN_UNLINKED_CHARS = 40  # characters beside links below which a text is a list of links
MAX_AGGREGATOR_MARKUP_CHARS = 100_000  # characters of markup that are looked at
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|mp4|webm|gifv)$", re.IGNORECASE)
_TAIL = re.compile(r"^(?P<title>.+\S)\s[-–—|]\s(?P<outlet>[^-–—|]{2,60})$")
_VOTES = re.compile(r"^\s*(?:Article URL|Comments URL|Points|# Comments)\s*:", re.IGNORECASE)
_MARKS = ("[link]", "<font", "article url", "comments url", "points:", "points :", "# comments")
_ANCHOR = re.compile(r"<a\b", re.IGNORECASE)
_END_OF_ANCHOR = re.compile(r"</a\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,2000}>|\s{2,}")
_VERSION = re.compile(
    r"^(?:(?:version|release|rel|ver)[ .-]?)?v?\d+(?:\.\d+){1,3}[\w.+-]{0,30}$", re.IGNORECASE
)
_RELEASE = re.compile(r"^/(?:[^/]+/)*?(?P<project>[^/]+)(?:/-)?/(?:releases|tags)(?:/|$)", re.IGNORECASE)
_PACKAGE = re.compile(r"^/project/(?P<project>[^/]+)/")
_OF_RELEASES = load_rules("en", "releases").pattern("feed of releases")


def with_linked_articles(document: FeedDocument) -> FeedDocument:
    """Return ``document`` with the article's own address, title and text in each entry about another site's article."""
    return replace(
        document, entries=tuple(_with_linked_article(entry, document) for entry in document.entries)
    )


def _with_linked_article(entry: Entry, document: FeedDocument) -> Entry:
    wrapped = entry.link
    entry = replace(entry, link=unwrapped(entry.link))
    entry = _listed(entry)
    entry = _without_outlet(entry, unwrapped_link=entry.link != wrapped)
    if not entry.link and entry.enclosure:
        entry = replace(entry, link=entry.enclosure)
    return _with_project(entry, feed_title=document.title)


def _listed(entry: Entry) -> Entry:
    """Return ``entry`` with only the markup on the article itself."""
    markup = max(entry.content, entry.summary, key=len)
    if len(markup) > MAX_AGGREGATOR_MARKUP_CHARS or "<a" not in markup.lower() or _is_prose(markup):
        return entry
    try:
        tree = lxml.html.fragment_fromstring(without_giant_tags(markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return entry
    anchors = [(_said(a), unwrapped(str(a.get("href", "")))) for a in tree.iter("a")]
    by_text = dict(reversed(anchors))
    if "[link]" in by_text and "[comments]" in by_text:
        return _submitted(entry, tree, link=by_text["[link]"], comments=by_text["[comments]"])
    lines = [line for line in tree.iter("p") if _VOTES.match(_said(line))]
    if lines:
        return _voted(entry, tree, lines)
    return _text(entry, "") if _only_links(tree) else entry


def _is_prose(markup: str) -> bool:
    """Tell, without a parser, that ``markup`` has much text beside its links and no mark of a list: most entries have."""
    lowered = markup.lower()
    if any(mark in lowered for mark in _MARKS):
        return False
    outside, *others = _ANCHOR.split(markup)
    beside = len(_TAGS.sub("", outside))
    for piece in others:
        beside += len(_TAGS.sub("", _END_OF_ANCHOR.split(piece, maxsplit=1)[-1]))
        if beside > 10 * MIN_UNLINKED_CHARS:
            return True
    return beside > 10 * MIN_UNLINKED_CHARS


def _submitted(entry: Entry, tree: lxml.html.HtmlElement, *, link: str, comments: str) -> Entry:
    """Return an entry with a Reddit body: its link, and what its author wrote."""
    written = tree.xpath(".//div[contains(concat(' ', @class, ' '), ' md ')]")
    parts = split(link)
    article = bool(parts and parts.scheme in {"http", "https"} and not _MEDIA.search(parts.path))
    if article and link != comments and not same_site(link, "https://redd.it/"):
        entry = replace(entry, link=link)
    return _text(
        entry, "".join(lxml.etree.tostring(e, encoding="unicode", with_tail=False) for e in written[:1])
    )


def _voted(entry: Entry, tree: lxml.html.HtmlElement, lines: Iterable[lxml.html.HtmlElement]) -> Entry:
    """Return an entry with votes below it, as of Hacker News: the article's address, and what its author wrote."""
    for line in lines:
        address = next((str(a.get("href", "")) for a in line.iter("a")), "")
        if _said(line).lower().startswith("article url") and address.startswith(("http://", "https://")):
            entry = replace(entry, link=unwrapped(address))
        line.drop_tree()
    left = tree.text_content().strip()
    return _text(entry, lxml.etree.tostring(tree, encoding="unicode") if left else "")


def _only_links(tree: lxml.html.HtmlElement) -> bool:
    """Tell whether the markup is a list of links, each with at most a name beside it: titles of pages, no text."""
    linked = sum(len(_said(a)) for a in tree.iter("a"))
    named = sum(len(_said(f)) for f in tree.iter("font") if f.find(".//a") is None)
    whole = len(_said(tree))
    lists = bool(tree.xpath(".//font")) or len(tree.xpath(".//li")) > 1 or linked >= whole - 1
    beside = whole - linked - named
    return lists and bool(linked) and beside < MIN_UNLINKED_CHARS and beside < linked + named


def _without_outlet(entry: Entry, *, unwrapped_link: bool) -> Entry:
    """Return ``entry`` without the outlet's name behind its title, where an aggregator put it there."""
    tail = _TAIL.match(entry.title)
    if not tail:
        return entry
    named = entry.source_name and tail["outlet"].casefold().strip() == entry.source_name.casefold().strip()
    said = unwrapped_link and not entry.source_name and len(tail["title"].split()) >= MIN_WORDS_BEFORE_OUTLET
    if not (named or said):
        return entry
    entry = replace(entry, title=tail["title"])
    return (
        entry
        if named
        else replace(entry, source_name=tail["outlet"][:MAX_OUTLET_CHARS], source_url=entry.link)
    )


def _with_project(entry: Entry, *, feed_title: str) -> Entry:
    """Return ``entry`` with its project before a title that is a version and nothing else."""
    parts = split(entry.link)
    if not parts or not _VERSION.match(entry.title):
        return entry
    found = _RELEASE.match(parts.path) or _PACKAGE.match(parts.path)
    project = found["project"] if found else _OF_RELEASES.sub("", feed_title).strip(" ·-:")
    if not project or project.casefold() in entry.title.casefold():
        return entry
    return replace(entry, title=f"{project} {entry.title}")


def _text(entry: Entry, markup: str) -> Entry:
    return replace(entry, summary=markup, content="")


def _said(element: lxml.html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())
