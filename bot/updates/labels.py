"""What a fact may be to a known one: a label is a proposal, accepted only where the evidence check agrees. Pure."""

from __future__ import annotations

from datetime import date, datetime

from bot.evidence.labels import LabelledFact, restates, supersedes
from bot.model.update import Fact
from bot.updates.days import Articles, newest_day


def restated(fact: Fact, known: Fact) -> bool:
    """Tell whether ``fact`` says ``known`` again: no number or name of its own, and nothing to the contrary."""
    return restates(_plain(fact), _plain(known)).passed


def superseded(fact: Fact, known: Fact, *, articles: Articles) -> bool:
    """Tell whether ``fact`` may replace ``known``: the same counted thing, by the same claimant, told later.

    ``known`` counts as earlier where its articles are not among ``articles``: they were read before.
    """
    ours = _plain(fact, day=_day(fact, articles), told_at=_told_at(fact, articles))
    theirs = _plain(
        known, day=_day(known, articles) or date.min.replace(year=1900), told_at=_told_at(known, articles)
    )
    return supersedes(ours, theirs).passed


def _plain(fact: Fact, *, day: date | None = None, told_at: datetime | None = None) -> LabelledFact:
    return LabelledFact(text=fact.text, claimant=fact.claimant, day=day or fact.happened_on, told_at=told_at)


def _day(fact: Fact, articles: Articles) -> date | None:
    keys = [(c.article_id, c.revision) for c in fact.citations]
    return newest_day(fact.citations, articles) if all(key in articles for key in keys) else None


def _told_at(fact: Fact, articles: Articles) -> datetime | None:
    keys = [(c.article_id, c.revision) for c in fact.citations]
    known = [articles[key].published_at for key in keys if key in articles]
    return max(known, default=None) if len(known) == len(keys) else None
