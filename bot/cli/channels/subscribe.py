"""``wirebrief subscribe``: set up scheduled briefings for a channel."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.completion import channel_starts, locales, packs, time_zones
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.model.chat import CatchUp, Length, QuietDay


def subscribe(
    channel: Annotated[
        str,
        typer.Argument(
            metavar="CHANNEL",
            help='Where to post, such as "webhook:news" or "console:-".',
            autocompletion=channel_starts,
        ),
    ],
    times: Annotated[
        str,
        typer.Argument(
            metavar="TIMES", help='When to post, such as "weekdays 07:30 Europe/Berlin", or a cron line.'
        ),
    ],
    zone: Annotated[
        str, typer.Option(help="Time zone, if TIMES names none.", autocompletion=time_zones)
    ] = "",
    feed: Annotated[
        list[str] | None, typer.Option(help="Only this feed (address, id or title); repeatable.")
    ] = None,
    pack: Annotated[
        list[str] | None, typer.Option(help="Only the feeds of this pack; repeatable.", autocompletion=packs)
    ] = None,
    interest: Annotated[
        list[str] | None, typer.Option(help="Rank stories with this word or phrase higher; repeatable.")
    ] = None,
    word: Annotated[
        list[str] | None, typer.Option(help="Only stories with this word or phrase; repeatable.")
    ] = None,
    pattern: Annotated[
        list[str] | None, typer.Option(help="Only stories that match this regular expression; repeatable.")
    ] = None,
    only_language: Annotated[
        list[str] | None, typer.Option(help="Only articles in this language, such as en; repeatable.")
    ] = None,
    language: Annotated[
        str,
        typer.Option(help="Language of the headings and labels: en, de, fr or es.", autocompletion=locales),
    ] = "en",
    length: Annotated[Length, typer.Option(help="How long a briefing is.")] = Length.STANDARD,
    quiet_day: Annotated[
        QuietDay, typer.Option(help="When nothing changed: post a short notice, or nothing.")
    ] = QuietDay.POST,
    catch_up: Annotated[
        CatchUp,
        typer.Option(
            help="Scheduled times missed while the bot was not running: post all, the latest, or skip late ones."
        ),
    ] = CatchUp.LATEST,
    skip_after: Annotated[
        int, typer.Option(help="With --catch-up skip: minutes after which a briefing is too late.")
    ] = 120,
    approval: Annotated[
        str,
        typer.Option(help="Channel of editors who approve each briefing before it is posted."),
    ] = "",
    title: Annotated[str, typer.Option(help="Title of the briefings.")] = "",
    config: ConfigPath = None,
) -> None:
    """Subscribe a channel to scheduled briefings."""
    settings = configured(config)
    from bot.flows.requests.subscribing.subscribe import SubscriptionRequest
    from bot.flows.requests.subscribing.subscribe import subscribe as keep
    from bot.runtime.compose import open_app, open_chats
    from bot.runtime.startup import slot_line

    requested = SubscriptionRequest(
        channel=channel,
        times=times,
        zone=zone,
        feeds=feed or (),
        packs=pack or (),
        interests=interest or (),
        words=word or (),
        patterns=pattern or (),
        languages=only_language or (),
        language=language,
        length=length,
        quiet_day=quiet_day,
        catch_up=catch_up,
        skip_after=skip_after,
        approval=approval,
        title=title,
    )

    async def work() -> None:
        async with open_app(settings) as app, open_chats(settings, store=app.store) as chats:
            made, first = await keep(
                requested, store=app.store, chats=chats, now=app.now(), zone=settings.briefings.timezone
            )
            typer.echo(f"Subscribed: {made.id}. First briefing: {slot_line(first.due, made)}")

    run(work())
