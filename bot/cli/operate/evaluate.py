"""``wirebrief eval``: score the briefings of test cases, or those of a folder against gold files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.operate.setup import MODEL_HELP, Choice, ConfigPath, configured, records_usage, run
from bot.cli.terminal import output
from bot.language.locale.en import counted

if TYPE_CHECKING:
    from bot.flows.maintenance.evaluate import CaseResult


def evaluate(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Folder of cases (default: the included ones); with --gold, folder of briefings.",
        ),
    ] = None,
    model: Annotated[Choice, typer.Option("--model", help=MODEL_HELP)] = Choice.CONFIGURED,
    missed: Annotated[bool, typer.Option("--missed", help="List examples of what is missing.")] = False,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="DIR", help="Folder of gold files: the expected content."),
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            "--articles", metavar="FILE", help="The articles of the briefings, each with its event."
        ),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Run test cases, or score briefings against expected content."""
    if gold or articles:
        _score(folder, gold=gold, articles=articles, missed=missed)
        return
    settings = configured(config)
    from bot.cli.progress import progress_bar, watching
    from bot.config import packaged
    from bot.flows.maintenance.evaluate import evaluate as evaluate_case
    from bot.flows.maintenance.evaluate import read_cases
    from bot.runtime.compose import open_app, open_store_alone, scripted_model

    cases = read_cases(folder or packaged("golden"))

    # A model's usage is kept in the database; the cases are not.
    archive = model is Choice.CONFIGURED and records_usage(settings)

    async def work() -> list[CaseResult]:
        chosen = scripted_model() if model is Choice.SCRIPTED else None
        with progress_bar() as progress:
            activity = watching(progress)
            async with open_app(
                settings, archive=archive, must_exist=True, model=chosen, activity=activity
            ) as app:
                session = await app.session() if model is not Choice.NONE else None
                results = []
                for case in cases:
                    async with open_store_alone() as store:
                        results.append(
                            await evaluate_case(
                                case, store=store, session=session, settings=settings.briefings
                            )
                        )
                return results

    started = time.monotonic()
    results = run(work())
    _print(results, seconds=time.monotonic() - started, console=output())
    for result in results if missed else ():
        for line in result.missed:
            typer.echo(f"{result.title}: {line}")


def _score(folder: Path | None, *, gold: Path | None, articles: Path | None, missed: bool) -> None:
    from bot.errors import InputError
    from bot.flows.maintenance.gold import read_briefings, read_events, read_gold
    from bot.flows.maintenance.scoring import score

    if not (folder and gold and articles):
        raise InputError(
            "Scoring a folder needs all three: the folder, --gold and --articles",
            hint="Write wirebrief eval FOLDER --gold GOLD --articles ARTICLES.jsonl",
        )
    scores = score(read_gold(gold), read_briefings(folder), read_events(articles))
    table = Table(box=None, pad_edge=False)
    for name, side in (("Row", "left"), ("right", "right"), ("of", "right"), ("%", "right")):
        table.add_column(name, justify="left" if side == "left" else "right")
    for name, row in scores.rows.items():
        table.add_row(name, f"{row.right:,}", f"{row.of:,}", f"{100 * row.right / row.of:.1f}")
    output().print(table)
    for name, row in scores.rows.items() if missed else ():
        for example in row.examples:
            typer.echo(f"{name}: {example}")


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
    console.print(f"{counted(total.mornings, 'briefing')} in {seconds:.1f} s")
