"""English verbs of saying, loaded once from ``rules/en/evidence/speech.toml`` for every module that needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.rules import load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "speech").words
SAYING = _WORDS["saying"]  # forms of verbs of saying
SAYING_OR_NOUN = _WORDS["saying_or_noun"]  # "reports": of "official reports" as well
SAYING_PARTICIPLES = _WORDS["saying_participle"]
SPEAKING = _WORDS["speaking"]  # asked, hoped, denied: their speaker is named, nothing is stated
VOICING = _WORDS["voicing"]  # shouted, joked: behind a quotation
SPEAKING_OF_PERSON = SPEAKING | _WORDS["speaking_of_person"]
REPORTING = _WORDS["reporting"]  # need no evidence: "said", "officials", "according"


def any_of(words: Iterable[str]) -> str:
    """Return the alternatives of a pattern that match one of ``words``, the longest first; for use within a group."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
