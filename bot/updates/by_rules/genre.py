"""Which articles report news, and which comment, explain or portray: nothing of these is told. Pure."""

from __future__ import annotations

from bot.language.rules import languages_with, load_rules
from bot.language.sentences.quotable import MAX_QUOTABLE_CHARS
from bot.language.sentences.self_contained import is_furniture, is_statement
from bot.language.sentences.titles import bare_title
from bot.language.words import content_terms
from bot.model.news import Article, Sentence
from bot.updates.by_rules.days import names_near_day
from bot.updates.by_rules.titles import is_live_title

GENRE_SENTENCES = 8  # of an article, among which a page says what it is
LEAD_STATEMENTS = 5  # whole sentences of an article that begin a report
# A report says what its title says, or names its day, as it begins. So long an article that does neither is a feature.
FEATURE_SENTENCES = 60
MIN_TITLE_CARRIED_SHARE = 0.5  # share of the title's terms that one of its first sentences holds

_GENRES = {language: load_rules(language, "genres") for language in languages_with("genres")}
_BULLETS = {language: load_rules(language, "bullets") for language in languages_with("bullets")}


def is_no_news(text: str, *, language: str) -> bool:
    """Return whether ``text``, a sentence that stands alone, says what nobody needs as news: what always was, or might be."""
    rules = _BULLETS.get(language)
    return rules is not None and rules.has("no news", text[:MAX_QUOTABLE_CHARS])


def is_report(article: Article) -> bool:
    """Return whether ``article`` reports, as far as its page tells: it is no comment, recording or newsletter."""
    rules = _GENRES.get(article.language or "en")
    return rules is None or not any(
        rules.has("no report", s.text) for s in article.sentences[:GENRE_SENTENCES]
    )


def is_feature(article: Article) -> bool:
    """Return whether ``article`` is long and begins as no report does; False where its day, its language or the label of a live page says nothing."""
    language = article.language or "en"
    if is_live_title(article):
        return False
    if language not in _GENRES or article.dated_at is None or len(article.sentences) < FEATURE_SENTENCES:
        return False
    title = set(content_terms(bare_title(article), language=language))
    return not any(
        names_near_day(sentence.text, article)
        or len(title & set(content_terms(sentence.text, language=language)))
        >= MIN_TITLE_CARRIED_SHARE * len(title)
        for sentence in _lead(article)
    )


def _lead(article: Article) -> list[Sentence]:
    whole = (s for s in article.sentences if is_statement(s.text) and not is_furniture(s.text))
    return [sentence for sentence, _ in zip(whole, range(LEAD_STATEMENTS), strict=False)]
