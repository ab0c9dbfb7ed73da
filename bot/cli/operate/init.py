"""``wirebrief init``: a few questions, then a working configuration, feeds, and the first subscription."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.cli.completion import packs as packs_that_begin
from bot.cli.completion import time_zones
from bot.cli.operate.answers import (
    CHANNEL_QUESTIONS,
    KEYS,
    PLATFORMS,
    USUAL_PACK,
    USUAL_TIMES,
    is_address,
    local_zone,
    pack_line,
    read_first_channel,
    read_packs,
    read_platform,
    read_setting,
    read_times,
    read_zone,
)
from bot.cli.operate.setup import ConfigPath, configured, run, scope_named
from bot.cli.progress import progress_bar, watching
from bot.cli.terminal import output
from bot.config.load import DEFAULT_PATH
from bot.config.starter import StarterAnswers, starter_config
from bot.errors import InputError, WirebriefError
from bot.language.cleaning.public import public_address

if TYPE_CHECKING:
    from bot.config import Config
    from bot.flows.ingest.ingest import IngestReport
    from bot.model.briefing import Briefing
    from bot.runtime.app import App

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that was answered."""

    answers: StarterAnswers
    packs: tuple[str, ...]
    channel: str
    times: str


def init(
    platform: Annotated[
        str, typer.Option("--platform", help="Where briefings go: console, slack, discord or webhook.")
    ] = "",
    zone: Annotated[
        str,
        typer.Option("--zone", help="Time zone, such as Europe/Berlin.", autocompletion=time_zones),
    ] = "",
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack",
            help="Pack of feeds, address of a feed or OPML file; repeatable.",
            autocompletion=packs_that_begin,
        ),
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="The first channel.")] = "",
    times: Annotated[str, typer.Option("--times", help='When to post, such as "weekdays 07:30".')] = "",
    read: Annotated[
        bool | None,
        typer.Option("--read/--no-read", help="Read the feeds now and show a first briefing (default: ask)."),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Set up a new bot by answering a few questions.

    It writes a working configuration and overwrites nothing. Values given as options are not asked for.
    """
    file = config or Path(os.environ.get("WIREBRIEF_CONFIG") or DEFAULT_PATH)
    if file.exists():
        raise InputError(
            f"There is a configuration already: {file.absolute()}",
            hint="Change it in an editor and run wirebrief check, or name another file with --config",
        )
    chosen = _asked(platform, zone, pack, channel, times, beside=file)
    _write(file, starter_config(chosen.answers, written=_today(chosen.answers.timezone)))
    typer.echo(f"Written: {file.absolute()}")
    settings = configured(file)
    failures = _set_up(chosen, settings)
    for failure in failures:
        typer.echo(f"✗ {failure}", err=True)
    if not failures and (read if read is not None else typer.confirm("Read the feeds now?", default=True)):
        _show(_first_briefing(settings))
    _say_next(chosen, file)
    if failures:
        raise typer.Exit(1)


def _asked(
    platform: str, zone: str, pack: Sequence[str] | None, channel: str, times: str, *, beside: Path
) -> Setup:
    """Return the answers: the given ones, and asked ones for the rest."""
    where = _answer(platform, f"Where do briefings go ({', '.join(PLATFORMS)})", "console", read_platform)
    settings = {
        key: answer
        for key, question in KEYS[where]
        if not os.environ.get(f"WIREBRIEF_{where}_{key}".upper())
        and (answer := _secret(where, key, question))
    }
    timezone = _answer(zone, "Time zone", local_zone(), read_zone)
    if not pack:
        typer.echo(f"{pack_line()}.")
    feeds = _answer(
        ",".join(pack or ()),
        "Feeds to read: packs, addresses of feeds, OPML files; several with commas",
        USUAL_PACK,
        read_packs,
    )
    question, usual = CHANNEL_QUESTIONS[where]
    first = _answer(channel, question, usual, lambda text: read_first_channel(text, where))
    when = _answer(times, "When", USUAL_TIMES, lambda text: read_times(text, timezone)) if first else ""
    return Setup(
        answers=StarterAnswers(
            platform=where,
            timezone=timezone,
            settings=settings,
            webhook=first.partition(":")[2] if where == "webhook" else "",
            database=_database(beside),
        ),
        packs=feeds,
        channel=first,
        times=when,
    )


def _answer(given: str, question: str, usual: str, read: Callable[[str], T]) -> T:
    """Return what was given, read; else ask until the answer can be read."""
    if given:
        return read(given)
    while True:
        try:
            return read(typer.prompt(question, default=usual, show_default=bool(usual)).strip())
        except InputError as error:
            typer.echo(f"  {error}", err=True)


def _secret(platform: str, key: str, question: str) -> str:
    """Return the value of ``key``, asked for without showing it until the configuration would take it."""
    while True:
        text: str = typer.prompt(question, default="", hide_input=True, show_default=False).strip()
        try:
            return read_setting(text, platform, key)
        except InputError as error:
            typer.echo(f"  {error}", err=True)


def _database(file: Path) -> str:
    """Return the address of the database: beside the configuration, wherever a command is called from."""
    if os.environ.get("WIREBRIEF_DATABASE_URL") or file.absolute().parent == Path.cwd():
        return ""
    return f"sqlite:///{file.absolute().parent / 'var' / 'wirebrief.db'}"


def _today(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def _write(file: Path, text: str) -> None:
    """Write the file, which must not exist, readable by us alone."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(
            os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(text)
    except OSError as error:
        raise InputError(
            f"{str(file)!r} cannot be written: {error.strerror}", hint="Name another with --config"
        ) from error


def _set_up(chosen: Setup, settings: Config) -> list[str]:
    """Create the database, add the feeds, subscribe the channel; return what failed, which can be done again."""
    from bot.config import packaged
    from bot.feeds.fetch.allow_list import AllowList
    from bot.flows.ingest.feed_discovery import listed_feeds, resolve_guessed
    from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
    from bot.language.locale.en import counted
    from bot.runtime.compose import open_app, open_chats
    from bot.runtime.startup import slot_line

    allow = AllowList.parse(settings.fetch.allow)
    listings = {
        name: listed_feeds(name, packs=packaged("feeds"), allow=allow)
        for name in chosen.packs
        if not is_address(name)
    }

    async def add_feeds(name: str, app: App) -> str:
        if listing := listings.get(name):
            found = await resolve_guessed(listing.feeds, listing.guessed, services=app.reading)
            return f"Added: {name} ({counted(await app.store.feeds.add(found), 'feed')})"
        check = await app.find_feed(name, scope_named(""), operator=True)
        if check.problem:
            raise InputError(check.problem)
        await app.store.feeds.add([check.feed])
        return f"Added: {public_address(check.feed.url)} ({counted(check.entries, 'entry', 'entries')})"

    async def first_subscription(app: App) -> str:
        request = SubscriptionRequest(channel=chosen.channel, times=chosen.times)
        async with open_chats(settings, store=app.store) as chats:
            made, first = await subscribe(
                request, store=app.store, chats=chats, now=app.now(), zone=chosen.answers.timezone
            )
        return f"Subscribed: {made.id}. First briefing: {slot_line(first.due, made)}"

    async def work() -> list[str]:
        failures = []
        async with open_app(settings) as app:
            steps = [(name, add_feeds(name, app)) for name in chosen.packs]
            steps += [(chosen.channel, first_subscription(app))] if chosen.channel else []
            for name, step in steps:
                try:
                    typer.echo(await step)
                except WirebriefError as error:
                    failures.append(f"{name}: {error}")
        return failures

    return run(work())


def _first_briefing(settings: Config) -> tuple[IngestReport, Briefing]:
    """Read the feeds and return the first briefing of this console."""
    from bot.runtime.compose import open_app

    async def work() -> tuple[IngestReport, Briefing]:
        with progress_bar() as progress:
            async with open_app(settings, must_exist=True, activity=watching(progress)) as app:
                report = await app.ingest(progress=progress)
                return report, await app.brief_channel("console")

    return run(work())


def _show(read: tuple[IngestReport, Briefing]) -> None:
    from bot.chat.console import print_message
    from bot.chat.document.message import to_message
    from bot.language.locale.en import counted

    report, briefing = read
    typer.echo(
        f"{report.feeds_read} of {counted(report.feeds_due, 'feed')} read, {counted(report.articles_new, 'new article')}"
    )
    for failure in report.failures:
        typer.echo(f"✗ {failure.feed}: {failure.reason}", err=True)
    print_message(to_message(briefing), output())


def _say_next(chosen: Setup, file: Path) -> None:
    where = "" if file == DEFAULT_PATH else f" --config {file}"
    typer.echo("Next:")
    if not chosen.channel:
        typer.echo(f'  wirebrief subscribe{where} {chosen.answers.platform}:… "{USUAL_TIMES}"')
    for verb, does in (
        ("check", "test the configuration and the channels"),
        ("run", "post each briefing at its time"),
    ):
        typer.echo(f"  {f'wirebrief {verb}{where}':<{18 + len(where)}}  {does}")
