"""Measure a page for its classification: how much text is free, how much belongs to which wall, what it offers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import lxml.html

from bot.feeds.judge.blocks import PageBlock, read_blocks
from bot.feeds.judge.roundup import content
from bot.feeds.judge.signs import LETTER, Signs, stamps
from bot.feeds.judge.vocabulary import met
from bot.feeds.judge.words import (
    MAX_WALL_BUTTON_CHARS,
    MIN_PARAGRAPH_SENTENCES,
    MIN_WALL_WORDS,
    WALLS,
    JudgedSentence,
    has_any,
    is_plain,
    languages_of,
    paragraph,
    plain_sentences,
    sentences,
    size,
    word,
)
from bot.language.rules import words_of_all
from bot.language.speech import any_of
from bot.language.text_cache import text_cached

MIN_ARTICLE_CHARS = 140  # characters below which a page holds no article
MIN_PARAGRAPH_CHARS = 40  # characters from which a block is a paragraph
MIN_HINT_CHARS = 20  # size from which the text beside a button describes its purpose
MAX_OFFER_CHARS = 700  # characters up to which a paragraph is weighed as a whole
MAX_NOTICE_CHARS = 60  # size up to which a block is a notice or a button, and no paragraph
HALF_SHARE = 0.5
MENU_LINKED_SHARE = 0.9  # share of a block that is linked from which it is an entry of a menu
_MONEY = rf"(?:€|\$|£|¥|{any_of(words_of_all('site', 'money'))}|(?:{any_of(words_of_all('site', 'money beginning'))})\w*)"
_PRICE = re.compile(rf"(?:€|\$|£|¥)\s?\d|\d(?:[.,]\d{{1,3}})?\s?{_MONEY}", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_FURNITURE = {"h1", "h2", "h3", "h4", "h5", "h6", "button", "label", "time", "figcaption", "summary"}
_LEADS = {"h1", "h2", "h3", "blockquote"}
_ALONE = {"not_found", "unavailable"}  # walls that stand around no article


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """The measures of a page; sizes are in characters, where characters of scripts without spaces count two and a half times."""

    languages: tuple[str, ...]
    heads: str  # its title and main headings
    signs: Signs
    free: float  # size of the prose that no wall, card or menu says
    plain: float  # size of that which stands apart from walls and does not speak to its reader
    offers: int  # sentences that offer their reader a subscription or a login
    reports: int  # sentences that tell what somebody said or did
    spoken: float  # size of the free prose that speaks to its reader
    spoken_apart: float  # and of that which is not beside a button or a field
    said: str  # its headings and all that it shows apart from links and cards
    walled: float  # size of what walls say
    strength: Counter[str]  # of the wording of each wall, over all blocks
    sure: frozenset[str]  # walls whose own phrases are there
    asked: tuple[str, ...]  # what boxes of their own with a button or a field say
    cards: int
    links: float  # share of the shown text that is links
    link_blocks: int
    stamps: int
    prose: tuple[str, ...]  # its paragraphs
    menu: frozenset[str]  # what menus and links say


@dataclass(slots=True)
class _Weights:
    free: float = 0.0
    plain: float = 0.0
    spoken: float = 0.0
    spoken_apart: float = 0.0
    walled: float = 0.0
    reports: int = 0
    offers: int = 0
    strength: Counter[str] = field(default_factory=Counter)
    sure: set[str] = field(default_factory=set)


def look_at(tree: lxml.html.HtmlElement, *, title: str, language: str) -> PageLook:
    """Return the measures of the page ``tree``."""
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
    weights = _weigh(shown, languages, title=content(title, language=languages[0]))
    total = sum(len(b.text) for b in shown) or 1
    return PageLook(
        languages=languages,
        heads=heads[:600],
        signs=Signs(tree, little=weights.free < MIN_ARTICLE_CHARS),
        free=weights.free,
        plain=weights.plain,
        offers=weights.offers,
        reports=weights.reports,
        spoken=weights.spoken,
        spoken_apart=weights.spoken_apart,
        said=" ".join([heads, *(b.text for b in shown if not b.card and b.linked <= MENU_LINKED_SHARE)])[
            :4000
        ],
        walled=weights.walled,
        strength=weights.strength,
        sure=frozenset(weights.sure),
        asked=tuple(
            b.text for b in shown if b.asks and b.tag not in _LEADS and size(b.text) >= MIN_HINT_CHARS
        ),
        cards=sum(b.card and b.tag in _FURNITURE for b in shown),
        links=sum(len(b.text) * b.linked for b in shown) / total,
        link_blocks=sum(b.linked >= 0.5 for b in shown),
        stamps=stamps(tree, [b.text for b in shown]),
        prose=tuple(b.text for b in shown if _is_prose(b)),
        menu=frozenset(b.text for b in blocks if b.menu or b.linked > MENU_LINKED_SHARE),
    )


def _weigh(shown: Sequence[PageBlock], languages: tuple[str, ...], *, title: frozenset[str]) -> _Weights:
    found = _Weights()
    main, inside = _main_box(shown)
    for block in shown:
        if block.tag == "h1" or _is_chrome(block, languages):
            continue
        judged = _block_words(block, languages)
        if any(w.wall for w in judged) and title & content(block.text, language=languages[0]):
            judged = [_reported_prices(w) for w in judged]
        if _is_offer(block, judged, main=main, inside=inside, languages=languages):
            found.sure.add("paywall")
            found.strength["paywall"] += MIN_PARAGRAPH_SENTENCES
            found.walled += size(block.text)
            found.offers += 1
        else:
            _weigh_words(block, judged, found)
    return found


def _reported_prices(judged: JudgedSentence) -> JudgedSentence:
    """Return ``judged``, of a paragraph on the subject of the title, without a wall if it only mentions prices."""
    tells = judged.wall == "paywall" and not (judged.sure or judged.addressed)
    return replace(judged, wall="", strength=0) if tells else judged


def _weigh_words(block: PageBlock, judged: Sequence[JudgedSentence], found: _Weights) -> None:
    speaks = any(w.addressed for w in judged)
    apart = not any(w.wall for w in judged)
    for sentence in judged:
        length = size(sentence.text)
        if sentence.wall:
            found.strength[sentence.wall] += sentence.strength
            found.walled += length
            found.offers += sentence.addressed and sentence.wall in {"paywall", "login"}
            found.sure |= {sentence.wall} if sentence.sure and block.linked < HALF_SHARE else set()
        elif _is_prose(block):
            found.free += length
            found.plain += length * (apart and not sentence.addressed)
            found.spoken += length * speaks
            found.spoken_apart += length * (speaks and not block.asks)
            found.reports += sentence.reports


def own_lines(
    lines: Sequence[str],
    *,
    languages: tuple[str, ...],
    sure: frozenset[str] = frozenset(),
    about: frozenset[str] = frozenset(),
) -> list[str]:
    """Return ``lines`` without the text of a wall: an offer below a free part, a notice around an article.

    A sentence with only the vocabulary of a wall is removed if the page is ``sure`` to have that wall. An
    article ``about`` cookies or robots keeps such words.
    """
    kept = []
    for line in lines:
        judged = judged_sentences(line, languages)
        mostly = sum(len(w.text) for w in judged if w.wall) > HALF_SHARE * len(line)
        left = judged
        if mostly and any(
            (w.sure or w.wall in sure) and w.wall not in about and w.wall not in _ALONE for w in judged
        ):
            left = tuple(w for w in judged if w.reports)
        while left and left[-1].sure and left[-1].wall == "paywall" and "paywall" in sure:
            left = left[:-1]
        if left:
            kept.append(line if len(left) == len(judged) else " ".join(w.text for w in left))
    return kept


def _main_box(blocks: Sequence[PageBlock]) -> tuple[int, bool]:
    """Return the element that holds the prose, the first of several, and whether it is in an article."""
    held: Counter[int] = Counter()
    within: set[int] = set()
    prose = [b for b in blocks if _is_prose(b) and not b.asks]
    for block in [b for b in prose if not _names_price(b.text)] or prose:
        held[block.box] += len(block.text)
        within |= {block.box} if block.inside else set()
    most = max(held.values(), default=0)
    main = next((box for box, length in held.items() if length >= HALF_SHARE * most), -1)
    return main, main in within


def _names_price(text: str) -> bool:
    # A price has a digit, which is found in a tenth of the time.
    return _DIGIT.search(text) is not None and _PRICE.search(text) is not None


def _is_chrome(block: PageBlock, languages: Sequence[str]) -> bool:
    """Tell whether a block says nothing of the page that it is on: a link to a login, "Already a subscriber?"."""
    if size(block.text) > 2 * MAX_WALL_BUTTON_CHARS:
        return False
    if LETTER.search(block.text):
        return True
    return (block.linked > MENU_LINKED_SHARE and size(block.text) <= MAX_WALL_BUTTON_CHARS) or has_any(
        languages, "returning", block.text
    )


def _is_offer(
    block: PageBlock, judged: Sequence[JudgedSentence], *, main: int, inside: bool, languages: Sequence[str]
) -> bool:
    """Tell whether ``block`` sells what follows it: a price, or a button, in a box of its own within the article.

    Without an article element, only a sentence of some length that speaks to its reader.
    """
    if (
        block.box == main
        or block.linked > HALF_SHARE
        or not ((block.asks and main >= 0) or _names_price(block.text))
        or any(w.reports for w in judged)
    ):
        return False
    if (
        inside != block.inside
        or len(block.text) > MAX_OFFER_CHARS
        or size(block.text) < (MIN_PARAGRAPH_CHARS if inside else 2 * MIN_PARAGRAPH_CHARS)
    ):
        return False
    hits = max(met(language, "paywall", block.text) for language in languages)
    return hits >= MIN_WALL_WORDS or (hits > 0 and any(w.addressed for w in judged))


def _block_words(block: PageBlock, languages: tuple[str, ...]) -> Sequence[JudgedSentence]:
    """Return the sentences of ``block``; where most of it is a wall's, all of it is."""
    if block.card or (block.linked > HALF_SHARE and len(block.text) > MIN_PARAGRAPH_CHARS):
        return [JudgedSentence(text=block.text)]
    judged = judged_sentences(block.text, languages)
    if block.boxed and _is_prose(block) and not any(w.wall for w in judged):
        hits = {wall: sum(met(lang, wall, block.text) for lang in languages[:1]) for wall in WALLS}
        wall = max(hits, key=lambda w: hits[w])
        if hits[wall]:
            sure = hits[wall] >= MIN_WALL_WORDS  # by the name of its box and its words
            speaks = any(w.addressed for w in judged)
            return [
                JudgedSentence(text=block.text, wall=wall, strength=hits[wall], sure=sure, addressed=speaks)
            ]
    return judged


def judged_sentences(text: str, languages: tuple[str, ...]) -> Sequence[JudgedSentence]:
    """Return the sentences of one paragraph; if most of them belong to a wall, the others do, too."""
    return _judged(text[:4000], languages)


@text_cached(
    maxsize=1_024
)  # a paragraph is judged as a block of its page, and again as a line of the article
def _judged(text: str, languages: tuple[str, ...]) -> tuple[JudgedSentence, ...]:
    alone = size(text) <= MAX_NOTICE_CHARS
    if not alone and is_plain(text, languages=languages):
        return tuple(plain_sentences(text, languages=languages))
    judged = [word(s, languages=languages, alone=alone) for s in sentences(text)]
    walls: Counter[str] = Counter()
    for sentence in judged:
        walls[sentence.wall] += len(sentence.text)
    plain = walls.pop("", 0)
    most = max(walls, key=lambda w: walls[w], default="")
    firm = any(w.sure for w in judged) or sum(bool(w.wall) for w in judged) >= MIN_WALL_WORDS
    if sum(walls.values()) <= plain:
        most, strength = paragraph(text, languages=languages) if len(text) <= MAX_OFFER_CHARS else ("", 0)
        if not most:
            return tuple(judged)
        # No sentence says it alone, but all of them together do.
        return tuple(w if w.wall else replace(w, wall=most, strength=strength, sure=True) for w in judged)
    return tuple(
        w if w.wall or w.reports or not (firm or w.addressed) else JudgedSentence(text=w.text, wall=most)
        for w in judged
    )


def _is_prose(block: PageBlock) -> bool:
    return (
        not block.card
        and block.tag not in _FURNITURE
        and block.linked < HALF_SHARE
        and size(block.text) >= MIN_PARAGRAPH_CHARS
    )
