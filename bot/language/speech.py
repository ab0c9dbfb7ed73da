"""English verbs of saying, loaded once from ``rules/en/grammar/saying.toml`` for every module that needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.rules import load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "saying").words
SAYING = _WORDS["states"]  # forms of verbs of saying
SAYING_TENSED = _WORDS["tensed"]  # without "say" and "tell"
SAYING_OR_NOUN = _WORDS["noun too"]  # "reports": of "official reports" as well
SAYING_PARTICIPLES = _WORDS["participle"]
SPEAKING = _WORDS["speaking"]  # asked, hoped, denied: their speaker is named, nothing is stated
VOICING = _WORDS["voicing"]  # shouted, joked: behind a quotation
NOT_ATTRIBUTING = _WORDS["not attributing"]  # replied, called: they do not mark a sentence as somebody's word
ACCORDING = _WORDS["according"]  # "according to": before a speaker, without a verb
# Need no evidence: "said", "officials", "according".
REPORTING = load_rules("en", "speech").words["reporting"]


def any_of(words: Iterable[str]) -> str:
    """Return the alternatives of a pattern that match one of ``words``, the longest first; for use within a group."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
