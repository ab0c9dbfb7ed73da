"""Lowers capitals that only shout: "POLICE have…", where the article elsewhere writes "police"."""

from __future__ import annotations

import re

from bot.model.news import Article

MAX_READ_SENTENCES = 60  # sentences of an article that show how a word is written in it
_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{2,}(?:['’][A-Z]+)?\b")


def calm(text: str, article: Article) -> str:
    """Return ``text`` without capitals that only shout; a word that ``article`` writes so everywhere keeps them."""
    found = list(_SHOUTED.finditer(text))
    if not found:
        return text
    body = " ".join((article.title, *(s.text for s in article.sentences[:MAX_READ_SENTENCES])))
    for match in reversed(found):
        text = text[: match.start()] + _calmed(match[0], body, first=match.start() == 0) + text[match.end() :]
    return text[:1].upper() + text[1:]


def _calmed(word: str, body: str, *, first: bool) -> str:
    small, name = word.lower(), word[0] + word[1:].lower()
    if re.search(rf"(?<![\w.]){re.escape(small)}(?!\w)", body):
        return name if first else small
    return name if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", body) else word
