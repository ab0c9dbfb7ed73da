"""Outside text without the characters that hide, reorder or control what follows them."""

from __future__ import annotations

# Control characters, zero-width ones and those that change the direction of writing.
_UNSAFE = dict.fromkeys(
    (
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    )
)


def plain(text: str) -> str:
    """Return outside ``text`` without control, zero-width and direction characters."""
    return text.translate(_UNSAFE)
