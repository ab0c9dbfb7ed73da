"""Find the lead of an article that is separate from its text."""

from __future__ import annotations

import re

import lxml.etree
import lxml.html

from bot.feeds.page.tree import (
    BLOCK_TAGS,
    CLOSED_SENTENCE,
    LONG_PARAGRAPH_CHARS,
    WHOLE_TAGS,
    beginning_of,
    class_names,
    is_linked,
    text_key,
    text_of,
)
from bot.language.furniture import is_page_line

MIN_PAGE_LEAD_CHARS = 40
SHARED_WORDS_SHARE = 0.3  # of a lead's longer words that the article has as well
_LEAD = frozenset(
    {
        "lead", "lede", "leadin", "standfirst", "dek", "deck", "summary", "subtitle", "subheadline", "subhead", "intro",
        "chapo", "chapeau", "vorspann", "teasertext", "entradilla", "bajada", "sommario", "occhiello", "catenaccio",
        "excerpt", "abstract", "description", "leadtext", "lidtext", "anons", "linha", "bigode", "introduction",
    }
)  # fmt: skip
_CUT = re.compile(r"(?:\.\.\.|…|\[…\])[\"'”’»)\]]*$")


def lead_of(tree: lxml.html.HtmlElement, *, title: str, text: str) -> str:
    """Return the page's lead if it is separate and ``text`` lacks it; else nothing.

    A lead is named so by its class or by ``itemprop="description"``, is a closed sentence on the matter of the article,
    and is between the heading and the text's first paragraph.
    """
    first = text_key(text[:200])[:60]
    headed = tree.find(".//h1") is None
    for element in tree.iter():
        headed = headed or element.tag == "h1"
        if not isinstance(element.tag, str) or element.tag in WHOLE_TAGS:
            continue
        if first and text_key(beginning_of(element, chars=400)).startswith(first):
            return ""
        if headed and (class_names(element) & _LEAD or element.get("itemprop") == "description"):
            lead = _as_lead(element, text_of(element))
            if lead and text_key(lead) not in text_key(text) and _is_on_matter(lead, f"{title} {text}"):
                return lead
    return ""


def _is_on_matter(lead: str, text: str) -> bool:
    matter = _matter(lead)
    return len(matter & _matter(text)) >= SHARED_WORDS_SHARE * len(matter)


def _as_lead(element: lxml.html.HtmlElement, found: str) -> str:
    if any(child.tag in {"ul", "ol", "table", "h1", "form", "nav"} for child in element.iter()):
        return ""
    if sum(child.tag in BLOCK_TAGS for child in element.iter()) > 4:
        return ""
    if (
        len(found) < MIN_PAGE_LEAD_CHARS
        or len(found) > 5 * LONG_PARAGRAPH_CHARS
        or not CLOSED_SENTENCE.search(found)
        or _CUT.search(found)
    ):
        return ""
    return "" if is_page_line(found) or is_linked(element) else found


def _matter(text: str) -> set[str]:
    return set(re.findall(r"\w{5,40}", text.lower()))
