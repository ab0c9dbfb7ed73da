"""Tell whether a line names a person, a body or a place. Pure.

A status is read by itself, often days later: "Boy found dead after a four-day rescue" could be any boy.
"""

from __future__ import annotations

import re

from bot.evidence.reading.facts import CALENDAR
from bot.evidence.reading.ground import Ground
from bot.language.entities.names import NameSpan, find_names


def is_nameless(line: str, ground: Ground) -> bool:
    """Return whether ``line`` has no name, although its sentences or their titles have one.

    Its first word counts unless the articles of ``ground`` have it without a capital. In a script without capitals the
    answer is False.
    """
    if not any(c.islower() for c in line):
        return False
    texts = [sentence.text for article in ground.articles for sentence in article.sentences]
    return not any(_is_name(name, line, texts) for name in find_names(line)) and any(
        _names(facts.text) for facts in (*ground.facts, *ground.around)
    )


def _is_name(name: NameSpan, line: str, texts: list[str]) -> bool:
    if name.text.casefold() in CALENDAR:
        return False
    if re.search(r"\w", line[: name.start]) or " " in name.text:
        return True
    word = re.compile(rf"(?<!\w){re.escape(name.text.lower())}(?!\w)")
    return not any(word.search(text) for text in texts)


def _names(sentence: str) -> bool:
    """Tell whether ``sentence`` has a name behind its first word."""
    return any(n.start and n.text.casefold() not in CALENDAR for n in find_names(sentence))
