"""Name a story by the title of one of its articles, without decoration and short. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.language.sentences.clauses import parts, tidy, word_count
from bot.language.sentences.titles import bare_title, tells_news
from bot.language.similarity import similarity
from bot.model.briefing import Statement
from bot.model.news import Article, Citation

MAX_HEADLINE_WORDS, MIN_HEADLINE_WORDS = 12, 4
MAX_WHOLE_TITLE_WORDS = 17  # of a title that ends nowhere earlier: cut, its point is lost
ONE_DAY = timedelta(hours=24)
LEAD_SENTENCES = 8  # sentences of an article that may carry a headline

_JOIN = re.compile(r"\s(?=(?:after|as|amid|before|while|despite|following|when|because|ahead\sof|in\sbid)\s)")


def short_title(text: str) -> str:
    """Return ``text``, a title without decoration, in at most 12 words, or whole where it is a little longer and ends nowhere before."""
    if word_count(text) <= MAX_HEADLINE_WORDS:
        return text
    for mark in (": ", "; ", " – ", " — ", ", "):
        head = text.split(mark, maxsplit=1)[0]
        if MIN_HEADLINE_WORDS <= word_count(head) <= MAX_HEADLINE_WORDS:
            return head.strip()
    # Titles speak in the present tense of any verb, so the clause before a joining word is taken as one.
    cuts = [text[: join.start()] for join in _JOIN.finditer(text)]
    for part in (*parts(text), *reversed(cuts)):
        if MIN_HEADLINE_WORDS <= word_count(part) <= MAX_HEADLINE_WORDS:
            return tidy(part)
    if word_count(text) <= MAX_WHOLE_TITLE_WORDS:
        return text
    return " ".join(text.split()[:MAX_HEADLINE_WORDS]).rstrip(",;:–—-") + " …"


def headline_from(articles: Sequence[Article]) -> Statement:
    """Return the headline of ``articles`` (at least one), cited to the sentence that carries it.

    It is the title that best names those of the newest day; where none of them reports, one of the others does.
    """
    newest = max(a.published_at for a in articles)
    titled = [(a, short_title(bare_title(a) or _lead(a))) for a in articles]
    calm = [
        (a, t)
        for a, t in titled
        if tells_news(t) and word_count(t) >= MIN_HEADLINE_WORDS and not t.endswith(("…", "..."))
    ]
    of_the_day = [(a, t) for a, t in calm if newest - a.published_at <= ONE_DAY]
    article, text = max(
        of_the_day or calm or titled,
        key=lambda pair: (
            sum(similarity(other, pair[1]) for _, other in titled),
            pair[0].published_at,
            pair[0].id,
        ),
    )
    return Statement(text=text, citations=(_carrying(article, text),))


def _lead(article: Article) -> str:
    return article.sentences[0].text if article.sentences else article.outlet


def _carrying(article: Article, text: str) -> Citation:
    best = max(article.sentences[:LEAD_SENTENCES], key=lambda s: (similarity(text, s.text), -s.number))
    return article.cite(best.number)
