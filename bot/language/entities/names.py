"""Find proper names in running text, and compare two names. English conventions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.entities.demonyms import DEMONYMS
from bot.language.rules import load_rules
from bot.language.text_cache import text_cached

_TOKEN = re.compile(r"[^\W\d_][\w’'&.-]*\w|[^\W\d_]", re.UNICODE)
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_WORDS = load_rules("en", "names").words
# Words that begin sentences or titles and are no part of a name.
NO_NAMES = _WORDS["no name"] | {day_or_month.casefold() for day_or_month in (*WEEKDAYS, *MONTHS)}
PARTICLES = _WORDS["particle"]
MAX_ENTITY_NAME_CHARS = 200  # characters; a longer run of capitals is no name
_BODY_PARTICLES = _WORDS["particle of a body"]
_BEFORE_NAME = _WORDS["before a name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSpan:
    """One name as printed, without a possessive; ``kind`` is name or demonym."""

    start: int
    end: int
    text: str
    kind: str = "name"


def find_names(text: str) -> tuple[NameSpan, ...]:
    """Return the capitalised names of one sentence in order; the first word only if it can be a name."""
    tokens = list(_TOKEN.finditer(text))
    spans: list[NameSpan] = []
    i = 0
    while i < len(tokens):
        if not _capital(tokens[i].group()) or _plain(tokens[i].group()) in NO_NAMES:
            i += 1
            continue
        j = _end_of_name(text, tokens, i)
        span = _span(text, tokens[i].start(), tokens[j - 1].end())
        if span:
            spans.append(span)
        i = j
    return tuple(spans)


def same_name(one: str, other: str) -> bool:
    """Return whether two names can mean the same: equal, one the last word of the other, or its initials."""
    a, b = sorted((_core(one), _core(other)), key=len)
    if a == b:
        return bool(a)
    if not a:
        return False
    if len(a) == 1 and len(b) > 1:
        return a[0] == b[-1] or a[0].replace(".", "") == "".join(w[0] for w in b if w not in PARTICLES)
    return len(a) > 1 and a[0] == b[0] and a[-1] == b[-1]


@text_cached(maxsize=20_000)
def _core(name: str) -> tuple[str, ...]:
    words = (_plain(t) for t in name.split())
    return tuple(w for w in words if w and w not in _BEFORE_NAME)


def _plain(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).rstrip(".").casefold()


def _capital(word: str) -> bool:
    return word[0].isupper() or (word[:3].lower() in {"al-", "el-"} and word[3:4].isupper())


def _end_of_name(text: str, tokens: list[re.Match[str]], i: int) -> int:
    """Return the index after the last token of the name that begins at ``i``."""
    j = i + 1
    while j < len(tokens):
        gap = text[tokens[j - 1].end() : tokens[j].start()]
        word, before = tokens[j].group(), tokens[j - 1].group()
        if (
            gap not in {" ", ". ", " & "}
            or re.search(r"['’]s?$", before)
            or (gap == ". " and len(before) > 2)
        ):
            break
        if _capital(word) and _plain(word) not in NO_NAMES - {"may", "march"}:
            j += 1
        elif (
            word.lower() in PARTICLES
            and j + 1 < len(tokens)
            and _capital(tokens[j + 1].group())
            and text[tokens[j].end() : tokens[j + 1].start()] == " "
            # "Bank of England" but not "Israel and Hamas": only names of people run on over small particles.
            and (word.lower() not in _BODY_PARTICLES or (word.lower() == "of" and j - i <= 2))
        ):
            j += 2
        else:
            break
    return j


def _span(text: str, start: int, end: int) -> NameSpan | None:
    printed = re.sub(r"['’]s?$", "", text[start:end])
    if not 2 <= len(printed) <= MAX_ENTITY_NAME_CHARS or (len(printed) < 3 and not printed.isupper()):
        return None
    kind = "demonym" if printed.casefold() in DEMONYMS else "name"
    return NameSpan(start=start, end=start + len(printed), text=printed, kind=kind)
