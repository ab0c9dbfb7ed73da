"""Recognise a text that reports no event: by the section of its site, and by the label of its title."""

from __future__ import annotations

from urllib.parse import unquote

from bot.language.rules import load_rules
from bot.model.news import PageKind
from bot.urls import split

_RULES_NAME = "sections"
MAX_FOLDERS = 3  # first folders of an address, without numbers: country, section, subsection
_KINDS = {"opinion": PageKind.OPINION, "roundup": PageKind.ROUNDUP}


def kind_of_section(*, url: str, title: str) -> PageKind:
    """Return the class that an article's address or ``title`` indicates: an opinion, a roundup, or an article.

    The folder must contain the page: a page with the folder's name, or a folder after the article's name, is ignored.
    """
    rules = load_rules("mul", _RULES_NAME)
    parts = split(url)  # an invalid address gives no hint
    path = unquote(parts.path) if parts else ""
    steps = [step for step in path.casefold().split("/") if step]
    *folders, page = [step for step in steps if not step.isdecimal()] or [""]
    # "/opinion/1": a number may be the page, too, of a section that the address begins with.
    sections = {*folders[:MAX_FOLDERS], *steps[:-1][:MAX_FOLDERS]}
    for sense, kind in _KINDS.items():
        named = rules.has(sense, title) or rules.has(f"{sense} page", page)
        if named or not sections.isdisjoint(rules.words[sense]):
            return kind
    return PageKind.ARTICLE
