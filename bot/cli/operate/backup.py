"""``wirebrief backup`` and ``wirebrief restore``: one file, from a running bot, for either engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Written anew; it must not exist yet.")],
    config: ConfigPath = None,
) -> None:
    """Write everything the database holds into FILE, as of one moment; the bot may go on running."""
    settings = configured(config)
    from bot.runtime.compose import open_app
    from bot.store.backup import back_up

    async def work() -> None:
        async with open_app(settings) as app:
            rows = await back_up(app.store.database, file)
        typer.echo(f"Backed up {rows:,} rows into {file} ({file.stat().st_size / 1e6:,.1f} MB).")

    run(work())


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What wirebrief backup wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Let go of what the database holds, if it holds anything.")
    ] = False,
    config: ConfigPath = None,
) -> None:
    """Put a backup in the place of the database; no bot may run on it. Nothing is posted twice."""
    settings = configured(config)
    from datetime import timedelta

    from bot.flows.maintenance.backup import restore as put_back
    from bot.runtime.compose import open_app
    from bot.runtime.serve import lock_database

    async def work() -> None:
        with lock_database(settings.database.url):
            async with open_app(settings) as app:
                rows, pending = await put_back(
                    file,
                    store=app.store,
                    url=settings.database.url,
                    now=app.now(),
                    grace=timedelta(hours=settings.run.grace_hours),
                    over=force,
                )
        typer.echo(f"Restored {rows:,} rows from {file}.")
        if pending:
            typer.echo(f"{pending} of its deliveries are open: each is looked up before it is sent.")

    run(work())
