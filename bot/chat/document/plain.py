"""Remove characters from outside text that hide, reorder or control what follows them."""

from __future__ import annotations

from bot.inline import in_words
from bot.language.cleaning.invisible import visible

# What still moves a cursor or ends a line, where text is to stay in its line.
_BREAKS = dict.fromkeys(map(ord, "\t\n\r\u2028\u2029"), " ")


def plain(text: str) -> str:
    """Return outside ``text`` without characters that hide, reorder or control; line breaks become spaces, values become words."""
    return visible(in_words(text)).translate(_BREAKS)


def plain_line(text: str) -> str:
    """Return outside ``text`` as one line: plain, with single spaces."""
    return " ".join(plain(" ".join(text.split())).split())


def plain_lines(text: str) -> str:
    """Return outside ``text`` plain, with its lines."""
    return "\n".join(plain(line) for line in text.splitlines())


def units(text: str) -> int:
    """Return the length of ``text`` as platforms count it: in UTF-16 units, which is never less than characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` units, cut between words if possible, with "…" if it was cut."""
    if units(text) <= most:
        return text
    kept = text[: most - 1]
    while units(kept) > most - 1:
        kept = kept[:-1]
    space = kept.rfind(" ")
    return (kept[:space] if space > most // 2 else kept).rstrip() + "…"
