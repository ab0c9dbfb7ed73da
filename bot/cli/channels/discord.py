"""``wirebrief discord``: set up the Discord app."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run

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
    from bot.errors import ConfigError, InputError
    from bot.runtime.compose import discord_application, discord_invitation

    if application and not application.isdecimal():
        raise InputError(
            "An application ID is a number", hint="Developer portal → General Information → Application ID"
        )
    if not application:
        settings = configured(config)
        if not settings.discord.token.get_secret_value():
            raise ConfigError("discord.token is not set", hint="Set it, or use --application ID")
        application = run(discord_application(settings))
    invitation = discord_invitation(application)
    typer.echo(invitation.link)
    typer.echo("Permissions: " + ", ".join(invitation.permissions), err=True)
