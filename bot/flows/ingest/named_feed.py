"""Find a feed by the name that lists show, its title, its address or its id."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from bot.chat.replies.feeds import feed_name, feed_names
from bot.errors import InputError
from bot.language.cleaning.public import public_address, public_text
from bot.model.news import Feed
from bot.urls import split, with_scheme

MAX_FEED_SUGGESTIONS = 3  # names that are offered where none is meant for certain
MIN_NAME_SIMILARITY = 0.5  # of a name that is offered
MAX_FEED_NAME_CHARS = 200


def feeds_named(name: str, feeds: Sequence[Feed]) -> list[Feed]:
    """Return those of ``feeds`` that match ``name``: none, one, or several."""
    wanted = name.strip().strip("“”\"'")
    names = feed_names(feeds)
    address = _bare(wanted)
    for meant in (
        [f for f in feeds if wanted == f.id or address in {_bare(f.url), _bare(f.moved_to)} - {""}],
        [f for f in feeds if names[f.id].casefold() == wanted.casefold()],
        [f for f in feeds if wanted.casefold() in {f.title.casefold(), feed_name(f).casefold()}],
        [
            f
            for f in feeds
            if address and address in {_bare(public_address(f.url)), _bare(public_address(f.moved_to))}
        ],
    ):
        if meant:
            return meant
    return []


def named_feed(name: str, feeds: Sequence[Feed], *, lists: str) -> Feed:
    """Return the one of ``feeds`` that matches ``name``; ``lists`` is the command that shows them all.

    Raises ``InputError``, which suggests similar names, if none or several match.
    """
    meant = feeds_named(name, feeds)
    if len(meant) == 1:
        return meant[0]
    names = feed_names(feeds)
    shown = public_text(name.strip())[:MAX_FEED_NAME_CHARS]
    if meant:
        several = ", ".join(f"“{names[f.id]}” ({f.id})" for f in meant[:MAX_FEED_SUGGESTIONS])
        raise InputError(
            f"{len(meant)} feeds are called “{shown}”",
            hint=f"Name one by its number, its address or its id: {several}",
        )
    folded = {shown_name.casefold(): shown_name for shown_name in names.values()}
    near = difflib.get_close_matches(
        shown.casefold(), folded, n=MAX_FEED_SUGGESTIONS, cutoff=MIN_NAME_SIMILARITY
    )
    near += [one for one in folded if shown.casefold() in one and one not in near]
    offered = ", ".join(f"“{folded[one]}”" for one in near[:MAX_FEED_SUGGESTIONS])
    hint = f"Near it: {offered}. {lists} shows all" if offered else f"{lists} shows them"
    raise InputError(f"No feed is called “{shown}”", hint=hint)


def new_name(text: str, feed: Feed, feeds: Sequence[Feed]) -> str:
    """Return the new name of ``feed``; raises ``InputError`` if it is empty or already used."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_FEED_NAME_CHARS:
        raise InputError(f"A name has from 1 to {MAX_FEED_NAME_CHARS} characters")
    if "://" in name:
        raise InputError("An address is not a name", hint="Names are shown to readers")
    if any(f.id != feed.id and feed_name(f).casefold() == name.casefold() for f in feeds):
        raise InputError(f"Another feed is called “{name}”", hint="Choose another name")
    return name


def _bare(address: str) -> str:
    """Return ``address`` for comparison: without scheme and final slash; empty if it is no address."""
    parts = split(with_scheme(address.strip()))
    if not parts or parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{port}{parts.path.rstrip('/')}{query}"
