"""The country or government that a word stands for: Israeli is Israel, DPRK is North Korea."""

from __future__ import annotations

from bot.language.rules import load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "demonyms").words
_PEOPLE, _SEATS, _NO_COUNTRY = "of ", "seat of ", "of no one country"


def _countries(prefix: str) -> dict[str, str]:
    return {
        word: sense.removeprefix(prefix)
        for sense, words in _WORDS.items()
        if sense.startswith(prefix) and sense != _NO_COUNTRY
        for word in words
    }


_SEAT = _countries(_SEATS)
_NAMES = {name: {name, *words} for name, words in _WORDS.items() if not name.startswith((_PEOPLE, _SEATS))}
_COUNTRY = (
    _countries(_PEOPLE)
    | {country: country for country in {*_countries(_PEOPLE).values(), *_SEAT.values()}}
    | {word: name for name, words in _NAMES.items() for word in words}
)


def demonyms_of(language: str) -> frozenset[str]:
    """Return the demonyms of a country in ``language``; empty if unknown."""
    senses = load_rules(language, "demonyms").words.items()
    return frozenset(word for sense, words in senses if sense.startswith(_PEOPLE) for word in words)


DEMONYMS = demonyms_of("en")


def country_of(name: str) -> str:
    """Return the country that ``name`` (folded, without dots) names or derives from, else an empty string."""
    return _COUNTRY.get(name, "")


def governed_from(name: str) -> str:
    """Return the country whose government ``name``, a capital (folded), can stand for, else an empty string."""
    return _SEAT.get(name, "")
