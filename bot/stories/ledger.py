"""A story's memory, folded from its articles: same articles, same ledger, whatever order they came in. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model.news import Article
from bot.model.story import Authority, Corroboration, Expectation, Ledger, Outcome, Support
from bot.stories.actors import find_actors
from bot.stories.expectations import find_expectations, settle
from bot.stories.figures import find_figures
from bot.stories.kinds import kind_of
from bot.stories.status import find_statuses

MEMORY = 60  # newest articles of a story that are read for facts: bounds the work of a year-long story


def read_ledger(story_id: str, articles: Sequence[Article], *, today: date) -> Ledger:
    """Return everything the sentences of ``articles`` say about where the story stands on ``today``."""
    ordered = sorted(articles, key=lambda a: (a.published_at, a.id))[-MEMORY:]
    kind = kind_of(ordered)
    expectations = (settle(e, ordered, today=today) for e in find_expectations(ordered))
    return Ledger(
        story_id=story_id,
        kind=kind,
        statuses=find_statuses(ordered, kind=kind),
        actors=find_actors(ordered),
        figures=find_figures(ordered),
        expectations=tuple(expectations),
    )


def corroborate(articles: Sequence[Article], ledger: Ledger) -> Corroboration:
    """Return who independently attests a story: articles of one text group count once, as their originator."""
    origin: dict[str, str] = {}
    for article in sorted(articles, key=lambda a: (a.published_at, a.id)):
        origin.setdefault(article.text_group or article.id, article.originator or article.outlet)
    originators = tuple(dict.fromkeys(origin.values()))
    status = ledger.status
    if len(originators) > 1:
        support = Support.CONFIRMED
    elif status and status.authority is Authority.OFFICIAL:
        support = Support.OFFICIAL
    elif status and status.authority is Authority.PARTY:
        support = Support.ONE_PARTY
    else:
        support = Support.SINGLE
    return Corroboration(support=support, originators=originators, reprints=len(articles) - len(origin))


def open_expectations(ledger: Ledger) -> tuple[Expectation, ...]:
    """Return what is announced and not yet settled."""
    return tuple(e for e in ledger.expectations if e.outcome is Outcome.OPEN)
