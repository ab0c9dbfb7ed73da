"""Standard output, and files that are replaced only on request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

UNWRAPPED_COLUMNS = 1_000_000  # columns: more than any line has

Force = Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")]


def output() -> Console:
    """Return standard output: wrapped at a terminal's width; piped, each line is whole unless COLUMNS says otherwise."""
    console = Console()
    return console if console.is_terminal or os.environ.get("COLUMNS") else Console(width=UNWRAPPED_COLUMNS)


def refuse_to_replace(file: Path, *, force: bool) -> None:
    """Raise ``InputError`` where ``file`` is there already, unless ``force`` says that it may be replaced."""
    from bot.errors import InputError

    if file.exists() and not force:
        raise InputError(
            f"{str(file)!r} already exists", hint="Name another file, or add --force to replace it"
        )
