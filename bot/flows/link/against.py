"""Compare a page with the articles of its story: additions and differences. Pure; it runs in a worker, so it imports no database."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.similarity import is_restated
from bot.model.briefing import Statement
from bot.model.news import Article
from bot.model.story import Disagreement
from bot.updates.by_rules.numbers.disagreements import find_disagreements
from bot.updates.by_rules.numbers.figures import counted_in
from bot.updates.by_rules.sentences import choose

MAX_NEW_STATEMENTS = 3  # statements that are named
MAX_CANDIDATES = 12  # statements of the page that are looked at for them
MAX_SENTENCES_PER_ARTICLE = 40  # sentences of each


def against(
    articles: Sequence[Article], *, page: str
) -> tuple[tuple[Statement, ...], tuple[Disagreement, ...]]:
    """Return what the article ``page`` (id) adds to the others of ``articles``, and where they differ."""
    (article,) = (a for a in articles if a.id == page)
    others = [a for a in articles if a.id != page]
    known = [[s.text for s in other.sentences[:MAX_SENTENCES_PER_ARTICLE]] for other in others]
    adds = [
        Statement(text=extract.text, citations=(article.cite(extract.sentence.number),))
        for extract in choose([article], limit=MAX_CANDIDATES, known=())
        # Each article by itself: the words of many together say nearly everything.
        if not any(is_restated(extract.text, texts) for texts in known)
    ]
    contradicts = [
        issue
        for issue in find_disagreements(counted_in([*others, article]))
        if len({claim.citation.article_id == article.id for claim in issue.claims}) == 2
    ]
    return tuple(adds[:MAX_NEW_STATEMENTS]) if others else (), tuple(contradicts)
