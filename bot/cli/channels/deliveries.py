"""``wirebrief deliveries, approve, reject, confirm, resend``: list deliveries, and decide those that wait for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.completion import channel_names
from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError
from bot.inline import in_words
from bot.model.chat import Delivery

Name = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A delivery's id, or the beginning of it (wirebrief deliveries lists them)."
    ),
]


def deliveries(
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="How many, newest first.")] = 20,
    channel: Annotated[
        str, typer.Option(help="Only deliveries to this channel.", autocompletion=channel_names)
    ] = "",
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """List deliveries: channel, time, state and reason."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> None:
        async with open_app(settings, must_exist=True) as app:
            found = await app.store.deliveries.recent(count, destination=channel)
            if json:
                print_rows([_row(d) for d in found])
                return
            for d in found:
                when = f" at {d.posted_at:%Y-%m-%d %H:%M:%S} UTC" if d.posted_at else ""
                status = d.state if d.posted_at else d.status
                typer.echo(in_words(f"{d.id}  {d.wall}  {d.channel.name}  {status}{when}"))
            if not found:
                typer.echo("No deliveries yet. See what is scheduled: wirebrief next")

    run(work())


def _row(d: Delivery) -> dict[str, object]:
    return {
        "id": d.id,
        "subscription": d.subscription_id,
        "channel": d.channel.name,
        "scheduled": d.wall,
        "due_at": d.due_at,
        "state": d.state,
        "reason": in_words(d.reason),
        "attempts": d.attempts,
        "briefing": d.briefing_id,
        "posted_at": d.posted_at,
    }


def approve(name: Name, config: ConfigPath = None) -> None:
    """Post a draft that waits for approval."""
    _record_decision(name, "approve", config)


def reject(name: Name, config: ConfigPath = None) -> None:
    """Do not post a draft that waits for approval."""
    _record_decision(name, "reject", config)


def confirm(name: Name, config: ConfigPath = None) -> None:
    """Record an uncertain delivery as posted: you have seen it."""
    _record_decision(name, "confirm", config)


def resend(name: Name, config: ConfigPath = None) -> None:
    """Send an uncertain or failed delivery again."""
    _record_decision(name, "resend", config)


def release(
    name: Name,
    posted: Annotated[bool, typer.Option("--posted", help="The same as confirm.")] = False,
    send: Annotated[bool, typer.Option("--send", help="The same as resend.")] = False,
    config: ConfigPath = None,
) -> None:
    """Record the outcome of an uncertain delivery; now confirm or resend."""
    if posted == send:
        raise InputError("Is it in the channel?", hint="Use wirebrief confirm ID or wirebrief resend ID")
    _record_decision(name, "confirm" if posted else "resend", config)


def _record_decision(name: str, decision: str, config: ConfigPath) -> None:
    settings = configured(config)
    from bot.flows.delivery.approvals import Decision, apply_decision
    from bot.runtime.compose import open_app

    async def work() -> None:
        async with open_app(settings, must_exist=True) as app:
            typer.echo(await apply_decision(name, Decision(decision), store=app.store, now=app.now()))

    run(work())
