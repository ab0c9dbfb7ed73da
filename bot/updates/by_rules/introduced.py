"""Find sentences with a name that only their article has introduced: "Berg said" of one whom a reader has not met, or "the OHB". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language.rules import languages_with, load_rules
from bot.language.sentences.quotable import MAX_QUOTABLE_CHARS
from bot.language.speech import SAYING
from bot.language.words import words
from bot.model.news import Article
from bot.updates.by_rules.worth import MAX_READ_SENTENCES

# In other languages nouns have capitals, too, or it is not known.
_READ = frozenset(languages_with("headlines"))
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*\w(?:\s(?:[A-ZÀ-ÖØ-Þ]\.\s)*[A-ZÀ-ÖØ-Þ][\w’'-]*\w)*")
_INITIALS = re.compile(r"(?<![\w.-])[A-Z][A-Z&]{0,4}[A-Z](?=s?\b(?![.-]\w))")
_KNOWN_INITIALS = load_rules("en", "short_forms").words["known initials"]
MAX_SPELLED_OUT_CHARS = 220  # of a sentence in which a name in full still fits
MAX_OPAQUE_INITIALS = 2  # letters that stand for too many names
_REST_OF_WORD = r"[a-z][\w’-]*\s"
_POSSESSIVE = re.compile(r"[’']s$")


def speaks_unintroduced(text: str, article: Article) -> bool:
    """Return whether a single name beside a verb of saying in ``text`` stands in full elsewhere in ``article``, and not in its title."""
    if (article.language or "en") not in _READ:
        return False
    alone = set(_speakers(text[:MAX_QUOTABLE_CHARS])) - set(words(article.title))
    return bool(
        alone & set(_last_names(sentence.text for sentence in article.sentences[:MAX_READ_SENTENCES]))
    )


def has_unexplained_initials(text: str, article: Article, *, spelled_out: bool = True) -> bool:
    """Return whether ``text`` has initials for a name that other sentences of ``article`` have in full, and neither it nor the title.

    Initials that stand in brackets behind their name are ``spelled_out`` in a briefing, if the sentence has room for it. Of others only two
    letters are told from words: they count as unexplained if the article has a name of two words that begin with them.
    """
    if (article.language or "en") not in _READ:
        return False
    found = set(_INITIALS.findall(text[:MAX_QUOTABLE_CHARS])) - set(_INITIALS.findall(article.title))
    unknown = [one for one in found - _KNOWN_INITIALS if f"({one})" not in text]
    if not unknown:
        return False
    in_full = f"{article.title} {text}"
    printed = " ".join((article.title, *(s.text for s in article.sentences[:MAX_READ_SENTENCES])))
    has_room = spelled_out and len(text) <= MAX_SPELLED_OUT_CHARS
    return any(
        not (has_room or _is_shortened(one, in_full))
        if f"({one})" in printed
        else len(one) <= MAX_OPAQUE_INITIALS and _is_shortened(one, printed)
        for one in unknown
    )


def _is_shortened(initials: str, text: str) -> bool:
    """Return whether ``text`` has a name of which each word begins with one of ``initials``: "Osby Harbour" for "OH"."""
    name = _REST_OF_WORD.join(map(re.escape, initials))
    return bool(re.search(rf"(?<!\w){name}[a-z]", text))


def _speakers(text: str) -> Iterator[str]:
    """Yield the names of one word, in small letters, right before or right behind a verb of saying."""
    for name in _NAME.finditer(text):
        before, after = words(text[: name.start()])[-1:], words(text[name.end() :])[:1]
        if " " not in name[0] and not SAYING.isdisjoint(before + after):
            yield name[0].lower()


def _last_names(texts: Iterable[str]) -> Iterator[str]:
    """Yield the last words of names of several words, in small letters."""
    for text in texts:
        for name in _NAME.finditer(text[:MAX_QUOTABLE_CHARS]):
            if " " in name[0]:
                yield _POSSESSIVE.sub("", name[0].split()[-1]).lower()
