"""The words that readers see beside the news itself, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language's words."""

    was: str
    now: str
    status: str
    who: str
    figures: str
    differ: str
    next: str
    unknown: str
    sources: str
    stories: tuple[str, str]  # of one, of many

    def count(self, number: int, noun: tuple[str, str]) -> str:
        """Return such as "3 stories"."""
        return f"{number:,} {noun[number != 1]}"


ENGLISH = Phrases(
    was="Was",
    now="Now",
    status="Status",
    who="Who",
    figures="Figures",
    differ="Sources differ",
    next="Next",
    unknown="Not said",
    sources="Sources",
    stories=("story", "stories"),
)
_PHRASES = {"en": ENGLISH}


def phrases(language: str) -> Phrases:
    """Return the words of ``language``, English where there are none."""
    return _PHRASES.get(language.partition("-")[0].lower(), ENGLISH)
