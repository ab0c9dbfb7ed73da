"""Detect the language of a text, or return nothing: by its small words, else by a model that is loaded when first needed.

Call it in a worker: loading the model takes half a second and 130 MB, so a process whose texts are plain has none.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import Any

from bot.language.words import STOP_WORDS

LANGUAGE_SAMPLE_CHARS = 2000  # characters looked at
MIN_TEXT_LETTERS = 20  # fewer letters than this are not enough evidence
MIN_LANGUAGE_PROBABILITY = 0.80  # probability below which the answer is "unknown"
# Languages without a near relative that has no list of small words: Galician could be taken for Portuguese.
KNOWN_BY_SMALL_WORDS = ("de", "en", "fr", "it")
MIN_LANGUAGE_WORDS = 8  # different small words of a language that tell it
MIN_SMALL_WORD_SHARE = 0.3  # of all words of a text
MIN_LEAD = 3  # times as many as any other language has
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of ``text``, or an empty string when there is too little to tell."""
    sample = text[:LANGUAGE_SAMPLE_CHARS]
    if sum(character.isalpha() for character in sample) < MIN_TEXT_LETTERS:
        return ""
    if known := _known_by_small_words(sample):
        return known
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= MIN_LANGUAGE_PROBABILITY else ""


def _known_by_small_words(sample: str) -> str:
    """Return the language whose small words are many in ``sample``, while those of others are few; else nothing."""
    counted = Counter(_WORD.findall(sample.lower()))
    held = {language: counted.keys() & small for language, small in STOP_WORDS.items()}
    counts = {language: sum(counted[word] for word in words) for language, words in held.items()}
    (best, most), (_, next_most) = sorted(counts.items(), key=lambda item: -item[1])[:2]
    is_known = (
        best in KNOWN_BY_SMALL_WORDS
        and len(held[best]) >= MIN_LANGUAGE_WORDS
        and most >= max(MIN_SMALL_WORD_SHARE * counted.total(), MIN_LEAD * next_most)
    )
    return best if is_known else ""


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 130 MB, only where used

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
