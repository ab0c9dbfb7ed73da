"""``wirebrief feeds``: add, remove, list and check feeds; import and export OPML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.chat.document.plain import plain
from bot.cli.completion import channel_names, packs_and_files
from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.grouped import GroupedHelp
from bot.cli.operate.feed_rows import check_row, feed_row, health_line, language_abilities
from bot.cli.operate.setup import ConfigPath, configured, run, scope_named
from bot.cli.terminal import Force, refuse_to_replace
from bot.config import packaged
from bot.errors import InputError
from bot.language.cleaning.public import public_address
from bot.language.locale.en import counted
from bot.model.news import PERMANENT_AFTER_DAYS, Feed, FeedHealth

if TYPE_CHECKING:
    from bot.flows.ingest.feed_discovery import Check

app = typer.Typer(
    no_args_is_help=True,
    cls=GroupedHelp,
    rich_markup_mode=None,
    help="Add, remove, list and check feeds; import and export OPML.",
)


MAX_NAMED_ENTRIES = 20  # entries of a list without a usable address that are named
LISTS = "wirebrief feeds list"
Whose = Annotated[
    str,
    typer.Option(
        "--for",
        metavar="CHANNEL",
        help="Only for this channel (default: for all).",
        autocompletion=channel_names,
    ),
]


Named = Annotated[
    str, typer.Argument(metavar="NAME", help="Its name as the list shows it, its address or its id.")
]


@app.command()
def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Address of the feed, or of a site that links to it.")
    ],
    channel: Whose = "",
    number: Annotated[int, typer.Option("--number", help="Which feed, if a page links to several.")] = 0,
    config: ConfigPath = None,
) -> None:
    """Add a feed, after testing it."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> tuple[Check, int]:
        async with open_app(settings) as opened:
            check = await opened.find_feed(url, scope_named(channel), number, operator=True)
            return check, 0 if check.problem else await opened.store.feeds.add([check.feed])

    check, added = run(work())
    if check.problem:
        raise InputError(f"The feed was not added: {check.problem.rstrip('.')}")
    said = f" ({check.note})" if check.note else ""
    typer.echo(
        f"{'Added' if added else 'Already there'}: {public_address(check.feed.url)} ({counted(check.entries, 'entry', 'entries')}){said}"
    )


@app.command()
def remove(name: Named, config: ConfigPath = None) -> None:
    """Remove a feed; its articles stay."""
    settings = configured(config)
    from bot.chat.replies.feeds import feed_names
    from bot.flows.ingest.named_feed import named_feed
    from bot.runtime.compose import open_app

    async def work() -> str:
        async with open_app(settings, must_exist=True) as opened:
            feeds = await opened.store.feeds.all()
            feed = named_feed(name, feeds, lists=LISTS)
            await opened.store.feeds.remove(feed.id)
            return feed_names(feeds)[feed.id]

    typer.echo(f"Removed: {run(work())}")


@app.command()
def rename(
    name: Named,
    title: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    config: ConfigPath = None,
) -> None:
    """Give a feed another name."""
    settings = configured(config)
    from bot.chat.replies.feeds import feed_names
    from bot.flows.ingest.named_feed import named_feed, new_name
    from bot.runtime.compose import open_app

    async def work() -> tuple[str, str]:
        async with open_app(settings, must_exist=True) as opened:
            feeds = await opened.store.feeds.all()
            feed = named_feed(name, feeds, lists=LISTS)
            new = new_name(title, feed, feeds)
            await opened.store.feeds.rename(feed.id, new)
            return feed_names(feeds)[feed.id], new

    old, new = run(work())
    typer.echo(f"Renamed: {old} is now {new}")


@app.command(name="list")
def list_(
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Print whole addresses, including keys of private feeds.")
    ] = False,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """List the feeds and whether they can be read."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.chat.replies.feeds import feed_names
    from bot.runtime.compose import open_app

    async def work() -> tuple[list[Feed], dict[str, FeedHealth]]:
        async with open_app(settings, must_exist=True) as opened:
            return await opened.store.feeds.all(), await opened.store.feeds.health()

    feeds, healths = run(work())
    names = feed_names(feeds)

    def shown(address: str) -> str:
        return address if addresses else public_address(address)

    if json:
        print_rows([feed_row(feed, names[feed.id], healths.get(feed.id), shown) for feed in feeds])
        return
    if not feeds:
        typer.echo("No feeds yet. Add a pack of feeds: wirebrief feeds import world")
    for feed in feeds:
        whose = f"  (only for {plain(feed.scope.whose)})" if feed.scope.whose else ""
        folder = f"  [{plain(feed.pack)}]" if feed.pack else ""
        typer.echo(f"{plain(names[feed.id])}  {shown(feed.url)}{folder}{whose}")
        if feed.moved_to:
            typer.echo(
                f"    moved permanently, now read at {shown(feed.moved_to)}; the old address is tried once a day"
            )
        health = healths.get(feed.id)
        if health and health.redirect and not feed.moved_to:
            days = f"{health.redirect_days} of {PERMANENT_AFTER_DAYS} days"
            typer.echo(f"    redirected permanently, on {days} until the new address is used")
        typer.echo(f"    {health_line(health)}")
        if feed.language:
            typer.echo(f"    {language_abilities(feed.language)}")


@app.command()
def check(form: ListForm = None, as_json: AsJson = False, config: ConfigPath = None) -> None:
    """Read every feed once without storing anything; print which work."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.chat.replies.feeds import feed_names
    from bot.flows.ingest.feed_discovery import check_feeds
    from bot.runtime.compose import open_app

    async def work() -> list[Check]:
        async with open_app(settings, must_exist=True) as opened:
            feeds = await opened.store.feeds.all()
            return await check_feeds(feeds, services=opened.reading)

    checks = run(work())
    names = feed_names([item.feed for item in checks])
    bad = [c for c in checks if c.problem]
    if json:
        print_rows([check_row(item, names[item.feed.id]) for item in checks])
    for item in () if json else checks:
        mark = "✗" if item in bad else "✓"
        said = item.problem or item.note or counted(item.entries, "entry", "entries")
        typer.echo(f"{mark} {plain(names[item.feed.id])} ({public_address(item.feed.address)}): {said}")
    if not json:
        typer.echo(f"{len(checks) - len(bad)} of {counted(len(checks), 'feed')} work")
    if bad:
        raise typer.Exit(1)


@app.command(name="import")
def import_(
    name: Annotated[
        str,
        typer.Argument(
            metavar="PACK|FILE",
            help="A pack (world, business, tech, …) or an OPML file.",
            autocompletion=packs_and_files,
        ),
    ],
    config: ConfigPath = None,
) -> None:
    """Add all feeds of a pack or an OPML file."""
    settings = configured(config)
    from bot.feeds.fetch.allow_list import AllowList
    from bot.flows.ingest.feed_discovery import listed_feeds, resolve_guessed
    from bot.runtime.compose import open_app

    allow = AllowList.parse(settings.fetch.allow)
    listing = listed_feeds(name, packs=packaged("feeds"), allow=allow)
    feeds, refused = listing.feeds, listing.left_out

    async def work() -> int:
        async with open_app(settings) as opened:
            found = await resolve_guessed(
                feeds,
                listing.guessed,
                services=opened.reading,
            )
            return await opened.store.feeds.add(found)

    added = run(work())
    left_out = f", {len(refused)} left out" if refused else ""
    typer.echo(f"{counted(added, 'feed')} added, {len(feeds) - added} already there{left_out}")
    for line in refused[:MAX_NAMED_ENTRIES]:
        typer.echo(f"✗ {line}", err=True)
    if len(refused) > MAX_NAMED_ENTRIES:
        typer.echo(f"✗ and {len(refused) - MAX_NAMED_ENTRIES} more", err=True)


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="OPML file to write (default: standard output).")
    ] = None,
    channel: Whose = "",
    force: Force = False,
    config: ConfigPath = None,
) -> None:
    """Write feeds as OPML: the shared ones, or those of one channel."""
    if file is not None:
        refuse_to_replace(file, force=force)
    settings = configured(config)
    from bot.feeds.opml import OpmlFeed, write_opml
    from bot.runtime.compose import open_app

    async def work() -> list[Feed]:
        async with open_app(settings, must_exist=True) as opened:
            return [f for f in await opened.store.feeds.all() if f.scope == scope_named(channel)]

    listed = [
        OpmlFeed(url=f.url, title=f.title, site=f.site, language=f.language, category=f.pack)
        for f in run(work())
    ]
    body = write_opml(listed, title="Wirebrief feeds")
    if file is None:
        sys.stdout.buffer.write(body)
        return
    try:
        file.write_bytes(body)
    except OSError as error:
        raise InputError(f"{str(file)!r} cannot be written: {error.strerror}") from error
    typer.echo(f"{counted(len(listed), 'feed')} written to {file}")
