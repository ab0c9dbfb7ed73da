"""The one rule on invisible characters: which are dropped, and which joiners and selectors a script or an emoji needs."""

from __future__ import annotations

import re

# Soft hyphen, fillers, zero-width space and no-break space, direction marks, annotations, tags, halves of characters;
# noncharacters, with which the program marks values in its own sentences.
# Unicode calls them default-ignorable; joiners and selectors of variants are looked at one by one.
_NEVER = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufdd0-\ufdef\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # all but tab and line breaks
# Arabic, Syriac, N'Ko and Mandaic; the scripts of India, Sri Lanka, Tibet, Burma and Cambodia; Mongolian.
_JOINING = (
    "\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18aa\ufb50-\ufdff\ufe70-\ufefc"
)
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_ANY = re.compile(f"[{_NEVER}{_CONTROLS}\u200c\u200d\ufe00-\ufe0f]")
_GONE = re.compile(f"[{_NEVER}]")
_CONTROL = re.compile(f"[{_CONTROLS}]")
_KEPT_OR_NOT = re.compile(
    f"(?P<kept>(?<=[{_JOINING}])[\u200c\u200d]"
    f"|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}]\ufe0f)\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])[\ufe0e\ufe0f]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3))"
    "|[\u200c\u200d\ufe00-\ufe0f]"
)


def visible(text: str) -> str:
    """Return outside ``text`` without characters that hide, reorder or control the text around them.

    One joiner after a letter of a joining script (Persian, Hindi), the joiner between two
    emoji, and an emoji's own selector are kept. Controls become spaces; tab and line breaks stay. Linear in the text.
    """
    if not _ANY.search(text):
        return text
    text = _CONTROL.sub(" ", _GONE.sub("", text))
    return _KEPT_OR_NOT.sub(lambda found: found["kept"] or "", text)


def unjoined(text: str) -> str:
    """Return ``text`` visible and without joiners and selectors, for comparison."""
    return _KEPT_OR_NOT.sub("", visible(text))
