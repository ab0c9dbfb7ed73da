"""Recognise what a plain sentence of news does not have: addresses, mentions, tags, links in brackets, invisible characters. Pure."""

from __future__ import annotations

import re

from bot.language.cleaning.invisible import visible

_MARKUP = re.compile(
    "[a-z][a-z0-9+.-]{1,20}://|www\\.|<[@#!/a-z]|[<>]{2}|@(?:everyone|here|channel)\\b|\\]\\(|```",
    re.IGNORECASE,
)


def has_markup(text: str) -> bool:
    """Return whether ``text`` has markup, or invisible characters that no script needs."""
    return bool(_MARKUP.search(text)) or visible(text) != text
