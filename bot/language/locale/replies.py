"""What the bot says in chats, in other languages: looked up by its English words when it is said. Pure.

"Paused: weekdays 07:30." ──"Paused: {when}."──▶ "Pausiert: weekdays 07:30."

Errors are worded where they arise, for the command line too; here they are read back from their words. A sentence that is
not known stays English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

MAX_TRANSLATED_CHARS = 2000  # of one text; nothing of ours is longer
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_HOLE = re.compile(r"\{(\w+)\}")
_DATA = files("bot.language.locale").joinpath("replies.toml").read_text("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyForm:
    """A reply with what is filled in named, in every language."""

    pattern: re.Pattern[str]
    words: Mapping[str, str]


def _read(data: str) -> tuple[dict[str, Mapping[str, str]], tuple[ReplyForm, ...]]:
    """Return the replies without holes by their English words, and the others, the most specific first."""
    plain: dict[str, Mapping[str, str]] = {}
    forms = []
    for reply in tomllib.loads(data)["reply"]:
        english = reply["en"]
        if not _HOLE.search(english):
            plain[english] = reply
            continue
        pieces = _HOLE.split(english)
        pattern = "".join(
            f"(?P<{piece}>.+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)
        )
        forms.append(
            (sum(map(len, pieces[::2])), ReplyForm(pattern=re.compile(pattern, re.DOTALL), words=reply))
        )
    forms.sort(key=lambda form: -form[0])
    return plain, tuple(form for _, form in forms)


PLAIN, FORMS = _read(_DATA)


def in_language(text: str, language: str) -> str:
    """Return ``text`` in ``language``: whole where it is known, else sentence by sentence, what is not known as it is."""
    if language == "en" or not text or len(text) > MAX_TRANSLATED_CHARS:
        return text
    whole = _known(text, language)
    if whole is not None:
        return whole
    sentences = _SENTENCES.split(text)
    if len(sentences) == 1:
        return text
    return " ".join(_known(one, language) or one for one in sentences)


def _known(text: str, language: str) -> str | None:
    if text in PLAIN:
        return PLAIN[text].get(language)
    # Of several sentences each is looked at by itself: a hole must not swallow the next one.
    if len(_SENTENCES.split(text)) > 1:
        return None
    for form in FORMS:
        found = form.pattern.fullmatch(text)
        if found and language in form.words:
            filled = {name: in_language(value, language) for name, value in found.groupdict().items()}
            return form.words[language].format(**filled)
    return None
