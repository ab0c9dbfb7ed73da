"""``wirebrief check``: test the configuration and report every problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from bot.llm.watched import ModelActivity


def check(config: ConfigPath = None) -> None:
    """Check the configuration, database, model and channels."""
    try:
        settings = configured(config)
    except ConfigError as error:
        for problem in error.problems or (error.message,):
            typer.echo(f"✗ {problem}", err=True)
        if error.hint:
            typer.echo(error.hint, err=True)
        raise typer.Exit(1) from error
    from bot.chat.replies.last_ingest import ingest_line, set_aside_lines
    from bot.cli.progress import model_progress
    from bot.flows.ingest.state import ingest_state
    from bot.language.locale.en import counted
    from bot.runtime.checks import examine_chats, examine_encoder, examine_model
    from bot.runtime.compose import open_app, open_chats

    async def look(activity: ModelActivity) -> tuple[int, int, list[tuple[str, str]]]:
        async with open_app(settings, activity=activity) as app:
            feeds, articles = len(await app.store.feeds.all()), await app.store.articles.count()
            state = await ingest_state(app.store, now=app.now(), by=None)
            found = [("✗" if state.failed else "✓", f"last ingest: {ingest_line(state)}")] if feeds else []
            found += [("•", f"set aside: {line}") for line in set_aside_lines(state)]
            if state.set_aside:
                found.append(("•", "try what was set aside again: wirebrief ingest --retry"))
            found += [*await examine_model(app), *await examine_encoder(app)]
            try:
                async with open_chats(settings, store=app.store) as chats:
                    found += [line async for line in examine_chats(app, chats)]
            except ConfigError as error:
                found.append(("✗", str(error)))
            return feeds, articles, found

    typer.echo("✓ configuration")
    try:
        with model_progress() as activity:
            feeds, articles, found = run(look(activity))
    except StoreError as error:
        typer.echo(f"✗ database: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"✓ database: {counted(feeds, 'feed')}, {counted(articles, 'article')}")
    if not feeds:
        typer.echo("• no feeds yet: wirebrief feeds import world")
    for mark, sentence in found:
        typer.echo(f"{mark} {sentence}", err=mark == "✗")
    if any(mark == "✗" for mark, _ in found):
        raise typer.Exit(1)
