"""``wirebrief run``: the bot itself."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from bot.cli.operate.setup import ConfigPath, configured
from bot.cli.operate.setup import run as run_loop
from bot.errors import ConfigError


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, then stop (for cron and the like).")
    ] = False,
    config: ConfigPath = None,
) -> None:
    """Run the bot: read feeds, post briefings, answer in chats."""
    settings = configured(config, level="info")
    from bot.store.engine import in_memory

    if in_memory(settings.database.url):
        raise ConfigError(
            "database.url: the bot cannot run on a database in memory",
            hint="Name a file: sqlite:///var/wirebrief.db",
        )
    from bot.runtime.serve import serve

    async def work() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for which in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(which, stop.set)
        await serve(settings, stop=stop, say=typer.echo, once=once)

    run_loop(work())
