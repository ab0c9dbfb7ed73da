"""Find the claimant of a sentence if it is certain. Pure; the words come from the rules of a language."""

from __future__ import annotations

import re

from bot.language.rules import languages_with, load_rules
from bot.language.sentences.clauses import attributed
from bot.language.speech import SAYING, any_of

MAX_CLAIMANT_CHARS = 70  # characters; a longer one is a clause
# "The army says 12 people…": a number right behind the verb.
_SAYS_NUMBER = re.compile(
    rf"^(?P<who>(?:The\s)?(?:[\w’'.-]+\s){{0,6}}?[\w’'.-]+)\s(?:{any_of(SAYING)})\s(?:that\s)?"
    r"(?=(?:at\sleast|more\sthan|about|some|nearly|almost|up\sto|as\smany\sas)?\s?\d)"
)
_SPEECH = {language: load_rules(language, "speech") for language in languages_with("speech")}
_PRONOUNS = frozenset[str]().union(*(rules.words["pronoun"] for rules in _SPEECH.values()))
_SAYING = {
    language: re.compile(
        rf"\b(?:{any_of(words['states'] | words.get('participle', frozenset()) | words['according'])})\b",
        re.IGNORECASE,
    )
    for language in _SPEECH
    for words in [load_rules(language, "saying").words]
}


def claimant_of(text: str, *, language: str) -> str | None:
    """Return the claimant of the sentence ``text``, "" for the outlet, None if there is one but it is unclear who."""
    who = _named(text, language=language)
    if who:
        speaker = re.sub(r"^(?:The|Die|Der|Das)\s", lambda m: m[0].lower(), who.split(", ")[0])
        known = len(speaker) <= MAX_CLAIMANT_CHARS and speaker.split()[0].casefold() not in _PRONOUNS
        return speaker if known else None
    return None if language in _SAYING and _SAYING[language].search(text) else ""


def _named(text: str, *, language: str) -> str:
    if language == "en":
        claim, before = attributed(text), _SAYS_NUMBER.match(text)
        return claim.speaker if claim else (before["who"] if before else "")
    rules = _SPEECH.get(language)
    for rule in rules.patterns if rules else ():
        if rule.sense == "claimant" and (found := rule.match.search(text)):
            return found["who"].strip(" .")
    return ""
