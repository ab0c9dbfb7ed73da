"""``wirebrief deliveries, approve, hold, release``: what went where, and what waits for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError

Name = Annotated[str, typer.Argument(metavar="ID", help="Id as wirebrief deliveries shows it, or its start.")]


def deliveries(
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="How many, newest first.")] = 20,
    channel: Annotated[str, typer.Option(help="Only of this channel.")] = "",
    config: ConfigPath = None,
) -> None:
    """Show what went where, when, in which state, and why."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> None:
        async with open_app(settings) as app:
            found = await app.store.deliveries.recent(count, destination=channel)
            for d in found:
                when = f" at {d.posted_at:%Y-%m-%d %H:%M:%S} UTC" if d.posted_at else ""
                why = f": {d.reason}" if d.reason else ""
                typer.echo(f"{d.id}  {d.wall}  {d.channel.name}  {d.state}{when}{why}")
            if not found:
                typer.echo("Nothing was due yet. wirebrief next shows what will be.")

    run(work())


def approve(name: Name, config: ConfigPath = None) -> None:
    """Post a briefing that waits for approval."""
    _decide(name, "approve", config)


def hold(name: Name, config: ConfigPath = None) -> None:
    """Keep back a briefing that waits for approval."""
    _decide(name, "hold", config)


def release(
    name: Name,
    posted: Annotated[bool, typer.Option("--posted", help="It stands in the channel: record it.")] = False,
    send: Annotated[bool, typer.Option("--send", help="It does not stand there: send it.")] = False,
    config: ConfigPath = None,
) -> None:
    """Say what became of a delivery that is held."""
    if posted == send:
        raise InputError("Does it stand in the channel?", hint="Say --posted or --send")
    _decide(name, "posted" if posted else "send", config)


def _decide(name: str, what: str, config: ConfigPath) -> None:
    settings = configured(config)
    from bot.flows.delivery.approvals import apply_decision
    from bot.runtime.compose import open_app

    async def work() -> None:
        async with open_app(settings) as app:
            typer.echo(await apply_decision(name, what, store=app.store, now=app.now()))

    run(work())
