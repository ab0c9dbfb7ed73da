"""A story's memory, folded from its articles: same articles, same ledger, whatever order they came in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from bot.language.words import content_terms
from bot.model.news import Article
from bot.model.story import Corroboration, Ledger, Status, StorySupport
from bot.stories.by_rules.actors import find_actors
from bot.stories.by_rules.disagreements import find_disagreements
from bot.stories.by_rules.expectations import find_expectations, with_outcome
from bot.stories.by_rules.figures import counted_in, find_figures
from bot.stories.by_rules.status import find_statuses
from bot.stories.sources import independent_sources

MAX_KEPT_FACTS = 24  # actors, and figures, a ledger keeps; a briefing shows the first four
MAX_READ_ARTICLES = (
    60  # newest articles of a story that are read for facts: bounds the work of a year-long story
)


def read_ledger(story_id: str, articles: Sequence[Article], *, today: date) -> Ledger:
    """Return everything the sentences of ``articles`` say about where the story stands on ``today``."""
    ordered = remembered(articles)
    counted = counted_in(ordered)
    expectations = (with_outcome(e, ordered, today=today) for e in find_expectations(ordered))
    return Ledger(
        story_id=story_id,
        statuses=_told_once(find_statuses(ordered)),
        actors=find_actors(ordered, limit=MAX_KEPT_FACTS),
        figures=find_figures(ordered, counted, limit=MAX_KEPT_FACTS),
        expectations=tuple(expectations),
        disagreements=find_disagreements(counted),
    )


def remembered(articles: Sequence[Article]) -> list[Article]:
    """Return those of ``articles`` that a ledger is folded from: the newest ``MAX_READ_ARTICLES``, oldest first."""
    return sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]


def _told_once(found: Sequence[Status]) -> tuple[Status, ...]:
    """Return ``found``, oldest first, without what says an earlier one over again: one verb makes another status."""
    kept: list[Status] = []
    for status in found:
        if set(content_terms(status.line)) not in [set(content_terms(k.line)) for k in kept]:
            kept.append(status)
    return tuple(kept)


def corroborate(articles: Sequence[Article], *, claimants: Collection[str] = ()) -> Corroboration:
    """Return who independently attests a story: owners of domains, copies of one text counted once.

    ``claimants`` are those who say what the story tells, one a statement, empty for what an outlet reports itself. One
    source that tells nothing but what one of them says has one party's claim; whose claim a single line is stands on
    that line. Who is quoted makes no outlet official.
    """
    originators = independent_sources(articles)
    said_by = {claimant.casefold() for claimant in claimants}
    if len(originators) > 1:
        support = StorySupport.CONFIRMED
    elif len(said_by) == 1 and "" not in said_by:
        support = StorySupport.ONE_PARTY
    else:
        support = StorySupport.SINGLE
    return Corroboration(
        support=support,
        originators=originators,
        reprints=len(articles) - len({a.text_group or a.id for a in articles}),
    )
