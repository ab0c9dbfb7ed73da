"""Role words of people, the nouns and their modifiers, by which roles are recognised. English."""

from __future__ import annotations

from bot.language.rules import load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "people").words
ROLE_NOUNS = _WORDS["role"]
MODIFIERS = _WORDS["modifier"]
OFFICES = _WORDS["office"]  # offices of a state: their country is that of the holder
