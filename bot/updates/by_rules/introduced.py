"""Find sentences whose speaker only their article has introduced: "Berg said" of one whom a reader has not met. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language.rules import languages_with
from bot.language.sentences.quotable import MAX_QUOTABLE_CHARS
from bot.language.speech import SAYING
from bot.language.words import words
from bot.model.news import Article
from bot.updates.by_rules.worth import MAX_READ_SENTENCES

# In other languages nouns have capitals, too, or it is not known.
_READ = frozenset(languages_with("headlines"))
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'-]*\w(?:\s(?:[A-ZÀ-ÖØ-Þ]\.\s)*[A-ZÀ-ÖØ-Þ][\w’'-]*\w)*")
_POSSESSIVE = re.compile(r"[’']s$")


def speaks_unintroduced(text: str, article: Article) -> bool:
    """Return whether a single name beside a verb of saying in ``text`` stands in full elsewhere in ``article``, and not in its title."""
    if (article.language or "en") not in _READ:
        return False
    alone = set(_speakers(text[:MAX_QUOTABLE_CHARS])) - set(words(article.title))
    return bool(
        alone & set(_last_names(sentence.text for sentence in article.sentences[:MAX_READ_SENTENCES]))
    )


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
