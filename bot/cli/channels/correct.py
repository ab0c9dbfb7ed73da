"""``wirebrief correct`` and ``wirebrief reports``: correct a statement where it was posted, and list what readers reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError
from bot.language.locale.en import counted

if TYPE_CHECKING:
    from bot.flows.maintenance.correct import Corrected
    from bot.model.conversation.reader import Report

LISTED_REPORTS = 50


def correct(
    briefing: Annotated[
        str, typer.Argument(metavar="BRIEFING", help="A briefing's id, or the beginning of it.")
    ],
    statement: Annotated[
        str,
        typer.Argument(metavar="[STATEMENT]", help="The statement's id, or words of it (default: list all)."),
    ] = "",
    instead: Annotated[str, typer.Option("--with", help="The text that replaces it.")] = "",
    drop: Annotated[bool, typer.Option("--drop", help="Remove the statement.")] = False,
    original: Annotated[
        bool, typer.Option("--original", help="Show it in its own language: its translation is wrong.")
    ] = False,
    why: Annotated[str, typer.Option(help="The reason, as readers will see it.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Edit the posts once more to match the stored briefing.")
    ] = False,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Correct a statement: edit its posts and add a note."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.briefings.amend import statements
    from bot.flows.maintenance.correct import correct as put_right
    from bot.flows.maintenance.correct import find_statement, show_original, update_posts
    from bot.runtime.compose import open_app, open_chats

    if statement and [bool(instead), drop, original].count(True) != 1:
        raise InputError("Remove the statement or replace it?", hint="Use --drop, --with TEXT, or --original")

    async def work() -> Corrected | None:
        async with open_app(settings, must_exist=True) as app:
            stored = await app.stored_briefing(briefing)
            if not statement and not again:
                listed = statements(stored.briefing)
                if json:
                    print_rows([{"id": key, "statement": stated.label} for key, stated in listed.items()])
                    return None
                for key, stated in listed.items():
                    typer.echo(f"{key}  {stated.label}")
                return None
            async with open_chats(settings, store=app.store) as chats:
                if again:
                    return await update_posts(stored.briefing, store=app.store, chats=chats)
                briefing_id, stated = await find_statement(stored.briefing.id, statement, store=app.store)
                if original:
                    return await show_original(
                        briefing_id, stated, reason=why, store=app.store, chats=chats, now=app.now()
                    )
                return await put_right(
                    briefing_id,
                    stated,
                    instead=instead,
                    reason=why,
                    store=app.store,
                    chats=chats,
                    now=app.now(),
                )

    done = run(work())
    if done and json:
        print_rows([{"briefing": done.briefing.id, "outcome": done.outcome}])
    elif done:
        typer.echo(f"{done.briefing.id} is corrected.")
        for line in done.outcome or ("It was posted nowhere.",):
            typer.echo(line)


def reports(
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="How many.")] = LISTED_REPORTS,
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """List what readers reported as wrong, newest first."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> tuple[list[Report], list[Report]]:
        async with open_app(settings, must_exist=True) as app:
            readers = app.store.readers
            return await readers.reports(limit=count, useful=False), await readers.reports(
                limit=1000, useful=True
            )

    wrong, useful = run(work())
    if json:
        print_rows([*wrong, *useful])
        return
    for report in wrong:
        typer.echo(f"{report.at:%Y-%m-%d %H:%M} UTC  {report.briefing_id}  {report.destination}")
        if report.statement:
            typer.echo(f"    “{report.statement}”")
        typer.echo(f"    {report.text}")
    typer.echo(f"{counted(len(wrong), 'report')} of errors; marked as useful: {len(useful)}")
