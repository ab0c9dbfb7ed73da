"""The words that readers see beside the news itself, by language: labels, counts, days, and the states of stories. Pure.

A language is one module with everything ``Phrases`` asks for; what the news itself says stays in its own words.
"""

from __future__ import annotations

from bot.text.phrases_de import GERMAN
from bot.text.phrases_en import ENGLISH
from bot.text.phrases_es import SPANISH
from bot.text.phrases_fr import FRENCH
from bot.text.phrasing import Phrases

__all__ = ["ENGLISH", "LANGUAGES", "Phrases", "phrases"]

_PHRASES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
LANGUAGES = tuple(_PHRASES)


def phrases(language: str) -> Phrases:
    """Return the words of ``language``, English where there are none."""
    return _PHRASES.get(language.partition("-")[0].lower(), ENGLISH)
