"""Finds the acts of saying in a text, with the speaker of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.entities.names import find_names
from bot.language.rules import any_phrase, load_rules
from bot.language.speech import (
    ACCORDING,
    NOT_ATTRIBUTING,
    SAYING,
    SAYING_OR_NOUN,
    SAYING_PARTICIPLES,
    SPEAKING,
    any_of,
)
from bot.language.text_cache import text_cached
from bot.language.words import content_terms

_VERBS = SAYING | SAYING_OR_NOUN | SAYING_PARTICIPLES | SPEAKING
_SPEECH = re.compile(rf"\b(?P<verb>{any_of(_VERBS)})\b|\b(?P<according>(?i:{any_phrase(ACCORDING)}))\s")
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "voices")
_EDGE, _EDGE_BEHIND = _RULES.pattern("edge"), _RULES.pattern("edge behind")
_PRONOUN, _PASSIVE = _RULES.pattern("pronoun"), _RULES.pattern("passive")
_RELATIVE, _DEFINITE = _RULES.pattern("relative"), _RULES.pattern("definite")
_MARKED = re.compile(
    rf"\b(?:{any_of(_VERBS - NOT_ATTRIBUTING)})\b|{_RULES.pattern('attributed').pattern}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """One act of saying: its speaker, as names and as content stems; ``pronoun`` for "he said"."""

    verb: str
    who: str
    names: tuple[str, ...]
    terms: frozenset[str]
    pronoun: bool
    start: int
    end: int
    behind: bool  # the speaker stands behind what is said

    @property
    def short(self) -> bool:
        """Return whether the speaker is named elsewhere: "he", "the company", "the 63-year-old"."""
        plain_noun = self.who and (not self.names or self.who.split()[-1].islower())
        return self.pronoun or bool(plain_noun and _DEFINITE.search(self.who))


@text_cached(maxsize=4_096)
def speeches(text: str) -> tuple[Speech, ...]:
    """Return the acts of saying in ``text``, in order."""
    found = []
    for match in _SPEECH.finditer(text):
        if match["according"]:
            who = _until_edge(text[match.end() : match.end() + 120])
            found.append(speech_of("according to", who, start=match.start(), end=match.end(), behind=True))
            continue
        left = re.sub(r"\([^)]*\)\s?", "", text[max(0, match.start() - 160) : match.start()])
        left = _RELATIVE.sub(" ", left)
        if _PASSIVE.search(left) and not re.match(r"\sby\s", text[match.end() :]):
            continue
        by = re.match(r"\sby\s", text[match.end() :])
        if by:
            who = _until_edge(text[match.end() + by.end() : match.end() + 120])
            found.append(
                speech_of(match["verb"].lower(), who, start=match.start(), end=match.end(), behind=True)
            )
            continue
        inverted = (
            not match["verb"].endswith("ing")
            and bool(re.search(r"[,”\"’']\s*$", left))
            and not re.search(r"\w,\s[^,“”\"]{2,90},\s*$", left)
        )
        if inverted and re.match(r"\s+(?:the|a|an|(?:[a-z-]+\s){0,3}[A-Z])", text[match.end() :]):
            who = _until_edge(text[match.end() : match.end() + 120])
        else:
            who = _after_edge(left)
        if re.search(r"\w", who) or re.search(r"\band\s$", left):  # "and admitted": whoever it was before
            found.append(
                speech_of(match["verb"].lower(), who, start=match.start(), end=match.end(), behind=inverted)
            )
    return tuple(found)


def is_attributed(text: str) -> bool:
    """Return whether ``text`` has an attribution."""
    return bool(_MARKED.search(text))


def speech_of(verb: str, who: str, *, start: int = 0, end: int = 0, behind: bool = False) -> Speech:
    """Return the act of saying ``verb`` (at ``start`` to ``end`` of its text) by ``who``, as printed."""
    names = tuple(n.text for n in find_names("x " + who.strip()))
    return Speech(
        verb=verb,
        who=who.strip(),
        names=names,
        terms=frozenset(content_terms(who)),
        pronoun=not names and (not who.strip() or bool(_PRONOUN.search(who))),
        start=start,
        end=end,
        behind=behind,
    )


def _until_edge(text: str) -> str:
    edge = _EDGE_BEHIND.search(text)
    return text[: edge.start()] if edge else text


def _after_edge(text: str) -> str:
    last = 0
    for edge in _EDGE.finditer(text):
        last = edge.end()
    text = text[last:]
    # "…, an airline spokesman said", but "Saeb Erekat, the secretary general, said".
    return text if text.rstrip().endswith(",") else text.rpartition(", ")[2]
