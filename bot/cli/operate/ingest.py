"""``wirebrief ingest``: read every due feed once."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.cli.progress import progress_bar
from bot.language.locale.en import counted


def ingest(
    everything: Annotated[
        bool, typer.Option("--all", help="Read every feed now, also those that are not due.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try articles again that could not be processed.")
    ] = False,
    config: ConfigPath = None,
) -> None:
    """Read the feeds that are due; assign new articles to stories."""
    settings = configured(config)
    from bot.flows.ingest.ingest import IngestReport
    from bot.runtime.compose import open_app

    async def work() -> IngestReport:
        async with open_app(settings, must_exist=True) as app:
            with progress_bar() as progress:
                return await app.ingest(everything=everything, retry=retry, progress=progress)

    report = run(work())
    typer.echo(
        f"{report.feeds_read} of {counted(report.feeds_due, 'feed')} read, {counted(report.articles_new, 'new article')}, "
        f"{report.articles_edited} edited, {counted(len(report.stories), 'story', 'stories')} updated"
    )
    if report.folded:
        entries = counted(report.folded, "entry leads", "entries lead")
        typer.echo(f"{entries} to known articles: listed by another feed, or under another GUID or address")
    for failure in report.failures:
        typer.echo(f"✗ {failure.feed}: {failure.reason}", err=True)
    if report.set_aside:
        typer.echo(
            f"{report.set_aside} could not be processed and were set aside: wirebrief check lists them",
            err=True,
        )
    if report.feeds_due == 0:
        typer.echo("No feed is due. Add one: wirebrief feeds add URL. Read all now: wirebrief ingest --all")
    if report.failures and report.feeds_read == 0:
        raise typer.Exit(1)
