"""How verbs print: ``--format`` and ``--json``, which mean the same for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.errors import InputError


class Format(StrEnum):
    """What is written to standard output."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class ListFormat(StrEnum):
    """What is written to standard output where there is no page."""

    TEXT = "text"
    JSON = "json"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: the same as --format json.")]
Form = Annotated[Format | None, typer.Option("--format", help="Format of the output (default: text).")]
ListForm = Annotated[
    ListFormat | None, typer.Option("--format", help="Format of the output (default: text).")
]


def format_of(form: Format | ListFormat | None, as_json: bool) -> Format:
    """Return the format that ``--format`` and ``--json`` ask for; raises ``InputError`` where they contradict."""
    asked = Format(form) if form else None
    if as_json and asked not in {None, Format.JSON}:
        raise InputError(f"--json and --format {asked} ask for two formats", hint="Leave one of them out")
    return Format.JSON if as_json else asked or Format.TEXT


def wants_json(form: ListFormat | None, as_json: bool) -> bool:
    """Tell whether JSON is asked for; raises as ``format_of``."""
    return format_of(form, as_json) is Format.JSON


def print_rows(rows: Sequence[Any]) -> None:
    """Print ``rows`` as a JSON list; an empty one is a list too."""
    from bot.codec import to_text

    typer.echo(to_text(list(rows)))
