"""Role words of people, the nouns and their modifiers, by which roles are recognised. English."""

from __future__ import annotations

import re

from bot.language.rules import load_rules
from bot.language.words import content_terms

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "people").words
ROLE_NOUNS = _WORDS["role"]
MODIFIERS = _WORDS["modifier"]
OFFICES = _WORDS["office"]  # offices of a state: their country is that of the holder

MAX_BESIDE_CHARS = 50  # before and behind a name, in which its role may stand
SAID_ROLE_SHARE = 0.5  # share of the words of a role that stand there where a text tells it


def says_who(text: str, *, name: str, role: str) -> bool:
    """Tell whether ``text`` has the ``role`` of ``name`` beside the name: from the other end of a sentence a reader does not learn it."""
    terms = set(content_terms(role))
    return any(
        len(
            terms
            & set(content_terms(text[max(0, at.start() - MAX_BESIDE_CHARS) : at.end() + MAX_BESIDE_CHARS]))
        )
        >= SAID_ROLE_SHARE * len(terms)
        for at in re.finditer(re.escape(name), text)
    )


def role_beside(text: str, role: str) -> str:
    """Return ``role`` as it stands behind a name in ``text``: without the body or place that the text names, "spokesman" of "spokesman of the Port"."""
    head, _, body = role.partition(" of ")
    named = set(content_terms(body))
    return head if named and named <= set(content_terms(text)) else role
