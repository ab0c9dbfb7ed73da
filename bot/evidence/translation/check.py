"""Check a translated line against its original: numbers, days, names, quotations, denials and who says it. Pure.

original, translation ──▶ "" where all of it carries over, else why not

No rule knows what a sentence means in another language. These are the parts that a reader can compare letter by letter; a line
that fails is shown in its own language.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.evidence.translation.bounds import bound_differs, order_differs
from bot.evidence.translation.names import NOUNS_ARE_CAPITALISED, added_name, has_other_name, lost_name
from bot.evidence.translation.numbers import FoundNumber, months_in, numbers_in, plain, weekdays_in
from bot.evidence.translation.senses import (
    count_marks,
    has_mark,
    has_sense,
    opposed_sense,
    possibility_differs,
)
from bot.evidence.translation.words import words_of
from bot.language.cleaning.markup import has_markup
from bot.language.words import STOP_WORDS, fold, words
from bot.model.update import MAX_FACT_CHARS, MORE_WORDS_SHARE, LineKind

MIN_LENGTH_SHARE, MAX_LENGTH_SHARE = 0.5, 1.8  # of the original's characters
SPARE_CHARS = 40  # by which a short line may be longer all the same
MIN_COMPARED_WORDS = 4  # of a line that cannot be the same in both languages, and whose language can be told
MIN_UNTRANSLATED_WORDS, MIN_SMALL_WORD_LEAD = (
    3,
    1.5,
)  # small words of the original's language in a line that is still in it; how many times the others
_QUOTED = re.compile(r"“[^”]*[”“]|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|»[^«]*«")
DAYS_IN_WEEK = 7
NIGHT_IS_BEFORE = frozenset({"de"})  # languages that name a night by the day that follows
_LABELLED = re.compile(
    r"^(?:[\w’'-]+ ){0,4}[\w’'-]+ ?: "
)  # "Vermittler: Rebellen könnten Geiseln freilassen"


def translation_fault(
    original: str, text: str, *, source: str, target: str, kind: LineKind, names: Collection[str] = ()
) -> str:
    """Return why ``text`` is no translation of ``original`` from ``source`` to ``target``, one word; empty if it is one.

    ``names`` are words of names that the story is known to have, folded.
    """
    if not text or has_markup(text) or "\n" in text:
        return "markup" if text else "empty"
    if _lengths_differ(original, text):
        return "length"
    if len(_QUOTED.findall(original)) != len(_QUOTED.findall(text)):
        return "quotation"
    checks = _OF_ALL if kind is LineKind.LABEL else _OF_ALL | _OF_SENTENCES
    for fault, differs in checks.items():
        if differs(original, text, source=source, target=target):
            return fault
    return "name" if _names_differ(original, text, source=source, target=target, known=names) else ""


def _names_differ(original: str, text: str, *, source: str, target: str, known: Collection[str]) -> bool:
    if added_name(original, text, source=source, target=target, known=known):
        return True
    lost = lost_name(original, text, source=source, target=target, known=known)
    if not lost:
        return False
    # Where no other came in its place, a word of a name became a word of the language: "Lake", "TGV".
    replaced = target in NOUNS_ARE_CAPITALISED or has_other_name(original, text, source=source, target=target)
    return replaced or fold(lost) in known


def _lengths_differ(original: str, text: str) -> bool:
    longer = max(MAX_LENGTH_SHARE * len(original), len(original) + SPARE_CHARS)
    shorter = min(MIN_LENGTH_SHARE * len(original), len(original) - SPARE_CHARS)
    return len(text) > MAX_FACT_CHARS * (1 + MORE_WORDS_SHARE) or not shorter <= len(text) <= longer


def _is_untranslated(original: str, text: str, *, source: str, target: str) -> bool:
    if len(text.split()) < MIN_COMPARED_WORDS:
        return False
    if fold(original) == fold(text):
        return True
    said = words(text)
    ours, theirs = (sum(word in STOP_WORDS.get(one, ()) for word in said) for one in (source, target))
    return ours >= MIN_UNTRANSLATED_WORDS and ours > MIN_SMALL_WORD_LEAD * theirs


def _numbers_differ(original: str, text: str, *, source: str, target: str) -> bool:
    ours = numbers_in(original, language=source, strict=False)
    theirs = numbers_in(text, language=target, strict=True)
    # "12/03" may be "12 March".
    named = months_in(original, language=source) | months_in(text, language=target)
    return not _covered(ours, theirs, named) or not _covered(theirs, ours, named)


def _percent_is_lost(original: str, text: str, *, source: str, target: str) -> bool:
    return has_sense(original, "scale percent", source) != has_sense(text, "scale percent", target)


def _covered(ours: Collection[FoundNumber], theirs: Collection[FoundNumber], months: Collection[int]) -> bool:
    left = list(theirs)
    for number in ours:
        same = next((one for one in left if one.values & number.values), None)
        if same is not None:
            left.remove(same)
        elif (
            number.certain
            and not any(number.values & one.values for one in theirs)
            and not number.values & set(months)
        ):
            return False
    return True


def _days_differ(original: str, text: str, *, source: str, target: str) -> bool:
    ours, theirs = weekdays_in(original, language=source), weekdays_in(text, language=target)
    if ours != theirs and not _is_one_night(original, text, source=source, target=target):
        return True
    ours, theirs = months_in(original, language=source), months_in(text, language=target)
    values = {value for one in numbers_in(original, language=source, strict=False) for value in one.values}
    values |= {value for one in numbers_in(text, language=target, strict=False) for value in one.values}
    return any(month not in values for month in ours ^ theirs)


def _is_one_night(original: str, text: str, *, source: str, target: str) -> bool:
    """Tell whether two lines name the night between two days by one of them or by both: "Friday night", "die Nacht zum Samstag"."""
    if not (has_mark(original, "night", source) and has_mark(text, "night", target)):
        return False
    ours, theirs = weekdays_in(original, language=source), weekdays_in(text, language=target)
    if len(ours) == len(theirs) == 1 and (source in NIGHT_IS_BEFORE) != (target in NIGHT_IS_BEFORE):
        (evening,), (morning,) = (ours, theirs) if target in NIGHT_IS_BEFORE else (theirs, ours)
        return (evening + 1) % DAYS_IN_WEEK == morning
    beside = {(day + step) % DAYS_IN_WEEK for day in ours & theirs for step in (1, -1)}
    return ours ^ theirs <= beside and (ours <= theirs or theirs <= ours)


def _denials_differ(original: str, text: str, *, source: str, target: str) -> bool:
    # "sin heridos" and "unhurt": a word may deny by its own sense.
    return _denial_is_lost(original, text, source, target) or _denial_is_lost(text, original, target, source)


def _denial_is_lost(one: str, other: str, language: str, other_language: str) -> bool:
    if words_of(other_language).negation.search(plain(other)):
        return False
    denying = count_marks(other, "denying", other_language)
    if has_mark(one, "denied", language) and not denying:
        return True
    # What denies by its sense may be another denial of the line: "dismissed it and had nothing to do with it".
    denied = bool(words_of(language).negation.search(plain(one)))
    return denied and denying <= count_marks(one, "denying", language)


def _speakers_differ(original: str, text: str, *, source: str, target: str) -> bool:
    return _speaker_is_lost(original, text, source, target) or _speaker_is_lost(
        text, original, target, source
    )


def _speaker_is_lost(one: str, other: str, language: str, other_language: str) -> bool:
    return has_mark(one, "claimed", language) and not (
        _LABELLED.search(other) or has_mark(other, "reported", other_language)
    )


_OF_ALL = {
    "untranslated": _is_untranslated,
    "number": _numbers_differ,
    "unit": _percent_is_lost,
    "day": _days_differ,
    "negation": _denials_differ,
    "bound": bound_differs,
    "order": order_differs,
    "opposite": opposed_sense,
}
# A label is too short to say who claims what.
_OF_SENTENCES = {"possibility": possibility_differs, "claimant": _speakers_differ}
