"""Statements held against invented sentences, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.evidence.check import check_statement
from bot.model.news import Article, Citation, Sentence
from bot.model.record import Verdict

PUBLISHED = datetime(2031, 7, 9, 12, 0, tzinfo=UTC)  # a Wednesday


def article(*sentences: str, title: str = "Talks on the Norvik ferry", key: str = "a") -> Article:
    return Article(
        id=key,
        title=title,
        published_at=PUBLISHED,
        fetched_at=PUBLISHED,
        sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(sentences, 1)),
    )


def check(
    statement: str,
    *sentences: str,
    cited: tuple[int, ...] = (),
    title: str = "Talks on the Norvik ferry",
    **more,
) -> Verdict:
    told = article(*sentences, title=title)
    citation = Citation(article_id="a", sentences=cited or tuple(range(1, len(sentences) + 1)))
    return check_statement(statement, [citation], articles={("a", 1): told}, **more)
