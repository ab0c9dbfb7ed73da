"""A progress bar on standard error, shown on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.llm.watched import ModelActivity

Report = Callable[[str, int, int], None]
"""Shows what is done: its name, how many are done, of how many."""


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Yield ``report(what, done, total)``; each new ``what`` gets a bar of its own."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


@contextmanager
def model_progress() -> Iterator[ModelActivity]:
    """Yield what notes the calls of a model, and show meanwhile that it is waited for."""
    with progress_bar() as report:
        yield watching(report)


def watching(report: Report) -> ModelActivity:
    """Return what notes the calls of a model, and shows with ``report`` that it is waited for."""
    return ModelActivity(on_change=lambda asked, done: report("Waiting for the model", done, asked))
