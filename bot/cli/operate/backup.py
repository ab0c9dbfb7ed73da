"""``wirebrief backup`` and ``wirebrief restore``: the whole database as one file, for SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    config: ConfigPath = None,
) -> None:
    """Write the database into FILE; the bot may keep running."""
    settings = configured(config)
    from bot.runtime.compose import open_app
    from bot.store.backup import back_up

    async def work() -> None:
        async with open_app(settings, must_exist=True) as app:
            rows = await back_up(app.store.database, file)
        typer.echo(f"Backed up {rows:,} rows into {file} ({file.stat().st_size / 1e6:,.1f} MB).")

    run(work())


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file written by wirebrief backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what the database holds now.")] = False,
    config: ConfigPath = None,
) -> None:
    """Replace the database with a backup; stop the bot first.

    Nothing is posted twice: open deliveries are looked up on their platform before they are sent.
    """
    settings = configured(config)
    from datetime import timedelta

    from bot.flows.maintenance.backup import restore as put_back
    from bot.runtime.compose import open_app
    from bot.runtime.serve import lock_database
    from bot.store.backup import require_backup

    require_backup(file)

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
            typer.echo(f"Open deliveries: {pending}. Each is looked up on its platform before it is sent.")

    run(work())
