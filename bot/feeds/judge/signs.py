"""What a page's markup and address say of its kind, apart from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import lxml.html

from bot.model.news import PageKind

_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}(?:\[\s{0,9})?"([A-Za-z]{3,40})"')
_ARTICLE = re.compile(r"(?:Article|Report|Review|BlogPosting)$")
_PLAYER = (
    "//video|//audio|//iframe[contains(@src, 'youtube') or contains(@src, 'player') or contains(@src, 'vimeo')"
    " or contains(@src, 'dailymotion') or contains(@src, 'embed/video') or contains(@src, 'soundcloud')"
    " or contains(@src, 'spotify')]|//*[contains(@class, 'video-player') or contains(@class, 'jwplayer')"
    " or contains(@class, 'player-container') or contains(@class, 'audio-player') or contains(@class, 'vjs-')]"
)
_SEGMENTS = {
    PageKind.LOGIN: {"login", "signin", "sign-in", "log-in", "anmelden", "connexion", "accedi", "inloggen", "logowanie"},
    PageKind.CONSENT: {"consent", "cookiewall", "cookie-wall", "zustimmung", "privacygate", "collectconsent", "gdpr"},
    PageKind.NOT_FOUND: {"404", "error", "not-found", "notfound", "page-not-found", "errorpage"},
    PageKind.BOT_CHECK: {"captcha", "challenge", "validate-captcha", "blocked"},
}  # fmt: skip
_STAMP = re.compile(r"^(?:\[?\d{1,2}[:.h]\d{2}\b|\d{1,2}時\d{2}分)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the markup of a page says of its kind."""

    article: bool = False  # it calls itself an article
    live: bool = False  # it calls itself a live blog
    film: bool = False  # it calls itself a video or a sound recording
    collection: bool = False  # it calls itself a list
    player: bool = False
    password: bool = False


def read_signs(tree: lxml.html.HtmlElement) -> Signs:
    """Return what the markup of ``tree`` says."""
    types: set[str] = set()
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:20]:
        types.update(_TYPE.findall(script.text_content()[:500_000]))
    kind = " ".join(tree.xpath("//meta[@property='og:type']/@content")[:2]).lower()
    return Signs(
        article=any(_ARTICLE.search(t) for t in types) or kind.startswith("article"),
        live="LiveBlogPosting" in types,
        film=kind.startswith(("video", "music", "audio"))
        or (
            bool(types & {"VideoObject", "AudioObject", "PodcastEpisode"})
            and not any(_ARTICLE.search(t) for t in types)
        ),
        collection=bool(types & {"CollectionPage", "SearchResultsPage", "ItemList"}),
        player=bool(tree.xpath(_PLAYER)),
        password=bool(tree.xpath("//input[@type='password']")),
    )


def led_to(url: str, *, asked: str) -> PageKind | None:
    """Return what the final address ``url`` says of the page where another was ``asked``; None where it says nothing."""
    if not url or not asked:
        return None
    try:
        final, first = urlsplit(url), urlsplit(asked)
    except ValueError:
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
