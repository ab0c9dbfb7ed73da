"""Remove furniture from the tree of a page, by its structure.

A part is removed because of its tag, its role or the words of its class, and only if it is small in relation to the page:
the article itself may be in a "content-promo".
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import lxml.etree
import lxml.html

from bot.language.text_cache import text_cached
from bot.language.words import with_plain_marks

MAX_FURNITURE_SHARE = 0.2  # of the page's text, up to which a part may be furniture
LONG_PARAGRAPH_CHARS = 200  # characters; a part with several such paragraphs is text, whatever it is called
MAX_LONG_PARAGRAPHS = 3
MAX_FIGURE_CAPTION_CHARS = 600  # characters of a figure's caption
MIN_MISSING_PARAGRAPHS = 2  # of some length, from which an extractor has kept one container of several
LINKED_SHARE = 0.9  # of a paragraph's text in links, from which it is a link and no statement
MAX_NOTE_CHARS = 800  # characters of an element that its class calls a correction

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
_DROPPED_WORDS = _FURNITURE | _NOTES
_GONE = "furniture"
_KEY = re.compile(r"[^\W_]+")
_NO_ASCII_KEY = {code: None for code in range(128) if not chr(code).isalnum()}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
CLOSED_SENTENCE = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
WHOLE_TAGS = frozenset({"html", "head", "body", "main", "article", "a"})
BLOCK_TAGS = frozenset({"p", "div", "ul", "ol", "table", "section", "article", "figure", "blockquote"})


def without_furniture(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return a copy of ``tree`` without navigation, captions, embedded posts, forms, share bars and lists of links."""
    tree = copy.deepcopy(tree)
    # Extractors lose what follows a comment within a paragraph.
    lxml.etree.strip_tags(tree, lxml.etree.Comment, lxml.etree.ProcessingInstruction)
    lxml.etree.strip_elements(tree, *_DROPPED, with_tail=False)
    whole = len(text_of(tree)) or 1
    _drop(tree, _furniture(tree, whole=whole))
    _drop(tree, _linked_paragraphs(tree))
    _drop(tree, (items for items in tree.iter("ul", "ol") if _is_link_list(items)))
    return tree


def without_embeds(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return ``tree``, a feed's own markup, changed: without captions, forms and embedded posts.

    Classes are not considered, because a feed does not use them for parts.
    """
    lxml.etree.strip_elements(tree, *_DROPPED, "form", with_tail=False)
    figures = (e for e in tree.iter("figure") if _is_furniture(e, whole=0))
    _drop(
        tree, (*figures, *(e for e in tree.iter("blockquote", "div") if _names_embed(e.get("class") or "")))
    )
    return tree


def stands_in_furniture(element: lxml.html.HtmlElement) -> bool:
    """Tell whether ``element`` is in a teaser, a list, a comment or another part that is not the article's own."""
    for around in (element, *element.iterancestors()):
        if around.tag in {"aside", "nav", "footer", "form", "figure"}:
            return True
        # A link that says more than the date leads to another article; a date alone is often a link to its own.
        if around.tag == "a" and len(text_of(around)) > len(text_of(element)):
            return True
        if around.tag not in {"html", "body", "main"} and class_names(around) & _OTHERS:
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
        if (
            class_names(element) & _NOTES
            and len(found := text_of(element)) <= MAX_NOTE_CHARS
            and _is_free(element)
        ):
            inner = [text_of(e) for e in element.iter("p", "h2", "h3", "h4", "h5", "strong")]
            yield from ("Correction", found.removeprefix(inner[0]).strip() if len(inner) > 1 else found)
        elif element.tag == "p" and _is_free(element):
            yield text_of(element)


def _is_free(element: lxml.html.HtmlElement) -> bool:
    return not any(
        class_names(e) & _OTHERS for e in element.iterancestors() if e.tag not in {"html", "body", "main"}
    )


def _articles_beside(element: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield the articles of a list: neighbouring ones without a main heading."""
    parent = element.getparent()
    return (e for e in (() if parent is None else parent.iterchildren("article")) if e.find(".//h1") is None)


def with_siblings(tree: lxml.html.HtmlElement, paragraphs: list[str]) -> list[str]:
    """Return ``paragraphs`` with those of the containers that are called as theirs is, in the order of the page.

    Publishers part a text by advertisements into several containers of one class; extractors keep the first.
    """
    printed, said = [(p, text_of(p)) for p in tree.iter("p")], set(paragraphs)
    if sum(_is_long(text) and text not in said for _, text in printed) < MIN_MISSING_PARAGRAPHS:
        return paragraphs  # of most pages the extractor has all
    known = {text_key(p) for p in paragraphs}
    read = [(_shape(p), text, text_key(text)) for p, text in printed]
    shapes = Counter(shape for shape, _, key in read if key in known)
    if not shapes:
        return paragraphs
    best = max(shapes, key=lambda shape: shapes[shape])
    there = [(text, key) for shape, text, key in read if shape == best]
    missing = sum(_is_long(text) and key not in known for text, key in there)
    if shapes[best] * 2 < len(paragraphs) or missing < MIN_MISSING_PARAGRAPHS:
        return paragraphs
    return _merged(paragraphs, there, known)


def _is_long(text: str) -> bool:
    return len(text) > LONG_PARAGRAPH_CHARS // 2


def _merged(paragraphs: list[str], there: Iterable[tuple[str, str]], known: set[str]) -> list[str]:
    """Return ``paragraphs`` with the unknown ones of ``there`` (texts and their keys) inserted after their predecessors."""
    after: dict[str, list[str]] = {}
    last = ""
    for text, key in there:
        if key in known:
            last = key
        elif key:
            after.setdefault(last, []).append(text)
    merged = list(after.pop("", ()))
    for paragraph in paragraphs:
        merged += [paragraph, *after.pop(text_key(paragraph), ())]
    return merged


def _shape(paragraph: lxml.html.HtmlElement) -> tuple[str, str]:
    parent = paragraph.getparent()
    called = "" if parent is None else parent.get("class") or ""
    return (str(parent.tag), called) if called else ("", "")


def _furniture(tree: lxml.html.HtmlElement, *, whole: int) -> Iterator[lxml.html.HtmlElement]:
    """Yield the parts of ``tree`` that are furniture, and none within another."""
    walk = lxml.etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element is not tree and _is_furniture(element, whole=whole):
            yield element
            walk.skip_subtree()


def _is_furniture(element: lxml.html.HtmlElement, *, whole: int) -> bool:
    if element.tag in {"html", "body", "main", "article", "head", "h1"}:
        return False
    if element.tag == "figure":
        return len(text_of(element)) <= MAX_FIGURE_CAPTION_CHARS and element.find(".//table") is None
    called, named = element.get("class"), element.get("id")
    if called and _names_embed(called):
        return True
    suspect = (
        element.tag in _SUSPECT
        or ((called or named) and _names_furniture(f"{called or ''} {named or ''}"[:400]))
        or (element.get("role") or "").lower() in _ROLES
    )
    return bool(suspect) and _is_small(element, whole=whole)


def _is_small(element: lxml.html.HtmlElement, *, whole: int) -> bool:
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return False
    length = len(text_of(element))
    if length <= LONG_PARAGRAPH_CHARS:
        return True
    if length > MAX_FURNITURE_SHARE * whole:
        return False
    return sum(len(text_of(p)) > LONG_PARAGRAPH_CHARS for p in element.iter("p")) < MAX_LONG_PARAGRAPHS


def _linked_paragraphs(tree: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """Yield the paragraphs that are nothing but a link and no sentence, where they are few among the page's."""
    paragraphs = [p for p in tree.iter("p") if text_of(p)]
    linked = [p for p in paragraphs if is_linked(p)]
    if len(linked) * 3 < len(paragraphs):
        yield from (p for p in linked if not CLOSED_SENTENCE.search(text_of(p)))


def _is_link_list(items: lxml.html.HtmlElement) -> bool:
    entries = [item for item in items.iter("li") if text_of(item)]
    return bool(entries) and all(map(is_linked, entries))


def is_linked(element: lxml.html.HtmlElement) -> bool:
    """Tell whether nearly all text of ``element`` is linked."""
    links = sum(len(text_of(a)) for a in element.iter("a"))
    return links > 0 and links >= LINKED_SHARE * len(text_of(element))


def class_names(element: lxml.html.HtmlElement) -> frozenset[str]:
    """Return the words of the class and id of ``element``."""
    called, named = element.get("class"), element.get("id")
    return _words_of(f"{called or ''} {named or ''}"[:400]) if called or named else frozenset()


@text_cached(maxsize=4_096)
def _words_of(called: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(called))


@text_cached(maxsize=4_096)
def _names_furniture(called: str) -> bool:
    return not _DROPPED_WORDS.isdisjoint(_words_of(called))


def _drop(tree: lxml.html.HtmlElement, elements: Iterable[lxml.html.HtmlElement]) -> None:
    """Drop ``elements`` below ``tree``; what follows them stays, whatever characters it is made of."""
    for element in list(elements):
        if element is not tree:
            element.tag = _GONE
    lxml.etree.strip_elements(tree, _GONE, with_tail=False)


@text_cached(maxsize=4_096)
def _names_embed(called: str) -> bool:
    return not _EMBEDS.isdisjoint(called.lower().split())


def text_of(element: lxml.html.HtmlElement) -> str:
    """Return the text of ``element`` on one line."""
    if not len(element):  # most have no other within
        return " ".join((element.text or "").split())
    return " ".join(" ".join(element.itertext()).split())


def beginning_of(element: lxml.html.HtmlElement, *, chars: int) -> str:
    """Return the first ``chars`` characters of the text of ``element``, of which no more is read."""
    found, length = [], 0
    for text in element.itertext():
        for word in text.split():
            found.append(word)
            length += len(word) + 1
        if length > chars:
            break
    return " ".join(found)[:chars]


def text_key(text: str) -> str:
    """Return ``text`` as it is compared: its letters and digits."""
    plain = with_plain_marks(text)
    if plain.isascii():
        return plain.lower().translate(_NO_ASCII_KEY)
    return "".join(_KEY.findall(text.casefold()))
