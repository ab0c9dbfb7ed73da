"""Extract the text from an entry's markup, and classify it."""

from __future__ import annotations

from bot.feeds.judge import words
from bot.feeds.judge.decide import judge_text
from bot.feeds.page.extract import OwnText, own_text
from bot.model.news import PageKind


def entry_text(markup: str, *, title: str, language: str) -> tuple[OwnText, PageKind]:
    """Return what the ``markup`` of an entry tells, and what that is; for a worker."""
    own = own_text(markup, title=title)
    return own, judge_text(own.text, title=title, language=language.split("-", maxsplit=1)[0].lower())


def warm() -> None:
    """Read the rules that every text needs: they would cost the first one its deadline."""
    words.warm()
    entry_text(
        "<p>The port of Velmar is closed, and you may read on.</p>", title="Port closed", language="en"
    )
