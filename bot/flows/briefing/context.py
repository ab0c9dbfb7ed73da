"""All that a writer gets about a story, as it was known at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.language.text_cache import Given, text_cached
from bot.model.news import Article
from bot.model.story import Actor, Corroboration, Ledger, Story
from bot.model.update import StoryUpdate
from bot.stories.ledger import corroborate, read_ledger
from bot.stories.view import public_ledger

MAX_READ_STORIES = 1_000  # whose ledgers are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryContext:
    """All a writer gets about a story."""

    story: Story
    articles: tuple[Article, ...]
    ledger: Ledger
    corroboration: Corroboration
    updates: tuple[StoryUpdate, ...] = ()  # what a model read of it
    actors_then: tuple[Actor, ...] = ()  # as the ledger had them when the channel was last sent the story
    older: tuple[
        Article, ...
    ] = ()  # earlier revisions of its articles: read by a model, or there when it was last sent


def story_context(
    story: Story,
    articles: Sequence[Article],
    *,
    today: date,
    updates: Sequence[StoryUpdate] = (),
    older: Sequence[Article] = (),
    by_rules: bool = True,
) -> StoryContext:
    """Return the context of ``story`` as its ``updates`` tell it, without any as rules read its ``articles`` on ``today``.

    Without ``by_rules`` nothing is read of a story without updates. ``older`` are earlier revisions of the articles that the updates read.
    """
    if updates or by_rules:
        given = Given((story.id, tuple(articles), today, tuple(updates), tuple(older)))
        ledger, corroboration = _read_once(given)
    else:
        ledger, corroboration = Ledger(story_id=story.id), corroborate(articles)
    return StoryContext(
        story=story,
        articles=tuple(articles),
        ledger=ledger,
        corroboration=corroboration,
        updates=tuple(updates),
        older=tuple(older),
    )


def by_rules(context: StoryContext, *, today: date) -> StoryContext:
    """Return ``context`` with what rules read in its articles on ``today``."""
    ledger, _ = _read_once(Given((context.story.id, context.articles, today, (), ())))
    return replace(context, ledger=ledger)


_Material = tuple[str, tuple[Article, ...], date, tuple[StoryUpdate, ...], tuple[Article, ...]]


# Read ahead of a slot, for one channel or for the briefing before, it is there at the minute.
@text_cached(maxsize=MAX_READ_STORIES)
def _read_once(given: Given[_Material]) -> tuple[Ledger, Corroboration]:
    story_id, articles, today, updates, older = given.take()
    if updates:
        ledger = public_ledger(story_id, updates, (*articles, *older))[1]
    else:
        ledger = read_ledger(story_id, articles, today=today)
    return ledger, corroborate(articles)
