"""Decide what kind of page a page is: from its markup, its address, and how much of it is worded as a wall.

What no wall, card or menu says is the free text of a page. A page with enough of it is an article, whatever stands
around; an article may speak of cookies, paywalls and robots as much as it likes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import lxml.html

from bot.feeds.judge.blocks import Block, hidden_text, read_blocks
from bot.feeds.judge.roundup import is_roundup
from bot.feeds.judge.signs import Signs, led_to, read_signs, stamps
from bot.feeds.judge.words import (
    ENOUGH,
    MANY,
    WALLS,
    Worded,
    has,
    has_any,
    languages_of,
    met,
    paragraph,
    sentences,
    word,
)
from bot.model.news import PageKind

LEAST_TEXT = 140  # characters below which a page holds no article
LEAST_FREE = 80  # characters of the free part of an article behind a paywall that are worth telling
LITTLE = 400  # free characters up to which a wall's words may outweigh them
CUT = 1500  # free characters from which an article counts as whole, whatever stands below it
PROSE = 40  # characters from which a block is a paragraph
OFFER = 700  # characters up to which a paragraph is weighed as a whole
TOLD = 2  # sentences that tell what somebody said or did: walls have none
STAMPS = 3  # times of day in the text of a live blog
MANY_LINKS = 8
HALF = 0.5
MENU = 0.9  # share of a block that is linked from which it is an entry of a menu
_FURNITURE = {"h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "time", "figcaption", "summary"}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a page is, and the part of its text that is an article's: empty where none is."""

    kind: PageKind
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A page as it is weighed; sizes are in characters, those of writing without blanks counted twice and a half."""

    languages: tuple[str, ...]
    heads: str  # its title and main headings
    signs: Signs
    free: float  # size of the prose that no wall, card or menu says
    plain: float  # size of that which stands apart from walls and does not speak to its reader
    offers: int  # sentences that offer their reader a subscription or a login
    told: int  # sentences that tell what somebody said or did
    walled: float  # size of what walls say
    strength: Counter[str]  # of the wording of each wall, over all blocks
    sure: frozenset[str]  # walls whose own phrases are there
    cards: int
    links: float  # share of the shown text that is links
    link_blocks: int
    stamps: int
    prose: tuple[str, ...]  # its paragraphs
    menu: frozenset[str]  # what menus and links say


def judge_page(
    tree: lxml.html.HtmlElement,
    *,
    text: str,
    title: str = "",
    language: str = "",
    free: bool | None = None,
    url: str = "",
    asked: str = "",
) -> Judgement:
    """Return what the page ``tree`` is.

    ``text`` is what was taken for its article, ``free`` the page's own word on whether that is open to all; ``url`` is
    the final address and ``asked`` the one that was asked for.
    """
    look = _look(tree, title=title, language=language)
    said = [line for line in text.splitlines() if line not in look.menu]
    about = frozenset(w for w in WALLS if w != "paywall" and met(look.languages[0], w, look.heads))
    lines = own_lines(said, languages=look.languages, sure=look.sure, about=about)
    own = "\n".join(lines)
    wall = _wall(
        look, led=led_to(url, asked=asked), hidden=hidden_text(tree) if look.free < LEAST_TEXT else ""
    )
    if _is_live(look, url):
        return Judgement(kind=PageKind.LIVE_BLOG, text=own)
    if wall is PageKind.PAYWALL or (wall is None and _is_cut(look, free=free)):
        return Judgement(
            kind=PageKind.PAYWALL, text=own if size(own) >= LEAST_FREE and look.free >= LEAST_FREE else ""
        )
    kind = wall or _without_text(look)
    if kind:
        return Judgement(kind=kind)
    if is_roundup(look.heads, lines, languages=look.languages) or is_roundup(
        look.heads, look.prose, languages=look.languages
    ):
        return Judgement(kind=PageKind.ROUNDUP, text=own)
    if size(own) >= LEAST_TEXT or (own and look.free >= LEAST_TEXT):
        return Judgement(kind=PageKind.ARTICLE, text=own)
    return Judgement(kind=PageKind.EMPTY)


def judge_text(text: str, *, title: str = "", language: str = "") -> PageKind:
    """Return what a feed's own ``text`` under ``title`` is: an article, a roundup, or a wall that was taken for one."""
    languages = languages_of(f"{title} {text}", stated=language)
    lines = text.splitlines()
    worded = [w for line in lines[:200] for w in _worded(line, languages)]
    walls: Counter[str] = Counter()
    for sentence in worded:
        walls[sentence.wall] += len(sentence.text)
    free = walls.pop("", 0)
    wall, weight = max(walls.items(), key=lambda item: item[1], default=("", 0))
    if wall not in {"", "paywall"} and weight > 2 * free and free < LEAST_TEXT:
        return WALLS[wall]
    if is_roundup(title, lines, languages=languages):
        return PageKind.ROUNDUP
    return PageKind.ARTICLE


def own_lines(
    lines: Sequence[str],
    *,
    languages: Sequence[str],
    sure: frozenset[str] = frozenset(),
    about: frozenset[str] = frozenset(),
) -> list[str]:
    """Return ``lines`` without what a wall says: an offer below a free part, a notice around an article.

    What is only worded like one goes with the phrases of the same wall: of those that the page is ``sure`` to have. An
    article ``about`` cookies or robots uses their words as its own.
    """
    kept = []
    for line in lines:
        worded = _worded(line, languages)
        mostly = sum(len(w.text) for w in worded if w.wall) > HALF * len(line)
        left = worded
        if mostly and any((w.sure or w.wall in sure) and w.wall not in about for w in worded):
            left = [w for w in worded if w.told]
        while left and left[-1].sure and left[-1].wall == "paywall" and "paywall" in sure:
            left = left[:-1]
        if left:
            kept.append(line if len(left) == len(worded) else " ".join(w.text for w in left))
    return kept


def size(text: str) -> float:
    """Return the length of ``text``, with characters of writing without blanks counted two and a half times."""
    return len(text) + 1.5 * len(_CJK.findall(text))


def _look(tree: lxml.html.HtmlElement, *, title: str, language: str) -> _Look:
    blocks = read_blocks(tree)
    shown = [b for b in blocks if not b.menu]
    heads = " | ".join(
        dict.fromkeys(
            " ".join(t.split())[:200]
            for t in (title, tree.findtext(".//title") or "", *(b.text for b in shown if b.tag == "h1"))
            if t.strip()
        )
    )
    languages = languages_of(f"{heads} {' '.join(b.text for b in shown)}", stated=language)
    free, plain, told, walled, offers = 0.0, 0.0, 0, 0.0, 0
    strength: Counter[str] = Counter()
    sure: set[str] = set()
    for block in shown:
        if block.tag == "h1":
            continue
        worded = _block_words(block, languages)
        apart = not any(w.wall for w in worded)
        for sentence in worded:
            if sentence.wall:
                strength[sentence.wall] += sentence.strength
                walled += size(sentence.text)
                offers += sentence.addressed and sentence.wall in {"paywall", "login"}
                sure |= {sentence.wall} if sentence.sure and block.linked < HALF else set()
            elif _is_prose(block):
                free += size(sentence.text)
                plain += size(sentence.text) * (apart and not sentence.addressed)
                told += sentence.told
    total = sum(len(b.text) for b in shown) or 1
    return _Look(
        languages=languages,
        heads=heads[:600],
        signs=read_signs(tree),
        free=free,
        plain=plain,
        offers=offers,
        told=told,
        walled=walled,
        strength=strength,
        sure=frozenset(sure),
        cards=sum(b.card and b.tag in _FURNITURE for b in shown),
        links=sum(len(b.text) * b.linked for b in shown) / total,
        link_blocks=sum(b.linked >= 0.5 for b in shown),
        stamps=stamps(tree, [b.text for b in shown]),
        prose=tuple(b.text for b in shown if _is_prose(b)),
        menu=frozenset(b.text for b in blocks if b.menu or b.linked > MENU),
    )


def _block_words(block: Block, languages: tuple[str, ...]) -> list[Worded]:
    """Return the sentences of ``block``; where most of it is a wall's, all of it is."""
    if block.card or (block.linked > HALF and len(block.text) > PROSE):
        return [Worded(text=block.text)]
    worded = _worded(block.text, languages)
    if block.boxed and _is_prose(block) and not any(w.wall for w in worded):
        hits = {wall: sum(met(lang, wall, block.text) for lang in languages[:1]) for wall in WALLS}
        wall = max(hits, key=lambda w: hits[w])
        if hits[wall]:
            return [Worded(text=block.text, wall=wall, strength=hits[wall])]
    return worded


def _worded(text: str, languages: Sequence[str]) -> list[Worded]:
    """Return the sentences of one paragraph; where most of it is a wall's, what stands between is as well."""
    text = text[:4000]
    worded = [word(s, languages=languages) for s in sentences(text)]
    walls: Counter[str] = Counter()
    for sentence in worded:
        walls[sentence.wall] += len(sentence.text)
    plain = walls.pop("", 0)
    most = max(walls, key=lambda w: walls[w], default="")
    firm = any(w.sure for w in worded) or sum(bool(w.wall) for w in worded) >= ENOUGH
    if sum(walls.values()) <= plain:
        most, strength = paragraph(text, languages=languages) if len(text) <= OFFER else ("", 0)
        if not most:
            return worded
        # No sentence says it alone, but all of them together do.
        return [w if w.wall else replace(w, wall=most, strength=strength, sure=True) for w in worded]
    return [
        w if w.wall or w.told or not (firm or w.addressed) else Worded(text=w.text, wall=most) for w in worded
    ]


def _is_prose(block: Block) -> bool:
    return (
        not block.card and block.tag not in _FURNITURE and block.linked < HALF and size(block.text) >= PROSE
    )


def _wall(look: _Look, *, led: PageKind | None, hidden: str) -> PageKind | None:
    """Return the wall that stands in the article's place, if one does."""
    if led is PageKind.LIST or (led and look.free < LITTLE):
        return led
    if look.free < LITTLE and look.told < TOLD and has_any(look.languages, "not_found", look.heads):
        return PageKind.NOT_FOUND
    # Services that guard sites everywhere title their checks in English.
    if look.free < LITTLE and look.told < TOLD and has("en", "bot_title", look.heads):
        return PageKind.BOT_CHECK
    walls = look.strength.copy()
    if look.free < LEAST_TEXT:
        for sentence in sentences(f"{look.heads} | {hidden}"):
            worded = word(sentence, languages=look.languages)
            if worded.wall:
                walls[worded.wall] += worded.strength
    if look.signs.password and walls["login"]:
        walls["login"] += 2
    if not walls:
        return PageKind.LOGIN if look.signs.password and look.free < LEAST_TEXT else None
    wall, strength = walls.most_common(1)[0]
    if wall == "paywall" and look.free < LEAST_FREE and walls["consent"] >= HALF * strength:
        wall = "consent"  # "agree or pay"
    if wall == "login" and not look.signs.password and look.plain >= LEAST_FREE:
        wall = "paywall"  # the beginning of an article, and a login for the rest of it
    outweighed = look.free < LEAST_TEXT or (look.free < LITTLE and look.walled >= look.free)
    real = look.plain >= LEAST_TEXT or (look.told >= TOLD and look.plain >= LEAST_FREE)
    return WALLS[wall] if strength >= ENOUGH and outweighed and not real else None


def _is_cut(look: _Look, *, free: bool | None) -> bool:
    """Tell whether the article goes on behind a paywall."""
    if look.free >= CUT:
        return False
    offered = look.strength["paywall"] >= MANY and look.offers > 0 and look.free < LITTLE
    return "paywall" in look.sure or offered or free is False


def _is_live(look: _Look, url: str) -> bool:
    if look.signs.live:
        return True
    named = has_any(look.languages, "live", look.heads) or "/live" in url.lower()
    return named and look.stamps >= STAMPS and look.free >= PROSE


def _without_text(look: _Look) -> PageKind | None:
    """Return the kind of a page whose free text is no article's; None where there may be one."""
    signs = look.signs
    listed = look.cards >= 4 or (look.links >= HALF and look.link_blocks >= MANY_LINKS)
    if (signs.player or signs.film) and (
        look.free < LEAST_TEXT
        or (look.free < LITTLE and (signs.film or has_any(look.languages, "video", look.heads)))
    ):
        return PageKind.VIDEO
    if listed and (look.free < LEAST_TEXT or (look.free < LITTLE and not signs.article)):
        return PageKind.LIST
    if signs.collection and not signs.article and look.free < LITTLE:
        return PageKind.LIST
    return None
