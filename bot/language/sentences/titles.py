"""Remove decoration from a title: "UPDATE 3-", "(VIDEO)", the outlet's name, emphatic capitals."""

from __future__ import annotations

import re

from bot.language.outlets import bare_name
from bot.language.rules import languages_with, load_rules
from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import word_count
from bot.language.text_cache import text_cached
from bot.model.news import Article

MAX_TITLE_CHARS = 300  # characters that are read
MIN_TITLE_WORDS = 4
_RULES = tuple(load_rules(language, "titles") for language in languages_with("titles"))
TITLE_LOOKUP_SENTENCES, MAX_TITLE_LOOKUP_CHARS = (
    10,
    5_000,
)  # of an article, where a word of its title is looked up
_ENDING = re.compile(
    r"(?:e?[sd]|e?rs?|ing|ly)"
)  # which the article has behind a word that is whole in the title
_LAST_WORDS = re.compile(r"\b(?P<before>\w+)\s(?P<last>[^\W\d_]{2,})$")
# Where a title holds two: "Storm hits Osby. Latest on the ferries"; initials and short forms end nothing.
_CONTRADICTS = re.compile(r"(?:But|Not|No|Yet|Or)\b")
_SECOND = re.compile(r"(?:(?<=[a-zà-ÿ]{4}[.])|(?<=[A-Z]{2}[.])|(?<=[”\"’'\d)][.]))\s+(?=[\"“‘'A-ZÀ-Þ])")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'][^’']*[’'](?!\w)")
_CUT = re.compile(r"\s*(?:\.\.\.|…)$")
_PART = re.compile(r"(?:[:;,]|\s[–—-])\s")
_SUFFIX = re.compile(r"\s(?:[|–—»]|-)\s(?P<outlet>[^|–—»]{2,40})$")


@text_cached(maxsize=64)  # asked five times of each article, one after the other
def bare_title(article: Article) -> str:
    """Return the title of ``article`` without decoration; empty where it has none."""
    text = " ".join(article.title.split())[:MAX_TITLE_CHARS]
    for rule in (rule for rules in _RULES for rule in rules.patterns):
        if rule.sense == "before" and (found := rule.match.match(text)):
            text = text[found.end() :]
        elif rule.sense == "behind" and (found := rule.match.search(text)):
            text = text[: found.start()]
    suffix = _SUFFIX.search(text)
    if suffix and (
        word_count(text[: suffix.start()]) >= MIN_TITLE_WORDS
        or suffix["outlet"].casefold() == bare_name(article.outlet).casefold()
    ):
        text = text[: suffix.start()]
    text = calm(_completed(_first(_uncut(text.strip())), article), article)
    return text[:1].upper() + text[1:]


def _first(text: str) -> str:
    """Return the first of the sentences of the title ``text``, where it has words enough: others call to what the page has.

    One that contradicts it ("But it's not") is no such call.
    """
    head = _SECOND.split(text, maxsplit=1)[0]
    if _CONTRADICTS.match(text[len(head) :].lstrip(". ")):
        return text
    return head.removesuffix(".") if head != text and word_count(head) >= MIN_TITLE_WORDS else text


def _uncut(text: str) -> str:
    """Return the complete part of a title that a feed or a search cut off; unchanged if that is too short."""
    if not _CUT.search(text):
        return text
    ends = [found.start() for found in (*_PART.finditer(text), *_SECOND.finditer(text))]
    heads = (text[:end].rstrip(" .") for end in sorted(ends, reverse=True))
    return next((head for head in heads if word_count(head) >= MIN_TITLE_WORDS), text)


def _completed(text: str, article: Article) -> str:
    """Return ``text`` with its last word whole where a feed cut it: the article has the two last words, and no such word."""
    last = _LAST_WORDS.search(text)
    if last is None:
        return text
    printed = " ".join(sentence.text for sentence in article.sentences[:TITLE_LOOKUP_SENTENCES])[
        :MAX_TITLE_LOOKUP_CHARS
    ]
    if re.search(rf"\b{re.escape(last['last'])}\b", printed, re.IGNORECASE):
        return text
    whole = re.search(
        rf"\b{re.escape(last['before'])}\s({re.escape(last['last'])}\w+)", printed, re.IGNORECASE
    )
    if whole is None or _ENDING.fullmatch(whole[1][len(last["last"]) :]):
        return text  # "boost" is whole, though the article has "booster"
    return text[: last.start("last")] + whole[1]


def is_cut_off(title: str) -> bool:
    """Tell whether the end of ``title`` is missing, as its dots say."""
    return title.endswith(("…", "..."))


@text_cached(maxsize=64)  # asked three times of each title, one after the other
def tells_news(title: str) -> bool:
    """Tell whether ``title`` reports: it asks nothing, calls to nothing and praises nothing."""
    bare = _QUOTED.sub("", title[:MAX_TITLE_CHARS])
    return not any(
        rules.has("no news", title[:MAX_TITLE_CHARS]) or rules.has("to the reader", bare) for rules in _RULES
    )
