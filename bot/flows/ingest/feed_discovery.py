"""Find feeds by address, from OPML and packs, and check that they answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.chat.document.plain import plain
from bot.errors import FetchError, InputError, NamedFeed, ParseError, WorkerKilled
from bot.faults import Fault, Faults
from bot.feeds.document.parse import MAX_FEED_BYTES, parse_feed
from bot.feeds.document.raw import NO_ENTRIES
from bot.feeds.fetch.allow_list import WEB_PORTS, AllowList
from bot.feeds.fetch.guard import FEED_PORTS, check_url
from bot.feeds.opml import OpmlFeed, read_opml
from bot.flows.ingest.poll import FEED_ACCEPT, READING_FEED
from bot.flows.ingest.services import ReadingServices
from bot.language.cleaning.links import scheme_guessed, typed_address
from bot.language.cleaning.public import public_address
from bot.language.locale.en import counted
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.model.scope import SHARED, Scope
from bot.ports import FetchRequest
from bot.urls import port_of

UNENCRYPTED_NOTE = "Its host offers no encryption, so it is read by http"
MAX_UNUSABLE_LINK_CHARS = 80  # characters of a title or an address that cannot be used
NO_ADDRESS = "It has no address of the web"
MAX_CONCURRENT_CHECKS = 50  # feeds side by side; the fetcher bounds how many are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer of a feed.

    ``problem`` is one sentence if it cannot be read, ``note`` one sentence on an oddity; each is empty otherwise.
    """

    feed: Feed
    entries: int = 0
    problem: str = ""
    note: str = ""
    title: str = ""  # as the feed gives it
    offers: tuple[NamedFeed, ...] = ()  # where this is a page that names feeds


def feed_at(
    url: str,
    *,
    allow: AllowList,
    listed: OpmlFeed | None = None,
    pack: str = "",
    scope: Scope = SHARED,
    operator: bool = False,
) -> Feed:
    """Return the feed at ``url`` for ``scope``; raises ``FetchError`` if the address may not be read.

    An ``operator`` may add feeds at the ports 8080 and 8443 as well.
    """
    address = check_url(
        typed_address(url), allow=allow, ports=WEB_PORTS | FEED_PORTS if operator else WEB_PORTS
    )
    return Feed(
        id=derive_id("fee", address, *scope.parts),
        url=address,
        title=listed.title if listed else "",
        site=listed.site if listed else "",
        language=listed.language.split("-")[0].lower() if listed else "",
        pack=pack,
        scope=scope,
    )


def _entry_named(listed: OpmlFeed) -> str:
    """Return the name of a list's entry without a usable address, for an error message."""
    address = public_address(listed.url)[:MAX_UNUSABLE_LINK_CHARS]
    return (
        plain(" ".join(filter(None, (listed.title[:MAX_UNUSABLE_LINK_CHARS], address))))
        or "An entry without name and address"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The content of a list: feeds, those whose https was guessed, and a sentence for each omitted entry."""

    feeds: tuple[Feed, ...]
    guessed: frozenset[str]
    left_out: tuple[str, ...]


def listed_feeds(name: str, *, packs: Path, allow: AllowList) -> Listing:
    """Return the feeds of a pack or an OPML file; raises ``InputError`` if there is none."""
    path = Path(name)
    if (packs / f"{name}.opml").is_file():
        path = packs / f"{name}.opml"
    try:
        body = path.read_bytes()
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in packs.glob("*.opml")))
        raise InputError(f"There is no file or pack {name!r}", hint=f"The packs are: {known}") from error
    feeds: list[Feed] = []
    guessed: set[str] = set()
    found = read_opml(body)
    refused = [f"{_entry_named(listed)}: {NO_ADDRESS}" for listed in found.left_out]
    for listed in found.feeds:
        try:
            pack = path.stem if path.parent == packs else listed.category
            feed = feed_at(listed.url, allow=allow, listed=listed, pack=pack, operator=True)
            feeds.append(feed)
            guessed |= {feed.id} if listed.guessed else set()
        except FetchError as error:
            refused.append(f"{public_address(listed.url)}: {error.message}")
    return Listing(feeds=tuple(feeds), guessed=frozenset(guessed), left_out=tuple(refused))


async def check_feeds(
    feeds: Sequence[Feed],
    *,
    services: ReadingServices,
    guessed: Collection[str] = (),
) -> list[Check]:
    """Return what each of ``feeds`` answers now; nothing is stored.

    The https of those ``guessed`` (ids) was added by the program: if the host offers none, they are read by http, and
    returned with that address.
    """

    async def one(feed: Feed) -> Check:
        request = FetchRequest(
            url=feed.address,
            operator=True,
            plain_too=feed.id in guessed,
            accept=FEED_ACCEPT,
            max_bytes=MAX_FEED_BYTES,
            deadline=services.settings.feed_deadline,
        )
        try:
            answer = await services.fetcher.fetch(request)
            document = await services.workers.run(
                parse_feed,
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                charset=answer.charset,
                deadline=services.settings.parse_deadline,
            )
        except (FetchError, ParseError, WorkerKilled) as error:
            offers = error.feeds if isinstance(error, ParseError) else ()
            return Check(feed=feed, problem=str(error), offers=offers)
        if answer.plain:
            feed = _plainly(feed)
        entries, note = len(document.entries), document.note or (UNENCRYPTED_NOTE if answer.plain else "")
        return Check(
            feed=replace(feed, title=feed.title or document.title),
            entries=entries,
            problem="" if entries or note in {"", UNENCRYPTED_NOTE, NO_ENTRIES} else note,
            note=note,
            title=document.title,
        )

    found = await Faults().each(feeds, one, doing=READING_FEED, at_once=MAX_CONCURRENT_CHECKS)
    return [
        Check(feed=feed, problem=f"{check.sentence(READING_FEED)}.") if isinstance(check, Fault) else check
        for feed, check in zip(feeds, found, strict=True)
    ]


async def resolve_guessed(
    feeds: Sequence[Feed],
    guessed: Collection[str],
    *,
    services: ReadingServices,
) -> list[Feed]:
    """Return ``feeds``; those ``guessed`` get http if their host answers only that."""
    asked = [feed for feed in feeds if feed.id in guessed]
    checks = await check_feeds(asked, services=services, guessed=guessed)
    found = {before.id: check.feed for before, check in zip(asked, checks, strict=True)}
    # The title is the list's to give: a feed that names itself does so when it is read.
    there = [replace(feed, id=(at := found.get(feed.id, feed)).id, url=at.url) for feed in feeds]
    return list({feed.id: feed for feed in reversed(there)}.values())[::-1]


def _plainly(feed: Feed) -> Feed:
    url = f"http://{feed.url.removeprefix('https://')}"
    return replace(feed, id=derive_id("fee", url, *feed.scope.parts), url=url)


async def find_feed(
    url: str,
    *,
    scope: Scope,
    services: ReadingServices,
    number: int = 0,
    operator: bool = False,
) -> Check:
    """Return what the feed at ``url`` answers, or the feed that the page there names; nothing is stored.

    ``number`` (from 1) chooses among several that a page names. Raises ``FetchError`` for an address that may not be
    read, ``InputError`` with the list if a page names several and none is chosen.
    """
    allow = AllowList.parse(services.settings.allow)
    at = feed_at(url, allow=allow, scope=scope, operator=operator)
    guessed = {at.id} if scheme_guessed(url) else frozenset[str]()
    (found,) = await check_feeds([at], services=services, guessed=guessed)
    named, titles = [], {}
    for offer in found.offers:
        try:
            # A page may name a feed at its own port; one at another port was not asked for.
            own = operator and port_of(offer.url) == port_of(at.url)
            feed = feed_at(offer.url, allow=allow, scope=scope, operator=own)
        except FetchError:
            continue
        named.append(feed)
        titles[feed.id] = offer.title
    if not named:
        return found
    checks = await check_feeds(named, services=services)
    good = [check for check in checks if not check.problem]
    if len(good) > 1:
        good = [_chosen(good, number, titles=titles)]
    return (good or checks)[0]


def _chosen(checks: Sequence[Check], number: int, *, titles: Mapping[str, str]) -> Check:
    if 1 <= number <= len(checks):
        return checks[number - 1]
    lines = [
        f"{n}. {plain(titles[c.feed.id] or c.title) or 'without a title'}, {public_address(c.feed.url)}, "
        f"{counted(c.entries, 'entry', 'entries')}"
        for n, c in enumerate(checks, 1)
    ]
    raise InputError(
        f"The page names {len(checks)} feeds; choose one:\n" + "\n".join(lines),
        hint="Add its number",
    )
