"""A story's memory, folded from its articles: same articles, same ledger, whatever order they came in. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.language.similarity import is_restated
from bot.model.news import Article
from bot.model.story import (
    STATES,
    Corroboration,
    Ledger,
    Status,
    StoryKind,
    StorySupport,
)
from bot.stories.by_rules.actors import find_actors
from bot.stories.by_rules.disagreements import find_disagreements
from bot.stories.by_rules.expectations import find_expectations, with_outcome
from bot.stories.by_rules.figures import find_figures
from bot.stories.by_rules.kinds import kind_of
from bot.stories.by_rules.status import find_statuses
from bot.stories.sources import independent_sources, sources_by_article

SAME_MOMENT_TIME = timedelta(hours=24)  # articles that speak of one moment
ONE_WAY = frozenset(
    {StoryKind.DISASTER, StoryKind.DEAL, StoryKind.LEGISLATION, StoryKind.LEGAL, StoryKind.ELECTION}
)
MAX_KEPT_FACTS = 24  # actors, and figures, a ledger keeps; a briefing shows the first four
MAX_READ_ARTICLES = (
    60  # newest articles of a story that are read for facts: bounds the work of a year-long story
)


def read_ledger(story_id: str, articles: Sequence[Article], *, today: date) -> Ledger:
    """Return everything the sentences of ``articles`` say about where the story stands on ``today``."""
    ordered = remembered(articles)
    kind = kind_of(ordered)
    figures = find_figures(ordered, limit=MAX_KEPT_FACTS)
    expectations = (with_outcome(e, ordered, today=today) for e in find_expectations(ordered))
    return Ledger(
        story_id=story_id,
        kind=kind,
        statuses=_transitions(find_statuses(ordered, kind=kind), ordered),
        actors=find_actors(ordered, limit=MAX_KEPT_FACTS),
        figures=figures,
        expectations=tuple(expectations),
        disagreements=find_disagreements(figures),
    )


def remembered(articles: Sequence[Article]) -> list[Article]:
    """Return those of ``articles`` that a ledger is folded from: the newest ``MAX_READ_ARTICLES``, oldest first."""
    return sorted(articles, key=lambda a: a.place_in_time)[-MAX_READ_ARTICLES:]


def _transitions(found: Sequence[Status], articles: Sequence[Article]) -> tuple[Status, ...]:
    """Return the statuses at which the state or, materially, the line changed, oldest first.

    A state replaces another when its sentence leads an article (first or second) or when two independent
    sources of the last day carry it. Back along a one-way road (a storm does not turn from rescue to unfolding)
    it always takes two: late articles repeat the past.
    """
    sources = sources_by_article(articles)
    kept: list[Status] = []
    for status in found:
        now = kept[-1] if kept else None
        if now and status.state == now.state:
            # The one state of other stories says nothing: there every new line counts.
            counts = status.kind is StoryKind.OTHER or leads(status)
            if counts and not is_restated(status.line, [k.line for k in kept]):
                kept.append(replace(status, since=now.since))
            continue
        agreeing = {
            sources.get(s.citation.article_id)
            for s in found
            if s.state == status.state and status.as_of - SAME_MOMENT_TIME <= s.as_of <= status.as_of
        }
        road = STATES[StoryKind(status.kind)] if status.kind in ONE_WAY else ()
        back = now is not None and now.state in road and road.index(status.state) < road.index(now.state)
        if now is None or len(agreeing) > 1 or (leads(status) and not back):
            since = status.as_of if now else status.since
            kept.append(replace(status, since=min(since, status.as_of)))
    return tuple(kept)


def leads(status: Status) -> bool:
    """Tell whether the sentence of ``status`` is the first or second of its article."""
    return min(status.citation.sentences) <= 2


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
