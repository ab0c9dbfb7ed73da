"""Quote a story from its articles, as far as a channel was not sent it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.briefings.extractive import write_story
from bot.flows.briefing.context import MAX_READ_STORIES, StoryContext
from bot.language.text_cache import Given, text_cached
from bot.model.briefing import SentStory, StoryBrief


def quoted_brief(
    context: StoryContext, sent: SentStory | None, *, today: date, background: Collection[str] = ()
) -> StoryBrief:
    """Return the story of ``context`` in its articles' own sentences, for a channel that was ``sent`` so much of it.

    What ``background`` articles (ids) say is no news; what was announced for a day before ``today`` is not told again.
    """
    return _quote_once(Given((context, sent, today, frozenset(background))))


@text_cached(maxsize=MAX_READ_STORIES)
def _quote_once(given: Given[tuple[StoryContext, SentStory | None, date, frozenset[str]]]) -> StoryBrief:
    context, sent, today, background = given.take()
    before = [a for a in (*context.articles, *context.older) if sent and a.fetched_at <= sent.told_at]
    return write_story(
        context.articles,
        context.ledger,
        context.corroboration,
        sent=sent.statements if sent else (),
        old=[*before, *(a for a in context.articles if a.id in background and a not in before)],
        today=today,
    )
