"""The command line: one file per verb; a verb's machinery is imported when the verb runs."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.channels import correct, deliveries, discord, slack, subscriptions
from bot.cli.news import ask, brief, demo, link, preview, replay, stories, story
from bot.cli.operate import backtest, backup, check, evaluate, feeds, forget, ingest, run

app = typer.Typer(
    name="wirebrief",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Know what changed in the stories you follow: bullets, key actors, status, every line cited.",
    epilog="Start with: wirebrief demo",
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"wirebrief {version('wirebrief')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Hold what every verb shares: nothing but the version."""


app.command(name="demo")(demo.demo)
app.command(name="run")(run.run)
app.command(name="subscribe")(subscriptions.subscribe)
app.command(name="subscriptions")(subscriptions.subscriptions)
app.command(name="pause")(subscriptions.pause)
app.command(name="resume")(subscriptions.resume)
app.command(name="unsubscribe")(subscriptions.unsubscribe)
app.command(name="next")(subscriptions.following)
app.command(name="deliveries")(deliveries.deliveries)
app.command(name="approve")(deliveries.approve)
app.command(name="hold")(deliveries.hold)
app.command(name="release")(deliveries.release)
app.command(name="brief")(brief.brief)
app.command(name="link")(link.link)
app.command(name="ask")(ask.ask)
app.command(name="ingest")(ingest.ingest)
app.command(name="stories")(stories.stories)
app.command(name="story")(story.story)
app.command(name="show")(replay.show)
app.command(name="preview")(preview.preview)
app.command(name="replay")(replay.replay)
app.command(name="correct")(correct.correct)
app.command(name="reports")(correct.reports)
app.command(name="rebuild")(story.rebuild)
app.command(name="backup")(backup.backup)
app.command(name="restore")(backup.restore)
app.command(name="forget")(forget.forget)
app.add_typer(feeds.app, name="feeds")
app.add_typer(slack.app, name="slack")
app.add_typer(discord.app, name="discord")
app.command(name="backtest")(backtest.backtest)
app.command(name="eval")(evaluate.evaluate)
app.command(name="check")(check.check)
