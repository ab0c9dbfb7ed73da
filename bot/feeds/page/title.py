"""Choose a page's title among those it states, without the names of its site and sections.

A part is cut off only if it names the site, or if another title of the page lacks it: a headline's own
dash is never cut.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.language.owners import owner_at

MAX_PAGE_TITLE_CHARS = 300
MIN_TITLE_CHARS = 15  # characters from which a heading is a title and no label
MAX_SITE_WORDS = 6  # of a part that names a site
MIN_CUT_TITLE_CHARS = 30  # characters of a title that may have been cut
MIN_SITE_NAME_CHARS = 3  # characters of a name that may be the short form of another
MAX_PARAGRAPHS_BEFORE_TITLE = 3  # paragraphs at the beginning of a text among which its title may be
COMPARED_START_CHARS = 24  # characters by which most paragraphs are known not to be the title
MAX_SECTION_WORDS = 3  # of a part that names a section

_SEPARATOR = re.compile(
    r"\s+(?:[|｜¦•·»›«‹]+|[-–—−~]{1,3}|::?|/)\s+|\s*[|｜]\s*|：(?=[^：]{2,30}$)|_(?=[^_\s]{2,20}$)"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_PIPES = frozenset("|｜¦•·»›:")
_TAG = re.compile(r"</?(?:i|em|b|strong|span|br|u|sub|sup|small|mark)\b[^<>]{0,100}/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_DOMAINS = frozenset("com org net co couk de fr es it nl pl ua uk us tv news online".split())
_ENDINGS = _DOMAINS | frozenset({"blog", "magazine", "live", "daily", "post", "group", "media"})
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """What a page states: ``stated`` for machines, the most explicit first, the headings readers see, and the window's."""

    stated: Sequence[str]
    headings: Sequence[str]
    window: str = ""
    sites: Sequence[str] = ()  # names the page gives its site
    url: str = ""


def page_title(titles: Titles) -> str:
    """Return the title of the page's article as plain text; empty where it states none."""
    sites = frozenset(_site_keys(titles.sites, titles.url))
    stated, headings = (list(_plain(texts)) for texts in (titles.stated, titles.headings))
    window = next(_plain([titles.window]), "")
    every = [*stated, *headings, window]

    def bare(texts: Iterable[str]) -> list[str]:
        found = (_bare(text, others=[o for o in every if o != text], sites=sites) for text in texts)
        return [text for text in found if text and not _names_site(text, sites)]

    stated, headings = bare(stated), bare(headings)
    if not stated:
        return next(iter((*headings, *bare([window]), *every)), "")
    best = _whole(stated[0], [*stated, *headings])
    # The heading readers see is preferred where the machine's title is that heading with decoration.
    return next((h for h in headings if len(h) > MIN_TITLE_CHARS and h in best), best)


def without_title(paragraphs: Sequence[str], titles: Iterable[str]) -> list[str]:
    """Return ``paragraphs`` without those that are one of ``titles`` over again, whatever marks stand in it.

    Near the beginning a title goes as well where a short name follows it behind a mark: "… - BBC News".
    """
    keys = {key for title in titles if (key := _letters(title))}
    return [
        p
        for place, p in enumerate(paragraphs)
        if not (_may_be(p, keys) and _letters(p) in keys)
        and not (place < MAX_PARAGRAPHS_BEFORE_TITLE and _is_title_and_name(p, keys))
    ]


def _may_be(paragraph: str, keys: Collection[str]) -> bool:
    """Tell whether ``paragraph`` begins as one of ``keys``: of most it is enough to read a little."""
    start = _letters(paragraph[:COMPARED_START_CHARS])
    return any(key.startswith(start) for key in keys)


def _is_title_and_name(paragraph: str, keys: Collection[str]) -> bool:
    if len(paragraph) > MAX_PAGE_TITLE_CHARS:
        return False
    cuts = [(paragraph[: mark.start()], paragraph[mark.end() :]) for mark in _SEPARATOR.finditer(paragraph)]
    return any(
        _letters(title) in keys and len(name.split()) <= MAX_SITE_WORDS and not name.endswith((".", "!", "?"))
        for title, name in cuts
    )


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text[: 4 * MAX_PAGE_TITLE_CHARS].casefold())


def plain_heading(text: str) -> str:
    """Return ``text`` on one line with its entities decoded, also where they were escaped twice, and no inline tags."""
    text = text[: 4 * MAX_PAGE_TITLE_CHARS]
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return " ".join(_TAG.sub("", text).split())[:MAX_PAGE_TITLE_CHARS]


def _plain(texts: Iterable[str]) -> Iterator[str]:
    return (plain for text in texts if (plain := plain_heading(text)))


def _bare(title: str, *, others: Sequence[str], sites: frozenset[str]) -> str:
    """Return ``title`` without the site's name and sections at either end, and without parts that no other title has."""
    # What another title of the page is, with a separator behind or before it, is the title.
    for other in others:
        if len(other) >= MIN_TITLE_CHARS and len(other) < len(title) and not _names_site(other, sites):
            rest = title.removeprefix(other) if title.startswith(other) else title.removesuffix(other)
            if rest != title and _SEPARATOR.search(f" {rest.strip()} "):
                return other
    parts = _parts(title)
    while len(parts) > 1 and _names_site(parts[-1][1], sites):
        mark = parts.pop()[0]
        while len(parts) > 1 and mark in _PIPES and parts[-1][0] in _PIPES and _is_section(parts):
            parts.pop()
    while len(parts) > 1 and _names_site(parts[0][1], sites):
        parts.pop(0)
    end = parts[-1][2]
    return title[parts[0][2] - len(parts[0][1]) : end].strip()


def _parts(title: str) -> list[tuple[str, str, int]]:
    """Return the parts of ``title``: the mark before each, its text, and where it ends."""
    found: list[tuple[str, str, int]] = []
    mark, start = "", 0
    for separator in _SEPARATOR.finditer(title):
        found.append((mark, title[start : separator.start()], separator.start()))
        mark, start = separator[0].strip()[:1], separator.end()
    found.append((mark, title[start:], len(title)))
    return found


def _is_section(parts: Sequence[tuple[str, str, int]]) -> bool:
    rest = " ".join(text for _, text, _ in parts[:-1])
    return len(parts[-1][1].split()) <= MAX_SECTION_WORDS and len(rest) >= MIN_TITLE_CHARS


def _whole(title: str, others: Sequence[str]) -> str:
    """Return the title that ``title`` was cut from, if it was: machines are often given the first 110 characters."""
    start = title.rstrip("…. ") if title.endswith(_CUT) else f"{title} "
    if len(start) < MIN_CUT_TITLE_CHARS:
        return title
    return next((o for o in others if o.startswith(start) and not o.endswith(_CUT)), title)


def _names_site(part: str, sites: frozenset[str]) -> bool:
    words = part.lower().removeprefix("the ").split()
    if not words or len(words) > MAX_SITE_WORDS:
        return False
    forms = {_key(part), _key("".join(words))}
    if len(words) > 1:  # "NYT" and "NY Times"
        initials = [word[0] for word in words if word[0].isalnum()]
        forms |= {_key("".join(initials)), _key("".join(initials[:-1]) + words[-1])}
    if any(form in sites for form in forms if len(form) > 1):
        return True
    if len(words) == 2 and len(words[0]) > 1 and _key(words[0]) in sites:  # "BBC Sport", "CNN Politics"
        return True
    return any(
        _is_short(form, site, _DOMAINS) or _is_short(site, form, _ENDINGS) for form in forms for site in sites
    )


def _is_short(short: str, long: str, endings: frozenset[str]) -> bool:
    """Tell whether ``long`` is ``short`` and a word that names often have: "Space" and "Space.com"."""
    return len(short) >= MIN_SITE_NAME_CHARS and long.startswith(short) and long[len(short) :] in endings


def _site_keys(names: Iterable[str], url: str) -> Iterator[str]:
    for name in _plain(names):
        yield _key(name.lower().removeprefix("the "))
        yield from (_key(part) for part in _SEPARATOR.split(name) if len(_key(part)) > 2)
    owner = owner_at(url)
    if "." in owner and not owner.replace(".", "").isdigit():
        yield _key(owner)
        yield _key(owner.partition(".")[0])


def _key(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())
