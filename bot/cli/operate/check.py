"""``wirebrief check``: test the configuration and report every problem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.formats import AsJson, ListForm, print_rows, wants_json
from bot.cli.operate.setup import ConfigPath, configured, run
from bot.errors import ConfigError, StoreError
from bot.inline import in_words

if TYPE_CHECKING:
    from bot.config import Config
    from bot.llm.watched import ModelActivity
    from bot.runtime.app import App

Finding = tuple[str, str]
"""A mark and a sentence."""

WRONG = "✗"
STATES = {"✓": "right", WRONG: "wrong", "•": "note"}


def check(form: ListForm = None, as_json: AsJson = False, config: ConfigPath = None) -> None:
    """Check the configuration, database, model and channels."""
    found = _configuration(config)
    settings = None if found else configured(config)
    if settings:
        from bot.cli.progress import model_progress

        with model_progress() as activity:
            found = [("✓", "configuration"), *run(_examined(settings, activity))]
    found = [(mark, in_words(sentence)) for mark, sentence in found]
    if wants_json(form, as_json):
        print_rows([{"state": STATES[mark], "found": sentence} for mark, sentence in found])
    else:
        for mark, sentence in found:
            typer.echo(f"{mark} {sentence}", err=mark == WRONG)
    if any(mark == WRONG for mark, _ in found):
        raise typer.Exit(1)


def _configuration(path: Path | None) -> list[Finding]:
    """Return every mistake of the configuration."""
    try:
        configured(path)
    except ConfigError as error:
        hint = [("•", error.hint)] if error.hint else []
        return [*((WRONG, problem) for problem in error.problems or (error.message,)), *hint]
    return []


async def _examined(settings: Config, activity: ModelActivity) -> list[Finding]:
    """Return what the database holds, and whether model, encoder and channels work, also without a database."""
    from bot.runtime.compose import open_app

    try:
        async with open_app(settings, must_exist=True, activity=activity) as app:
            return [*await _database(app), *await _others(app)]
    except StoreError as error:
        broken = (WRONG, f"database: {error}")
    async with open_app(settings, archive=False, activity=activity) as app:
        return [broken, *await _others(app)]


async def _database(app: App) -> list[Finding]:
    from bot.blocking import run_blocking
    from bot.chat.replies.last_ingest import ingest_line, set_aside_lines
    from bot.flows.ingest.state import ingest_state
    from bot.language.locale.en import counted
    from bot.store.engine import location

    feeds, articles = len(await app.store.feeds.all()), await app.store.articles.count()
    where = await run_blocking(location, app.config.database.url)
    found = [("✓", f"database: {counted(feeds, 'feed')}, {counted(articles, 'article')} ({where})")]
    if not feeds:
        found.append(("•", "no feeds yet: wirebrief feeds import world"))
    state = await ingest_state(app.store, now=app.now(), by=None)
    if feeds:
        found.append((WRONG if state.failed else "✓", f"last ingest: {ingest_line(state)}"))
    found += [("•", f"set aside: {line}") for line in set_aside_lines(state)]
    if state.set_aside:
        found.append(("•", "try what was set aside again: wirebrief ingest --retry"))
    return found


async def _others(app: App) -> list[Finding]:
    from bot.runtime.checks import examine_chats, examine_encoder, examine_model
    from bot.runtime.compose import open_chats

    found = [*await examine_model(app), *await examine_encoder(app)]
    try:
        async with open_chats(app.config, store=app.store) as chats:
            found += [line async for line in examine_chats(app, chats)]
    except ConfigError as error:
        found.append((WRONG, str(error)))
    return found
