"""Tells which abbreviation stands for which longer name: "CDC" and the Centers for Disease Control."""

from __future__ import annotations

import re

from bot.evidence.reading.ground import Ground
from bot.language.entities.names import PARTICLES

MIN_INNER_LETTERS = 3  # of capitals that leave out a word before or behind
_CAPITALS = re.compile(r"[A-Z]{2,6}")
# A name of several words, "Ministry of Foreign Affairs and Trade"; a comma ends it: what follows is another name.
_LONG_NAME = re.compile(
    r"[A-Z][\w’'-]*(?:\s(?:(?:of|for|and|the|on|to|in|de|des|du|der|für|&)\s){0,3}[A-Z][\w’'-]*)+"
)
_FIRST_LETTER = re.compile(r"\b[A-Z]")


def is_short(name: str) -> bool:
    """Return whether ``name`` is an abbreviation in capitals."""
    return bool(_CAPITALS.fullmatch(_letters(name)))


def is_short_for(short: str, long: str) -> bool:
    """Tell whether ``short`` has the first letters of the words of ``long``, in capitals."""
    words = [w for w in re.split(r"[\s-]+", long) if w and w.casefold() not in PARTICLES]
    return is_short(short) and len(words) > 1 and "".join(w[0] for w in words).upper() == _letters(short)


def in_capitals(name: str, ground: Ground) -> bool:
    """Return whether the cited sentences have the abbreviation of ``name``: "ICC" for the International Cricket Council."""
    return any(is_short_for(word.text, name) for facts in ground.facts for word in facts.words)


def spelled_out(name: str, ground: Ground) -> bool:
    """Return whether the cited sentences spell out the abbreviation ``name``.

    For a longer name three consecutive letters are enough: "CDC" for the US Centers for Disease Control and Prevention.
    """
    letters = _letters(name)
    return is_short(name) and any(
        letters == initials or (len(letters) >= MIN_INNER_LETTERS and letters in initials)
        for facts in ground.facts
        for long in _LONG_NAME.findall(facts.text)
        for initials in ("".join(_FIRST_LETTER.findall(long)),)
    )


def _letters(name: str) -> str:
    return name.replace(".", "").replace("&", "")
