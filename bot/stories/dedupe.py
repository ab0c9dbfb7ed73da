"""Find equal texts: fingerprints, reprints, and who wrote a text first."""

from __future__ import annotations

import hashlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from bot.language.outlets import outlets
from bot.language.rules import any_phrase, words_of_all
from bot.language.speech import any_of
from bot.language.words import words
from bot.model.news import PRINT_BYTES, Sentence

SHINGLE_WORDS = 5  # words: shorter ones are shared by chance, longer ones break at every edit
SHINGLES_PER_SAMPLE = 4  # one in so many shingles is kept: FracMinHash
REPRINT_SHARE = 0.5  # share of a text's sampled shingles in another that makes it a reprint, also when cut
_SAMPLED = ((1 << 48) // SHINGLES_PER_SAMPLE).to_bytes(6, "big")  # above every hash that is kept
MAX_READ_WORDS = 12_000  # words compared: a copy of a longer text is recognised by its beginning
MIN_SHARED_SHINGLES = 3  # sampled shingles from which two short texts that have all of them in common are one
MIN_SHINGLES = 8  # sampled shingles below which a text is too short to tell

# The credited name: alone in a credit, apart from the usual words around it.
_AGENCIES = outlets().agencies
_NAME = "(" + "|".join(re.escape(name) for name in sorted(_AGENCIES, key=len, reverse=True)) + ")"


def _in_either_case(sense: str) -> str:
    return any_of({form for word in words_of_all("credits", sense) for form in (word, word.capitalize())})


_DAY = r"(?:\d{1,2}\.?|[A-Z][a-zé]{2,9}\.?)"
_PLACE = rf"(?:[A-ZÄÖÜÉ][\w.'’-]{{0,30}}|{any_phrase(words_of_all('credits', 'place'))}|{_DAY})"
_DATELINE = re.compile(
    rf"^(?:{_PLACE}(?:[\s,./-]{{1,3}}{_PLACE}){{0,8}}[\s,.]{{1,3}})?\({_NAME}(?:/\w{{1,12}}){{0,3}}\)\s?[-–—:]"
)
_CREDIT = re.compile(
    rf"^[\s(\[—–-]{{0,4}}(?:©\s?(?:\d{{4}}\s)?|\(c\)\s?|(?:{_in_either_case('source')})\s?:\s?|(?:{_in_either_case('by')})\s)?"
    rf"(?:[Tt]he\s)?{_NAME}(?:[/,]\s?\w{{1,20}}){{0,4}}[\s)\].]{{0,4}}$"
)
_BYLINE = re.compile(
    rf"(?:^|[,/|(–—]\s?|\b(?:{any_of(words_of_all('credits', 'joins'))})\s)(?:[Tt]he\s)?"
    rf"{_NAME}(?:\s(?:{_in_either_case('staff')})){{0,3}}"
    rf"(?=$|\s?[,/|)–—]|\s(?:{any_of(words_of_all('credits', 'joined'))})\b)"
)
MAX_DATELINE_CHARS = 160  # characters of a first line in which a dateline is looked for, and of an author
MAX_CREDIT_LINE_CHARS = 80  # characters of a line that is a credit


def fingerprint(text: str) -> frozenset[int]:
    """Return the sampled hashes of the 5-word shingles of ``text``.

    A hash is kept when it falls in the lowest quarter of its range, so two texts sample the same of what they
    share (FracMinHash: Irber et al., 2022) and a cut copy is still contained in its original.
    """
    # By lines, because the words of those in ASCII are found in a third of the time.
    lines = text[: MAX_READ_WORDS * 10].splitlines()
    return fingerprint_of_words([word for line in lines for word in words(line)])


def fingerprint_of_words(said: Sequence[str]) -> frozenset[int]:
    """Return the same of a text's ``words``."""
    joined = " ".join(said[:MAX_READ_WORDS])
    text = joined.encode()
    # A letter of ASCII is one byte.
    tokens: Sequence[str | bytes] = said[:MAX_READ_WORDS] if joined.isascii() else text.split(b" ")
    starts = list(accumulate((length + 1 for length in map(len, tokens)), initial=0))
    # A shingle is a slice of the text: from its first word to the blank before the word behind it.
    digests = {
        hashlib.blake2b(text[start : end - 1], digest_size=6).digest()
        for start, end in zip(starts, starts[SHINGLE_WORDS:], strict=False)
    }
    return frozenset(int.from_bytes(digest, "big") for digest in digests if digest < _SAMPLED)


def pack_fingerprint(values: frozenset[int]) -> bytes:
    """Return ``values`` as bytes, ``PRINT_BYTES`` each, sorted."""
    return struct.pack(f">{len(values)}Q", *sorted(values))


def unpack_fingerprint(data: bytes) -> frozenset[int]:
    """Return what ``pack_fingerprint`` packed."""
    return frozenset(struct.unpack(f">{len(data) // PRINT_BYTES}Q", data))


def smallest_prints(data: bytes) -> tuple[bytes, ...]:
    """Return the prints by which a copy of the text with the packed ``data`` is found: the two smallest, in case a copy lacks the first."""
    return tuple(part for start in (0, PRINT_BYTES) if (part := data[start : start + PRINT_BYTES]))


def originator(sentences: Sequence[Sentence], *, author: str, outlet: str) -> str:
    """Return who first wrote a text: the agency it credits in dateline, byline or a last line of its own, else the outlet.

    A sentence that only ends with an agency's name, or speaks of the agency, is no credit for the text.
    """
    by = _BYLINE.search(author[:MAX_DATELINE_CHARS])
    if by:
        return _AGENCIES[by.group(1)]
    if sentences:
        line = _DATELINE.match(sentences[0].text[:MAX_DATELINE_CHARS])
        if line:
            return _AGENCIES[line.group(1)]
        last = [s.text for s in sentences if s.paragraph == sentences[-1].paragraph != sentences[0].paragraph]
        credit = _CREDIT.match(last[0]) if len(last) == 1 and len(last[0]) <= MAX_CREDIT_LINE_CHARS else None
        if credit:
            return _AGENCIES[credit.group(1)]
    return outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A text that later ones are compared with."""

    article_id: str
    published_at: datetime
    fingerprint: frozenset[int]
    text_group: str
    originator: str


class ReprintIndex:
    """Finds the original of a whole or partial copy."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._holding: defaultdict[int, list[Known]] = defaultdict(list)
        for text in known:
            self.add(text)

    def add(self, text: Known) -> None:
        """Remember ``text``."""
        for value in text.fingerprint:
            self._holding[value].append(text)

    def find(self, values: frozenset[int]) -> Known | None:
        """Return the earliest known text that ``values`` copy, or None."""
        alike = [
            text
            for text, shared in self._sharing(values)
            if (
                min(len(values), len(text.fingerprint)) >= MIN_SHINGLES
                and shared >= REPRINT_SHARE * min(len(values), len(text.fingerprint))
            )
            or (len(values) >= MIN_SHARED_SHINGLES and values == text.fingerprint)
        ]
        return min(alike, key=lambda t: (t.published_at, t.article_id), default=None)

    def holds_copy(self, values: frozenset[int], *, share: float, until: datetime) -> bool:
        """Return whether a text published by ``until`` has this ``share`` of ``values``, and vice versa."""
        return len(values) >= MIN_SHINGLES and any(
            shared >= share * max(len(values), len(text.fingerprint)) and text.published_at <= until
            for text, shared in self._sharing(values)
        )

    def _sharing(self, values: frozenset[int]) -> list[tuple[Known, int]]:
        """Return each known text that shares some of ``values``, with how many."""
        shared: defaultdict[str, int] = defaultdict(int)
        texts: dict[str, Known] = {}
        for value in values:
            for text in self._holding.get(value, ()):
                shared[text.article_id] += 1
                texts[text.article_id] = text
        return [(text, shared[article_id]) for article_id, text in texts.items()]
