"""``wirebrief check``: try the configuration and report everything that is wrong with it."""

from __future__ import annotations

import typer

from bot.cli.setup import ConfigPath, configured, run
from bot.errors import ConfigError, StoreError


def check(config: ConfigPath = None) -> None:
    """Check the configuration and the database; report every mistake at once."""
    try:
        settings = configured(config)
    except ConfigError as error:
        for problem in error.problems or (error.message,):
            typer.echo(f"✗ {problem}", err=True)
        if error.hint:
            typer.echo(error.hint, err=True)
        raise typer.Exit(1) from error
    from bot.app import open_app

    async def counts() -> tuple[int, int]:
        async with open_app(settings) as app:
            return len(await app.store.feeds.all()), await app.store.articles.count()

    typer.echo("✓ configuration")
    try:
        feeds, articles = run(counts())
    except StoreError as error:
        typer.echo(f"✗ database: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"✓ database: {feeds} feeds, {articles} articles")
    if not feeds:
        typer.echo("• no feeds yet: wirebrief feeds import world")
