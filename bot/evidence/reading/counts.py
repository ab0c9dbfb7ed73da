"""The numbers of a text with what each counts: the words after it, before it, and its bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.evidence.reading.tokens import BREAK, Word
from bot.language.numbers import find_numbers
from bot.language.rules import any_phrase, load_rules

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "numbers").words
_METRIC = {
    stem: sense.removeprefix("unit ")
    for sense, stems in _WORDS.items()
    if sense.startswith("unit ")
    for stem in stems
}
_ORDINALS = {
    word: int(sense.removeprefix("ordinal "))
    for sense, words in _WORDS.items()
    if sense.startswith("ordinal ")
    for word in words
}
_UP = re.compile(rf"(?:{any_phrase(_WORDS['more than'])})\s*(?:\S{{1,3}}\s?)?$", re.IGNORECASE)
_DOWN = re.compile(rf"(?:{any_phrase(_WORDS['less than'])})\s*(?:\S{{1,3}}\s?)?$", re.IGNORECASE)
PART_OF = re.compile(r"\s(?:out\s)?of\s(?:\w+\s)?")  # "1,400 of its 9,800 jobs": both count jobs
_WHOLE = re.compile(PART_OF.pattern + r"\d[\d.,]*")
_JOINING = frozenset({"and", "or"})
_NO_NOUN = _WORDS["not counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number with the words around it: ``after`` and ``before`` are stems, ``bound`` is +1 for "more than"."""

    text: str
    value: Decimal
    unit: str
    ordinal: bool
    year: bool
    bound: int
    after: tuple[str, ...]
    before: tuple[str, ...]
    lead: str  # the word right before, folded
    about: bool = False  # "nearly", "more than": it may be rounded


def counts_of(masked: str, text: str, tokens: tuple[Word, ...]) -> tuple[tuple[Count, ...], str]:
    """Return the numbers of ``masked`` (``text`` with days and times blank), and ``masked`` without them."""
    found = []
    left = list(masked)
    spans = [(s.start, s.end, s.text, s.value, s.unit, s.kind, s.approximate) for s in find_numbers(masked)]
    taken = [(start, end) for start, end, *_ in spans]
    for word in tokens:
        if any(start < word.end and word.start < end for start, end in taken) or masked[word.start] == " ":
            continue
        if word.folded == "one":
            spans.append((word.start, word.end, word.text, Decimal(1), "", "one", False))
        elif word.folded in _ORDINALS:
            spans.append(
                (word.start, word.end, word.text, Decimal(_ORDINALS[word.folded]), "", "ordinal", False)
            )
    for start, end, printed, value, unit, kind, about in sorted(spans):
        for i in range(start, end):
            left[i] = " "
        after, before, lead = _around(text, tokens, start, end)
        ahead = text[max(0, start - 22) : start] + re.sub(r"[\d.,$€£]+.*", "", printed) + " "
        bound = int(bool(_UP.search(ahead))) - int(bool(_DOWN.search(ahead)))
        found.append(
            Count(
                text=printed,
                value=value,
                unit=unit,
                ordinal=kind == "ordinal",
                year=kind == "year",
                bound=bound,
                after=after,
                before=before,
                lead=lead,
                about=about,
            )
        )
    return tuple(found), "".join(left)


def _around(
    text: str, tokens: tuple[Word, ...], start: int, end: int
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the stems counted behind a number, the content stems before it, and the word right before it."""
    after: list[str] = []
    whole = _WHOLE.match(text, end)
    last = behind = whole.end() if whole else end
    for word in tokens:
        if word.start < behind:
            continue
        if BREAK.search(text, last, word.start) or (word.folded in _NO_NOUN and after) or len(after) == 3:
            break
        if word.folded[0].isdigit():
            break
        last = word.end
        if (not word.stop and len(word.folded) > 1) or word.folded in _METRIC:
            after.append(_METRIC.get(word.stem, word.stem))
    before: list[Word] = []
    for word in reversed([w for w in tokens if w.end <= start and start - w.end < 40]):
        if BREAK.search(text, word.end, before[0].start if before else start):
            break
        if word.folded[0].isdigit():
            # "12 cranes and 40 boats": the cranes are counted by the number before.
            before = before[-1:] if before and before[-1].folded in _JOINING else before
            break
        if before and word.folded in {"and", "or", "but", "while"}:
            break
        before.insert(0, word)
    stems = tuple(w.stem for w in before if not w.stop and not w.folded[0].isdigit())[-2:]
    return tuple(after), stems, before[-1].folded if before else ""
