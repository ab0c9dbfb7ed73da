"""Ids are derived from what they identify, so the same input always gives the same id."""

from __future__ import annotations

import base64
import hashlib


def derive_id(prefix: str, *parts: str) -> str:
    """Return ``prefix-`` and 16 base-32 characters (80 bits) of SHA-256 over the length-framed parts."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return f"{prefix}-{base64.b32encode(digest.digest()[:10]).decode().lower()}"
