"""``wirebrief demo``: four mornings of recorded news, without network or key."""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.operate.setup import run
from bot.cli.progress import progress_bar
from bot.cli.terminal import output
from bot.log import set_up_logs

if TYPE_CHECKING:
    from bot.ports import LanguageModel

RULE_COLUMNS = 80


class DemoModel(StrEnum):
    """What writes the stories of the demo."""

    QUOTED = "quoted"
    RECORDED = "recorded"
    SCRIPTED = "scripted"


def read_model(text: str) -> DemoModel:
    """Return the model called ``text``; "extracts", the name of ``quoted`` in 0.2.0, is accepted as well."""
    try:
        return DemoModel("quoted" if text == "extracts" else text)
    except ValueError:
        names = ", ".join(f"'{model}'" for model in DemoModel)
        raise typer.BadParameter(f"{text!r} is not one of {names}.") from None


def _models(begun: str) -> list[str]:
    """Return the models whose names begin with ``begun``, for a shell."""
    return [model.value for model in DemoModel if model.startswith(begun)]


DEMO_MODEL: dict[str, Any] = {
    "parser": read_model,
    "metavar": f"<{'|'.join(DemoModel)}>",
    "autocompletion": _models,
}
"""The form of the option ``--model``."""


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Where the page is written.", file_okay=False)
    ] = Path("var/demo"),
    model: Annotated[
        DemoModel,
        typer.Option(
            "--model",
            **DEMO_MODEL,
            help="Who writes: quoted (sentences of the articles), recorded replies of a language model, or a script.",
        ),
    ] = DemoModel.QUOTED,
) -> None:
    """Play four mornings of recorded news and print the briefings."""
    set_up_logs(level="error", json_lines=False)
    from bot.chat.console import print_message
    from bot.runtime.demo import Demo, play_demo

    async def work() -> Demo:
        with progress_bar() as progress:
            return await play_demo(folder, progress=progress, model=model_of(model))

    played = run(work())
    console = output()
    for message in played.messages:
        print_message(message, console)
        console.print("─" * min(console.width, RULE_COLUMNS), style="dim")
    command = called_as(sys.argv[0], found=shutil.which("wirebrief"))
    typer.echo(f"The same briefings as a page: {played.page}")
    typer.echo("Next, with live news:")
    following = next_steps(model)
    widest = max(len(verb) for verb, _ in following)
    for verb, does in following:
        typer.echo(f"  {command} {verb:<{widest}}  {does}")


def next_steps(model: DemoModel) -> tuple[tuple[str, str], ...]:
    """Return the verbs to go on with after a demo in ``model``, and what each does."""
    chosen = f" --model {model}" if model in {DemoModel.RECORDED, DemoModel.SCRIPTED} else ""
    return (
        ("feeds import world", "add a pack of feeds"),
        ("ingest", "read them"),
        ("brief", "brief you on what is new"),
        (f"preview --demo{chosen} --force", "see these briefings as Slack shows them"),
    )


def model_of(model: DemoModel) -> LanguageModel | None:
    """Return the model that writes the demo's stories, None where they are quoted."""
    from bot.runtime.compose import scripted_model
    from bot.runtime.demo import recorded_replies

    models = {DemoModel.SCRIPTED: scripted_model, DemoModel.RECORDED: recorded_replies}
    return models[model]() if model in models else None


def called_as(program: str, *, found: str | None) -> str:
    """Return the command that starts ``program`` again: its name where the shell finds it, else its path."""
    if found and Path(found).resolve() == Path(program).resolve():
        return "wirebrief"
    path = Path(program)
    if path.name == "__main__.py":
        return "python -m bot"
    return os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else str(path)
