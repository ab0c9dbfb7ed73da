"""Choose sentences to quote from a story's articles, each judged beside what was said before its day.

articles ──a day at a time──▶ sentences that stand alone ──worth, and how much of the title──▶ quotes
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.language.sentences.quotable import is_background, surroundings_of
from bot.language.words import content_terms
from bot.model.news import Article
from bot.model.story import CourseFact
from bot.stories.quoted import Quote
from bot.updates.by_rules.sentences import standing_alone
from bot.updates.by_rules.worth import SentenceMeasure, worth

MAX_LEAD_SENTENCES = 15  # of an article: reports begin with what matters
MAX_QUOTED_ARTICLES = 60  # newest ones: bounds the work of a long story
TITLE_SHARE = 0.5  # share of a sentence's weight that depends on how much of its title it holds


def quotes_of(articles: Sequence[Article], *, zone: ZoneInfo) -> list[Quote]:
    """Return the sentences of ``articles`` (oldest first) that can be quoted, with the day in ``zone`` and the weight of each."""
    known: list[str] = []
    found: list[Quote] = []
    newest = articles[-MAX_QUOTED_ARTICLES:]
    for _, day in groupby(newest, key=lambda a: a.published_at.astimezone(zone).date()):
        new = list(day)
        measure = SentenceMeasure(new, known=known)
        found += [quote for article in new for quote in _of_article(article, measure, zone=zone)]
        known += [s.text for article in new for s in article.sentences[:MAX_LEAD_SENTENCES]]
    return found


def _of_article(article: Article, measure: SentenceMeasure, *, zone: ZoneInfo) -> Iterator[Quote]:
    language = article.language or "en"
    title = frozenset(content_terms(article.title, language=language))
    around = surroundings_of(article)
    for sentence in article.sentences[:MAX_LEAD_SENTENCES]:
        quotable = standing_alone(article, sentence, known=around)
        if quotable is None or is_background(quotable.text, language=language):
            continue
        terms = frozenset(content_terms(quotable.text, language=language))
        about = len(terms & title) / len(title) if title else 1.0
        log_odds = worth(measure.features(quotable.text, article=article, sentence=sentence))
        yield Quote(
            fact=CourseFact(
                text=quotable.text, as_of=article.published_at, citation=article.cite(sentence.number)
            ),
            day=article.published_at.astimezone(zone).date(),
            weight=(1 - TITLE_SHARE + TITLE_SHARE * about) / (1 + math.exp(-log_odds)),
            terms=terms,
        )
