"""``wirebrief feeds``: follow, leave, list and check feeds; OPML and packs in, OPML out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.chat.plain import plain
from bot.cli.setup import ConfigPath, configured, run, scope_named
from bot.config import packaged
from bot.errors import InputError
from bot.model.news import Feed, FeedHealth

app = typer.Typer(no_args_is_help=True, help="Follow, leave, list and check feeds; import and export OPML.")


Whose = Annotated[
    str, typer.Option("--for", metavar="CHANNEL", help="Only this channel reads it (default: everybody).")
]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address of the feed.")],
    channel: Whose = "",
    config: ConfigPath = None,
) -> None:
    """Follow a feed, after looking whether it answers."""
    settings = configured(config)
    from bot.app import open_app
    from bot.feeds.guard import AllowList
    from bot.flows.follow import Check, check_feeds, feed_at

    feed = feed_at(url, allow=AllowList.parse(settings.fetch.allow), scope=scope_named(channel))

    async def work() -> tuple[Check, int]:
        async with open_app(settings) as opened:
            (check,) = await check_feeds(
                [feed], fetcher=opened.fetcher, workers=opened.workers, settings=settings.fetch
            )
            if check.problem and not check.entries:
                return check, 0
            return check, await opened.store.feeds.add([check.feed])

    check, added = run(work())
    if check.problem and not check.entries:
        raise InputError(f"The feed was not added: {check.problem.rstrip('.')}")
    typer.echo(f"{'Added' if added else 'Already followed'}: {feed.url} ({check.entries} entries)")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="Address or id of the feed.")], config: ConfigPath = None
) -> None:
    """Stop following a feed; its articles stay."""
    settings = configured(config)
    from bot.app import open_app

    async def work() -> Feed | None:
        async with open_app(settings) as opened:
            feed = await opened.store.feeds.find(name)
            if feed:
                await opened.store.feeds.remove(feed.id)
            return feed

    feed = run(work())
    if feed is None:
        raise InputError(f"No feed {name!r} is followed", hint="See them with: wirebrief feeds list")
    typer.echo(f"Removed: {feed.url}")


@app.command(name="list")
def list_(config: ConfigPath = None) -> None:
    """List the feeds with their health."""
    settings = configured(config)
    from bot.app import open_app

    async def work() -> tuple[list[Feed], dict[str, FeedHealth]]:
        async with open_app(settings) as opened:
            return await opened.store.feeds.all(), await opened.store.feeds.health()

    feeds, healths = run(work())
    if not feeds:
        typer.echo("No feeds yet. Follow a pack with: wirebrief feeds import world")
    for feed in feeds:
        whose = f"  (only {plain(feed.scope.whose)})" if feed.scope.whose else ""
        typer.echo(f"{plain(feed.title) or '(not read yet)'}  {feed.address}{whose}")
        typer.echo(f"    {_health(healths.get(feed.id))}")


@app.command()
def check(config: ConfigPath = None) -> None:
    """Read every feed once, keep nothing, and say which answer."""
    settings = configured(config)
    from bot.app import open_app
    from bot.flows.follow import Check, check_feeds

    async def work() -> list[Check]:
        async with open_app(settings) as opened:
            feeds = await opened.store.feeds.all()
            return await check_feeds(
                feeds, fetcher=opened.fetcher, workers=opened.workers, settings=settings.fetch
            )

    checks = run(work())
    bad = [c for c in checks if c.problem and not c.entries]
    for item in checks:
        mark = "✗" if item in bad else "✓"
        typer.echo(f"{mark} {item.feed.address}: {item.problem or f'{item.entries} entries'}")
    typer.echo(f"{len(checks) - len(bad)} of {len(checks)} feeds answer")
    if bad:
        raise typer.Exit(1)


@app.command(name="import")
def import_(
    name: Annotated[str, typer.Argument(help="A pack (world, business, tech, …) or an OPML file.")],
    config: ConfigPath = None,
) -> None:
    """Follow all feeds of a pack or an OPML file."""
    settings = configured(config)
    from bot.app import open_app
    from bot.feeds.guard import AllowList
    from bot.flows.follow import listed_feeds

    allow = AllowList.parse(settings.fetch.allow)
    feeds, refused = listed_feeds(name, packs=packaged("feeds"), allow=allow)

    async def work() -> int:
        async with open_app(settings) as opened:
            return await opened.store.feeds.add(feeds)

    added = run(work())
    typer.echo(f"{added} feeds added, {len(feeds) - added} were followed already")
    for line in refused:
        typer.echo(f"✗ {line}", err=True)


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(help="OPML file to write (default: standard output).")
    ] = None,
    channel: Whose = "",
    config: ConfigPath = None,
) -> None:
    """Write the feeds that everybody reads, or those of one channel alone, as OPML."""
    settings = configured(config)
    from bot.app import open_app
    from bot.feeds.opml import OpmlFeed, write_opml

    async def work() -> list[Feed]:
        async with open_app(settings) as opened:
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
    typer.echo(f"{len(listed)} feeds written to {file}")


def _health(health: FeedHealth | None) -> str:
    if health is None:
        return "never polled"
    success = f"{health.last_success:%Y-%m-%d %H:%M} UTC" if health.last_success else "never"
    following = f"{health.next_poll:%Y-%m-%d %H:%M} UTC" if health.next_poll else "soon"
    text = f"last success {success}, next poll {following}"
    if health.failures:
        text += f", {health.failures} failures in a row"
    return text + (f": {health.reason}" if health.reason else "")
