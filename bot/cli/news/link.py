"""``wirebrief link``: what a page says, and how it compares with the stored articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.cli.terminal import output

if TYPE_CHECKING:
    from bot.llm.watched import ModelActivity
    from bot.model.link import LinkBrief


def link(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Fetch the page again and show what changed on it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Print how the story was found.")] = False,
    config: ConfigPath = None,
) -> None:
    """Brief web pages: story, what is added, what is contradicted."""
    settings = configured(config)
    from bot.chat.console import print_message
    from bot.chat.replies.link import link_message
    from bot.cli.progress import model_progress
    from bot.codec import to_text
    from bot.runtime.compose import open_app

    async def work(activity: ModelActivity) -> list[LinkBrief]:
        async with open_app(settings, activity=activity) as app:
            return await app.link(urls, fresh=fresh)

    with model_progress() as activity:
        briefs = run(work(activity))
    if as_json:
        typer.echo(to_text(briefs))
    else:
        for brief in briefs:
            print_message(link_message(brief), output())
            for reason in brief.why if why else ():
                typer.echo(f"    {reason}")
    if all(brief.failure for brief in briefs):
        raise typer.Exit(1)
