"""Canonical addresses: links to one article give one address, links to two articles never do.

Folded: scheme, ``www.``, default ports, fragments that do not route, tracking parameters, percent-encoding, a trailing slash,
AMP forms (``/amp``, ``/amp/…``, ``.amp.html``, ``?amp``, ``amp.`` hosts, Google's copies) and hosts of small screens (``m.``, ``mobile.``), never across registrable domains. Kept: every other parameter, in its order, and the case of paths.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlunsplit

from bot.feeds.wrappers import amp_source
from bot.language.cleaning.public import secrets_in
from bot.language.owners import owner_at, owner_of
from bot.urls import split

MIN_KEY_CHARS = 8  # characters of a parameter's value from which it may be a key
MAX_URL_CHARS = 4096  # characters; a longer address is not that of an article
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "piwik_", "hsa_", "vero_", "oly_", "wt_", "_hs")
_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid igsh mc_cid mc_eid mkt_tok cmpid cmp icid ncid "
    "ocid ito ref_src ref_url referrer sref smid smtyp taid xtor traffic_source ns_campaign ns_mchannel ns_source "
    "s_cid _ga _gl guccounter guce_referrer guce_referrer_sig feedtype src_share partner_share sh soc_src "
    "soc_trk rss feature_share share_id shareid partner emc nl ns_linkname ns_fee spm cid_share wpisrc wprss".split()
)
_AMP_IF = frozenset({"output", "outputtype", "view", "format"})
_AMP = frozenset(
    {
        *(("amp", said) for said in ("", "1", "true", "yes")),
        *(("_amp", said) for said in ("", "1", "true")),
        *(("isamp", said) for said in ("1", "true")),
        *(("mobile", said) for said in ("1", "true")),
        *((name, "amp") for name in _AMP_IF),
        ("amp_js_v", "0.1"),
    }
)
_MOBILE = re.compile(r"(?:^|(?<=^[a-z]{2}\.))(?:www\d?|m|mobile|amp|touch)\.")
_HEX = re.compile(r"%[0-9a-fA-F]{2}")


def canonical_url(url: str) -> str:
    """Return the identity of ``url`` as an https address without decoration; empty if it is no web address."""
    url = amp_source(_whole(url.strip()))
    if not url or len(url) > MAX_URL_CHARS:
        return ""
    if not (parts := split(url)):
        return ""
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return ""
    host = f"[{host.lower()}]" if ":" in host else _plain_host(host.lower())
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    path = _HEX.sub(lambda m: _plain_or_upper(m.group()), quote(parts.path, safe="/%:@!$&'()*+,;=~-._"))
    path = re.sub(r"/{2,}", "/", path)
    # Beside a host of that name a leading "/amp/" is the same sign; elsewhere it stands for nothing else either.
    path = re.sub(r"^((?:/(?!amp/)[^/]+)?)(?:/amp)+(?=/[^/])", r"\1", path)
    path = re.sub(r"(?:/amp/?|\.amp|/amp\.html?)+$", "", path).rstrip("/")
    path = re.sub(r"\.amp(?=\.html?$)", "", path)
    path = re.sub(r"/index\.html?$", "", path)
    return urlunsplit(("https", host, path or "/", _query(parts.query), _route(parts.fragment)))


def without_credentials(url: str, *, feed: str) -> str:
    """Return ``url``, the address of an article, without the key of ``feed``, so that it can be shown.

    User name and password are dropped, and every parameter with a value of the feed's own address that
    could be a key. If it leads to the feed itself, or has a token of the feed's address in its host or path, it is empty.
    """
    parts, own = split(_whole(url)), split(_whole(feed))
    if not parts or not own:
        return ""
    keys = {value for _, value in parse_qsl(own.query) if len(value) >= MIN_KEY_CHARS}
    if keys and parts._replace(fragment="") == own._replace(fragment=""):
        return ""
    tokens = secrets_in(feed)
    if any(token in piece for token in tokens for piece in (parts.hostname or "", unquote(parts.path))):
        return ""

    def opens(value: str) -> bool:
        return value in keys or any(token in value for token in tokens)

    query = parts.query
    if any(opens(value) for _, value in parse_qsl(query)):
        query = urlencode([(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not opens(v)])
    fragment = "" if opens(unquote(parts.fragment)) else parts.fragment
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query, fragment=fragment))


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses belong to one owner: one registrable domain, or several of one publisher."""
    return site_of(one) == site_of(other) != ""


def site_of(url: str) -> str:
    """Return the owner of ``url``: its registrable domain, see ``owner_of``; empty if it is no address."""
    return owner_at(url)


def _plain_host(host: str) -> str:
    """Return ``host`` without the labels of its forms, ``www.``, ``m.``, ``amp.``: within its registrable domain."""
    for _ in range(2):  # "www.m.news.example"
        short = _MOBILE.sub("", host, count=1)
        if short == host or "." not in short or owner_of(short) != owner_of(host):
            break
        host = short
    return host


def _route(fragment: str) -> str:
    """Return ``fragment`` if it identifies a page of a single-page application; a place on a page does not."""
    if not fragment.startswith(("!", "/")):
        return ""
    return _HEX.sub(
        lambda m: _plain_or_upper(m.group()), quote(fragment, safe="/%:@!$&'()*+,;=~-._?")
    ).rstrip("/")


def _whole(url: str) -> str:
    """Return ``url`` with a question mark for each half of a character, which nothing can encode."""
    return url.encode("utf-8", "replace").decode()


def _plain_or_upper(escape: str) -> str:
    character = unquote(escape)
    return (
        character if character.isascii() and (character.isalnum() or character in "-._~") else escape.upper()
    )


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [
        (k, v)
        for k, v in pairs
        if k.lower() not in _TRACKING
        and (k.lower(), v.lower()) not in _AMP
        and not k.lower().startswith(_TRACKING_PREFIXES)
    ]
    return urlencode(kept)
