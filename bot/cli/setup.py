"""What the verbs share: the configuration, the logs, and running the one async world."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.config import Config, load_config
from bot.log import set_up_logs

T = TypeVar("T")


class Choice(StrEnum):
    """Which model words the stories."""

    CONFIGURED = "configured"
    SCRIPTED = "scripted"
    NONE = "none"


MODEL_HELP = "Who words the stories: the configured model, a scripted one that needs no key, or none."

ConfigPath = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file (default: wirebrief.toml where it exists)."),
]


def configured(path: Path | None) -> Config:
    """Return the configuration, with the logs set up by it; raises ``ConfigError``."""
    config = load_config(path)
    set_up_logs(level=config.log.level, json_lines=config.log.json_lines, secrets=config.secrets)
    return config


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end in an event loop of its own."""
    return asyncio.run(work)
