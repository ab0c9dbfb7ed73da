"""``wirebrief demo``: three mornings of recorded news, without network or key."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.chat.console import print_message
from bot.cli.operate.setup import run
from bot.cli.progress import progress_bar
from bot.cli.terminal import output
from bot.log import set_up_logs

LINE_COLUMNS = 80  # of the line between two briefings, also where the output is piped and its width unbounded


class Wording(StrEnum):
    """Who words the stories of the demo."""

    EXTRACTS = "extracts"
    SCRIPTED = "scripted"


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the page is written.", file_okay=False)
    ] = Path("var/demo"),
    model: Annotated[
        Wording, typer.Option("--model", help="scripted: a model that needs no key words the stories.")
    ] = Wording.EXTRACTS,
) -> None:
    """Play three mornings of recorded news and print the three briefings."""
    set_up_logs(level="error", json_lines=False)
    from bot.runtime.compose import scripted_model
    from bot.runtime.demo import Demo, play_demo

    async def work() -> Demo:
        with progress_bar() as progress:
            chosen = scripted_model() if model is Wording.SCRIPTED else None
            return await play_demo(folder, progress=progress, model=chosen)

    played = run(work())
    console = output()
    for message in played.messages:
        print_message(message, console)
        console.print("─" * min(console.width, LINE_COLUMNS), style="dim")
    typer.echo(f"The same briefings as a page: {played.page}")
    typer.echo("Next:")
    typer.echo("  wirebrief brief FILE-OR-LINK      brief an article of yours")
    typer.echo("  wirebrief feeds import world      follow a pack of feeds, then: wirebrief ingest")
