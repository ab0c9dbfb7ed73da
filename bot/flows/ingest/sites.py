"""Determine the site of a text: that of the page, or that of the feed if it comments on another site's page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.feeds.address import site_of
from bot.feeds.page.extract import Page
from bot.feeds.private import public_page
from bot.language.outlets import Outlets, outlet_title, outlets, plain_name
from bot.model.news import Entry, Feed
from bot.model.scope import SHARED
from bot.urls import path_of

AGGREGATORS = frozenset({"google.com", "bing.com"})
"""Whose word on who wrote an article is believed, where the article's own address cannot be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The origin of a text: its address, its site, and the name readers see."""

    url: str
    site: str
    outlet: str


def own_sites(feed: Feed) -> frozenset[str]:
    """Return the sites of ``feed``: those of its address and of the one it moved to, never one that it names."""
    return frozenset({site_of(feed.url), site_of(feed.address)} - {""})


def title_of(feed: Feed, document_title: str = "") -> str:
    """Return the title of ``feed``: the given one, unless it is only the host; then its own."""
    given = "" if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", feed.title) else feed.title
    return given or document_title or feed.title


def origin_of(
    entry: Entry, page: Page | None, *, feed: Feed, title: str, known: Outlets, bare: bool = False
) -> Origin:
    """Return the origin of the text of ``entry``: ``page`` if its text was used, else the feed titled ``title``.

    A feed speaks only for its own site: its text about a page of another site is its own, under its own name.
    ``bare`` is an entry without text; its <source> then names the owner of the title.
    """
    sites = own_sites(feed)
    at = (page.url if page else "") or entry.link
    there = site_of(at)
    source = site_of(entry.source_url) if entry.source_name else ""
    listed = bare and source not in {"", *sites}
    if page or (there in sites and not listed):
        url = entry.link if site_of(entry.link) == there else at
        given = (page.site if page else "") or (entry.source_name if there == source else "")
        # What an aggregator lists is not the aggregator's, though it may lie on its own site.
        own = title if there in sites and there != source else ""
        return Origin(url=url, site=there, outlet=_named(there, own=own, given=given, known=known))
    site, url = site_of(feed.address), entry.link or public_page(feed)
    if listed and there in {"", *sites, *AGGREGATORS}:
        believed = site in AGGREGATORS
        name = known.shown(source, own=entry.source_name) if believed else f"{entry.source_name} ({site})"
        return Origin(url=url, site=source if believed else site, outlet=name)
    return Origin(url=url, site=site, outlet=_named(site, own=title, given="", known=known))


def known_outlets(pins: Mapping[str, str], feeds: Iterable[Feed] = ()) -> Outlets:
    """Return the configured names of outlets: the operator's ``pins`` by domain, well-known ones, and those of ``feeds``.

    A shared feed names its site if its front page is that of the site and no other feed of the site
    disagrees; it cannot take the name of another site.
    """
    known = outlets().pinned((site_of(f"https://{domain}/"), name) for domain, name in pins.items())
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for feed in feeds:
        site = site_of(feed.address)
        if feed.scope == SHARED and site_of(feed.site) == site and not path_of(feed.site).strip("/"):
            titles[site].add(outlet_title(feed.title, site=site))
    named = {
        site: name
        for site, names in titles.items()
        if len(names) == 1
        and site not in known.names
        and plain_name(name := next(iter(names))) != plain_name(site)
    }
    return known.pinned((site, name) for site, name in named.items() if known.shown(site, own=name) == name)


def _named(site: str, *, own: str, given: str, known: Outlets) -> str:
    title = outlet_title(own, site=site, beside=given)
    # What a page calls its site is the site's name where its feed is titled alike: "The Post: World".
    if title and given and plain_name(given) in plain_name(own):
        title = outlet_title(given, site=site)
    return known.shown(site, own=title, given=outlet_title(given, site=site))
