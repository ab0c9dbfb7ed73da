"""``wirebrief forget``: remove all that belongs to a channel, a workspace or a person."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError


def forget(
    channel: Annotated[str, typer.Option(help='A channel, such as "slack:T1/C1" or "webhook:news".')] = "",
    workspace: Annotated[str, typer.Option(help="A workspace or server, by its id.")] = "",
    user: Annotated[
        str, typer.Option(help="A person, by the platform's id; with --channel only what was asked there.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    config: ConfigPath = None,
) -> None:
    """Remove all that belongs to a channel, a workspace or a person: it cannot be brought back."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    named = {"channel": channel, "workspace": workspace, "user": user}
    who = " ".join(f"{kind} {name}" for kind, name in named.items() if name)
    if not who:
        raise InputError("Who is to be forgotten?", hint="Name --channel, --workspace or --user")
    if not yes and not typer.confirm(f"Remove all that belongs to {who}?"):
        typer.echo("Nothing was removed.")
        return

    async def work() -> None:
        async with open_app(settings) as app:
            counts = await app.store.forget(channel=channel, workspace=workspace, user=user, whole=True)
        rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in sorted(counts.items()))
        typer.echo(f"Forgotten: {rows}." if rows else f"There was nothing of {who}.")
        if rows:
            typer.echo("Backups made before still hold it: remove them, or forget again after a restore.")

    run(work())
