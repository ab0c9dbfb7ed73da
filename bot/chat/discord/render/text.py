"""Write rows as Discord's Markdown; text from outside is always shown as text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.chat.document.plain import plain_line
from bot.chat.document.rows import Row, RowKind, Run, RunStyle

_STOP = "\u200b"  # breaks what Discord's server or its clients would make live, and is not seen
# A mention is broken as well as escaped: the server looks for them before any client looks at escapes.
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_~|[]>#"} | {"<": f"\\<{_STOP}", "@": f"@{_STOP}"})
_IN_CODE = str.maketrans({"`": "'", "<": f"<{_STOP}", "@": f"@{_STOP}"})
_AT_START = re.compile(r"^([-+]|\d+(?=[.)]))")
_LIVE = re.compile(
    r"(?<=:)(?=//)|(?i:(?<=\bwww)(?=\.)|(?<=discord)(?=\.(?:gg|com))|(?<=discordapp)(?=\.com))"
)
_LEADS = {
    RowKind.TITLE: "-# ",
    RowKind.HEADLINE: "### ",
    RowKind.BULLET: "- ",
    RowKind.SMALL: "-# ",
    RowKind.NOTICE: "> ",
    RowKind.LINE: "",
}


def markdown(rows: Iterable[Row], *, links: Mapping[int, str], linked: bool = False) -> str:
    """Return ``rows``, one on each line; citations are plain numbers except in lists of sources, which link them by ``links``.

    With ``linked`` every citation is a link.
    """
    lines = []
    for row in rows:
        shown = links if linked or row.kind is RowKind.SMALL else {}
        runs = enumerate(_trimmed(row.runs))
        text = "".join(_run(run, shown, row.kind, first=place == 0) for place, run in runs).strip()
        if text:
            lines.append(f"{_LEADS[row.kind]}{text}")
    return "\n".join(lines)


def escape(text: str) -> str:
    """Escape outside ``text`` so that Discord shows it unchanged: no formatting, no mention, no link."""
    safe = _LIVE.sub(_STOP, plain_line(text)).translate(_MARKS)
    safe = _AT_START.sub(_guarded, safe)
    # Blanks at both ends are kept, so that words of neighbouring runs stay separate.
    return f"{' ' * text[:1].isspace()}{safe}{' ' * text[-1:].isspace()}" if safe else " " * bool(text)


def _guarded(found: re.Match[str]) -> str:
    mark = found[1]
    return f"{mark}{_STOP}" if mark.isdigit() else f"\\{mark}"


def _trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(run for run in runs if run.text)


def _run(run: Run, links: Mapping[int, str], kind: RowKind, *, first: bool) -> str:
    if run.at:
        return f"<t:{int(run.at.timestamp())}:f>"
    if run.place and run.place.platform == "discord" and run.place.id.isdecimal():
        return f"<#{run.place.id}>"
    if run.url:
        return f"[{escape(run.text)}]({run.url})"
    if run.source:
        url = links.get(run.source)
        if not url:
            return f"\\[{run.source}\\]"
        # In brackets after the words, because the link is a bare number: "climbs to 19 7" would be unreadable.
        linked = f"[{run.source}]({url})"
        return linked if first else f"({linked})"
    if run.style is RunStyle.CHIP:
        # Inside of code nothing is formatted; what Discord's server reads there as well is broken.
        code = _LIVE.sub(_STOP, plain_line(run.text)).translate(_IN_CODE)
        return f"`{code}`" if code else ""
    text = escape(run.text)
    mark = {RunStyle.STRONG: "**", RunStyle.SOFT: "*"}.get(run.style, "")
    if not mark or kind is RowKind.HEADLINE or not text.strip():
        return text
    return f"{' ' * text[0].isspace()}{mark}{text.strip()}{mark}{' ' * text[-1].isspace()}"
