"""Decide whether a sentence can be understood alone: no reference to an earlier one, no caption, appeal or byline."""

from __future__ import annotations

import re

from bot.language.rules import languages_with, load_rules
from bot.language.speech import SAYING, any_of

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_UNQUOTED = tuple(load_rules(language, "unquoted") for language in languages_with("unquoted"))
_SAYING = any_of(SAYING)
_ENGLISH = load_rules("en", "unquoted")
_POINTS_BACK = _ENGLISH.pattern("points back")
_PRONOUN_SPEAKS = re.compile(
    rf",[”\"’']?\s(?:he|she|it|they)\s(?:also\s|later\s|had\s|has\s){{0,2}}(?:{_SAYING})\b"
    rf"|\b(?:he|she|they)\s(?:{_SAYING})\.?$|[”\"’']\s(?:he|she|they)\s(?:{_SAYING})\b"
    rf"|,[”\"’']?\sthe\s(?:officials?|spokes(?:man|woman|person)|group|source|statement)\s(?:{_SAYING})\b",
    re.IGNORECASE,
)
_FIRST_PERSON = _ENGLISH.pattern("speaks to the reader")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_ENDED = re.compile(r"(?:(?<![.…])[.!。！।]['’”\"»)\]]*|[^?？؟.…][”\"])$")


def points_back(text: str) -> bool:
    """Tell whether ``text`` needs an earlier sentence to say who or what it speaks of."""
    return bool(_POINTS_BACK.match(text) or _PRONOUN_SPEAKS.search(text))


def is_furniture(text: str) -> bool:
    """Tell whether ``text`` belongs to the page, not to the report: captions, links, bylines, calls to act."""
    return is_live_entry(text) or any(rules.has("unquoted", text) for rules in _UNQUOTED)


def is_live_entry(text: str) -> bool:
    """Tell whether ``text`` is an entry of a page that is written while something happens."""
    return any(rules.has("live", text) for rules in _UNQUOTED)


def addresses_reader(text: str) -> bool:
    """Tell whether ``text`` speaks in the first person or to the reader, quotations aside."""
    return bool(_FIRST_PERSON.search(_QUOTED.sub("", text).strip()))


def is_statement(sentence: str) -> bool:
    """Tell whether ``sentence`` is closed as a statement: no question, no heading without a full stop."""
    return bool(_ENDED.search(sentence.strip()))
