"""``wirebrief forget``: delete the data of a channel, a workspace or a person."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.config import Config
from bot.errors import InputError

BRIEF_DESTINATION = "console"  # what wirebrief brief was sent here


def forget(
    channel: Annotated[str, typer.Option(help='A channel, such as "slack:T1/C1" or "webhook:news".')] = "",
    workspace: Annotated[str, typer.Option(help="A workspace or server: its id.")] = "",
    user: Annotated[
        str, typer.Option(help="A person: the id on the platform; with --channel only what was asked there.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    config: ConfigPath = None,
) -> None:
    """Delete the data of a channel, a workspace or a person."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    named = {"channel": channel, "workspace": workspace, "user": user}
    who = " ".join(f"{kind} {name}" for kind, name in named.items() if name)
    if not who:
        raise InputError("Nothing to delete was named", hint="Use --channel, --workspace or --user")
    if channel not in {"", BRIEF_DESTINATION}:
        _check(channel)
    run(_must_exist(settings))
    if not yes and not typer.confirm(f"Delete all data of {who}? This cannot be undone."):
        typer.echo("Nothing was deleted.")
        return

    async def work() -> None:
        async with open_app(settings, must_exist=True) as app:
            counts = await app.store.forget(channel=channel, workspace=workspace, user=user, whole=True)
        rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in sorted(counts.items()))
        typer.echo(f"Deleted: {rows}." if rows else f"There is no data of {who}.")
        if rows:
            typer.echo("Earlier backups still contain it: delete them, or run this again after a restore.")

    run(work())


def _check(channel: str) -> None:
    """Raise ``InputError`` for what cannot be the name of a channel, before anything is asked."""
    from bot.model.chat import Channel

    try:
        Channel.read(channel)
    except ValueError as error:
        raise InputError(
            f"{channel!r} is not a channel",
            hint='Write platform:name, such as "slack:T1/C1" or "webhook:news"',
        ) from error


async def _must_exist(settings: Config) -> None:
    """Raise ``NoDatabase`` before anything is asked."""
    from bot.runtime.compose import open_store_alone

    async with open_store_alone(settings):
        return
