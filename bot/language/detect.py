"""Detect the language of a text, or return nothing. The model is loaded when first needed: call it in a worker."""

from __future__ import annotations

import functools
from typing import Any

LANGUAGE_SAMPLE_CHARS = 2000  # characters looked at
MIN_TEXT_LETTERS = 20  # fewer letters than this are no evidence
MIN_LANGUAGE_PROBABILITY = 0.80  # probability below which the answer is "unknown"


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of ``text``, or an empty string when there is too little to tell."""
    sample = text[:LANGUAGE_SAMPLE_CHARS]
    if sum(character.isalpha() for character in sample) < MIN_TEXT_LETTERS:
        return ""
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= MIN_LANGUAGE_PROBABILITY else ""


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 130 MB, only where used

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
