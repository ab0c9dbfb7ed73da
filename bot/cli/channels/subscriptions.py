"""``wirebrief subscriptions, pause, resume, unsubscribe, next``: list and change subscriptions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.completion import (
    channel_names,
    subscription_ids,
)
from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError
from bot.inline import in_words
from bot.language.locale.en import counted
from bot.model.chat import CatchUp, Length, QuietDay, Subscription

if TYPE_CHECKING:
    from bot.runtime.app import App

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID]...",
        help="Ids of subscriptions, or the beginnings of them (wirebrief subscriptions lists them).",
        autocompletion=subscription_ids,
    ),
]
OfChannel = Annotated[
    str, typer.Option("--channel", help="All subscriptions of this channel.", autocompletion=channel_names)
]


def subscriptions(form: ListForm = None, as_json: AsJson = False, config: ConfigPath = None) -> None:
    """List the subscriptions."""
    json = wants_json(form, as_json)

    async def show(found: list[Subscription]) -> None:
        if json:
            print_rows([_row(s) for s in found])
            return
        if not found:
            typer.echo("No subscriptions yet. Add one: wirebrief subscribe CHANNEL TIMES")
        for s in found:
            state = in_words(f"paused: {s.paused}") if s.paused else "active"
            typer.echo(f"{s.id}  {s.channel.name}  {s.when}  {', '.join(_asked(s))}  {state}")

    _with(None, "", config, lambda found, *_: show(found), every=True)


def _row(s: Subscription) -> dict[str, object]:
    return {
        "id": s.id,
        "channel": s.channel.name,
        "times": s.times,
        "zone": s.zone,
        "feeds": s.feeds,
        "packs": s.packs,
        "interests": s.interests,
        "words": s.filters.words,
        "patterns": s.filters.patterns,
        "article_languages": s.filters.languages,
        "language": s.language,
        "length": s.length,
        "quiet_day": s.quiet_day,
        "catch_up": s.catch_up,
        "skip_after": s.skip_after,
        "approval": s.approval.name if s.approval else "",
        "title": s.title,
        "paused": in_words(s.paused),
        "created_at": s.created_at,
    }


def _asked(s: Subscription) -> list[str]:
    """Return in words what a subscription selects, and where it differs from the defaults."""
    about = [*(f"pack {p}" for p in s.packs), *([counted(len(s.feeds), "feed")] if s.feeds else [])]
    about += [f"“{w}”" for w in s.filters.words] + [f"/{p}/" for p in s.filters.patterns]
    about += [f"articles in {language}" for language in s.filters.languages]
    about = about or ["all feeds"]
    about += [f"interests {', '.join(s.interests)}"] if s.interests else []
    about += [f"labels in {s.language}"] if s.language != "en" else []
    about += [s.length.value] if s.length is not Length.STANDARD else []
    about += ["silent on quiet days"] if s.quiet_day is QuietDay.SILENT else []
    if s.catch_up is not CatchUp.LATEST:
        after = f"skipped after {s.skip_after} min" if s.catch_up is CatchUp.SKIP else "all posted late"
        about.append(f"missed times {after}")
    return about + ([f"approval in {s.approval.name}"] if s.approval else [])


def pause(
    ids: Names = None,
    channel: OfChannel = "",
    why: Annotated[
        str, typer.Option(help="The reason, shown wherever subscriptions are listed.")
    ] = "by an operator",
    config: ConfigPath = None,
) -> None:
    """Pause subscriptions: nothing is posted until you resume them."""
    from bot.flows.requests.subscribing.subscribe import pause as keep

    async def work(found: list[Subscription], app: App) -> None:
        for s in found:
            await keep(s, store=app.store, now=app.now(), why=why)
            typer.echo(f"Paused {s.id} ({s.channel.name})")

    _with(ids, channel, config, work)


def resume(ids: Names = None, channel: OfChannel = "", config: ConfigPath = None) -> None:
    """Resume subscriptions, from the next scheduled time."""
    from bot.flows.requests.subscribing.subscribe import resume as keep
    from bot.runtime.startup import slot_line

    async def work(found: list[Subscription], app: App) -> None:
        for s in found:
            slot = await keep(s, store=app.store, now=app.now())
            typer.echo(
                f"Resumed {s.id} ({s.channel.name})" + (f". Next: {slot_line(slot.due, s)}" if slot else "")
            )

    _with(ids, channel, config, work)


def unsubscribe(ids: Names = None, channel: OfChannel = "", config: ConfigPath = None) -> None:
    """End subscriptions; past deliveries stay listed."""

    async def work(found: list[Subscription], app: App) -> None:
        for s in found:
            await app.store.subscriptions.remove(s.id)
            typer.echo(f"Ended {s.id} ({s.channel.name})")

    _with(ids, channel, config, work)


def following(
    count: Annotated[int, typer.Option("--count", min=1, max=200, help="How many.")] = 10,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """List the next scheduled briefings of all subscriptions."""
    json = wants_json(form, as_json)
    from itertools import islice

    from bot.runtime.startup import slot_line
    from bot.schedule import Timetable, slots

    async def work(found: list[Subscription], app: App) -> None:
        now = app.now()
        due = [
            (slot.due, s)
            for s in found
            if not s.paused
            for slot in islice(slots(Timetable(lines=s.lines, zone=s.zone), after=now), count)
        ]
        first = sorted(due, key=lambda d: (d[0], d[1].id))[:count]
        if json:
            print_rows(
                [
                    {"due_at": w, "zone": s.zone, "channel": s.channel.name, "subscription": s.id}
                    for w, s in first
                ]
            )
            return
        for when, s in first:
            typer.echo(slot_line(when, s))
        if not due:
            typer.echo("Nothing is scheduled: there is no active subscription.")

    _with(None, "", config, work, every=True)


def _with(
    ids: list[str] | None,
    channel: str,
    config: ConfigPath,
    work: Callable[..., Awaitable[None]],
    *,
    every: bool = False,
) -> None:
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def open_and_work() -> None:
        async with open_app(settings, must_exist=True) as app:
            known = await app.store.subscriptions.all()
            await work(known if every else _named(ids or [], channel, known), app)

    run(open_and_work())


def _named(ids: list[str], channel: str, known: list[Subscription]) -> list[Subscription]:
    found = [s for s in known if channel and s.channel.name == channel]
    if channel and not found:
        raise InputError(f"{channel!r} has no subscription", hint="wirebrief subscriptions lists them")
    for name in ids:
        matching = [s for s in known if s.id.startswith(name) or s.id.startswith(f"sub-{name}")]
        if len(matching) != 1:
            raise InputError(
                f"{'More than one' if matching else 'No'} subscription id begins with {name!r}",
                hint="wirebrief subscriptions lists them",
            )
        found += matching
    if not found:
        raise InputError("No subscription was named", hint="Give its id, or --channel CHANNEL")
    return list({s.id: s for s in found}.values())
