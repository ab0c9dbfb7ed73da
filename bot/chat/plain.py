"""Outside text without the characters that hide, reorder or control what follows them."""

from __future__ import annotations

# Control characters, zero-width and invisible ones, those that change the direction of writing, tags, and halves
# of characters.
_UNSAFE = dict.fromkeys(
    (
        *range(0x20),
        *range(0x7F, 0xA0),
        0xAD,
        0x61C,
        *range(0x115F, 0x1161),
        *range(0x180B, 0x1810),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0x3164,
        *range(0xD800, 0xE000),
        0xFEFF,
        0xFFA0,
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE1000),
    )
)


def plain(text: str) -> str:
    """Return outside ``text`` without control, zero-width and direction characters."""
    return text.translate(_UNSAFE)


def one_line(text: str) -> str:
    """Return outside ``text`` as one line: plain, its words a blank apart."""
    return " ".join(plain(" ".join(text.split())).split())


def many_lines(text: str) -> str:
    """Return outside ``text`` plain, its lines kept."""
    return "\n".join(plain(line) for line in text.splitlines())


def units(text: str) -> int:
    """Return the length of ``text`` as platforms count it: in UTF-16 units, which is never less than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` units, cut between words where it can be, with "…" where it was cut."""
    if units(text) <= most:
        return text
    kept = text[: most - 1]
    while units(kept) > most - 1:
        kept = kept[:-1]
    space = kept.rfind(" ")
    return (kept[:space] if space > most // 2 else kept).rstrip() + "…"
