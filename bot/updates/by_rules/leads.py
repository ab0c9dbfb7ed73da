"""Find the lead of an article in a language without sentence rules; only the lead is quoted. Pure."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from bot.language.rules import languages_with
from bot.language.sentences.clauses import word_count
from bot.language.sentences.self_contained import is_furniture, is_statement
from bot.language.words import content_terms
from bot.model.news import Article, Sentence

LEAD_SENTENCES = 3  # first sentences of an article: its news
MAX_SOUGHT_SENTENCES = 12  # of an article, in which its lead is sought
MAX_LEAD_CHARS = 400  # characters of a lead: nothing else of its article is quoted, and many languages need more than English
MIN_LEAD_WORDS = 12  # shorter ones are mostly captions and lines of the page
MIN_UNSPACED_LEAD_CHARS = 16  # where a script puts no spaces between words
_CLOSING = " \"'’”»)]"
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_JUDGED = frozenset(languages_with("self_contained"))


def has_only_leads(article: Article) -> bool:
    """Return whether the language of ``article`` has no rules on which sentences can be understood alone."""
    return (article.language or "en") not in _JUDGED


def lead_of(article: Article) -> tuple[Sentence, ...]:
    """Return the first sentence of ``article`` that shares words with its title, and the next one if it does, too.

    If none does, it is the first long one: a title may be only the name of a page.
    """
    language = article.language or "en"
    title = set(content_terms(article.title, language=language))
    whole = [s for s in article.sentences[:MAX_SOUGHT_SENTENCES] if _may_lead(s.text)]
    titled = [s for s in whole if title & set(content_terms(s.text, language=language))]
    following = (second for first, second in pairwise(titled[:2]) if second.number == first.number + 1)
    return (titled[0], *following) if titled else tuple(whole[:1])


def _may_lead(text: str) -> bool:
    long = word_count(text) >= MIN_LEAD_WORDS if is_spaced(text) else len(text) >= MIN_UNSPACED_LEAD_CHARS
    calls = text.rstrip(_CLOSING).endswith(("!", "！"))
    return long and is_statement(text) and not calls and not is_furniture(text)


def is_spaced(text: str) -> bool:
    """Return whether the script of ``text`` puts spaces between words."""
    return text.isascii() or not any(unicodedata.name(c, "").startswith(_UNSPACED) for c in text)
