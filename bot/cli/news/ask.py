"""``wirebrief ask``: a question to the archive, answered with citations or declined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.formats import AsJson, ListForm, wants_json
from bot.cli.operate.setup import ConfigPath, configured, moment, run
from bot.cli.terminal import output
from bot.errors import InputError
from bot.model.conversation.answer import Answer

if TYPE_CHECKING:
    from bot.llm.watched import ModelActivity


def ask(
    words: Annotated[list[str], typer.Argument(metavar="QUESTION", help="The question, in quotes or not.")],
    as_of: Annotated[
        str, typer.Option("--as-of", help="Answer from what was known then, such as 2025-07-08T07:30.")
    ] = "",
    story: Annotated[
        str, typer.Option("--story", help="Answer from this story only: its id, or the beginning of it.")
    ] = "",
    form: ListForm = None,
    as_json: AsJson = False,
    why: Annotated[bool, typer.Option("--why", help="Print how the answer was found.")] = False,
    config: ConfigPath = None,
) -> None:
    """Ask a question; the answer cites the stored articles."""
    if not " ".join(words).strip():
        raise InputError("The question is empty", hint='Write wirebrief ask "What did the talks bring?"')
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.cli.progress import model_progress
    from bot.codec import to_text
    from bot.model.conversation.answer import Question
    from bot.runtime.app import CONSOLE
    from bot.runtime.compose import open_app

    zone = settings.briefings.timezone

    async def work(activity: ModelActivity) -> Answer:
        async with open_app(settings, must_exist=True, activity=activity) as app:
            now = app.now()
            question = Question(
                text=" ".join(words),
                asked_at=now,
                scope=CONSOLE,
                as_of=moment(as_of, zone) if as_of else None,
                stories=((await app.story(story, at=now, by=CONSOLE)).story.id,) if story else (),
                timezone=zone,
            )
            return await app.ask(question)

    with model_progress() as activity:
        answer = run(work(activity))
    if json:
        typer.echo(to_text(answer))
        return
    print_answer(answer, output(), why=why)


def print_answer(answer: Answer, console: Console, *, why: bool = False) -> None:
    """Write ``answer`` to ``console``, with how it came about where ``why``."""
    from bot.chat.console import print_message
    from bot.chat.document.plain import plain
    from bot.chat.replies.answer import answer_message

    print_message(answer_message(answer), console)
    for line in answer.why if why else ():
        console.print(f"  {plain(line)}", style="dim", markup=False, highlight=False)
