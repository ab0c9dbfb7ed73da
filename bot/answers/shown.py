"""Format the sentences that a model is shown for a question, one line each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence.numbered import NumberedSentence
from bot.language.cleaning.clean import one_line
from bot.language.locale.phrases import day_for_model

MAX_SHOWN_TITLE_CHARS = 150  # characters of a title that are shown
MAX_SHOWN_SENTENCE_CHARS = 500  # characters of a sentence that is shown


def lines(shown: Sequence[NumberedSentence]) -> str:
    """Return ``shown`` as text, an article's outlet, time and title before its sentences."""
    written: list[str] = []
    article_id = ""
    for one in shown:
        if one.article.id != article_id:
            article_id = one.article.id
            article = one.article
            at = f"{day_for_model(article.published_at)} {article.published_at:%H:%M} UTC"
            when = at if article.dated_at else f"undated, first seen {at}"
            title = one_line(article.title)[:MAX_SHOWN_TITLE_CHARS]
            written.append(
                f"{one_line(article.outlet) or 'Article'}, {when}:" + (f" “{title}”" if title else "")
            )
        written.append(f"[{one.number}] {one_line(one.text)}")
    return "\n".join(written)
