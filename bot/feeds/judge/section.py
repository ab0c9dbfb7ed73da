"""Tell a text that reports no event by the section of its site that it lies in, and by the label of its title."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from bot.language.rules import load_rules
from bot.model.news import PageKind

_RULES_NAME = "sections"
MAX_FOLDERS = 3  # of an address, the first ones: country, section, part of it
_KINDS = {"opinion": PageKind.OPINION, "roundup": PageKind.ROUNDUP}


def kind_of_section(*, url: str, title: str) -> PageKind:
    """Return what an article's address or ``title`` says that it is: an opinion, a roundup, or else an article.

    The folder must hold something: a page of its own name, or what stands after an article, says nothing.
    """
    rules = load_rules("mul", _RULES_NAME)
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # an address that nobody can open says nothing
        path = ""
    folders = [part for part in path.casefold().split("/") if part][:-1][:MAX_FOLDERS]
    for sense, kind in _KINDS.items():
        if any(folder in rules.words[sense] for folder in folders) or rules.has(sense, title):
            return kind
    return PageKind.ARTICLE
