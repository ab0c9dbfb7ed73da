"""Write the first configuration file of a new bot from a few answers. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterAnswers:
    """The answers of the set-up questions.

    ``settings`` are the keys of the platform's table, ``webhook`` the name of a webhook's table.
    """

    platform: str
    timezone: str
    settings: Mapping[str, str] = field(default_factory=dict)
    webhook: str = ""
    database: str = ""  # address, where it is not the default


def starter_config(answers: StarterAnswers, *, written: date) -> str:
    """Return the file, with only the keys that differ from the defaults."""
    tables: list[tuple[str, Mapping[str, str]]] = [("briefings", {"timezone": answers.timezone})]
    if answers.database:
        tables.insert(0, ("database", {"url": answers.database}))
    if answers.settings:
        name = f"webhooks.{answers.webhook}" if answers.webhook else answers.platform
        tables.append((name, answers.settings))
    head = (
        f"# Written by wirebrief init on {written:%Y-%m-%d}. Every other key has its default: docs/configuration.md lists them,\n"
        "# wirebrief check tests what is here. The file may hold tokens: keep it readable by the bot's user alone.\n"
    )
    return (
        head
        + "".join(
            f"\n[{name}]\n" + "".join(f"{key} = {_quoted(value)}\n" for key, value in keys.items())
            for name, keys in tables
        )
        + _later(answers)
    )


def _later(answers: StarterAnswers) -> str:
    """Return what an operator will want next, as comments."""
    channel = {"console": "webhook:ops", "webhook": "webhook:ops"}.get(
        answers.platform, f"{answers.platform}:…/…"
    )
    return (
        "\n# A language model writes the stories; without one they are quoted from the articles (docs/models.md).\n"
        "# [model]\n"
        '# name = "…"\n'
        '# base_url = "https://api.openai.com/v1"\n'
        "\n# Where admins get notices; until then they are in the log only.\n"
        "# [run]\n"
        f'# admin_channel = "{channel}"\n'
    )


def _quoted(text: str) -> str:
    """Return ``text`` as a TOML string; it holds no control characters."""
    return json.dumps(text, ensure_ascii=False)
