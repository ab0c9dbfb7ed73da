"""Extract the article from a page: its paragraphs, and the metadata of the page.

Runs inside a killable worker: the functions are picklable by name and keep nothing between calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import lxml.etree
import lxml.html

from bot.errors import ParseError
from bot.feeds.address import same_site
from bot.feeds.encodings import decoded
from bot.feeds.giant_tags import without_giant_tags
from bot.feeds.judge import words
from bot.feeds.judge.classify import judge_page
from bot.feeds.judge.look import MIN_ARTICLE_CHARS
from bot.feeds.judge.sentences import NOTES
from bot.feeds.page.facts import PageFacts, read_facts
from bot.feeds.page.lead import lead_of
from bot.feeds.page.posts import post_days
from bot.feeds.page.title import without_title
from bot.feeds.page.tree import notes_in, with_siblings, without_embeds, without_furniture
from bot.language.dates.find import find_dates
from bot.language.furniture import Cleaned, clean_paragraphs, correction_in, is_cut
from bot.model.news import PageKind

MAX_EXTRACTED_PAGE_BYTES = 3 * 1024 * 1024
MAX_PAGE_TAGS = 25_000  # "<" in a page: measured bound beyond which parsers crawl
MAX_ARTICLE_TEXT_CHARS = 200_000  # characters of an article that are kept: twice the longest read worldwide

MAX_DATED_LINE_CHARS = 120  # of a line that says when a text was written

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s{0,100}<\?xml[^>]{0,200}>")
_LINES = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr", "pre")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article's page; ``text`` has a paragraph a line, ``published`` is aware UTC."""

    title: str = ""
    author: str = ""
    site: str = ""
    published: datetime | None = None
    utc_offset: int = 0  # minutes east of UTC as printed
    language: str = ""
    canonical_url: str = ""
    text: str = ""
    kind: PageKind = PageKind.ARTICLE  # ``text`` is empty for kinds that hold none of an article
    correction: str = ""  # what the article says it had wrong, as printed; not in ``text``
    note: str = ""  # what of it was not read, one sentence
    preview: str = ""  # where there is no text: what the page wants shown where it is shared
    url: str = ""  # where it was read, after redirects
    posted: tuple[date, ...] = ()  # days of the posts of networks that it shows
    last_dated: date | None = None  # on which it tells machines that it was published or last changed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """A feed's own text of an entry, a paragraph a line; ``cut`` where it goes on elsewhere."""

    text: str = ""
    correction: str = ""
    cut: bool = False
    posted: tuple[date, ...] = ()  # days of the posts of networks that stand in it
    last_dated: date | None = None  # newest day, with its year, of the lines that are no part of the text


def extract_page(html: bytes, *, url: str, charset: str = "", asked: str = "") -> Page:
    """Return the article in ``html``, or what kind of page it is; raises ``ParseError`` for what cannot be read.

    ``url`` is the page's final address and ``asked`` the one that led there.
    """
    _refuse_unreadable(html)
    source = _parsable(decode(html, charset=charset))
    try:
        tree = lxml.html.document_fromstring(source, parser=_parser())
    except (lxml.etree.LxmlError, ValueError) as error:
        raise ParseError("The page is empty or not HTML", hint="Open the address in a browser") from error
    facts = read_facts(tree, url=url)
    article = _article(tree, title=facts.title, titles=facts.titles)
    text = "\n".join(article.paragraphs)
    judged = judge_page(
        tree, text=text, title=facts.title, language=facts.language, free=facts.free, url=url, asked=asked
    )
    return Page(
        title=facts.title,
        author=facts.author,
        site=facts.site,
        published=facts.published,
        utc_offset=facts.utc_offset,
        language=facts.language,
        canonical_url=_trusted(facts, url),
        text=judged.text,
        kind=judged.kind,
        correction=article.correction if judged.text else "",
        note=NOTES[PageKind.PAYWALL] if judged.cut and judged.text else "",
        preview="" if judged.text else facts.preview,
        posted=post_days(source) if judged.text else (),
        last_dated=facts.last_dated,
    )


def warm() -> None:
    """Load what the first page would: the rules of every language and the extractor's own."""
    words.warm()
    text = "The talks in Geneva went on for a second day, two officials said on Monday. " * 4
    page = (
        f"<html lang=en><head><title>Talks</title></head><body><article><p>{text}</p></article></body></html>"
    )
    extract_page(page.encode(), url="https://news.example/talks")


def html_to_text(markup: str) -> str:
    """Return a feed's own markup as paragraphs, a line each; scripts, captions, forms and embedded posts left out."""
    if len(markup) > MAX_EXTRACTED_PAGE_BYTES:
        raise ParseError("The entry's text is too large to read")
    if "<" not in markup and "&" not in markup:
        return _lines(markup)
    markup = without_giant_tags(markup)
    try:
        tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return ""
    return _lines("".join(_with_line_ends(without_embeds(tree))))


def own_text(markup: str, *, title: str = "") -> OwnText:
    """Return what a feed's own ``markup`` tells, without what belongs to its page, and without its ``title`` again."""
    raw = html_to_text(markup)
    lines = raw.splitlines()
    cleaned = clean_paragraphs(without_title(lines, [title]) if len(lines) > 1 else lines)
    text = "\n".join(cleaned.paragraphs)
    return OwnText(
        text=text,
        correction=cleaned.correction,
        cut=is_cut(raw) or is_cut(text),
        posted=post_days(markup),
        last_dated=_last_day(set(lines).difference(cleaned.paragraphs)),
    )


def _last_day(lines: Iterable[str]) -> date | None:
    """Return the newest day that short ``lines`` name with its year: "Updated Jan. 19, 2026"."""
    short = (line for line in lines if len(line) <= MAX_DATED_LINE_CHARS)
    return max((span.last for line in short for span in find_dates(line, published=None)), default=None)


def _with_line_ends(tree: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the texts of ``tree`` in order, a newline before and after each element that is a line of its own."""
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in {"start", "end"} and element.tag in _LINES:
            yield "\n"
        yield (element.text if event == "start" else element.tail) or ""


def decode(body: bytes, *, charset: str) -> str:
    """Return ``body`` as text: byte-order mark, then ``charset`` of HTTP, then the page's own, then UTF-8."""
    declared = _CHARSET.search(body[:4096])
    return decoded(body, names=(charset, declared.group(1).decode("ascii") if declared else ""))


def _parser() -> lxml.html.HTMLParser:
    """Return a parser all of whose elements are of one class: lxml's own asks for the class of each, in Python."""
    parser = lxml.html.HTMLParser(huge_tree=False)
    parser.set_element_class_lookup(
        lxml.etree.ElementDefaultClassLookup(
            element=lxml.html.HtmlElement,
            comment=lxml.html.HtmlComment,
            pi=lxml.html.HtmlProcessingInstruction,
            entity=lxml.html.HtmlEntity,
        )
    )
    return parser


def _refuse_unreadable(html: bytes) -> None:
    if not html.strip():
        raise ParseError("The page is empty", hint="Open the address in a browser")
    if len(html) > MAX_EXTRACTED_PAGE_BYTES:
        raise ParseError(f"The page is larger than {MAX_EXTRACTED_PAGE_BYTES // 2**20} MiB")
    if html.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")):
        raise ParseError("The address gives a file, not a page", hint="Give the address of an article")


def _parsable(source: str) -> str:
    """Return ``source`` with giant tags shortened, and without the XML declaration that lxml refuses in text."""
    source = without_giant_tags(_XML_DECLARATION.sub("", source, count=1))
    if source.count("<") > MAX_PAGE_TAGS:
        raise ParseError("The page's markup is too large to read")
    return source


def _article(tree: lxml.html.HtmlElement, *, title: str, titles: Sequence[str]) -> Cleaned:
    """Return the paragraphs of the page's article, its lead first, and what it says it corrected."""
    from bot.feeds.page.main_text import main_text  # noqa: PLC0415 - only workers read pages, and they have it loaded

    body = without_furniture(tree)
    found = _lines(main_text(body).replace("|", " ")).splitlines()
    paragraphs = with_siblings(body, [line.removeprefix("- ") for line in found])
    cleaned = _cleaned(paragraphs, titles=titles)
    if _length(cleaned) < MIN_ARTICLE_CHARS:
        cleaned = max(cleaned, _cleaned(_dense_paragraphs(body).splitlines(), titles=titles), key=_length)
    lead = lead_of(body, title=title, text="\n".join(cleaned.paragraphs)) if cleaned.paragraphs else ""
    with_lead = (*without_title([lead], titles), *cleaned.paragraphs) if lead else cleaned.paragraphs
    # A note is outside the text as often as inside.
    return Cleaned(paragraphs=with_lead, correction=cleaned.correction or correction_in(notes_in(tree)))


def _cleaned(paragraphs: Sequence[str], *, titles: Sequence[str]) -> Cleaned:
    return clean_paragraphs(without_title(paragraphs, titles))


def _length(cleaned: Cleaned) -> int:
    return sum(len(p) + 1 for p in cleaned.paragraphs)


def _dense_paragraphs(tree: lxml.html.HtmlElement) -> str:
    """Return the paragraphs of the element that directly holds most of them: for pages the extractor misses."""
    weight: dict[lxml.html.HtmlElement, int] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        length = len(" ".join(paragraph.text_content().split()))
        if parent is not None and length > 60:
            weight[parent] = weight.get(parent, 0) + length
    if not weight:
        return ""
    best = max(weight, key=lambda element: weight[element])
    return _lines("\n".join(" ".join(p.text_content().split()) for p in best.iter("p")))


def _trusted(facts: PageFacts, url: str) -> str:
    """Return the page's canonical address if it speaks for its own site: a page must not pose as another's."""
    return facts.canonical_url if not url or same_site(facts.canonical_url, url) else ""


def _lines(text: str) -> str:
    folded = (" ".join(line.split()) for line in text[: 2 * MAX_ARTICLE_TEXT_CHARS].splitlines())
    return "\n".join(line for line in folded if line)[:MAX_ARTICLE_TEXT_CHARS]
