"""Tell whether a question is in a language that questions are read in, from its letters and small words. Pure.

It is asked of what found no answer: in doubt a question counts as readable. A model that knows every language is not
loaded for one sentence.
"""

from __future__ import annotations

import re
import unicodedata

from bot.language.rules import languages_with
from bot.language.stems import question_language
from bot.language.words import STOP_WORDS

MIN_SMALL_WORD_CHARS = 2  # a letter alone is a small word of many languages
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OWN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz" + "äöüß" + "àâæçéèêëîïôœùûÿ" + "áíóúñ")


def is_readable(question: str) -> bool:
    """Return whether ``question`` may be in a language with rules for questions."""
    words = [unicodedata.normalize("NFC", word.group()).lower() for word in _WORD.finditer(question)]
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
