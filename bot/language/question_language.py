"""Detect the language of a question, and whether questions are read in it. Pure.

A model that knows every language is not loaded for one sentence.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from bot.language.rules import languages_with, load_rules
from bot.language.words import STOP_WORDS, fold, stop_words

MIN_SMALL_WORD_CHARS = 2  # a letter alone is a small word of many languages
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OWN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz" + "äöüß" + "àâæçéèêëîïôœùûÿ" + "áíóúñ")
# Read when the module is: questions are read in the loop, where no file may be opened.
_ASKING = {
    language: frozenset[str]().union(*load_rules(language, "asking").words.values())
    for language in languages_with("asking")
}


def question_language(text: str) -> str:
    """Return the language of which ``text`` has most small words and question words; English if none has clearly more.

    One word beside others tells none: it may be a name's.
    """
    return line_language(text) or "en"


def line_language(text: str) -> str:
    """Return the language of which ``text`` has most small words, among those with a list of them; empty if that is not clear."""
    said = [fold(match.group()) for match in _WORD.finditer(text)]
    held = {language: sum(word in _known(language) for word in said) for language in STOP_WORDS}
    language = max(held, key=lambda language: (held[language], language == "en"))
    return language if said and (held[language] > 1 or held[language] == len(said)) else ""


def is_readable(question: str) -> bool:
    """Return whether ``question`` may be in a language with rules for questions.

    It is asked of what found no answer: in doubt a question counts as readable.
    """
    words = [unicodedata.normalize("NFC", word.group()).lower() for word in _LETTERS.finditer(question)]
    letters = [letter for word in words for letter in word if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if 2 * latin < len(letters):
        return False
    read = languages_with("intents")
    if question_language(question) not in read:
        return False
    small = {word for language in read for word in STOP_WORDS.get(language, ())}
    known = any(len(word) >= MIN_SMALL_WORD_CHARS and word in small for word in words)
    return known or all(letter in _OWN_LETTERS for letter in letters)


@functools.cache
def _known(language: str) -> frozenset[str]:
    return stop_words(language) | _ASKING.get(language, frozenset())
