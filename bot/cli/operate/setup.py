"""Shared by the verbs: the configuration, the logs, and the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.config import Config, load_config
from bot.errors import InputError
from bot.log import set_up_logs
from bot.model.chat import Channel
from bot.model.scope import SHARED, Scope

T = TypeVar("T")


class Choice(StrEnum):
    """Which model writes the stories."""

    CONFIGURED = "configured"
    SCRIPTED = "scripted"
    NONE = "none"


MODEL_HELP = "Which model writes: the configured one, a scripted one that needs no key, or none."

ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Configuration file (default: wirebrief.toml, if it exists).", dir_okay=False
    ),
]


def configured(path: Path | None, *, level: str = "warning") -> Config:
    """Return the configuration, with the logs set up by it; raises ``ConfigError``.

    ``level`` is that of the log where the configuration names none: a verb prints its result, and what went wrong.
    """
    config = load_config(path)
    asked = config.log.level if "level" in config.log.model_fields_set else level
    set_up_logs(level=asked, json_lines=config.log.json_lines, secrets=config.secrets)
    return config


def records_usage(config: Config) -> bool:
    """Tell whether what a model costs is recorded, for verbs that store nothing else and make no database.

    Where a ceiling is set it has to be: a verb that did not count would pass it.
    """
    from bot.store.engine import may_exist

    return bool(config.model.name) and (may_exist(config.database.url) or has_ceiling(config))


def has_ceiling(config: Config) -> bool:
    """Tell whether a model may cost only so much."""
    return any(config.budget.model_dump(exclude={"questions_share"}).values())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end in an event loop of its own."""
    return asyncio.run(work)


def scope_named(channel: str) -> Scope:
    """Return what may be read in the channel written as ``channel``, what is shared for none; raises ``InputError``."""
    try:
        return Channel.read(channel).scope if channel else SHARED
    except ValueError as error:
        raise InputError(
            f"{channel!r} is not a channel", hint="Write it as wirebrief subscriptions shows it"
        ) from error


def moment(text: str, timezone: str) -> datetime:
    """Return the time written as ``text``, a day's end for a day alone; raises ``InputError``."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a date", hint="Write 2025-07-08 or 2025-07-08T07:30") from error
    if len(text) == len("2025-07-08"):
        at = at.replace(hour=23, minute=59, second=59)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
