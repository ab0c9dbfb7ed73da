"""All that is known of a story at one moment, as input of a briefing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.flows.rules.reader import RulesReader
from bot.flows.rules.work import RulesLedger, in_two_batches, ledger_by_rules
from bot.language.text_cache import CacheInput, text_cached
from bot.model.news import Article
from bot.model.story import Actor, Corroboration, Ledger, Story
from bot.model.update import StoryUpdate
from bot.stories.sources import corroborate
from bot.stories.view import public_ledger

MAX_READ_STORIES = 1_000  # whose ledgers are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryContext:
    """All that is known of a story for a briefing."""

    story: Story
    articles: tuple[Article, ...]
    ledger: Ledger
    corroboration: Corroboration
    updates: tuple[StoryUpdate, ...] = ()  # what a model read of it
    by_rules: RulesLedger | None = None  # what rules read of it, where no model has read anything
    actors_then: tuple[Actor, ...] = ()  # as rules had them when the channel was last sent the story
    older: tuple[
        Article, ...
    ] = ()  # earlier revisions of its articles: read by a model, or there when it was last sent


def story_context(
    story: Story,
    articles: Sequence[Article],
    *,
    updates: Sequence[StoryUpdate] = (),
    older: Sequence[Article] = (),
) -> StoryContext:
    """Return the context of ``story`` by its ``updates``; without any, only its ``articles`` are known.

    ``older`` are earlier revisions of the articles that the updates read.
    """
    given = CacheInput((story.id, tuple(articles), tuple(updates), tuple(older)))
    return StoryContext(
        story=story,
        articles=tuple(articles),
        ledger=_public_ledger(given) if updates else Ledger(story_id=story.id),
        corroboration=corroborate(articles),
        updates=tuple(updates),
        older=tuple(older),
    )


async def read_by_rules(
    context: StoryContext,
    *,
    sent_at: datetime | None,
    background: Collection[str],
    today: date,
    rules: RulesReader,
) -> StoryContext:
    """Return ``context``, which no model has read, with what rules read in its articles by ``today``.

    Articles known to a channel that was sent the story at ``sent_at``, and ``background`` articles (ids), are read before
    the rest. Articles that cannot be read are left out; if none can, it raises as ``RulesReader.read`` does.
    """
    earlier, new = in_two_batches(context.articles, sent_at, background=background)
    reading = await rules.read(
        ledger_by_rules,
        [*earlier, *new],
        story_id=context.story.id,
        earlier=frozenset(a.id for a in earlier),
        today=today,
        changed=sent_at is not None,
    )
    lost = {a.id for a in (*earlier, *new)} - {a.id for a in reading.articles}
    if lost:
        left = tuple(a for a in context.articles if a.id not in lost)
        context = replace(context, articles=left, corroboration=corroborate(left))
    found = reading.found
    return replace(context, ledger=found.public, by_rules=found, actors_then=found.actors_then)


@text_cached(maxsize=MAX_READ_STORIES)
def _public_ledger(
    given: CacheInput[tuple[str, tuple[Article, ...], tuple[StoryUpdate, ...], tuple[Article, ...]]],
) -> Ledger:
    story_id, articles, updates, older = given.take()
    return public_ledger(story_id, updates, (*articles, *older))[1]
