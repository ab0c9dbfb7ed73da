"""Which texts are one text: fingerprints, reprints, and who wrote it first."""

from __future__ import annotations

import hashlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.text.words import words

SHINGLE = 5  # words: shorter ones are shared by chance, longer ones break at every edit
SAMPLE = 4  # one in so many shingles is kept: FracMinHash
REPRINT = 0.5  # share of a text's sampled shingles in another that makes it a reprint, also when cut
MOST_WORDS = 12_000  # words that are looked at: a copy of a longer text is known by its beginning
LEAST = 8  # sampled shingles below which a text is too short to tell

# Agencies by the credits that newspapers print, longest first where one holds another.
AGENCIES = {
    "Associated Press": "AP", "Agence France-Presse": "AFP", "Thomson Reuters": "Reuters", "Reuters": "Reuters",
    "Press Association": "PA Media", "PA Media": "PA Media", "Xinhua": "Xinhua", "Interfax": "Interfax",
    "Anadolu": "Anadolu", "Kyodo": "Kyodo", "Bloomberg": "Bloomberg", "United Press International": "UPI",
    "Press Trust of India": "PTI", "Canadian Press": "Canadian Press", "Australian Associated Press": "AAP",
    "AFP": "AFP", "AP": "AP", "dpa": "dpa", "EFE": "EFE", "ANSA": "ANSA", "TASS": "TASS", "UPI": "UPI", "PTI": "PTI",
    "APA": "APA", "ANP": "ANP", "Belga": "Belga", "Continental Wire": "Continental Wire",
}  # fmt: skip
_NAMES = "|".join(re.escape(name) for name in sorted(AGENCIES, key=len, reverse=True))
_DATELINE = re.compile(rf"^[^a-z]{{0,60}}?[\w ,./'’-]{{0,60}}\(({_NAMES})\)\s?(?:[-–—:]|$)")
_CREDIT = re.compile(rf"(?:^|[\s(\[—–-])(?:By\s|©\s?|Source:\s|via\s)?(?:The\s)?({_NAMES})\s?[)\].]?$")
_BYLINE = re.compile(rf"(?:^|\b)({_NAMES})(?:\b|$)")


def content_hash(title: str, text: str) -> str:
    """Return a hash that two copies of one text share, whatever their spacing, case and accents."""
    return hashlib.sha256(" ".join(words(f"{title}\n{text}")).encode()).hexdigest()[:32]


def fingerprint(text: str) -> frozenset[int]:
    """Return the sampled hashes of the 5-word shingles of ``text``.

    A hash is kept when it falls in the lowest quarter of its range, so two texts sample the same of what they
    share (FracMinHash: Irber et al., 2022) and a cut copy is still contained in its original.
    """
    tokens = words(text[: MOST_WORDS * 10])[:MOST_WORDS]
    found = set()
    for i in range(len(tokens) - SHINGLE + 1):
        digest = hashlib.blake2b(" ".join(tokens[i : i + SHINGLE]).encode(), digest_size=6).digest()
        value = int.from_bytes(digest, "big")
        if value < (1 << 48) // SAMPLE:
            found.add(value)
    return frozenset(found)


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller fingerprint that lies in the larger, from 0 to 1."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def pack_fingerprint(values: frozenset[int]) -> bytes:
    """Return ``values`` as bytes, 8 each, sorted."""
    return struct.pack(f">{len(values)}Q", *sorted(values))


def unpack_fingerprint(data: bytes) -> frozenset[int]:
    """Return what ``pack_fingerprint`` packed."""
    return frozenset(struct.unpack(f">{len(data) // 8}Q", data))


def originator(sentences: Sequence[str], *, author: str, outlet: str) -> str:
    """Return who first wrote a text: the agency it credits in dateline, byline or last line, else the outlet."""
    by = _BYLINE.search(author)
    if by:
        return AGENCIES[by.group(1)]
    if sentences:
        line = _DATELINE.match(sentences[0][:160])
        if line:
            return AGENCIES[line.group(1)]
        last = sentences[-1]
        credit = _CREDIT.search(last) if len(last) <= 80 else None
        if credit:
            return AGENCIES[credit.group(1)]
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
    """Finds the text that another is a copy or a cut of."""

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
        if len(values) < LEAST:
            return None
        shared: defaultdict[str, int] = defaultdict(int)
        texts: dict[str, Known] = {}
        for value in values:
            for text in self._holding.get(value, ()):
                shared[text.article_id] += 1
                texts[text.article_id] = text
        alike = [
            text
            for article_id, text in texts.items()
            if len(text.fingerprint) >= LEAST
            and shared[article_id] >= REPRINT * min(len(values), len(text.fingerprint))
        ]
        return min(alike, key=lambda t: (t.published_at, t.article_id), default=None)
