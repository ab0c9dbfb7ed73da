"""Run the benchmarks and print their tables: ``python -m benchmarks [feeds|pages|clusters|ingest|evidence|tokens|slips|walltime|told|questions|quiz|retrieval|acks|growth …]``."""

from __future__ import annotations

import importlib
import sys

from rich.console import Console
from rich.table import Table

from benchmarks.data import need_data

NAMES = (
    "feeds",
    "pages",
    "clusters",
    "ingest",
    "evidence",
    "tokens",
    "slips",
    "walltime",
    "told",
    "questions",
    "quiz",
    "retrieval",
    "acks",
    "growth",
)


def main(names: list[str]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    if names != ["growth"]:  # its texts are made by rule
        need_data()
    for name in names or NAMES:
        if name not in NAMES:
            sys.exit(f"There is no benchmark {name!r}; there are {', '.join(NAMES)}.")
        module = importlib.import_module(f"benchmarks.{name}")
        first = (module.__doc__ or name).split("\n")[0]
        for title, run in {first: module.run, **getattr(module, "TABLES", {})}.items():
            console.print(_table(title, run()))


def _table(title: str, rows: list[dict[str, str]]) -> Table:
    table = Table(title=title)
    for column in rows[0]:
        table.add_column(column)
    for row in rows:
        table.add_row(*row.values())
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
