"""The labels and messages that readers see beside the news, by language. Pure.

A language is a module with everything ``Phrases`` asks for, named below in ``_PHRASES`` and ``LANGUAGE_NAMES``, and what
it says for each entry of ``replies.toml`` and ``failures.toml``. What the news itself says stays in its own words.
"""

from __future__ import annotations

from datetime import date

from bot.language.locale.base import Phrases
from bot.language.locale.de import GERMAN
from bot.language.locale.en import ENGLISH
from bot.language.locale.es import SPANISH
from bot.language.locale.fr import FRENCH

__all__ = ["ENGLISH", "LANGUAGES", "LANGUAGE_NAMES", "Phrases", "load_languages", "phrases"]

_PHRASES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
LANGUAGES = tuple(_PHRASES)
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""How people who speak a language call it."""


def phrases(language: str) -> Phrases:
    """Return the phrases of ``language``; English for a language without any."""
    return _PHRASES.get(language.partition("-")[0].lower(), ENGLISH)


def load_languages() -> None:
    """Load what dates and numbers are written with, of every language: files that may not be read in an event loop."""
    for one in _PHRASES.values():
        one.short_date(date(2025, 1, 1))
        one.number(1000)
