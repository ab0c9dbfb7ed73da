"""Take out of a page's tree what its structure names as furniture, and find the lead that stands apart from the text.

A part goes by its tag, its role or the words of its class, and only if it is small beside the page: a class name is
a designer's word, and the article itself may stand in a "content-promo".
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator

import lxml.etree
import lxml.html

from bot.language.furniture import is_page_line

MAX_FURNITURE_SHARE = 0.2  # of the page's text, up to which a part may be furniture
LONG_PARAGRAPH_CHARS = 200  # characters; a part with several such paragraphs is text, whatever it is called
MAX_LONG_PARAGRAPHS = 3
MAX_CAPTION_CHARS = 600  # characters of a figure's caption
LINKED_SHARE = 0.9  # of a paragraph's text in links, from which it is a link and no statement
MAX_NOTE_CHARS = 800  # characters of an element that its class calls a correction
MIN_LEAD_CHARS = 40  # characters
SHARED_WORDS_SHARE = 0.3  # of a lead's longer words that the article has as well

_DROPPED = (
    "script",
    "style",
    "noscript",
    "iframe",
    "template",
    "svg",
    "button",
    "dialog",
    "select",
    "figcaption",
)
_SUSPECT = frozenset({"nav", "footer", "aside", "form", "menu"})
_ROLES = frozenset(
    {"navigation", "complementary", "contentinfo", "dialog", "alertdialog", "search", "menu", "banner"}
)
_EMBEDS = frozenset(
    {
        "twitter-tweet", "twitter-video", "instagram-media", "fb-post", "fb-video", "tiktok-embed", "bluesky-embed",
        "mastodon-embed", "reddit-embed-bq", "reddit-card", "telegram-post", "threads-embed", "text-post-media",
        "wp-embedded-content", "twitter-timeline", "imgur-embed-pub", "pinterest-embed",
    }
)  # fmt: skip
# Words of a class or id, whole between hyphens, underscores and changes of case.
_FURNITURE = frozenset(
    {
        "related", "recirc", "recirculation", "recommended", "recommendations", "recommendation", "teaser", "teasers",
        "readmore", "trending", "outbrain", "taboola", "newsletter", "newsletters", "signup", "subscribe", "share",
        "sharing", "sharebar", "social", "cookie", "cookies", "consent", "gdpr", "comments", "disqus", "caption",
        "captions", "credit", "credits", "copyright", "byline", "bylines", "advert", "advertisement", "ads", "promo",
        "promobox", "sponsored", "breadcrumb", "breadcrumbs", "pagination", "tags", "taglist", "toolbar", "popup",
        "modal", "paywall", "mostread", "mostpopular", "popular", "noprint", "embed", "oembed",
    }
)  # fmt: skip
# Parts that show other articles or what readers wrote: a date in them is not the article's.
_OTHERS = frozenset(
    {
        "related", "recirc", "recommended", "recommendations", "teaser", "teasers", "trending", "popular", "mostread",
        "mostpopular", "latest", "comments", "comment", "disqus", "sidebar", "outbrain", "taboola", "promo", "widget",
        "ticker", "breaking", "archive", "archives", "events", "calendar",
    }
)  # fmt: skip
_NOTES = frozenset(
    {"correction", "corrections", "clarification", "amendment", "rectificatif", "errata", "korrektur"}
)
_LEAD = frozenset(
    {
        "lead", "lede", "leadin", "standfirst", "dek", "deck", "summary", "subtitle", "subheadline", "subhead", "intro",
        "chapo", "chapeau", "vorspann", "teasertext", "entradilla", "bajada", "sommario", "occhiello", "catenaccio",
        "excerpt", "abstract", "description", "leadtext", "lidtext", "anons", "linha", "bigode", "introduction",
    }
)  # fmt: skip
_GONE = "furniture"
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CLOSED = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
_CUT = re.compile(r"(?:\.\.\.|…|\[…\])[\"'”’»)\]]*$")
_WHOLE = frozenset({"html", "head", "body", "main", "article", "a"})
_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "section", "article", "figure", "blockquote"})


def without_furniture(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return a copy of ``tree`` without navigation, captions, embedded posts, forms, share bars and lists of links."""
    tree = copy.deepcopy(tree)
    # Extractors lose what follows a comment within a paragraph.
    lxml.etree.strip_tags(tree, lxml.etree.Comment, lxml.etree.ProcessingInstruction)
    lxml.etree.strip_elements(tree, *_DROPPED, with_tail=False)
    whole = len(_text(tree)) or 1
    _drop(tree, (e for e in tree.iter() if isinstance(e.tag, str) and _is_furniture(e, whole=whole)))
    _drop(tree, _linked_paragraphs(tree))
    _drop(tree, (items for items in tree.iter("ul", "ol") if _is_link_list(items)))
    return tree


def without_embeds(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return ``tree``, a feed's own markup, changed: without captions, forms and embedded posts.

    A feed's designer names no parts: classes are not asked.
    """
    lxml.etree.strip_elements(tree, *_DROPPED, "form", with_tail=False)
    figures = (e for e in tree.iter("figure") if _is_furniture(e, whole=0))
    _drop(tree, (*figures, *(e for e in tree.iter("blockquote", "div") if _called(e) & _EMBEDS)))
    return tree


def stands_in_furniture(element: lxml.html.HtmlElement) -> bool:
    """Tell whether ``element`` stands in a teaser, a list, a comment or another part that is not the article's own."""
    for around in (element, *element.iterancestors()):
        if around.tag in {"aside", "nav", "footer", "form", "figure"}:
            return True
        # A link that says more than the date leads to another article; a date alone is often a link to its own.
        if around.tag == "a" and len(_text(around)) > len(_text(element)):
            return True
        if around.tag not in {"html", "body", "main"} and _names(around) & _OTHERS:
            return True
        if (
            around.tag == "article"
            and around.getparent() is not None
            and len(list(_articles_beside(around))) > 1
        ):
            return True
    return False


def notes_in(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the lines of ``tree`` in which a note of correction may stand, wherever on the page: it is no text of ours.

    Those of an element that is called so by its class come behind the heading that makes them one.
    """
    for element in tree.iter("p", "div", "aside", "section", "li"):
        if _names(element) & _NOTES and len(found := _text(element)) <= MAX_NOTE_CHARS and _is_free(element):
            inner = [_text(e) for e in element.iter("p", "h2", "h3", "h4", "h5", "strong")]
            yield from ("Correction", found.removeprefix(inner[0]).strip() if len(inner) > 1 else found)
        elif element.tag == "p" and _is_free(element):
            yield _text(element)


def _is_free(element: lxml.html.HtmlElement) -> bool:
    return not any(
        _names(e) & _OTHERS for e in element.iterancestors() if e.tag not in {"html", "body", "main"}
    )


def _articles_beside(element: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield the articles of a list of them: those that stand beside each other and hold no main heading."""
    parent = element.getparent()
    return (e for e in (() if parent is None else parent.iterchildren("article")) if e.find(".//h1") is None)


def lead_of(tree: lxml.html.HtmlElement, *, title: str, text: str) -> str:
    """Return the page's lead where it stands apart and ``text`` lacks it; else nothing.

    A lead is named so by its class or by ``itemprop="description"``, is a closed sentence on the matter of the article,
    and stands between the heading and the text's first paragraph.
    """
    seen, first = _key(text), _key(text[:200])[:60]
    known = _matter(f"{title} {text}")
    headed = tree.find(".//h1") is None
    for element in tree.iter():
        headed = headed or element.tag == "h1"
        if not isinstance(element.tag, str) or element.tag in _WHOLE:
            continue
        found = _text(element)
        if first and _key(found[:400]).startswith(first):
            return ""
        if headed and (_names(element) & _LEAD or element.get("itemprop") == "description"):
            lead = _as_lead(element, found)
            matter = _matter(lead)
            if lead and _key(lead) not in seen and len(matter & known) >= SHARED_WORDS_SHARE * len(matter):
                return lead
    return ""


def with_siblings(tree: lxml.html.HtmlElement, paragraphs: list[str]) -> list[str]:
    """Return ``paragraphs`` with those of the containers that are called as theirs is, in the order of the page.

    Publishers part a text by advertisements into several containers of one class; extractors keep the first.
    """
    known = {_key(p) for p in paragraphs}
    shapes: dict[tuple[str, str], int] = {}
    for paragraph in tree.iter("p"):
        if (shape := _shape(paragraph)) and _key(_text(paragraph)) in known:
            shapes[shape] = shapes.get(shape, 0) + 1
    if not shapes:
        return paragraphs
    best = max(shapes, key=lambda shape: shapes[shape])
    there = [_text(p) for p in tree.iter("p") if _shape(p) == best]
    missing = [t for t in there if len(t) > LONG_PARAGRAPH_CHARS // 2 and _key(t) not in known]
    if shapes[best] * 2 < len(paragraphs) or len(missing) < 2:
        return paragraphs
    return _merged(paragraphs, there, known)


def _merged(paragraphs: list[str], there: Iterable[str], known: set[str]) -> list[str]:
    """Return ``paragraphs`` with what of ``there`` is not ``known``, each behind what stands before it there."""
    after: dict[str, list[str]] = {}
    last = ""
    for text in there:
        key = _key(text)
        if key in known:
            last = key
        elif key:
            after.setdefault(last, []).append(text)
    merged = list(after.pop("", ()))
    for paragraph in paragraphs:
        merged += [paragraph, *after.pop(_key(paragraph), ())]
    return merged


def _shape(paragraph: lxml.html.HtmlElement) -> tuple[str, str]:
    parent = paragraph.getparent()
    called = "" if parent is None else parent.get("class") or ""
    return (str(parent.tag), called) if called else ("", "")


def _is_furniture(element: lxml.html.HtmlElement, *, whole: int) -> bool:
    if element.tag in {"html", "body", "main", "article", "head", "h1"}:
        return False
    if element.tag == "figure":
        return len(_text(element)) <= MAX_CAPTION_CHARS and element.find(".//table") is None
    if _called(element) & _EMBEDS:
        return True
    suspect = (
        element.tag in _SUSPECT
        or (element.get("role") or "").lower() in _ROLES
        or _names(element) & (_FURNITURE | _NOTES)
    )
    return bool(suspect) and _is_small(element, whole=whole)


def _is_small(element: lxml.html.HtmlElement, *, whole: int) -> bool:
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return False
    if len(_text(element)) > MAX_FURNITURE_SHARE * whole and len(_text(element)) > LONG_PARAGRAPH_CHARS:
        return False
    return sum(len(_text(p)) > LONG_PARAGRAPH_CHARS for p in element.iter("p")) < MAX_LONG_PARAGRAPHS


def _linked_paragraphs(tree: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield the paragraphs that are nothing but a link and no sentence, where they are few among the page's."""
    paragraphs = [p for p in tree.iter("p") if _text(p)]
    linked = [p for p in paragraphs if _is_linked(p)]
    if len(linked) * 3 < len(paragraphs):
        yield from (p for p in linked if not _CLOSED.search(_text(p)))


def _is_link_list(items: lxml.html.HtmlElement) -> bool:
    entries = [item for item in items.iter("li") if _text(item)]
    return bool(entries) and all(map(_is_linked, entries))


def _is_linked(element: lxml.html.HtmlElement) -> bool:
    links = sum(len(_text(a)) for a in element.iter("a"))
    return links > 0 and links >= LINKED_SHARE * len(_text(element))


def _as_lead(element: lxml.html.HtmlElement, found: str) -> str:
    if any(child.tag in {"ul", "ol", "table", "h1", "form", "nav"} for child in element.iter()):
        return ""
    if sum(child.tag in _BLOCKS for child in element.iter()) > 4:
        return ""
    if (
        len(found) < MIN_LEAD_CHARS
        or len(found) > 5 * LONG_PARAGRAPH_CHARS
        or not _CLOSED.search(found)
        or _CUT.search(found)
    ):
        return ""
    return "" if is_page_line(found) or _is_linked(element) else found


def _names(element: lxml.html.HtmlElement) -> frozenset[str]:
    called = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return frozenset(word.lower() for word in _WORD.findall(called))


def _matter(text: str) -> set[str]:
    return set(re.findall(r"\w{5,40}", text.lower()))


def _drop(tree: lxml.html.HtmlElement, elements: Iterable[lxml.html.HtmlElement]) -> None:
    """Drop ``elements`` below ``tree``; what follows them stays, whatever characters it is made of."""
    for element in list(elements):
        if element is not tree:
            element.tag = _GONE
    lxml.etree.strip_elements(tree, _GONE, with_tail=False)


def _called(element: lxml.html.HtmlElement) -> set[str]:
    return set((element.get("class") or "").lower().split())


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(_pieces(element))


def _pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    return (piece for text in element.itertext() for piece in text.split())


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
