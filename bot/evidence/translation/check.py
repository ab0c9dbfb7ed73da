"""Check a translated line against its original: numbers, days, names, quotations, denials and who says it. Pure.

original, translation ──▶ "" where all of it carries over, else why not

No rule knows what a sentence means in another language. These are the parts that a reader can compare letter by letter; a line
that fails is shown in its own language.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.evidence.translation.names import added_name, lost_name
from bot.evidence.translation.numbers import FoundNumber, months_in, numbers_in, plain, weekdays_in
from bot.evidence.translation.words import words_of
from bot.language.cleaning.markup import has_markup
from bot.language.words import STOP_WORDS, fold, words
from bot.model.update import MAX_FACT_CHARS, MAX_HEADLINE_WORDS, MAX_STATUS_WORDS, MORE_WORDS_SHARE, LineKind

MIN_LENGTH_SHARE, MAX_LENGTH_SHARE = 0.5, 1.7  # of the original's characters
SPARE_CHARS = 25  # by which a short line may be longer all the same
MIN_COMPARED_WORDS = 4  # of a line that cannot be the same in both languages, and whose language can be told
MIN_UNTRANSLATED_WORDS, MIN_SMALL_WORD_LEAD = (
    3,
    1.5,
)  # small words of the original's language in a line that is still in it; how many times the others
_QUOTED = re.compile(r"“[^”]*[”“]|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]|»[^«]*«")
_MAX_WORDS = {LineKind.HEADLINE: MAX_HEADLINE_WORDS, LineKind.STATUS: MAX_STATUS_WORDS}


def translation_fault(
    original: str, text: str, *, source: str, target: str, kind: LineKind, names: Collection[str] = ()
) -> str:
    """Return why ``text`` is no translation of ``original`` from ``source`` to ``target``, one word; empty if it is one.

    ``names`` are words of names that the story is known to have, folded.
    """
    if not text or has_markup(text) or "\n" in text:
        return "markup" if text else "empty"
    if fault := _length(original, text, kind):
        return fault
    if _is_untranslated(original, text, source=source, target=target):
        return "untranslated"
    if _numbers_differ(original, text, source=source, target=target):
        return "number"
    if _days_differ(original, text, source=source, target=target):
        return "day"
    if len(_QUOTED.findall(original)) != len(_QUOTED.findall(text)):
        return "quotation"
    if _denials_differ(original, text, source=source, target=target):
        return "negation"
    if kind is not LineKind.LABEL and _speakers_differ(original, text, source=source, target=target):
        return "claimant"
    asked = {"source": source, "target": target, "known": names}
    if lost_name(original, text, **asked) or added_name(original, text, **asked):  # type: ignore[arg-type]
        return "name"
    return ""


def _length(original: str, text: str, kind: LineKind) -> str:
    most = _MAX_WORDS.get(kind)
    if most and len(text.split()) > int(most * (1 + MORE_WORDS_SHARE)):
        return "length"
    if len(text) > MAX_FACT_CHARS * (1 + MORE_WORDS_SHARE):
        return "length"
    longer = max(MAX_LENGTH_SHARE * len(original), len(original) + SPARE_CHARS)
    shorter = min(MIN_LENGTH_SHARE * len(original), len(original) - SPARE_CHARS)
    return "" if shorter <= len(text) <= longer else "length"


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
    if ours != theirs:
        return True
    ours, theirs = months_in(original, language=source), months_in(text, language=target)
    values = {value for one in numbers_in(original, language=source, strict=False) for value in one.values}
    values |= {value for one in numbers_in(text, language=target, strict=False) for value in one.values}
    return any(month not in values for month in ours ^ theirs)


def _denials_differ(original: str, text: str, *, source: str, target: str) -> bool:
    # "sin heridos" and "unhurt": a word may deny by its own sense.
    ours, theirs = words_of(source), words_of(target)
    return _lost(original, text, ours.negation, theirs.negation, theirs.negative) or _lost(
        text, original, theirs.negation, ours.negation, ours.negative
    )


def _speakers_differ(original: str, text: str, *, source: str, target: str) -> bool:
    ours, theirs = words_of(source), words_of(target)
    return _lost(original, text, ours.attribution, theirs.attribution, theirs.attribution_too) or _lost(
        text, original, theirs.attribution, ours.attribution, ours.attribution_too
    )


def _lost(one: str, other: str, mark: re.Pattern[str], *marks: re.Pattern[str]) -> bool:
    """Tell whether ``one`` has the ``mark``, and ``other`` none of its ``marks``."""
    return bool(mark.search(plain(one))) and not any(each.search(plain(other)) for each in marks)
