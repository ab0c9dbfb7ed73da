"""Names of recorded replies: made from what a model was shown, not from the wording of a prompt. Pure.

A key reads ``update-<hash>-v<version of the reply's schema>``, or ``answer-…``. The version stands outside the hash, so that a reply
of another version is found and reported as stale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from bot.model.ids import derive_id
from bot.model.scope import Scope

RECORD_KEY = re.compile(r"([a-z][a-z-]{0,39}-[a-z2-7]{16})-v([0-9]{1,4})")  # what it names, its version
FENCE_CHARS = 12  # of the code word around outside text, as random ones have


def record_key(*, version: int, scope: Scope, articles: Sequence[str], known: Sequence[str]) -> str:
    """Return the key of a story update's reply.

    ``version`` is that of the reply's schema. ``articles`` and ``known`` are hashes, in the order shown, of each
    article and each known fact: of sentences and their numbers, not of the words around them.
    """
    shown = derive_id("shown", str(len(articles)), *articles, *known)
    return f"{derive_id('update', *scope.parts, shown)}-v{version}"


def answer_key(*, version: int, scope: Scope, question: Sequence[str], sentences: Sequence[str]) -> str:
    """Return the key of an answer's reply: ``question`` with what was asked before it, and the ``sentences`` shown, in order."""
    shown = derive_id("shown", str(len(question)), *question, *sentences)
    return f"{derive_id('answer', *scope.parts, shown)}-v{version}"


def translation_key(*, version: int, scope: Scope, language: str, lines: Sequence[str]) -> str:
    """Return the key of the reply that translates ``lines``, in the order shown, into ``language``."""
    return f"{derive_id('translation', *scope.parts, language, *lines)}-v{version}"


def follow_up_key(key: str, *, purpose: str, version: int, statements: Sequence[str]) -> str:
    """Return the key of a request after the reply of ``key``, such as a repair of ``statements``.

    Empty if ``key`` is. ``purpose`` has letters and spaces only, ``version`` is that of the requested schema.
    """
    if not key:
        return ""
    return f"{derive_id(purpose.replace(' ', '-'), stem_of(key), *statements)}-v{version}"


def stem_of(key: str) -> str:
    """Return ``key`` without its version; raises ``ValueError`` if it is not a key."""
    match = RECORD_KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"{key!r} is no record key")
    return match[1]


def fence_of(key: str) -> str:
    """Return the code word around outside text in a request of ``key``, the same every time.

    Only for recorded and scripted replies: the author of an article must not know the code word of a live call.
    """
    return hashlib.sha256(f"fence {stem_of(key)}".encode()).hexdigest()[:FENCE_CHARS]
