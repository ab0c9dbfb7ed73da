"""``wirebrief backtest``: the briefings of recorded articles, morning by morning."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError
from bot.model.briefing import Briefing

TEXT_COLUMNS = 110  # of DATE.txt


class BacktestModel(StrEnum):
    """Which model writes the stories of a backtest."""

    CONFIGURED = "configured"
    RECORDED = "recorded"
    SCRIPTED = "scripted"
    NONE = "none"


def backtest(
    articles: Annotated[
        Path,
        typer.Argument(
            metavar="ARTICLES.jsonl", help="One article a line: url, source, title, text, published_at."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where DATE.json and DATE.txt are written.")
    ],
    model: Annotated[
        BacktestModel,
        typer.Option(
            "--model",
            help="Which model writes: the configured one, recorded replies, a scripted one, or none.",
        ),
    ] = BacktestModel.CONFIGURED,
    replies: Annotated[
        Path | None,
        typer.Option(
            "--replies", metavar="FOLDER", help="Recorded replies to use.", file_okay=False, exists=True
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FOLDER",
            help="Where the replies of the configured model are recorded.",
            file_okay=False,
        ),
    ] = None,
    at: Annotated[str, typer.Option("--time", metavar="HH:MM", help="Time of each briefing.")] = "07:30",
    zone: Annotated[
        str, typer.Option("--zone", help="Time zone of the briefings, such as Europe/Berlin.")
    ] = "UTC",
    stories: Annotated[int, typer.Option("--stories", min=1, max=20, help="Stories written in full.")] = 7,
    config: ConfigPath = None,
) -> None:
    """Make the briefings of recorded articles, day by day.

    The clock is simulated and no page is fetched.
    """
    _check_folders(model, replies=replies, record=record)
    settings = configured(config)
    from bot.blocking import run_blocking
    from bot.cli.progress import progress_bar, watching
    from bot.config import Model
    from bot.flows.maintenance.backtest import DailyTime, Summary, mornings, read_articles
    from bot.runtime.compose import open_backtest, recorded_model, scripted_model
    from bot.schedule import known_zone

    timetable = DailyTime(at=_time(at), zone=known_zone(zone))
    recorded = read_articles(articles, timetable=timetable)
    changed: dict[str, object] = {
        "briefings": settings.briefings.model_copy(update={"timezone": zone, "stories": stories})
    }
    if model is BacktestModel.NONE:
        changed["model"] = Model()
    settings = settings.model_copy(update=changed)
    if model is BacktestModel.CONFIGURED and record and not settings.model.name:
        raise InputError("There is no model to record", hint="Set model.name")
    _make_folder(out)
    if record:
        _make_folder(record, empty=False)
    chosen = scripted_model() if model is BacktestModel.SCRIPTED else None
    chosen = recorded_model(replies) if replies else chosen

    async def work() -> Summary:
        days = mornings(recorded, timetable=timetable)
        with progress_bar() as progress:
            total = Summary(model=watching(progress))
            async with open_backtest(
                settings,
                recorded,
                timetable=timetable,
                model=chosen,
                record=record,
                activity=total.model,
            ) as (_, played):
                async for morning in played:
                    await run_blocking(_write, out / morning.day.isoformat(), morning.briefing)
                    total.add(morning)
                    progress("Mornings", total.mornings, len(days))
        return total

    total = run(work())
    (out / "summary.json").write_text(total.as_json() + "\n", "utf-8")
    for line in total.lines():
        typer.echo(line)
    typer.echo(
        f"Written into {out}; score them with wirebrief eval {out} --gold FOLDER --articles {articles}"
    )


def _write(name: Path, briefing: Briefing) -> None:
    from io import StringIO

    from rich.console import Console

    from bot.chat.console import print_message
    from bot.chat.document.message import to_message
    from bot.codec import to_text

    page = StringIO()
    print_message(to_message(briefing), Console(file=page, width=TEXT_COLUMNS, no_color=True))
    name.with_suffix(".json").write_text(to_text(briefing) + "\n", "utf-8")
    name.with_suffix(".txt").write_text(page.getvalue(), "utf-8")


def _time(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a time", hint="Write it like 07:30") from error
    return found.replace(tzinfo=None)


def _check_folders(model: BacktestModel, *, replies: Path | None, record: Path | None) -> None:
    """Raise ``InputError`` where a folder is missing, or given to a model that has no use for it."""
    if (model is BacktestModel.RECORDED) != (replies is not None):
        raise InputError(
            "Recorded replies need their folder, and the folder the model",
            hint="Write --model recorded --replies FOLDER",
        )
    if record and model is not BacktestModel.CONFIGURED:
        raise InputError("Only the configured model is recorded", hint="Leave out --record")


def _make_folder(folder: Path, *, empty: bool = True) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{str(folder)!r} cannot be made: {error.strerror}") from error
    if empty and any(folder.iterdir()):
        raise InputError(
            f"{str(folder)!r} is not empty", hint="Name a new folder: briefings of two runs are not mixed"
        )
