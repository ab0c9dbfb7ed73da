"""Describe an article that cannot be processed as a set-aside item."""

from __future__ import annotations

from datetime import datetime

from bot.faults import Fault
from bot.model.news import Article
from bot.store import SetAside, SetAsideKind


def set_aside_article(article: Article, fault: Fault, *, at: datetime, doing: str) -> SetAside:
    """Return the set-aside item of ``article`` for ``fault``."""
    return SetAside(
        id=article.id,
        kind=SetAsideKind.ARTICLE,
        title=article.title,
        feed_id=article.feed_id,
        reason=fault.sentence(doing),
        at=at,
        scope=article.scope,
    )
