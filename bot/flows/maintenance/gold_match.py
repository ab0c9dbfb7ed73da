"""Match printed text with gold: by strings, words, names, roles and days, whatever the punctuation and case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.flows.maintenance.gold import GoldActor, GoldAnnouncement, Groups

_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
_BLANKS = re.compile(r"\s+")


def holds(text: str, groups: Groups) -> bool:
    """Return whether folded ``text`` contains a string of each of ``groups``."""
    return bool(groups) and all(any(fold(one) in text for one in group) for group in groups)


def fold(text: str) -> str:
    """Return ``text`` in lower case, with plain quotation marks and single spaces."""
    return _BLANKS.sub(" ", text.lower().translate(_MARKS))


def words(text: str) -> set[str]:
    """Return the words of ``text``, folded."""
    return set(re.findall(r"[a-z]{3,}", fold(text)))


def long_words(text: str) -> set[str]:
    """Return the content words of ``text``, folded."""
    return set(re.findall(r"[a-z]{4,}", fold(text)))


def plurals(words: Iterable[str]) -> set[str]:
    """Return ``words``, each in the singular and the plural."""
    return {form for word in words for form in (word, word.rstrip("s"), f"{word}s")}


def is_named(name: str, actor: GoldActor) -> bool:
    """Return whether a printed ``name`` is that of ``actor``."""
    printed, known = fold(name), fold(actor.name)
    return bool(printed.split()) and (
        printed in known
        or known in printed
        or printed in map(fold, actor.aliases)
        or printed.split()[-1] == known.split()[-1]
    )


def is_same_role(printed: str, known: str) -> bool:
    """Return whether a printed role is that of gold; gold without a role accepts any."""
    mine, theirs = fold(printed), fold(known)
    shared = set(mine.split()) & (set(theirs.split()) - {"of", "the"})
    return not theirs or mine in theirs or theirs in mine or bool(shared)


def is_due(due: date | None, gold: GoldAnnouncement) -> bool:
    """Return whether a printed day is that of an announcement; gold without a day accepts any."""
    if gold.due is None or due in {gold.due, gold.due_end}:
        return True
    return bool(due and gold.due_end and gold.due <= due <= gold.due_end)


def is_past(gold: GoldAnnouncement, morning: date) -> bool:
    """Return whether the announced day is before ``morning``."""
    last = gold.due_end or gold.due
    return last is not None and last < morning
