"""The labels and messages around the news, by language. Pure.

A language is a file ``labels/<language>.toml`` with everything ``Phrases`` asks for, and what it says for each entry of
``replies.toml`` and ``failures.toml``. What the news itself says stays in its own words.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from bot.language.locale.base import Phrases

__all__ = ["ENGLISH", "LANGUAGES", "LANGUAGE_NAMES", "Phrases", "day_for_model", "load_languages", "phrases"]

_ENGLISH = "en"


def _labels(path: Path) -> dict[str, Any]:
    """Return the labels in the file ``path``; a list of two is a pair, for one and for several."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


# Read when the module is: messages are written in the loop, where no file may be opened. English first.
_LABELS = {
    path.stem: _labels(path)
    for path in sorted(
        Path(__file__).with_name("labels").glob("*.toml"), key=lambda path: (path.stem != _ENGLISH, path.stem)
    )
}
LANGUAGE_NAMES: dict[str, str] = {language: labels.pop("called") for language, labels in _LABELS.items()}
"""How people who speak a language call it."""
_PHRASES = {language: Phrases(**labels) for language, labels in _LABELS.items()}
LANGUAGES = tuple(_PHRASES)
ENGLISH = _PHRASES[_ENGLISH]


def phrases(language: str) -> Phrases:
    """Return the phrases of ``language``; English if it has none."""
    return _PHRASES.get(language.partition("-")[0].lower(), ENGLISH)


def day_for_model(day: date) -> str:
    """Return such as "Tue 08 July 2025", as prompts name a day."""
    return ENGLISH.formatted(day, "EEE dd MMMM y")


def load_languages() -> None:
    """Load what dates and numbers are written with, of every language: files that may not be read in an event loop."""
    for one in _PHRASES.values():
        one.short_date(date(2025, 1, 1))
        one.number(1000)
