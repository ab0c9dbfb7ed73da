"""Read the blocks of text that a page shows, each with where it stands: linked, in a menu, in a card, in a wall."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import lxml.etree
import lxml.html

MAX_BLOCKS = 3000
MAX_BLOCK_CHARS = 2000  # characters of a block that are looked at
MIN_CARDS = 4  # linked headings from which their surroundings count as cards of a list
MAX_CARD_CHARS = 700  # characters of the text of one card

_HIDDEN = {"script", "style", "template", "svg", "head", "noscript", "select", "option", "textarea"}
_MENU = {"nav", "footer", "aside"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "section", "article",
    "main", "header", "footer", "nav", "aside", "form", "button", "label", "figure", "figcaption", "blockquote", "pre",
    "dl", "dt", "dd", "body", "br", "dialog", "time", "summary", "details",
}  # fmt: skip
_LEAVES = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "br", "time", "button", "label", "blockquote"}
_BOXES = {"div", "section", "form", "dialog", "aside"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_WALL_BOX = re.compile(
    r"cookie|consent|\bcmp|gdpr|didomi|onetrust|sp_message|usercentrics|paywall|regwall|piano|tp-modal|metered|"
    r"subscri(?:be|ption)-?(?:wall|offer|box|prompt)|premium-?(?:wall|box)|\babo\b|\bfc-(?:consent|dialog)|iubenda|axeptio|"
    r"tarteaucitron|qc-cmp|truste|trustarc|osano|klaro|cmplz|borlabs|\bcky-|termly|privacy-?(?:gate|wall|center|manager)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBlock:
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


@dataclass(slots=True)
class _Walk:
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    hidden: int = 0
    menu: int = 0
    link: int = 0
    card: int = 0
    boxed: int = 0
    asks: int = 0
    inside: int = 0
    boxes: list[int] = field(default_factory=lambda: [0])
    seen: int = 0


def read_blocks(tree: lxml.html.HtmlElement) -> list[PageBlock]:
    """Return what ``tree`` shows in order, at most ``MAX_BLOCKS`` blocks."""
    cards, asking = _cards(tree), _asking(tree)
    walk, stack = _Walk(), ["body"]
    blocks: list[PageBlock] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        if len(blocks) >= MAX_BLOCKS:
            break
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS:
                _flush(walk, stack[-1], blocks)
                stack.append(tag)
                walk.seen += 1
                walk.boxes.append(walk.boxes[-1] if tag in _LEAVES else walk.seen)
            _enter(walk, element, tag, cards, +1)
            walk.asks += element in asking
            _say(walk, element.text if tag else "")
        else:
            if tag in _BLOCKS:
                _flush(walk, stack[-1], blocks)
                stack.pop()
                walk.boxes.pop()
            _enter(walk, element, tag, cards, -1)
            walk.asks -= element in asking
            _say(walk, element.tail)
    _flush(walk, stack[-1], blocks)
    return blocks


def hidden_text(tree: lxml.html.HtmlElement) -> str:
    """Return what the page shows where scripts do not run."""
    said = (e.text_content() for e in tree.xpath("//noscript")[:20])
    return " ".join(" ".join(said).split())[:4000]


def _enter(
    walk: _Walk, element: lxml.html.HtmlElement, tag: str, cards: set[lxml.html.HtmlElement], step: int
) -> None:
    walk.hidden += step * (tag in _HIDDEN)
    walk.menu += step * (tag in _MENU or element.get("role") in {"navigation", "contentinfo"})
    walk.link += step * (tag == "a" and _leads(element.get("href")))
    walk.inside += step * (tag == "article" or element.get("itemprop") == "articleBody")
    walk.card += step * (element in cards)
    if tag not in {"body", "html"}:
        walk.boxed += step * bool(
            _WALL_BOX.search(f"{element.get('id', '')} {element.get('class', '')}"[:300])
        )


def _say(walk: _Walk, text: str | None) -> None:
    if text and not walk.hidden:
        walk.parts.append(text)
        if walk.link:
            walk.linked += len(" ".join(text.split()))


def _flush(walk: _Walk, tag: str, blocks: list[PageBlock]) -> None:
    text = " ".join("".join(walk.parts).split())[:MAX_BLOCK_CHARS]
    if text:
        blocks.append(
            PageBlock(
                text=text,
                tag=tag,
                linked=min(1.0, walk.linked / len(text)),
                menu=walk.menu > 0,
                card=walk.card > 0,
                boxed=walk.boxed > 0,
                asks=walk.asks > 0,
                inside=walk.inside > 0,
                box=walk.boxes[-1],
            )
        )
    walk.parts.clear()
    walk.linked = 0


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
    for asked in tree.xpath("//button | //input[not(@type='hidden')] | //*[@role='button']")[:200]:
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
