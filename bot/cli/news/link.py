"""``wirebrief link``: what a page says, and how it compares with the stored articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.formats import AsJson, ListForm, wants_json
from bot.cli.operate.setup import ConfigPath, configured, has_ceiling, run
from bot.cli.terminal import output
from bot.errors import NoDatabase

if TYPE_CHECKING:
    from bot.llm.watched import ModelActivity
    from bot.model.conversation.link import LinkBrief


def link(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of articles.")],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Fetch the page again and show what changed on it.")
    ] = False,
    form: ListForm = None,
    as_json: AsJson = False,
    why: Annotated[bool, typer.Option("--why", help="Print how the story was found.")] = False,
    config: ConfigPath = None,
) -> None:
    """Summarise web pages and compare them with the stored stories."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.chat.console import print_message
    from bot.chat.replies.link import link_message
    from bot.cli.progress import model_progress
    from bot.codec import to_text
    from bot.runtime.compose import open_app

    async def work(activity: ModelActivity) -> list[LinkBrief]:
        try:
            async with open_app(settings, must_exist=True, activity=activity) as app:
                return await app.link(urls, fresh=fresh)
        except NoDatabase as error:
            if settings.model.name and has_ceiling(settings):  # what is not recorded would pass it
                raise
            typer.echo(
                f"{error.message}: the page is not compared with stored stories, and not stored.", err=True
            )
        async with open_app(settings, archive=False, activity=activity) as app:
            return await app.link(urls, fresh=fresh)

    with model_progress() as activity:
        briefs = run(work(activity))
    if json:
        typer.echo(to_text(briefs, keys={"story_sent_at": "story_told_at"}))
    else:
        for brief in briefs:
            print_message(link_message(brief), output())
            for reason in brief.why if why else ():
                typer.echo(f"    {reason}")
    if all(brief.failure for brief in briefs):
        raise typer.Exit(1)
