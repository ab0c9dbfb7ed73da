"""Lowers capitals that only shout: "POLICE have…", where the article elsewhere writes "police"."""

from __future__ import annotations

import re

from bot.language.words import stop_words
from bot.model.news import Article

MAX_READ_SENTENCES = 60  # sentences of an article that show how a word is written in it
MAX_SHORT_CHARS = 3  # of a word that may be initials and a name
_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{2,}(?:['’][A-Z]+)?\b")


def calm(text: str, article: Article) -> str:
    """Return ``text`` without capitals that only shout; a word that ``article`` writes so everywhere keeps them."""
    found = list(_SHOUTED.finditer(text))
    if not found:
        return text
    body = " ".join((article.title, *(s.text for s in article.sentences[:MAX_READ_SENTENCES])))
    small = stop_words(article.language or "en")
    for match in reversed(found):
        if match[0].lower() in small and _is_abbreviation(match, text, body):
            continue
        text = text[: match.start()] + _calmed(match[0], body, first=match.start() == 0) + text[match.end() :]
    return text[:1].upper() + text[1:]


def _is_abbreviation(word: re.Match[str], text: str, body: str) -> bool:
    """Tell whether ``word``, in small letters a common one, is a name in capitals: "WHO says", as ``body`` has it amid sentences.

    None of them stands among other capitals of ``text``, and "THE" only begins.
    """
    beside = (*text[: word.start()].split()[-1:], *text[word.end() :].split()[:1])
    return not any(map(_SHOUTED.match, beside)) and _amid(word[0], body)


def _amid(word: str, body: str) -> bool:
    """Tell whether ``word`` stands so amid a sentence of ``body``."""
    return bool(re.search(rf"[a-z0-9,] {re.escape(word)}(?!\w)", body))


def _calmed(word: str, body: str, *, first: bool) -> str:
    small, name = word.lower(), word[0] + word[1:].lower()
    if re.search(rf"(?<![\w.]){re.escape(small)}(?!\w)", body):
        return name if first else small
    if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", body):
        return word
    return word if len(word) <= MAX_SHORT_CHARS and _amid(word, body) else name  # Kim Jong Un is not the UN
