"""``wirebrief slack``: set up the Slack app."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.language.locale.en import counted

app = typer.Typer(no_args_is_help=True, help="Set up the Slack app.", rich_markup_mode=None)


@app.command()
def manifest(
    public_url: Annotated[
        str,
        typer.Option(
            "--public-url", help="Public https address of the bot (default: Socket Mode, which needs none)."
        ),
    ] = "",
    many: Annotated[
        bool, typer.Option("--many", help="For many workspaces: installation by OAuth, rotating tokens.")
    ] = False,
) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    from bot.errors import InputError
    from bot.runtime.compose import slack_manifest

    if many and not public_url:
        raise InputError(
            "--many needs --public-url: workspaces install over the web", hint="Add --public-url https://…"
        )
    if public_url and not public_url.startswith("https://"):
        raise InputError("--public-url must be an https address", hint="Write --public-url https://…")
    typer.echo(slack_manifest(public_url=public_url, many=many), nl=False)


@app.command()
def key() -> None:
    """Print a new slack.encryption_key."""
    from bot.store.talk.installations import new_key

    typer.echo(new_key())


@app.command()
def rekey(config: ConfigPath = None) -> None:
    """Encrypt stored tokens with the newest encryption key."""
    from bot.errors import ConfigError
    from bot.runtime.compose import open_app

    settings = configured(config)
    keys = settings.slack.encryption_keys
    if not keys:
        raise ConfigError(
            "slack.encryption_key is empty",
            hint="Put the new key first, then a comma and the old key",
        )

    async def work() -> tuple[int, list[str]]:
        async with open_app(settings, must_exist=True) as opened:
            kept = opened.store.installations(*keys)
            return await kept.rekey("slack"), await kept.unreadable("slack")

    done, left = run(work())
    typer.echo(f"{counted(done, 'workspace')} encrypted with the first key")
    for team in left:
        typer.echo(f"✗ {team}: no key decrypts its tokens; install the bot there again")
    if left:
        raise typer.Exit(1)
