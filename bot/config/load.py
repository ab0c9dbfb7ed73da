"""Read the configuration: a TOML file, then the environment; every mistake is reported at once, by key.

A key ``[fetch] page_deadline`` is overridden by ``WIREBRIEF_FETCH_PAGE_DEADLINE``, or read from the file that
``WIREBRIEF_FETCH_PAGE_DEADLINE_FILE`` names, as container secrets are.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.sections import Config, known_keys
from bot.errors import ConfigError, as_clause
from bot.language.cleaning.clean import is_clean
from bot.language.locale.en import counted

DEFAULT_PATH = Path("wirebrief.toml")
ENVIRONMENT_PREFIX = "WIREBRIEF_"
_HOOK = re.compile(r"WIREBRIEF_WEBHOOKS_(?P<name>[A-Z0-9_]+?)_(?P<key>URL|STYLE|LOOKUP|IDEMPOTENT|SECRET)")
# Environment variables that the program reads directly; they are not configuration keys.
RESERVED = frozenset({"WIREBRIEF_CONFIG", "WIREBRIEF_DATA", "WIREBRIEF_PYTHON"})


def load_config(path: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration of ``path`` (default: ``wirebrief.toml`` if it exists) and the environment.

    Raises ``ConfigError`` whose ``problems`` lists every mistake as ``key: what is wrong (hint)``.
    """
    environ = os.environ if environ is None else environ
    named = path or (Path(environ["WIREBRIEF_CONFIG"]) if environ.get("WIREBRIEF_CONFIG") else None)
    data = _read_file(named or DEFAULT_PATH, must_exist=named is not None)
    problems = [*_overlay(data, environ), *_unclean(data)]
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        problems += [_sentence(detail) for detail in error.errors(include_url=False)]
        config = Config()
    if problems:
        raise ConfigError(
            f"The configuration has {counted(len(problems), 'mistake')}: {'; '.join(problems)}",
            hint="See config/wirebrief.example.toml for every key",
            problems=tuple(problems),
        )
    return config


def _read_file(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if not must_exist:
            return {}
        raise ConfigError(
            f"There is no configuration file {str(path)!r}", hint="Check the path or leave it out"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{str(path)!r} is not valid TOML: {error}", hint="Correct that line") from error
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def _overlay(data: dict[str, Any], environ: Mapping[str, str]) -> Iterator[str]:
    """Lay environment values over ``data``; yield a sentence for each name that fits no key."""
    keys = {
        f"{ENVIRONMENT_PREFIX}{t}_{k}".upper(): (t, k, default)
        for t, k, default, _ in known_keys()
        if t != "outlets"
    }
    for name, raw in sorted(environ.items()):
        if not name.startswith(ENVIRONMENT_PREFIX) or name in RESERVED:
            continue
        base = name.removesuffix("_FILE")
        hook = _HOOK.fullmatch(base)
        if hook:
            keys[base] = (f"webhooks.{hook['name'].lower()}", hook["key"].lower(), "")
        if base not in keys:
            yield f"{name}: unknown environment variable{_nearest(name, keys)}"
            continue
        table, key, default = keys[base]
        value = raw
        if base != name:
            try:
                value = Path(raw).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                yield f"{name}: the file it names cannot be read"
                continue
        section: Any = data
        for step in table.split("."):
            section = section.setdefault(step, {}) if isinstance(section, dict) else None
        if isinstance(section, dict):
            section[key] = (
                [part for part in value.split(",") if part] if isinstance(default, tuple) else value
            )


def _unclean(value: object, key: str = "") -> Iterator[str]:
    """Yield a sentence for each text that holds what no outside text may: it would be kept and shown."""
    if isinstance(value, str) and not is_clean(value):
        yield f"{key}: holds control or invisible characters"
    elif isinstance(value, dict):
        for name, held in value.items():
            yield from _unclean(held, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list):
        for held in value:
            yield from _unclean(held, key)


def _nearest(name: str, known: Mapping[str, object] | list[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]}?)" if close else ""


def _sentence(detail: Any) -> str:
    location = [str(part) for part in detail["loc"]]
    key = ".".join(location)
    if detail["type"] == "extra_forbidden":
        if len(location) == 1:
            return f"{key}: unknown table{_nearest(key, list(Config.model_fields))}"
        siblings = [f"{table}.{name}" for table, name, _, _ in known_keys()]
        return f"{key}: unknown key{_nearest(key, siblings)}"
    message = str(detail["msg"]).removeprefix("Value error, ")
    sentence = f"{key}: {as_clause(message)}"
    # A database address can carry a password, a key is one.
    secret = key == "database.url" or key.endswith(("_key", ".url", "secret", "token", "proxy"))
    return sentence if secret else f"{sentence}, not {detail['input']!r}"
