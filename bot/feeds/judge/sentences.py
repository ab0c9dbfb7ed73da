"""The sentence that a person is shown for each class of page that is no article."""

from __future__ import annotations

from bot.model.news import PageKind

WHAT_IT_IS = {
    PageKind.ARTICLE: "There is no article text on the page",
    PageKind.CONSENT: "The page asks to accept cookies before it shows its article",
    PageKind.BOT_CHECK: "The page asks for JavaScript or a check for robots before it shows its article",
    PageKind.LOGIN: "The page asks for a login",
    PageKind.PAYWALL: "The page shows its article to subscribers only",
    PageKind.NOT_FOUND: "The page says that there is no article at this address",
    PageKind.VIDEO: "The page holds a video or sound and no article text",
    PageKind.LIST: "The page is a list of links and not one article",
    PageKind.ROUNDUP: "The page is a roundup of several events and not one article",
    PageKind.OPINION: "The page is an opinion piece and no report",
    PageKind.OLD: "The page is older than its time stamp",
    PageKind.LIVE_BLOG: "The page is a live blog",
    PageKind.EMPTY: "There is no article text on the page",
}
_PREVIEWED = {
    PageKind.CONSENT,
    PageKind.BOT_CHECK,
    PageKind.LOGIN,
    PageKind.PAYWALL,
    PageKind.VIDEO,
    PageKind.EMPTY,
}
"""Kinds whose preview speaks of what is behind them: that of an error page or a list speaks of the site."""
ROUNDUP_NOTE = "This is a roundup of several events; it is part of no story."
OLD_COPY_NOTE = "This text was published long before under another address; it is part of no story."
NOTES = {
    PageKind.PAYWALL: "The page is behind a paywall; this is what is free to read.",
    PageKind.LIVE_BLOG: "The page is a live blog; its text changes.",
    PageKind.ROUNDUP: ROUNDUP_NOTE,
    PageKind.OPINION: "This is an opinion piece; it is part of no story.",
    PageKind.OLD: "By the days it names this page is older than its time stamp; it is part of no story.",
}
"""Kinds of page whose text is used nevertheless."""


def what_it_is(kind: PageKind, *, preview: str = "") -> str:
    """Return the sentence, without its full stop, on a page of ``kind`` whose article cannot be read.

    ``preview`` is the page's text for sharing: often all that a social network shows without JavaScript. It is
    quoted as such and is no article.
    """
    quoted = f"; its preview says “{preview}”" if preview and kind in _PREVIEWED else ""
    return WHAT_IT_IS[kind] + quoted
