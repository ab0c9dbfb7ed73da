"""Mask the key of a private feed in what it brings: feeds repeat their own key in links and texts."""

from __future__ import annotations

from dataclasses import replace

from bot.feeds.address import without_credentials
from bot.language.cleaning.public import MASK, secrets_in
from bot.model.news import Entry, Feed, FeedDocument


def public_page(feed: Feed) -> str:
    """Return an address of ``feed`` that readers may open: its site, else its own if that contains no key."""
    return next(
        (url for at in (feed.site, feed.url) if at and (url := without_credentials(at, feed=feed.url))), ""
    )


def without_keys(document: FeedDocument, feed: Feed) -> FeedDocument:
    """Return ``document`` with addresses and texts that can be shown.

    A link that needs the key is removed; entries are still identified by their GUID.
    """
    addresses = (feed.url, *((feed.moved_to,) if feed.moved_to else ()))
    secrets = sorted({s for address in addresses for s in secrets_in(address)}, key=len, reverse=True)

    def public(url: str) -> str:
        for address in addresses:
            url = without_credentials(url, feed=address) if "://" in url else url
        return url

    def said(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, MASK)
        return text

    def shown(entry: Entry) -> Entry:
        return replace(
            entry,
            link=public(entry.link),
            guid=public(entry.guid) or said(entry.guid),
            title=said(entry.title),
            summary=said(entry.summary),
            content=said(entry.content),
            author=said(entry.author),
            source_name=said(entry.source_name),
            source_url=public(entry.source_url),
            enclosure=public(entry.enclosure),
        )

    return replace(
        document,
        title=said(document.title),
        link=public(document.link),
        entries=tuple(map(shown, document.entries)),
    )
