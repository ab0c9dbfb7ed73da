"""``wirebrief stories``: the stories of the last days, and the reasons of their ranks."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from bot.chat.document.plain import plain
from bot.cli.operate.setup import ConfigPath, configured, run


def stories(
    days: Annotated[int, typer.Option(help="How far back, in days.", min=1, max=3650)] = 7,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 20,
    why: Annotated[bool, typer.Option("--why", help="Print the reasons of each story's rank.")] = False,
    config: ConfigPath = None,
) -> None:
    """List the stories of the last days, most important first."""
    settings = configured(config)
    from bot.flows.briefing.rank_stories import RankedStory
    from bot.runtime.compose import open_app

    async def work() -> list[RankedStory]:
        async with open_app(settings) as app:
            return await app.stories(since=app.now() - timedelta(days=days), limit=limit, by=None)

    found = run(work())
    if not found:
        typer.echo("No stories yet. Read the feeds: wirebrief ingest")
    for number, item in enumerate(found, 1):
        count = len(item.story.article_ids)
        whose = f", of {plain(item.story.scope.whose)}" if item.story.scope.whose else ""
        articles = "1 article" if count == 1 else f"{count} articles"
        typer.echo(f"{number:>3}. {plain(item.story.title)}  ({articles}, {item.story.id}{whose})")
        for reason in item.why if why else ():
            typer.echo(f"       {reason}")
