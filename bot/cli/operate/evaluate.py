"""``wirebrief eval``: run a golden set through the configured model, or the extracts, and print the scores."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.operate.setup import MODEL_HELP, Choice, ConfigPath, configured, run
from bot.cli.terminal import output

if TYPE_CHECKING:
    from bot.flows.maintenance.evaluate import CaseResult


def evaluate(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of cases (default: the included ones).")
    ] = None,
    model: Annotated[Choice, typer.Option("--model", help=MODEL_HELP)] = Choice.CONFIGURED,
    missed: Annotated[bool, typer.Option("--missed", help="List everything that was missed.")] = False,
    config: ConfigPath = None,
) -> None:
    """Run the golden set and print what the briefings said of what they should."""
    settings = configured(config)
    from bot.config import packaged
    from bot.flows.briefing.brief import ModelSession
    from bot.flows.maintenance.evaluate import evaluate as evaluate_case
    from bot.flows.maintenance.evaluate import read_cases
    from bot.runtime.compose import open_app, scripted_model

    cases = read_cases(folder or packaged("golden"))

    async def work() -> list[CaseResult]:
        chosen = scripted_model() if model is Choice.SCRIPTED else None
        asked = model is Choice.CONFIGURED and bool(settings.model.name)
        # A model's usage is kept in the database; the cases are not.
        async with open_app(settings, archive=asked, model=chosen) as app:
            session = ModelSession(model=app.model) if app.model and model is not Choice.NONE else None
            return [await evaluate_case(case, session=session, settings=settings.briefings) for case in cases]

    started = time.monotonic()
    results = run(work())
    _print(results, seconds=time.monotonic() - started, console=output())
    for result in results if missed else ():
        for line in result.missed:
            typer.echo(f"{result.title}: {line}")


def _print(results: list[CaseResult], *, seconds: float, console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    names = (
        "Case",
        "facts",
        "actors",
        "states",
        "transitions",
        "unsupported",
        "repeats",
        "calls",
        "tokens",
        "cost",
    )
    for name in names:
        table.add_column(name, justify="left" if name == "Case" else "right")
    total = results[0].score
    for result in results[1:]:
        total += result.score
    for title, score in [*((r.title, r.score) for r in results), ("All", total)]:
        table.add_row(
            title,
            f"{score.facts_said}/{score.facts}",
            f"{score.actors_named}/{score.actors}",
            f"{score.states_right}/{score.states}",
            f"{score.transitions_right}/{score.transitions}",
            f"{score.unsupported}/{score.statements}",
            str(score.repeats),
            str(score.calls),
            f"{score.tokens:,}",
            f"{score.cost / 1_000_000:.4f}",
        )
    console.print(table)
    console.print(f"{total.mornings} briefings in {seconds:.1f} s")
