"""Tell a comment, an editorial or a letter to the editor by where it lies on its site and by the label of its title."""

from __future__ import annotations

from urllib.parse import unquote

from bot.language.rules import load_rules
from bot.urls import split

_RULES_NAME = "opinion"
MAX_FOLDERS = 3  # of an address, the first ones: country, section, part of it


def is_opinion(*, url: str, title: str) -> bool:
    """Tell whether an article's address or ``title`` says that it is somebody's opinion and no report.

    The folder must hold something: a page of its own name, or what stands after an article, is none.
    """
    rules = load_rules("mul", _RULES_NAME)
    parts = split(url)  # an address that nobody can open says nothing
    path = unquote(parts.path) if parts else ""
    folders = [part for part in path.casefold().split("/") if part][:-1]
    return any(folder in rules.words["folder"] for folder in folders[:MAX_FOLDERS]) or rules.has(
        "title", title
    )
