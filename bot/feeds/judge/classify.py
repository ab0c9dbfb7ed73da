"""Classify a page by its markup, its address, and how much of its text has the wording of a wall (login, paywall, notice).

The free text of a page is what belongs to no wall, card or menu. A page with enough free text is an article,
whatever else it has; an article may be about cookies, paywalls and robots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import lxml.html

from bot.feeds.judge.blocks import MIN_CARDS, hidden_text
from bot.feeds.judge.look import HALF_SHARE, MIN_ARTICLE_CHARS, PageLook, judged_sentences, look_at, own_lines
from bot.feeds.judge.roundup import content, is_roundup
from bot.feeds.judge.signs import led_to
from bot.feeds.judge.vocabulary import met
from bot.feeds.judge.words import (
    MIN_PARAGRAPH_SENTENCES,
    MIN_WALL_WORDS,
    WALLS,
    has,
    has_any,
    languages_of,
    likeliest_wall,
    sentences,
    size,
    word,
)
from bot.model.news import PageKind

MIN_BODY_CHARS = 100  # characters below which an article element of several paragraphs holds no article
MIN_FREE_CHARS = 80  # characters of the free part of an article behind a paywall that are worth telling
# Free characters up to which a wall's words may outweigh them; with more a cut article is an article.
MAX_OUTWEIGHED_CHARS = 400
WHOLE_ARTICLE_CHARS = 1500  # free characters from which an article counts as whole, whatever is below it
MIN_REPORTING_SENTENCES = 2  # sentences that tell what somebody said or did: walls have none
MIN_LIVE_BLOG_TIMES = 3  # times of day in the text of a live blog
MIN_LIST_LINKS = 8
MIN_LIST_LINKS_WITHOUT_PROSE = 5  # that make a list of a page with no prose at all
MAX_PROMPT_CHARS = 100  # characters up to which the text beside a button is only its label
MIN_NOTICE_CHARS = 40  # characters of the shortest article: one sentence that speaks of its title
WITHOUT_BLANKS = {"ja", "zh"}  # writing whose words are pairs of characters, which meet by chance
SPOKEN_SHARE = 0.6  # share of a short page's prose that addresses the reader from which all of it is a wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The class of a page, and the text of its article: empty if there is none; ``cut`` if it is only the beginning."""

    kind: PageKind
    text: str = ""
    cut: bool = False


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
    """Return the class of the page ``tree``.

    ``text`` is the extracted article, ``free`` what the page says about free access; ``url`` is
    the final address and ``asked`` the requested one.
    """
    look = look_at(tree, title=title, language=language)
    said = [
        line for line in text.splitlines() if line not in look.menu and not _is_question(line, look.asked)
    ]
    about = frozenset(w for w in WALLS if w != "paywall" and met(look.languages[0], w, look.heads))
    lines = own_lines(said, languages=look.languages, sure=look.sure, about=about)
    own = "\n".join(lines)
    notice = cache(partial(_is_notice, look, title=title, own=own))
    wall = _wall(
        look,
        led=led_to(url, asked=asked),
        hidden=hidden_text(tree) if look.free < MIN_ARTICLE_CHARS else "",
        notice=notice,
    )
    if _is_live(look, url):
        return Judgement(kind=PageKind.LIVE_BLOG, text=own)
    cut = wall is None and _is_cut(look, free=free)
    if wall is PageKind.PAYWALL and _is_bare_list(look):
        return Judgement(kind=PageKind.LIST)
    if wall is PageKind.PAYWALL or (cut and min(size(own), look.free) < MAX_OUTWEIGHED_CHARS):
        return Judgement(
            kind=PageKind.PAYWALL, text=own if min(size(own), look.free) >= MIN_FREE_CHARS else "", cut=True
        )
    kind = wall or _without_text(look)
    if kind:
        return Judgement(kind=kind)
    # Mostly the article is all that the page shows.
    if any(
        is_roundup(look.heads, some, languages=look.languages)
        for some in dict.fromkeys((tuple(lines), look.prose))
    ):
        return Judgement(kind=PageKind.ROUNDUP, text=own)
    if _is_spoken_to(look, title=title, own=own):
        return Judgement(kind=_nothing(look))
    enough = size(own) >= MIN_ARTICLE_CHARS or (own and look.free >= MIN_ARTICLE_CHARS)
    if enough or (size(own) >= MIN_BODY_CHARS and look.signs.body) or notice():
        return Judgement(kind=PageKind.ARTICLE, text=own, cut=cut)
    return Judgement(kind=_nothing(look))


def judge_text(text: str, *, title: str = "", language: str = "") -> PageKind:
    """Return the class of a feed's own ``text`` under ``title``: an article, a roundup, or a wall taken for one."""
    languages = languages_of(f"{title} {text}", stated=language)
    lines = text.splitlines()
    judged = [w for line in lines[:200] for w in judged_sentences(line, languages)]
    walls: Counter[str] = Counter()
    for sentence in judged:
        walls[sentence.wall] += len(sentence.text)
    free = walls.pop("", 0)
    wall, weight = max(walls.items(), key=lambda item: item[1], default=("", 0))
    if wall not in {"", "paywall"} and weight > 2 * free and free < MIN_ARTICLE_CHARS:
        return WALLS[wall]
    if is_roundup(title, lines, languages=languages):
        return PageKind.ROUNDUP
    return PageKind.ARTICLE


def _nothing(look: PageLook) -> PageKind:
    """Return what a page without an article asks for or offers instead, by its markup alone."""
    if look.signs.email and not look.cards:
        return PageKind.LOGIN
    home = look.signs.sent_home or (look.signs.home and look.spoken)
    return PageKind.NOT_FOUND if home and 0 < look.free < MAX_OUTWEIGHED_CHARS else PageKind.EMPTY


def _is_question(line: str, asked: Sequence[str]) -> bool:
    """Tell whether a ``line`` is what a button beside it is for: "Was this story useful to you?"."""
    return len(line) <= MAX_PROMPT_CHARS and line.startswith(tuple(asked))


def _speaks_of(title: str, own: str, *, language: str) -> bool:
    """Tell whether a text shares words with its title: what walls say is true of any page."""
    shared = content(title, language=language) & content(own, language=language)
    return len(shared) >= (MIN_WALL_WORDS if language in WITHOUT_BLANKS else 1)


def _is_notice(look: PageLook, *, title: str, own: str) -> bool:
    """Tell whether a page holds a short article: it speaks of its title, to nobody, and asks for nothing."""
    signs = look.signs
    if look.sure - {"consent"} or look.offers or look.cards or signs.password or signs.sent_home:
        return False
    if look.spoken_apart or look.walled > look.free or size(own) < MIN_NOTICE_CHARS:
        return False
    return _speaks_of(title, own, language=look.languages[0])


def _is_spoken_to(look: PageLook, *, title: str, own: str) -> bool:
    """Tell whether a short page speaks to its reader and of nothing: not of its title, and of nobody's words."""
    if look.reports or look.free >= MAX_OUTWEIGHED_CHARS or look.signs.article or look.signs.body:
        return False
    if not look.spoken or look.spoken < SPOKEN_SHARE * look.free:
        return False
    return not _speaks_of(title, own, language=look.languages[0])


def _wall(
    look: PageLook, *, led: PageKind | None, hidden: str, notice: Callable[[], bool]
) -> PageKind | None:
    """Return the wall in place of the article, if there is one."""
    if led is PageKind.LIST or (led and look.free < MAX_OUTWEIGHED_CHARS):
        return led
    titled = (
        _titled(look) if look.free < MAX_OUTWEIGHED_CHARS and look.reports < MIN_REPORTING_SENTENCES else None
    )
    if titled:
        return titled
    walls = _strengths(look, hidden=hidden)
    if not walls:
        if look.free < MIN_ARTICLE_CHARS and look.signs.password:
            return PageKind.LOGIN
        return _spoken(look, notice=notice)
    wall, strength = walls.most_common(1)[0]
    if wall == "paywall" and _asks_consent(look, walls):
        wall = "consent"  # "agree or pay"
    if wall == "login" and not look.signs.password and look.plain >= MIN_FREE_CHARS:
        wall = "paywall"  # the beginning of an article, and a login for the rest of it
    outweighed = look.free < MIN_ARTICLE_CHARS or (
        look.free < MAX_OUTWEIGHED_CHARS and look.walled >= look.free
    )
    real = look.plain >= MIN_ARTICLE_CHARS or (
        look.reports >= MIN_REPORTING_SENTENCES and look.plain >= MIN_FREE_CHARS
    )
    offered = wall != "paywall" or look.offers > 0 or "paywall" in look.sure
    if strength >= MIN_WALL_WORDS and outweighed and offered and not (real or notice()):
        return WALLS[wall]
    return _spoken(look, notice=notice)


def _strengths(look: PageLook, *, hidden: str) -> Counter[str]:
    """Return how strongly a page is worded as each wall: where it shows little, by its headings and its markup too."""
    walls = look.strength.copy()
    if look.signs.body:  # a page that holds nothing says so in its headings as well
        walls.pop("not_found", None)
        walls.pop("unavailable", None)
    if look.free < MIN_ARTICLE_CHARS:
        for sentence in sentences(f"{look.heads} | {hidden}"):
            judged = word(sentence, languages=look.languages)
            if judged.wall:
                walls[judged.wall] += judged.strength
    if walls["login"] and look.signs.password:
        walls["login"] += 2
    if look.free < MIN_ARTICLE_CHARS and not look.cards and look.signs.check and not look.signs.password:
        walls["bot_check"] += MIN_PARAGRAPH_SENTENCES
    return walls


def _titled(look: PageLook) -> PageKind | None:
    """Return what a page with little text says in its headings that it is."""
    if not (look.reports or look.signs.body) and has_any(look.languages, "unavailable", look.heads):
        return PageKind.EMPTY
    if has_any(look.languages, "not_found", look.heads):
        return PageKind.NOT_FOUND
    # Services that guard sites everywhere title their checks in English.
    return PageKind.BOT_CHECK if has("en", "bot_title", look.heads) else None


def _asks_consent(look: PageLook, walls: Counter[str]) -> bool:
    """Tell whether an offer is the other choice beside a consent: nothing of an article is there."""
    if look.free < MIN_FREE_CHARS and walls["consent"] >= HALF_SHARE * walls["paywall"]:
        return True
    if look.signs.body or look.signs.article or look.free >= MAX_OUTWEIGHED_CHARS:
        return False
    return max(met(language, "consent", look.said) for language in look.languages) >= MIN_PARAGRAPH_SENTENCES


def _spoken(look: PageLook, *, notice: Callable[[], bool]) -> PageKind | None:
    """Return the wall of a short page that addresses its reader, asks for a choice, or is nearly empty.

    Each of its sentences may be worded as no wall is known to be: its vocabulary as a whole says which it is. A page
    that tells something, or claims to hold an article, is none.
    """
    signs, around = look.signs, look.free + look.walled
    if look.reports or not 0 < around < MAX_OUTWEIGHED_CHARS or signs.article or signs.body:
        return None
    if look.cards or look.stamps >= MIN_LIVE_BLOG_TIMES or signs.player or signs.film or notice():
        return None
    if not signs.choice and around >= MIN_ARTICLE_CHARS and look.spoken + look.walled < SPOKEN_SHARE * around:
        return None
    wall, hits = likeliest_wall(look.said, languages=look.languages)
    least = MIN_WALL_WORDS if signs.choice and around < MIN_ARTICLE_CHARS else MIN_PARAGRAPH_SENTENCES - 1
    return WALLS[wall] if hits >= least else None


def _is_cut(look: PageLook, *, free: bool | None) -> bool:
    """Return whether the article continues behind a paywall."""
    if look.free >= WHOLE_ARTICLE_CHARS:
        return False
    offered = (
        look.strength["paywall"] >= MIN_PARAGRAPH_SENTENCES
        and look.offers > 0
        and look.free < MAX_OUTWEIGHED_CHARS
    )
    return "paywall" in look.sure or offered or free is False


def _is_live(look: PageLook, url: str) -> bool:
    if look.signs.live:
        return True
    named = has_any(look.languages, "live", look.heads) or "/live" in url.lower()
    return named and look.stamps >= MIN_LIVE_BLOG_TIMES and size(look.said) >= MIN_ARTICLE_CHARS


def _is_bare_list(look: PageLook) -> bool:
    """Tell whether a page of cards only greets its reader in words that an offer has as well."""
    return (
        look.cards >= MIN_CARDS
        and look.free < MIN_FREE_CHARS
        and look.strength["paywall"] < MIN_PARAGRAPH_SENTENCES
    )


def _without_text(look: PageLook) -> PageKind | None:
    """Return the kind of a page whose free text is no article's; None where there may be one."""
    if look.free >= MAX_OUTWEIGHED_CHARS:
        return None
    signs = look.signs
    many = MIN_LIST_LINKS if look.free else MIN_LIST_LINKS_WITHOUT_PROSE
    listed = look.cards >= MIN_CARDS or (look.links >= HALF_SHARE and look.link_blocks >= many)
    if (signs.player or signs.film) and (
        look.free < MIN_ARTICLE_CHARS or signs.film or has_any(look.languages, "video", look.heads)
    ):
        return PageKind.VIDEO
    if listed and (look.free < MIN_ARTICLE_CHARS or not signs.article):
        return PageKind.LIST
    if signs.collection and not signs.article:
        return PageKind.LIST
    return None
