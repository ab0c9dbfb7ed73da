"""``wirebrief story`` and ``wirebrief rebuild``: show a story's timeline, and compute timelines again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.completion import channel_names
from bot.cli.formats import AsJson, ListForm, wants_json
from bot.cli.operate.setup import ConfigPath, configured, moment, run, scope_named
from bot.cli.terminal import output
from bot.language.locale.en import counted

if TYPE_CHECKING:
    from bot.flows.answer.story import StoryView


def story(
    name: Annotated[str, typer.Argument(metavar="ID", help="A story's id, or the beginning of it.")],
    as_of: Annotated[
        str, typer.Option("--as-of", help="Show what was known then, such as 2025-07-08T07:30.")
    ] = "",
    channel: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="CHANNEL",
            help="Show it as this channel sees it, with the articles of its own feeds.",
            autocompletion=channel_names,
        ),
    ] = "",
    form: ListForm = None,
    as_json: AsJson = False,
    config: ConfigPath = None,
) -> None:
    """Show the status and the timeline of a story."""
    json = wants_json(form, as_json)
    settings = configured(config)
    from bot.codec import to_text
    from bot.runtime.compose import open_app

    async def work() -> StoryView:
        async with open_app(settings, must_exist=True) as app:
            at = moment(as_of, settings.briefings.timezone) if as_of else app.now()
            return await app.story(name, at=at, by=scope_named(channel) if channel else None)

    view = run(work())
    if json:
        typer.echo(to_text(view))
    else:
        print_story(view, output())


def rebuild(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of stories (default: all).")
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Compute the timelines of stories again and count their rows."""
    settings = configured(config)
    from bot.runtime.compose import open_app

    async def work() -> tuple[int, int]:
        async with open_app(settings, must_exist=True) as app:
            chosen = ids or await app.store.stories.all_ids()
            return len(chosen), await app.rebuild(chosen)

    stories, rows = run(work())
    typer.echo(
        f"The timelines of {counted(stories, 'story', 'stories')} were computed again: {counted(rows, 'row')}"
    )


def print_story(view: StoryView, console: Console) -> None:
    """Write ``view`` to ``console``: title, timeline, then what is known now."""
    from bot.chat.console import print_moments
    from bot.chat.replies.timeline import facts, kind_and_state, marked, timeline
    from bot.model.news import STATED_DATES

    outlets = {(s.article_id, s.revision): s.outlet for s in view.sources}
    undated = {(s.article_id, s.revision) for s in view.sources if s.date_source not in STATED_DATES}
    console.print()
    count = len(view.story.article_ids)
    whose = f" · of {view.story.scope.whose}" if view.story.scope.whose else ""
    print_moments(
        view.story.title,
        f"{kind_and_state(view.ledger)} · {counted(count, 'article')} · {view.story.id}{whose}",
        tuple(marked(timeline(view.rows, outlets=outlets, timezone=view.timezone), undated)),
        tuple(marked(facts(view.ledger, outlets=outlets, timezone=view.timezone), undated)),
        console,
    )
