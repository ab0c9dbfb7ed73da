"""``wirebrief feeds``: follow, leave, list and check feeds; OPML and packs in, OPML out."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Follow, leave, list and check feeds; import and export OPML.")
