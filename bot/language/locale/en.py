"""How many of something, in English: for operators."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``number`` with ``noun`` or its ``plural``, by default with an "s": "1 feed", "2,000 feeds"."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
