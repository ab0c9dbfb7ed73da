"""Takes from a title what is no news in it: "UPDATE 3-", "(VIDEO)", the outlet's name, capitals that only shout."""

from __future__ import annotations

import re

from bot.language.outlets import bare_name
from bot.language.rules import languages_with, load_rules
from bot.language.sentences.calm import calm
from bot.language.sentences.clauses import word_count
from bot.model.news import Article

MAX_TITLE_CHARS = 300  # characters that are read
MIN_TITLE_WORDS = 4
_RULES = tuple(load_rules(language, "titles") for language in languages_with("titles"))
_SUFFIX = re.compile(r"\s(?:[|–—»]|-)\s(?P<outlet>[^|–—»]{2,40})$")


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
    text = calm(text.strip(), article)
    return text[:1].upper() + text[1:]


def tells_news(title: str) -> bool:
    """Tell whether ``title`` reports: it asks nothing, calls to nothing and praises nothing."""
    return not any(rules.has("no news", title[:MAX_TITLE_CHARS]) for rules in _RULES)
