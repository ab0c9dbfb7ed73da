"""The command line: one file for each verb, which imports its code only when it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from bot.cli.channels import correct, deliveries, discord, slack, subscribe, subscriptions
from bot.cli.grouped import GroupedHelp
from bot.cli.news import ask, brief, demo, link, preview, replay, stories, story
from bot.cli.operate import backtest, backup, check, evaluate, feeds, forget, ingest, init, run

NEWS_PANEL, CHANNELS_PANEL, FEEDS_PANEL, OPERATION_PANEL = (
    "Read the news",
    "Channels",
    "Feeds and platforms",
    "Operate",
)
"""Headings of the help."""

app = typer.Typer(
    name="wirebrief",
    cls=GroupedHelp,
    no_args_is_help=True,
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


_VERBS: dict[str, dict[str, Callable[..., None]]] = {
    NEWS_PANEL: {
        "demo": demo.demo,
        "brief": brief.brief,
        "ask": ask.ask,
        "link": link.link,
        "story": story.story,
        "show": replay.show,
        "preview": preview.preview,
        "replay": replay.replay,
    },
    CHANNELS_PANEL: {
        "subscribe": subscribe.subscribe,
        "subscriptions": subscriptions.subscriptions,
        "pause": subscriptions.pause,
        "resume": subscriptions.resume,
        "unsubscribe": subscriptions.unsubscribe,
        "next": subscriptions.following,
        "deliveries": deliveries.deliveries,
        "approve": deliveries.approve,
        "reject": deliveries.reject,
        "confirm": deliveries.confirm,
        "resend": deliveries.resend,
        "correct": correct.correct,
        "reports": correct.reports,
    },
    FEEDS_PANEL: {"ingest": ingest.ingest},
    OPERATION_PANEL: {
        "init": init.init,
        "run": run.run,
        "check": check.check,
        "backup": backup.backup,
        "restore": backup.restore,
        "forget": forget.forget,
        "rebuild": story.rebuild,
        "backtest": backtest.backtest,
        "eval": evaluate.evaluate,
    },
}
for _panel, _verbs in _VERBS.items():
    for _name, _verb in _verbs.items():
        app.command(name=_name, rich_help_panel=_panel)(_verb)
app.add_typer(stories.app, name="stories", rich_help_panel=NEWS_PANEL)
for _name, _group in {"feeds": feeds.app, "slack": slack.app, "discord": discord.app}.items():
    app.add_typer(_group, name=_name, rich_help_panel=FEEDS_PANEL)
# Earlier names of `reject`, and of `confirm` and `resend`: scripts may use them.
app.command(name="hold", hidden=True)(deliveries.reject)
app.command(name="release", hidden=True)(deliveries.release)
