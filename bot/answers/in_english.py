"""Translate a German, French or Spanish question into English with word lists, so that it finds English news. Pure.

"Wie viele Menschen sind beim Sturm Ilsa gestorben?" ──▶ "how many people storm Ilsa died?"
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from bot.language.question_language import question_language
from bot.language.rules import languages_with, load_rules
from bot.language.words import fold, stop_words

ASKING_RULES = "asking"
MAX_TRANSLATED_PHRASE_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ELIDED = re.compile(r"^[dl]['’]", re.IGNORECASE)  # "l'attaque", "d'Odessa"
# Read when the module is: questions are read in the loop, where no file may be opened.
_WORDS = {
    language: {
        phrase: sense for sense, words in load_rules(language, ASKING_RULES).words.items() for phrase in words
    }
    for language in languages_with(ASKING_RULES)
}


def in_english(text: str) -> str:
    """Return the question ``text`` with known words in English and names unchanged; "" for an English question.

    Unknown words stay, so that they are searched too: a half-understood question must not be answered by its other half.
    """
    said = [match.group() for match in _WORD.finditer(text)]
    language = question_language(text)
    if language == "en":
        language = _beside_names(said)
    if language not in _WORDS:
        return ""
    found: list[str] = []
    place = 0
    while place < len(said):
        length, sense = _known_phrase(tuple(said[place : place + MAX_TRANSLATED_PHRASE_WORDS]), language)
        if sense:
            found.append(sense)
        elif fold(said[place]) not in _small(language):
            found.append(_ELIDED.sub("", said[place]))
        place += length
    return f"{' '.join(found)}?" if found else ""


def _beside_names(said: Sequence[str]) -> str:
    """Return the language of ``said`` if it consists of words of that language and names, as "tempête Ilsa"; else ""."""
    for language, known in _WORDS.items():
        own = [word for word in said if fold(word) in known]
        others = [word for word in said if fold(word) not in known]
        if own and others and all(word[:1].isupper() for word in others):
            return language
    return ""


def _known_phrase(words: tuple[str, ...], language: str) -> tuple[int, str]:
    """Return how many of ``words`` are a known phrase, and its meaning; one word without meaning if none is."""
    for length in range(len(words), 0, -1):
        phrase = " ".join(words[:length])
        if sense := _WORDS[language].get(fold(phrase)) or _WORDS[language].get(fold(_ELIDED.sub("", phrase))):
            return length, sense
    return 1, ""


@functools.cache
def _small(language: str) -> frozenset[str]:
    return frozenset(map(fold, stop_words(language)))
