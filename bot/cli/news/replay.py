"""``wirebrief show`` and ``wirebrief replay``: how a briefing was made, and the same briefing made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.formats import AsJson, Form, Format, format_of, print_rows
from bot.cli.news.brief import write
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import InputError
from bot.language.locale.en import counted

if TYPE_CHECKING:
    from bot.flows.briefing.replay import Replay, StoredBriefing
    from bot.llm.watched import ModelActivity
    from bot.model.briefing import Briefing
    from bot.model.record import Writing

LISTED_BRIEFINGS = 20
RECORD_KEYS = {
    "sent": "told",
    "sent_at": "told_at",
    "disposition": "fate",
}  # as readers of the JSON form know them

Name = Annotated[str, typer.Argument(metavar="BRIEFING", help="A briefing's id, or the beginning of it.")]


def show(
    name: Annotated[
        str, typer.Argument(metavar="[BRIEFING]", help="Its id, or the beginning of it (default: list them).")
    ] = "",
    form: Form = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Show a stored briefing and how it was made.

    It prints what a model was shown, what it wrote, and what the evidence check refused.
    """
    chosen = format_of(form, as_json)
    settings = configured(config)
    from bot.codec import to_text
    from bot.runtime.compose import open_app

    async def one() -> StoredBriefing:
        async with open_app(settings, must_exist=True) as app:
            return await app.stored_briefing(name)

    async def recent() -> list[tuple[str, Briefing]]:
        async with open_app(settings, must_exist=True) as app:
            return await app.store.briefings.recent(LISTED_BRIEFINGS)

    if not name:
        if chosen is Format.HTML:
            raise InputError("A list of briefings has no page", hint="Name a briefing, or use --format json")
        found = run(recent())
        if chosen is Format.JSON:
            print_rows([_listed(*each) for each in found])
            return
        if not found:
            typer.echo("No briefings yet. Make one: wirebrief brief")
        for destination, briefing in found:
            typer.echo(
                f"{briefing.id}  {briefing.made_at:%Y-%m-%d %H:%M} UTC  {destination}  {briefing.mode}"
            )
        return
    stored = run(one())
    if chosen is Format.JSON:
        typer.echo(to_text({"briefing": stored.briefing, "record": stored.record}, keys=RECORD_KEYS))
        return
    write(stored.briefing, chosen)
    if chosen is Format.TEXT:
        for line in _how(stored):
            typer.echo(line)


def replay(
    name: Name,
    again: Annotated[
        bool,
        typer.Option(
            "--ask-again", help="Ask the configured model again instead of using its recorded replies."
        ),
    ] = False,
    form: Form = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Make a briefing again from what was known then, and compare."""
    chosen = format_of(form, as_json)
    settings = configured(config)
    from bot.cli.progress import model_progress
    from bot.runtime.compose import open_app

    async def work(activity: ModelActivity) -> Replay:
        async with open_app(settings, must_exist=True, activity=activity) as app:
            return await app.replay(name, again=again)

    with model_progress() as activity:
        made = run(work(activity))
    write(made.briefing, chosen)
    for line in made.differences or ("No differences.",):
        typer.echo(line, err=chosen is not Format.TEXT)


def _listed(destination: str, briefing: Briefing) -> dict[str, object]:
    return {
        "id": briefing.id,
        "made_at": briefing.made_at,
        "channel": destination,
        "mode": briefing.mode,
        "title": briefing.title,
        "stories": len(briefing.stories),
    }


def _how(stored: StoredBriefing) -> list[str]:
    written = ["", f"How it was made ({stored.briefing.id})"]
    for writing in stored.record.writings:
        usage = writing.usage
        head = f"  {writing.story_id}: {writing.writer}"
        if usage.calls:
            head += (
                f", {counted(usage.calls, 'call')}, {usage.input_tokens:,} + {usage.output_tokens:,} tokens"
            )
        if writing.prompt:
            head += f", prompt {writing.prompt} ({writing.prompt_hash}), {counted(len(writing.passages), 'sentence')}"
        written.append(head)
        if writing.why_extracts:
            written.append(f"    quoted from the articles: {writing.why_extracts}")
        written += refused_lines(writing)
    return written


def refused_lines(writing: Writing) -> list[str]:
    """Return what the evidence check refused or corrected in ``writing``, each followed by why."""
    from bot.chat.document.plain import plain
    from bot.evidence.reasons import explain

    lines = []
    for checked in writing.checked:
        if not checked.verdict.passed or checked.verdict.repaired:
            what = "corrected" if checked.verdict.passed else f"refused ({checked.verdict.reason})"
            lines.append(plain(f"    {what}: {checked.field}: {checked.text}"))
            lines.append(plain(f"      {explain(checked.verdict)}"))
    return lines
