"""Translations of the bot's replies, looked up by their English text. Pure.

"Paused: weekdays 07:30." ──"Paused: {when}."──▶ "Pausiert: weekdays 07:30."

Errors are written in English where they arise, also for the command line; here they are found by their English text. A sentence that is
not known stays English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bot.inline import CLOSE, OPEN
from bot.language.locale.dates import dates_in, timetable_in
from bot.language.locale.phrases import LANGUAGES, phrases

MAX_TRANSLATED_CHARS = 1500  # of one text; nothing of ours is longer
MAX_REPLY_DEPTH = 2  # replies within one another
_HOLE = re.compile(r"\{(\w+)\}")
_NUMBERS = frozenset({"count", "number", "failed", "matching", "all", "minutes", "read"})  # holes for digits
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_QUOTES = {"“": "”", OPEN: CLOSE}  # in these nothing ends
_FILES = ("replies.toml", "failures.toml")

Entry = Mapping[str, str]
"""One reply, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyForm:
    """A reply with what is filled in named, in every language."""

    pattern: re.Pattern[str]
    words: Entry


def written() -> tuple[Entry, ...]:
    """Return every reply as it stands in the files."""
    folder = files("bot.language.locale")
    return tuple(
        entry for name in _FILES for entry in tomllib.loads(folder.joinpath(name).read_text("utf-8"))["reply"]
    )


def in_language(text: str, language: str, *, depth: int = 0) -> str:
    """Return ``text`` in ``language``: as a whole if known, else sentence by sentence; unknown sentences stay unchanged.

    ``depth`` is how many replies it is filled into: a reply within a reply within one is not looked up further.
    """
    if language == "en" or not text or len(text) > MAX_TRANSLATED_CHARS:
        return text
    if text.startswith(OPEN) and text.index(CLOSE) == len(text) - 1:
        return dates_in(text, language)  # a moment alone
    whole = known(text, language, depth=depth)
    if whole is not None:
        return whole
    sentences = list(sentences_of(text))
    if len(sentences) == 1:
        return text
    return " ".join(known(one, language, depth=depth) or one for one in sentences)


def pieces_in_language(text: str, language: str) -> str:
    """Return small print such as "as of 3 July · asked by Anna" in ``language``, piece by piece."""
    return " · ".join(known(piece, language) or dates_in(piece, language) for piece in text.split(" · "))


def known(text: str, language: str, *, depth: int = 0) -> str | None:
    """Return one sentence of the bot in ``language``, with or without its full stop; None for any other text."""
    found = _looked_up(text, language, depth)
    if found is not None:
        return found
    if text.endswith("."):
        bare = _looked_up(text[:-1], language, depth)
        return None if bare is None else f"{bare}."
    ended = _looked_up(f"{text}.", language, depth)
    return None if ended is None else ended.removesuffix(".")


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``; what is quoted or filled in does not end one."""
    begin, closing = 0, ""
    for at, letter in enumerate(text):
        if closing:
            closing = "" if letter == closing else closing
        elif letter in _QUOTES:
            closing = _QUOTES[letter]
        elif letter.isspace() and at > begin and (found := _SENTENCE_END.match(text, at)):
            yield text[begin:at]
            begin = found.end()
    if begin < len(text) or not text:
        yield text[begin:]


def _looked_up(text: str, language: str, depth: int) -> str | None:
    if text in _PLAIN:
        return _PLAIN[text].get(language)
    if (times := timetable_in(text, language)) != text:
        return times
    # Of several sentences each is looked at by itself: a hole must not swallow the next one.
    if len(list(sentences_of(text))) > 1:
        return None
    for form in _FORMS:
        found = form.pattern.fullmatch(text)
        if found and language in form.words:
            filled = {name: _filled(value, language, depth + 1) for name, value in found.groupdict().items()}
            return form.words[language].format(**filled)
    return None


def _filled(value: str, language: str, depth: int) -> str:
    """Return what is filled in, in ``language``: a reply, also one begun in small letters, a list of them, or a date."""
    if depth > MAX_REPLY_DEPTH:
        return dates_in(value, language)
    whole = in_language(value, language, depth=depth)
    if whole != value:
        return whole
    begun = known(value[:1].upper() + value[1:], language, depth=depth)
    if begun:
        return begun[:1].lower() + begun[1:]
    listed = [known(piece, language, depth=depth) for piece in value.split(", ")]
    if len(listed) > 1 and any(listed):
        return ", ".join(new or old for new, old in zip(listed, value.split(", "), strict=True))
    return dates_in(value, language)


def _read(entries: Iterable[Entry]) -> tuple[dict[str, Entry], tuple[ReplyForm, ...]]:
    """Return the replies without holes by their English words, and the others, the most specific first."""
    plain: dict[str, Entry] = {}
    forms = []
    for entry in entries:
        english = entry["en"]
        if not _HOLE.search(english):
            plain.setdefault(english, entry)
            continue
        pieces = _HOLE.split(english)
        form = ReplyForm(pattern=re.compile(_pattern(pieces), re.DOTALL), words=entry)
        forms.append((sum(map(len, pieces[::2])), form))
    forms.sort(key=lambda form: -form[0])
    return plain, tuple(form for _, form in forms)


def _pattern(pieces: Sequence[str]) -> str:
    """Return what fits a reply in ``pieces``: text and names of holes in turn."""
    pattern, seen = re.escape(pieces[0]), set[str]()
    for name, following in zip(pieces[1::2], pieces[2::2], strict=True):
        hole = r"[\d.,]+" if name in _NUMBERS else r"/brief\b.*" if name == "command" else ".+"
        pattern += (f"(?P={name})" if name in seen else f"(?P<{name}>{hole})") + re.escape(following)
        seen.add(name)
    return pattern


def _labels() -> Iterator[Entry]:
    """Yield the labels and sentences beside the news: an answer or a story bears them too."""
    every = {language: phrases(language) for language in LANGUAGES}
    english = every["en"]
    for name in type(english).__dataclass_fields__:
        if name in {"locale", "words"} or name.endswith("_pattern"):
            continue
        for number in range(2 if isinstance(getattr(english, name), tuple) else 1):
            values = (getattr(say, name) for say in every.values())
            words = (value[number] if isinstance(value, tuple) else value for value in values)
            entry = dict(zip(every, words, strict=True))
            # A piece with holes that is no sentence would fit what people write.
            if not _HOLE.search(entry["en"]) or entry["en"].endswith("."):
                yield entry


_PLAIN, _FORMS = _read((*written(), *_labels()))
