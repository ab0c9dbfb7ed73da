"""Extract the text from an entry's markup, and classify it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.errors import ParseError
from bot.feeds.judge import words
from bot.feeds.judge.classify import judge_text
from bot.feeds.page.extract import OwnText, own_text
from bot.model.news import PageKind


class EntryMarkup(NamedTuple):
    """What a feed gives of an entry: the markup of its text, its title, and the language it states."""

    markup: str
    title: str
    language: str


def entry_text(markup: str, *, title: str, language: str) -> tuple[OwnText, PageKind]:
    """Return what the ``markup`` of an entry tells, and what that is; for a worker."""
    own = own_text(markup, title=title)
    return own, judge_text(own.text, title=title, language=language.split("-", maxsplit=1)[0].lower())


def entry_texts(entries: Sequence[EntryMarkup]) -> list[tuple[OwnText, PageKind] | None]:
    """Return the same for each of ``entries``, None for one that cannot be read; for a worker."""
    return [_read_alone(entry) for entry in entries]


def _read_alone(entry: EntryMarkup) -> tuple[OwnText, PageKind] | None:
    try:
        return entry_text(entry.markup, title=entry.title, language=entry.language)
    except ParseError:
        return None


def warm() -> None:
    """Read the rules that every text needs: they would cost the first one its deadline."""
    words.warm()
    entry_text(
        "<p>The port of Velmar is closed, and you may read on.</p>", title="Port closed", language="en"
    )
