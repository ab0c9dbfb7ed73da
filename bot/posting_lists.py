"""Posting lists: for each term the stories among whose heaviest terms it is, packed as the stored bytes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterable, Sequence

MAX_POSTINGS = 512  # stories indexed under one term, the last ones
_KEY_BYTES = 4


def story_key(story_id: str) -> int:
    """Return the 32 bits by which postings name a story; where two stories share them, both are found."""
    return int.from_bytes(hashlib.sha256(story_id.encode()).digest()[:_KEY_BYTES], "big")


def read_postings(data: bytes) -> tuple[int, ...]:
    """Return the keys of the stories in ``data``, those added last at the end; of damaged bytes, what is left."""
    count = len(data) // _KEY_BYTES
    return struct.unpack_from(f"<{count}I", data)


def add_postings(data: bytes, keys: Iterable[int]) -> bytes:
    """Return ``data`` with ``keys`` at its end, the oldest left out; those in its newer half stay where they are."""
    kept = read_postings(data)
    newer = set(kept[len(kept) // 2 :])
    new = [key for key in dict.fromkeys(keys) if key not in newer]
    return _packed([*_without(kept, set(new)), *new][-MAX_POSTINGS:]) if new else data


def drop_postings(data: bytes, keys: Collection[int]) -> bytes:
    """Return ``data`` without ``keys``."""
    return _packed(_without(read_postings(data), keys))


def _without(kept: Iterable[int], keys: Collection[int]) -> list[int]:
    return [key for key in kept if key not in keys]


def _packed(keys: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(keys)}I", *keys)
