"""Write every key out: the example file, the table of docs/configuration.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config.sections import known_keys
from bot.config.time_limits import DEFAULT_LIMITS, TimeLimits


def packaged(name: str) -> Path:
    """Return the file or folder ``name`` of ``config/``: in the installed package, else in the checkout."""
    root = Path(__file__).parent.parent
    installed = root / "data" / "config"
    return (installed if installed.is_dir() else root.parent / "config") / name


def example() -> str:
    """Return the example file: every key with its default and one line on its meaning."""
    lines = [
        "# Wirebrief configuration: every key with its default. Copy to wirebrief.toml, keep what you change."
    ]
    table = ""
    for name, key, default, why in known_keys():
        named = name in {"webhooks.NAME", "outlets"}
        if name != table:
            lines += ["", "# Any number of these:", f"# [{name}]"] if named else ["", f"[{name}]"]
            table = name
        value = list(default) if isinstance(default, tuple) else default
        value = _plain(value)
        written = f"{key} =" if value is None else f"{key} = {json.dumps(value, ensure_ascii=False)}"
        written = f"# {written}" if named or value is None else written
        lines += [f"# {why}", written]
    return "\n".join(lines) + "\n"


def reference() -> str:
    """Return the tables of docs/configuration.md: every key with its default and meaning, and the waits for a model."""
    rows = ["| Key | Default | Meaning |", "|---|---|---|"]
    for table, key, default, why in known_keys():
        value = list(default) if isinstance(default, tuple) else _plain(default)
        value = "" if table == "outlets" else value
        shown = "not sent" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"
        rows.append(f"| `{table}.{key}` | {shown} | {why} |")
    return "\n".join([*rows, "", "## How long a model is waited for", "", *_waits()]) + "\n"


def _waits() -> list[str]:
    """Return the table of waits: each limit with its share of ``model.deadline``, and its seconds by default."""
    rows = ["| Wait | `model.deadline` × | By default |", "|---|---|---|"]
    for name, limit in vars(TimeLimits).items():
        if isinstance(limit, property):
            share, seconds = getattr(TimeLimits(deadline=1.0), name), getattr(DEFAULT_LIMITS, name)
            rows.append(f"| {' '.join((limit.__doc__ or '').split())} | {share:.3g} | {seconds:g} s |")
    return rows


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
