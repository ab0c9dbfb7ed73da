"""The forms of a name: its core, its parts, and whether a text has it in any form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evidence.reading.facts import Facts, feast
from bot.evidence.reading.ground import countries, country_named
from bot.evidence.reading.short_names import is_short_for
from bot.evidence.reading.slots import Name
from bot.language.entities.names import NO_NAMES, PARTICLES, same_name
from bot.language.entities.roles import MODIFIERS, ROLE_NOUNS
from bot.language.rules import load_rules
from bot.language.words import fold, stem

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "short_forms").words
_TITLES = (ROLE_NOUNS | MODIFIERS | _WORDS["address"]) - _WORDS["no title"]
_PLURAL = re.compile(r"[A-Z]{2,}s")  # "IITs" of an IIT
_PLURAL_NAME = re.compile(r"[A-Z][\w’'-]{2,}s")
_PLAIN_ENDS = (
    "s",
    "ing",
    "ed",
    "ly",
    "ical",
    "able",
    "ive",
    "ous",
    "ful",
    "less",
    "est",
    "er",
    "ian",
    "ese",
    "ish",
    "al",
)
_SAID_BY = {"twitter": "tweet", "facebook": "post", "instagram": "post"}


def core_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without titles."""
    words = [re.sub(r"['’]s?$", "", fold(w)).replace(".", "").replace("’", "'") for w in name.split()]
    return _untitled(tuple(w for w in words if w and w != "the"))


def pieces(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return "South Korean President Moon" or "Broadcom CEO Hock Tan" as the country or body and the person."""
    for i, word in enumerate(words):
        if word in _TITLES and 0 < i < len(words) - 1:
            return [words[:i], *pieces(_untitled(words[i:]))]
    if "of" in words:  # "Mara Lindqvist of Norvik"
        at = words.index("of")
        return [words[:at], words[at + 1 :]]
    for size in (3, 2, 1):
        if len(words) > size and country_named(words[:size]):
            rest = _untitled(words[size:])
            return [words[:size], rest] if rest else [words[:size]]
    return [words]


def _untitled(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and (words[0] in _TITLES or words[0] in PARTICLES):
        words = words[1:]
    return words


def same(words: tuple[str, ...], core: tuple[str, ...], one: str, other: str) -> bool:
    """Return whether two names, as cores and as printed, can mean the same."""
    if words == core or same_name(" ".join(words), " ".join(core)):
        return True
    country = country_named(words)
    return (
        (bool(country) and country == country_named(core))
        or is_short_for(one, other)
        or is_short_for(other, one)
    )


def is_held(words: tuple[str, ...], name: Name | None, facts: Facts) -> bool:
    """Return whether ``facts`` have the name itself, a variant or its country."""
    if has_phrase(words, facts) or (
        name is not None
        and (_PLURAL.fullmatch(name.text) or _PLURAL_NAME.fullmatch(name.text))
        and has_phrase((*words[:-1], words[-1][:-1]), facts)
    ):
        return True
    country = country_named(words)
    if country:
        return country in countries(tuple(w.folded for w in facts.words))
    if words[0] in _SAID_BY and any(w.stem == _SAID_BY[words[0]] for w in facts.words):
        return True
    date = feast(name.text) if name else None
    if date and any((s[0].month, s[0].day) == date and s[0] == s[1] for day in facts.days for s in day.spans):
        return True
    significant = [w for w in words if w not in PARTICLES]
    if len(significant) > 1 and all(
        any(w == f or stem(w) == stem(f) for f in facts.folded) for w in significant
    ):
        return True
    for theirs in facts.names:
        core = core_of(theirs.text)
        # A surname alone does not hold a first name.
        if core and (len(words) == 1 or len(core) > 1) and same_name(" ".join(words), " ".join(core)):
            return True
    return (
        len(words) > 1
        and name is not None
        and name.first
        and is_held(words[1:], None, facts)
        and not _capital_elsewhere(words[0], facts)
        and _is_plain(words[0], facts)
    )


def _capital_elsewhere(word: str, facts: Facts) -> bool:
    return any(word in core_of(n.text) for n in facts.names if not n.first)


def _is_plain(word: str, facts: Facts) -> bool:
    """Tell whether ``word``, with a capital at the beginning, is likely no name: "Embattled Kestrel", not "Velmar Kestrel"."""
    lower = any(w.folded == word or w.stem == stem(word) for w in facts.words if w.text.islower())
    return lower or word in NO_NAMES or word in MODIFIERS or word.endswith(_PLAIN_ENDS)


def has_phrase(words: tuple[str, ...], facts: Facts) -> bool:
    """Return whether ``facts`` have ``words`` side by side, with hyphens, dots and spaces between them ignored."""
    theirs = _split(w.folded for w in facts.words)
    words = tuple(_split(words))
    size = len(words)
    if any(tuple(theirs[i : i + size]) == words for i in range(len(theirs) - size + 1)):
        return True
    joined = "".join(words).replace("-", "").replace("'", "")
    return len(joined) > 3 and any(
        "".join(theirs[i : i + n]).replace("-", "").replace("'", "") == joined
        for n in {size, size + 1, max(1, size - 1)}
        for i in range(len(theirs) - n + 1)
    )


def _split(words: Iterable[str]) -> list[str]:
    """Return ``words`` without dots, parted at hyphens: "Rodong-class" names the Rodong."""
    return [piece for w in words for piece in w.replace(".", "").replace("’", "'").split("-") if piece]
