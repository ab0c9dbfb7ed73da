"""Decide what kind of page a page is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.html

from bot.model.news import PageKind

LEAST_TEXT = 140  # characters below which a page holds no article

_WALL = re.compile(
    r"subscribe to (?:read|continue)|subscribers? only|already a subscriber|continue reading your article|"
    r"create (?:a|your) free account|log ?in to (?:read|continue)|register to (?:read|continue)|"
    r"to read the full (?:story|article)|this article is for (?:subscribers|members)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a page is, and the part of its text that is an article's: empty where none is."""

    kind: PageKind
    text: str = ""


def judge_page(tree: lxml.html.HtmlElement, *, text: str, source: str, free: bool | None) -> Judgement:
    """Return what the page ``tree`` is; ``text`` is what was taken for its article, ``free`` the page's word on that."""
    if free is False or (len(text) < 1500 and bool(_WALL.search(source[:400_000]))):
        return Judgement(kind=PageKind.PAYWALL, text=text)
    if len(text) >= LEAST_TEXT:
        return Judgement(kind=PageKind.ARTICLE, text=text)
    if tree.xpath("//input[@type='password']"):
        return Judgement(kind=PageKind.LOGIN)
    if tree.xpath("//video|//audio|//iframe[contains(@src, 'youtube') or contains(@src, 'player')]"):
        return Judgement(kind=PageKind.VIDEO)
    return Judgement(kind=PageKind.EMPTY)
