"""Which titles can name a story, and which of them only lead to what an article has. Pure."""

from __future__ import annotations

import re

from bot.language.rules import languages_with, load_rules
from bot.language.sentences.clauses import word_count
from bot.language.sentences.quotable import MAX_QUOTABLE_CHARS
from bot.language.sentences.titles import MAX_TITLE_CHARS, bare_title, is_cut_off, tells_news
from bot.language.speech import SAYING
from bot.language.text_cache import text_cached
from bot.language.words import words
from bot.model.news import Article

MIN_UNLABELLED_TITLE_WORDS = 3  # that a label leaves of a title

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'][^’']*[’'](?!\w)")
_HEADLINES = {language: load_rules(language, "headlines") for language in languages_with("headlines")}


@text_cached(maxsize=64)  # asked four times of each article, one after the other
def plain_title(article: Article) -> str:
    """Return the title of ``article`` without decoration and without the word for the sort of its page."""
    text = bare_title(article)
    rules = _HEADLINES.get(article.language or "en")
    for rule in rules.patterns if rules else ():
        if rule.sense not in {"label before", "label behind"} or not (found := rule.match.search(text)):
            continue
        rest = text[found.end() :] if rule.sense == "label before" else text[: found.start()]
        text = rest[:1].upper() + rest[1:] if word_count(rest) >= MIN_UNLABELLED_TITLE_WORDS else text
    return text


def reports(title: str) -> bool:
    """Return whether ``title`` can name a story: whole, news, and no label of a page."""
    return tells_news(title) and not is_cut_off(title) and not is_label(title) and not needs_day(title)


def is_label(title: str) -> bool:
    """Return whether ``title`` names a page that goes on while something happens, or keeps back whom it means."""
    return _has("label", title)


def is_live_title(article: Article) -> bool:
    """Return whether the title of ``article`` names a page that goes on while something happens, or says so beside its news."""
    title = bare_title(article)
    return plain_title(article) != title or is_label(title)


@text_cached(maxsize=64)  # asked twice of each title, one after the other
def needs_day(title: str) -> bool:
    """Return whether ``title`` asks, guides, lists or judges: only what its article dates is news."""
    return not tells_news(title.rstrip(". …")) or _has("guide", title) or judges(title)


def tells_of_no_day(article: Article) -> bool:
    """Return whether the title of ``article``, or its label, says that it is no report: only what it dates is news."""
    return needs_day(plain_title(article)) or _has("no report", " ".join(article.title.split()))


def judges(title: str) -> bool:
    """Return whether ``title`` claims a thing and names nobody who does."""
    return _has("claim", title) and SAYING.isdisjoint(words(title))


def is_no_event(text: str, *, language: str) -> bool:
    """Return whether ``text``, a sentence in the place of a title, only says what something is."""
    return _says("no event", text, language=language)


def is_possible(text: str, *, language: str) -> bool:
    """Return whether ``text``, a sentence in the place of a title, says what may be."""
    return _says("possible", text, language=language)


def _says(sense: str, text: str, *, language: str) -> bool:
    rules = _HEADLINES.get(language)
    return rules is not None and rules.has(sense, text[:MAX_QUOTABLE_CHARS])


def _has(sense: str, title: str) -> bool:
    bare = _QUOTED.sub("“”", title[:MAX_TITLE_CHARS])  # what somebody said judges for himself
    return any(rules.has(sense, bare) for rules in _HEADLINES.values())
