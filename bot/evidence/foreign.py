"""Finds words that none of the articles has; a model could copy them from another story."""

from __future__ import annotations

from collections.abc import Iterable

from bot.evidence.check import MAX_CHECKED_STATEMENT_CHARS
from bot.evidence.reading.ground import country_named
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content
from bot.language.entities.names import find_names
from bot.language.text_cache import text_cached
from bot.language.words import stem, stop_words
from bot.language.words import words as word_list
from bot.model.news import Article

MAX_FOREIGN_WORDS = (
    3  # words that no article has, from which they are no turn of phrase: 1 % of honest paraphrases have them
)


def foreign_words(
    text: str, articles: Iterable[Article], *, most: int = MAX_FOREIGN_WORDS - 1
) -> tuple[str, ...]:
    """Return the words of ``text`` that none of ``articles`` has, if they are more than ``most`` or inside a name.

    A model that serves many channels could copy words of one into another's briefing; if they are plain words, no
    rule on names and numbers notices it.
    """
    terms = frozenset().union(*(_vocabulary(article) for article in articles))
    stop, foreign = stop_words("en"), []
    for word in word_list(text[:MAX_CHECKED_STATEMENT_CHARS]):
        if word in stop or len(word) < 2 or word[0].isdigit():
            continue
        term = stem(word)
        if term not in REPORTING_STEMS and not carried(term, terms):
            foreign.append(word)
    return tuple(foreign) if len(foreign) > most else _inserted(text, terms)


def _inserted(text: str, terms: frozenset[str]) -> tuple[str, ...]:
    """Return the words that no article has within names of ``text``: with its ends alone, a name would pass."""
    found = []
    for name in find_names(text[:MAX_CHECKED_STATEMENT_CHARS]):
        words = tuple(word_list(name.text))
        if len(words) > 2 and not country_named(words):
            found += [w for w in words[1:-1] if len(w) > 2 and not carried(stem(w), terms)]
    return tuple(w for w in found if w not in stop_words("en"))


@text_cached(maxsize=512)
def _vocabulary(article: Article) -> frozenset[str]:
    return content(
        "\n".join((article.title, article.author, article.outlet, *(s.text for s in article.sentences)))
    )
