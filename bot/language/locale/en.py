"""How many of something, in English: for operators."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return ``number`` of a regular ``noun`` in words for operators: "1 feed", "2,000 feeds"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
