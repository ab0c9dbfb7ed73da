"""The owner of a host: its registrable domain, which a page cannot choose freely."""

from __future__ import annotations

import functools

from publicsuffixlist import PublicSuffixList

from bot.language.outlets import outlets
from bot.language.text_cache import text_cached
from bot.urls import host_of

MAX_HOST_CHARS = 253  # characters of a host name
MAX_KNOWN_URLS = (
    5_000  # addresses of which something is remembered: as many as there are feeds, and some pages
)
# Hosts for many owners that the public suffix list does not name: there every subdomain is an owner.
HOSTS_FOR_MANY = frozenset(
    "substack.com wordpress.com tumblr.com medium.com ghost.io beehiiv.com over-blog.com typepad.com livejournal.com "
    "buttondown.email hatenablog.com livedoor.blog webnode.page weebly.com wixsite.com micro.blog bearblog.dev "
    "write.as posthaven.com hashnode.dev mataroa.blog prose.sh listed.to neocities.org tilda.ws".split()
)


@text_cached(maxsize=20_000)
def owner_of(host: str) -> str:
    """Return the registrable domain of ``host`` by the public suffix list, in ASCII; a publisher's first of several.

    Owners of pages on a host for many (``name.blogspot.com``) are owners of their own. A host without a public
    suffix, as a number or ``localhost``, is its own.
    """
    host = host.lower().rstrip(".")
    if not host or len(host) > MAX_HOST_CHARS or host.replace(".", "").isdigit() or ":" in host:
        return host[:MAX_HOST_CHARS]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return host
    domain = _suffixes().privatesuffix(host) or host
    if domain in HOSTS_FOR_MANY and host != domain:
        label = host.removesuffix(f".{domain}").rpartition(".")[2]
        return domain if label == "www" else f"{label}.{domain}"
    return outlets().owners.get(domain, domain)


@text_cached(maxsize=MAX_KNOWN_URLS)  # asked twenty times of each address that is read
def owner_at(url: str) -> str:
    """Return whose ``url`` is; empty for what is no address."""
    return owner_of(host_of(url))


@functools.cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffix list as the library carries it: nothing is asked of the network."""
    return PublicSuffixList()
