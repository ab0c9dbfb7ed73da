"""``wirebrief brief``: a briefing of given articles, or of everything new since the last one."""

from __future__ import annotations

import sys
from datetime import date as Day  # noqa: N812 - the option is named date
from typing import Annotated

import typer

from bot.cli.formats import AsJson, Form, Format, format_of
from bot.cli.operate.setup import ConfigPath, configured, records_usage, run
from bot.cli.progress import progress_bar, watching
from bot.cli.terminal import output
from bot.errors import InputError
from bot.model.briefing import Briefing


def brief(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|URL]...", help="Articles: text or HTML files, links, or - for standard input."
        ),
    ] = None,
    date: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="The day on which the articles were published.")
    ] = "",
    form: Form = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Brief the articles you name, or what is new since last time.

    Without FILE or URL, it covers the feeds since the last briefing on this console.
    """
    chosen, day = format_of(form, as_json), _day(date)
    if day and not what:
        raise InputError("--date needs articles", hint="Name files or links")
    settings = configured(config)
    from bot.runtime.compose import open_app

    # What a model costs is recorded in the database, also for articles that are not stored.
    archive = not what or records_usage(settings)

    async def work() -> Briefing:
        with progress_bar() as progress:
            async with open_app(
                settings, archive=archive, must_exist=True, activity=watching(progress)
            ) as app:
                if what:
                    return await app.brief_adhoc_articles(what, day=day, progress=progress)
                return await app.brief_channel("console")

    write(run(work()), chosen)


def _day(text: str) -> Day | None:
    try:
        return Day.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(f"{text!r} is not a date", hint="Write it like 2031-05-03") from error


def write(briefing: Briefing, form: Format) -> None:
    """Write ``briefing`` to standard output in ``form``."""
    from bot.chat.console import print_message
    from bot.chat.document.message import to_message
    from bot.codec import to_text
    from bot.web.page import render_page

    if form is Format.JSON:
        sys.stdout.write(to_text(briefing) + "\n")
    elif form is Format.HTML:
        sys.stdout.write(render_page([to_message(briefing)], title=briefing.title))
    else:
        print_message(to_message(briefing), output())
