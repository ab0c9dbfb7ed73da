"""``wirebrief discord``: set up the Discord app."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.config import Config

app = typer.Typer(no_args_is_help=True, help="Set up the Discord app.", rich_markup_mode=None)


@app.callback()
def _root() -> None:
    """Set up the Discord app."""


@app.command()
def invite(
    application: Annotated[
        str,
        typer.Option(
            "--application", help="Application ID (default: the one that discord.token belongs to)."
        ),
    ] = "",
    config: ConfigPath = None,
) -> None:
    """Print the link that adds the bot to a server."""
    from bot.chat.discord.permissions import USED, invite_link
    from bot.errors import ConfigError, InputError

    if application and not application.isdecimal():
        raise InputError(
            "An application ID is a number", hint="Developer portal → General Information → Application ID"
        )
    if not application:
        settings = configured(config)
        if not settings.discord.token.get_secret_value():
            raise ConfigError("discord.token is not set", hint="Set it, or use --application ID")
        application = run(_asked(settings))
    typer.echo(invite_link(application))
    typer.echo("Permissions: " + ", ".join(permission.called for permission in USED), err=True)


async def _asked(settings: Config) -> str:
    """Return the application that the token belongs to."""
    from bot.chat.discord.setup import open_discord
    from bot.runtime.compose import utc_now

    async with open_discord(settings.discord, now=utc_now, outbound=settings.run.outbound) as chat:
        return await chat.application()
