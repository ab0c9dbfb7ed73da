"""Split the wording of a question: what it says before it asks, and the words for the kind of thing asked for. Pure.

"A park is a great place. Which city built the first one?" ──▶ before: "A park is a great place." · kind: "city"
"""

from __future__ import annotations

import functools
import re

from bot.language.rules import load_rules
from bot.language.words import stop_words

MAX_KIND_WORDS = 4
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'(])")
_KIND = re.compile(
    r"\b(?:which|what)\s(?:of\s(?:the\s)?(?:following\s)?)?(?P<rest>[\w'’-]+(?:\s[\w'’-]+){0,5})",
    re.IGNORECASE,
)
# Read when the module is: questions are read in the loop, where no file may be opened.
_RECENT = load_rules("en", "asked").pattern("recent")


def before_asking(text: str) -> str:
    """Return the sentences of ``text`` before the one that asks; "" if there is only one."""
    sentences = _SENTENCE.split(text)
    return " ".join(sentences[:-1])


def kind_words(text: str) -> tuple[str, ...]:
    """Return the words after "which" or "what" that name a kind of thing; an answer seldom repeats them."""
    found = _KIND.search(text)
    if not found:
        return ()
    words: list[str] = []
    for word in found["rest"].split():
        plain = word.lower().strip("'’")
        if not word[:1].islower() or plain in _STOPS or _is_verb(plain) or len(words) == MAX_KIND_WORDS:
            break
        words.append(plain.removesuffix("'s").removesuffix("’s"))
    return tuple(words)


def asks_of_now(text: str) -> bool:
    """Tell whether ``text`` asks for what is new."""
    return bool(_RECENT.search(text))


_STOPS = stop_words("en") | {"made", "is", "of"}


def _is_verb(word: str) -> bool:
    return word in _past_forms() or (word.endswith("ed") and len(word) > 4)


@functools.cache
def _past_forms() -> frozenset[str]:
    lists = load_rules("en", "irregular").words
    return frozenset(form for sense, forms in lists.items() for form in forms if form != sense)
