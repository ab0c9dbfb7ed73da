"""Read the blocks of text of a page, each with its position: linked, in a menu, in a card, in a wall."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import lxml.etree
import lxml.html

from bot.language.text_cache import text_cached

MAX_JUDGED_BLOCKS = 3000
MAX_BLOCK_CHARS = 2000  # characters of a block that are looked at
MIN_CARDS = 4  # linked headings from which the blocks around them count as cards of a list
MAX_CARD_CHARS = 700  # characters of the text of one card

_HIDDEN = {"script", "style", "template", "svg", "head", "noscript", "select", "option", "textarea"}
_MENU = {"nav", "footer", "aside"}
_MENU_ROLES = {"navigation", "contentinfo"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "section", "article",
    "main", "header", "footer", "nav", "aside", "form", "button", "label", "figure", "figcaption", "blockquote", "pre",
    "dl", "dt", "dd", "body", "br", "dialog", "time", "summary", "details",
}  # fmt: skip
_LEAVES = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "time", "button", "label", "blockquote"}
_BOXES = {"div", "section", "form", "dialog", "aside"}
_ASKING: Any = lxml.etree.XPath("//button | //input[not(@type='hidden')] | //*[@role='button']")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_WALL_BOX = re.compile(  # of a name in lower case: matching any case takes much longer
    r"cookie|consent|\bcmp|gdpr|didomi|onetrust|sp_message|usercentrics|paywall|regwall|piano|tp-modal|metered|"
    r"subscri(?:be|ption)-?(?:wall|offer|box|prompt)|premium-?(?:wall|box)|\babo\b|\bfc-(?:consent|dialog)|iubenda|axeptio|"
    r"tarteaucitron|qc-cmp|truste|trustarc|osano|klaro|cmplz|borlabs|\bcky-|termly|privacy-?(?:gate|wall|center|manager)"
)


class PageBlock(NamedTuple):
    """One block as a reader sees it; ``linked`` is the share of its characters that are links."""

    text: str
    tag: str
    linked: float = 0.0
    menu: bool = False
    card: bool = False  # of a list of linked headings
    boxed: bool = False  # in a box that calls itself a wall
    asks: bool = False  # in a box of its own with a button or a field
    inside: bool = False  # in an article element
    box: int = 0  # which element holds it: a paragraph's parent, else the block's own


class _Position(NamedTuple):
    """The position of the text in an element."""

    hidden: bool = False
    menu: bool = False
    link: bool = False
    card: bool = False
    boxed: bool = False
    asks: bool = False
    inside: bool = False
    tag: str = "body"  # of the block that holds it
    box: int = 0


def read_blocks(tree: lxml.html.HtmlElement) -> list[PageBlock]:
    """Return what ``tree`` shows in order, at most ``MAX_JUDGED_BLOCKS`` blocks."""
    cards, asking = _cards(tree), _asking(tree)
    blocks: list[PageBlock] = []
    stack = [_Position()]
    parts: list[tuple[str, bool]] = []  # of the block so far, and whether each is linked
    seen = 0
    walk = lxml.etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if len(blocks) >= MAX_JUDGED_BLOCKS:
            break
        tag = element.tag if isinstance(element.tag, str) else ""
        place = stack[-1]
        if tag in _BLOCKS and parts:
            _add_block(blocks, parts, place)
            parts = []
        if event == "start":
            seen += tag in _BLOCKS
            # Hidden elements are not read, nor their position.
            if parts or not place.hidden:
                place = _within(element, tag, place, seen=seen, card=element in cards, asks=element in asking)
            stack.append(place)
            if place.hidden and not parts:
                walk.skip_subtree()  # nothing in it ends a block, for none is begun
                continue
            text = element.text if tag else None
        else:
            stack.pop()
            place = stack[-1]
            text = element.tail
        if text and not place.hidden and (parts or not text.isspace()):
            parts.append((text, place.link))
    if parts:
        _add_block(blocks, parts, stack[-1])
    return blocks


def hidden_text(tree: lxml.html.HtmlElement) -> str:
    """Return the text that the page shows without scripts."""
    said = (e.text_content() for e in tree.xpath("//noscript")[:20])
    return " ".join(" ".join(said).split())[:4000]


def _within(
    element: lxml.html.HtmlElement, tag: str, around: _Position, *, seen: int, card: bool, asks: bool
) -> _Position:
    """Return the position of the text of ``element``, which is inside ``around``; ``seen`` numbers the blocks."""
    block = tag in _BLOCKS
    hidden = around.hidden or tag in _HIDDEN
    menu = around.menu or tag in _MENU or element.get("role") in _MENU_ROLES
    link = around.link or (tag == "a" and _leads(element.get("href")))
    boxed = around.boxed or (tag not in {"body", "html"} and _is_wall_box(element))
    inside = around.inside or tag == "article" or element.get("itemprop") == "articleBody"
    if not (block or card or asks) and (hidden, menu, link, boxed, inside) == (
        around.hidden,
        around.menu,
        around.link,
        around.boxed,
        around.inside,
    ):
        return around
    return _Position(
        hidden=hidden,
        menu=menu,
        link=link,
        card=around.card or card,
        boxed=boxed,
        asks=around.asks or asks,
        inside=inside,
        tag=tag if block else around.tag,
        box=seen if block and tag not in _LEAVES else around.box,
    )


def _is_wall_box(element: lxml.html.HtmlElement) -> bool:
    named, called = element.get("id"), element.get("class")
    return bool(named or called) and _names_wall(f"{named or ''} {called or ''}"[:300])


@text_cached(maxsize=4_096)  # elements of a page share their classes
def _names_wall(called: str) -> bool:
    return _WALL_BOX.search(called.lower()) is not None


def _add_block(blocks: list[PageBlock], parts: Sequence[tuple[str, bool]], place: _Position) -> None:
    text = " ".join("".join(part for part, _ in parts).split())[:MAX_BLOCK_CHARS]
    if text:
        linked = sum(len(" ".join(part.split())) for part, link in parts if link)
        blocks.append(
            PageBlock(
                text=text,
                tag=place.tag,
                linked=min(1.0, linked / len(text)),
                menu=place.menu,
                card=place.card,
                boxed=place.boxed,
                asks=place.asks,
                inside=place.inside,
                box=place.box,
            )
        )


def _cards(tree: lxml.html.HtmlElement) -> set[lxml.html.HtmlElement]:
    """Return the elements that hold one linked heading and little more: the cards of a list."""
    linked = [h for h in tree.iter(*_HEADINGS) if h.find(".//a[@href]") is not None or _in_link(h)][:300]
    if len(linked) < MIN_CARDS:
        return set()
    holding = Counter(a for h in linked for a in _above(h))
    cards = set()
    for heading in linked:
        card = heading
        for above in _above(heading):
            if holding[above] > 1 or above.tag == "body":
                break
            card = above
        if len(" ".join(card.text_content().split())) <= MAX_CARD_CHARS:
            cards.add(card)
    return cards


def _asking(tree: lxml.html.HtmlElement) -> set[lxml.html.HtmlElement]:
    """Return the boxes that hold a button or a field, and no main heading: what holds that is the page itself."""
    found = set()
    for asked in _ASKING(tree)[:200]:
        box = next((above for above in _above(asked) if above.tag in _BOXES), None)
        if box is not None and box.find(".//h1") is None:
            found.add(box)
    return found


def _above(element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    found = []
    for above in element.iterancestors():
        found.append(above)
        if len(found) >= 30:
            break
    return found


def _leads(href: str | None) -> bool:
    """Tell whether a link leads elsewhere: one that does not is a button."""
    return (
        href is not None and not href.strip().lower().startswith(("#", "javascript:")) and bool(href.strip())
    )


def _in_link(heading: lxml.html.HtmlElement) -> bool:
    return any(a.tag == "a" and a.get("href") for a in _above(heading)[:3])
