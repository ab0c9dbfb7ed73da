"""Run the benchmarks and print their tables: ``python -m benchmarks [feeds|pages|clusters|ingest|evidence|tokens|slips|walltime|repetitions|sentences|questions|quiz|catchup|retrieval|acks|growth …]``.

With ``--model recorded`` those that can (``quiz``, ``catchup``) are run with a model's recorded replies.
"""

from __future__ import annotations

import argparse
import importlib
import sys

from rich.console import Console
from rich.table import Table

from benchmarks.data import need_data

MODULES = {
    "feeds": "benchmarks.feeds",
    "pages": "benchmarks.pages",
    "clusters": "benchmarks.clusters",
    "ingest": "benchmarks.ingest",
    "evidence": "benchmarks.evidence.statements",
    "tokens": "benchmarks.tokens",
    "slips": "benchmarks.slips",
    "walltime": "benchmarks.walltime",
    "repetitions": "benchmarks.repetitions",
    "sentences": "benchmarks.sentences",
    "questions": "benchmarks.questions.golden",
    "quiz": "benchmarks.questions.quiz",
    "catchup": "benchmarks.questions.catchup",
    "retrieval": "benchmarks.questions.retrieval",
    "acks": "benchmarks.load.acks",
    "growth": "benchmarks.growth.measure",
}


WITH_MODEL = ("quiz", "catchup")  # that have a table with recorded replies


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODULES))
    parser.add_argument("--model", choices=["none", "recorded"], default="none")
    given = parser.parse_args(arguments)
    names = given.names
    tables = "RECORDED" if given.model == "recorded" else "TABLES"
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    if names != ["growth"]:  # its texts are made by rule
        need_data()
    for name in names or MODULES:
        if name not in MODULES:
            sys.exit(f"There is no benchmark {name!r}; there are {', '.join(MODULES)}.")
        if given.model == "recorded" and name not in WITH_MODEL:
            sys.exit(f"There are no recorded replies for {name!r}; there are for {', '.join(WITH_MODEL)}.")
        module = importlib.import_module(MODULES[name])
        first = (module.__doc__ or name).split("\n")[0]
        runs = {} if given.model == "recorded" else {first: module.run}
        for title, run in {**runs, **getattr(module, tables, {})}.items():
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
