"""Tell a feature, guide or explainer, which reports of no day, from news: by the titles of its articles and the days of its facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.language.rules import languages_with, load_rules
from bot.language.sentences.titles import MAX_TITLE_CHARS
from bot.model.ledger import KnownFact
from bot.model.update import Importance

EVENT_NEWS_TIME = timedelta(days=2)  # time before an article whose events are its news
_TITLES = tuple(load_rules(language, "titles") for language in languages_with("titles"))


def is_feature(facts: Sequence[KnownFact], titles: Mapping[str, str]) -> bool:
    """Tell whether the key facts ``facts``, or where there are none all, are of no known day, below titles (by article id) that tell no news.

    Neither is enough: guides bring news as well, and news of a company may name no day.
    """
    key = [known for known in facts if known.fact.importance is Importance.KEY]
    if not facts or any(_is_of_a_day(known) for known in key or facts):
        return False
    cited = {c.article_id for known in facts for c in known.citations}
    return all(is_feature_title(titles.get(article_id, "")) for article_id in cited)


def is_feature_title(title: str) -> bool:
    """Tell whether ``title`` asks, lists, guides, or says how things are; one that is empty does not."""
    return any(rules.has("feature", title[:MAX_TITLE_CHARS]) for rules in _TITLES)


def _is_of_a_day(known: KnownFact) -> bool:
    day = known.fact.happened_on
    return day is not None and day >= (known.as_of - EVENT_NEWS_TIME).date()
