"""Signs of a page's class in its markup and address, apart from its words."""

from __future__ import annotations

import re
from functools import cached_property

import lxml.html

from bot.language.rules import words_of_all
from bot.language.speech import any_of
from bot.model.news import PageKind
from bot.urls import split

_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}(?:\[\s{0,9})?"([A-Za-z]{3,40})"')
_ARTICLE = re.compile(r"(?:Article|Report|Review|BlogPosting)$")
_PLAYER = (
    "//video|//audio|//iframe[contains(@src, 'youtube') or contains(@src, 'player') or contains(@src, 'vimeo')"
    " or contains(@src, 'dailymotion') or contains(@src, 'embed/video') or contains(@src, 'soundcloud')"
    " or contains(@src, 'spotify')]|//*[contains(@class, 'video-player') or contains(@class, 'jwplayer')"
    " or contains(@class, 'player-container') or contains(@class, 'audio-player') or contains(@class, 'vjs-')]"
)
# What guards sites everywhere puts into the page that asks for a check.
_CHECK = re.compile(
    r"captcha-delivery\.com|challenges\.cloudflare\.com|/cdn-cgi/challenge-platform|cf-turnstile|cf-chl-|_pxAppId|"
    r"px-captcha|_Incapsula_Resource|sec-if-cpt|awsWafCookie|awswaf|geetest|perimeterx|g-recaptcha|h-captcha|hcaptcha|"
    r"friendlycaptcha|frc-captcha|arkoselabs|funcaptcha|kasada|ddos-guard|/recaptcha/api",
    re.IGNORECASE,
)
_CHECK_PLACES = "//script/@src|//iframe/@src|//form/@action|//script[not(@src)][string-length(.) < 20000]/text()|//@class|//@id"
_CHOICE = (
    "//*[self::button or self::form or @role='button'][not(ancestor-or-self::header or ancestor-or-self::footer or"
    " ancestor-or-self::nav or ancestor-or-self::aside)]"
)
_OWN_PART = (
    "[not(ancestor::header or ancestor::footer or ancestor::nav or ancestor::aside"
    " or ancestor::*[@role='navigation' or @role='banner' or @role='contentinfo'])]"
)
_SEGMENTS = {
    kind: words_of_all("site", kind)
    for kind in (PageKind.LOGIN, PageKind.CONSENT, PageKind.NOT_FOUND, PageKind.BOT_CHECK)
}
# Newsletter offers are beside articles everywhere, and hide nothing.
LETTER = re.compile(any_of(words_of_all("site", "newsletter")), re.IGNORECASE)
MIN_PROMPT_CHARS = 15  # characters that say what a field is for
MAX_READ_LINKS = 200  # of a page that are looked at
_STAMP = re.compile(r"^(?:\[?\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2}時\d{2}分)")


class Signs:
    """Signs of a page's class in its markup, each computed when first needed, since most pages need few."""

    def __init__(self, tree: lxml.html.HtmlElement, *, little: bool = True) -> None:
        self._tree = tree
        self._little = little  # only then it is searched for a check

    @cached_property
    def article(self) -> bool:
        """Whether it calls itself an article."""
        return self._names_article or self._kind.startswith("article")

    @cached_property
    def live(self) -> bool:
        """Whether it calls itself a live blog."""
        return "LiveBlogPosting" in self._types

    @cached_property
    def film(self) -> bool:
        """Whether it calls itself a video or a sound recording."""
        recorded = self._types & {"VideoObject", "AudioObject", "PodcastEpisode"}
        return self._kind.startswith(("video", "music", "audio")) or (
            bool(recorded) and not self._names_article
        )

    @cached_property
    def collection(self) -> bool:
        """Whether it calls itself a list."""
        return bool(self._types & {"CollectionPage", "SearchResultsPage", "ItemList"})

    @cached_property
    def player(self) -> bool:
        """Whether it holds a player."""
        return bool(self._tree.xpath(_PLAYER))

    @cached_property
    def body(self) -> bool:
        """Whether it holds one article element of several paragraphs."""
        return _has_body(self._tree)

    @cached_property
    def choice(self) -> bool:
        """Whether it holds a button or a field in its own part, and not in its header alone."""
        return bool(self._tree.xpath(_CHOICE))

    @cached_property
    def password(self) -> bool:
        """Whether it asks for a password."""
        return bool(self._tree.xpath("//input[@type='password']"))

    @cached_property
    def email(self) -> bool:
        """Whether it asks for an address of mail in its own part, and not for a newsletter."""
        return _asks_for_mail(self._tree)

    @cached_property
    def home(self) -> bool:
        """Whether its own part leads to the front page."""
        return self._leads_home("//a")

    @cached_property
    def sent_home(self) -> bool:
        """Whether a sentence of it does."""
        return self._leads_home("//p//a")

    @cached_property
    def check(self) -> bool:
        """Whether it carries the puzzle of a service that keeps robots out."""
        places = self._tree.xpath(_CHECK_PLACES)[:2000] if self._little else []
        return any(_CHECK.search(str(place)[:5000]) for place in places)

    @cached_property
    def _types(self) -> set[str]:
        scripts = self._tree.xpath("//script[contains(@type, 'ld+json')]")[:20]
        return {named for script in scripts for named in _TYPE.findall(script.text_content()[:500_000])}

    @cached_property
    def _names_article(self) -> bool:
        return any(_ARTICLE.search(named) for named in self._types)

    @cached_property
    def _kind(self) -> str:
        return " ".join(self._tree.xpath("//meta[@property='og:type']/@content")[:2]).lower()

    def _leads_home(self, links: str) -> bool:
        return any(
            _is_front(str(href)) for href in self._tree.xpath(f"{links}{_OWN_PART}/@href")[:MAX_READ_LINKS]
        )


def _asks_for_mail(tree: lxml.html.HtmlElement) -> bool:
    for field in tree.xpath(f"//input[@type='email' or @name='email']{_OWN_PART}")[:5]:
        around = [field, *list(field.iterancestors())[:3]]
        said = " ".join(f"{e.get('class', '')} {e.get('id', '')}" for e in around)
        text = next(
            (e.text_content() for e in around[1:] if len(e.text_content().strip()) >= MIN_PROMPT_CHARS), ""
        )
        if not LETTER.search(f"{said} {text[:500]}"):
            return True
    return False


def _is_front(address: str) -> bool:
    parts = split(address.strip())
    return parts is not None and parts.path in {"/", "/index.html", "/home"} and not parts.query


def _has_body(tree: lxml.html.HtmlElement) -> bool:
    bodies = [
        e for e in tree.xpath("//article | //*[@itemprop='articleBody']")[:20] if len(e.xpath(".//p")) > 1
    ]
    return bool(bodies) and len(bodies) <= 2  # an article, and a body within it


def led_to(url: str, *, asked: str) -> PageKind | None:
    """Return the class that the final address ``url`` indicates if another was ``asked``; None if it indicates none."""
    if not url or not asked:
        return None
    final, first = split(url), split(asked)
    if final is None or first is None:
        return None
    if (final.hostname, final.path.rstrip("/")) == (first.hostname, first.path.rstrip("/")):
        return None
    said = {*final.path.lower().strip("/").split("/"), (final.hostname or "").split(".")[0]}
    before = {*first.path.lower().strip("/").split("/"), (first.hostname or "").split(".")[0]}
    for kind, segments in _SEGMENTS.items():
        if (said - before) & segments:
            return kind
    if not final.path.strip("/") and not final.query and first.path.strip("/"):
        return PageKind.LIST  # a front page
    return None


def stamps(tree: lxml.html.HtmlElement, texts: list[str]) -> int:
    """Return how many blocks of the page carry a time of day of their own."""
    times = sum(
        1 for t in tree.xpath("//time")[:200] if not t.xpath("ancestor::nav|ancestor::aside|ancestor::footer")
    )
    return max(times, sum(1 for text in texts if _STAMP.match(text)))
