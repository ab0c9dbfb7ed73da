"""Accept the relation of a fact to a known one only if the evidence check agrees. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.evidence.labels import LabelledFact, restates, supersedes
from bot.model.update import Fact
from bot.updates.days import Articles

_LONG_AGO = date(1900, 1, 1)


def restated(fact: Fact, known: Fact) -> bool:
    """Return whether ``fact`` repeats ``known``: no number or name of its own, and no contradiction."""
    return restates(plain_label(fact), plain_label(known)).passed


def superseded(fact: Fact, known: Fact, *, articles: Articles) -> bool:
    """Return whether ``fact`` may replace ``known``: the same counted thing, by the same claimant, later.

    ``known`` counts as earlier where its articles are not among ``articles``: they were read before.
    """
    return supersedes(_dated(fact, articles), _dated(known, articles, otherwise=_LONG_AGO)).passed


def plain_label(fact: Fact) -> LabelledFact:
    """Return ``fact`` in the form of the check of labels, without the time of its report."""
    return LabelledFact(text=fact.text, claimant=fact.claimant, day=fact.happened_on)


def _dated(fact: Fact, articles: Articles, *, otherwise: date | None = None) -> LabelledFact:
    """Return ``fact`` with the day and the time of its newest article; with the day ``otherwise`` where one is missing."""
    cited = [articles.get((c.article_id, c.revision)) for c in fact.citations]
    at_hand = [article for article in cited if article]
    if len(at_hand) < len(cited):
        return replace(plain_label(fact), day=otherwise or fact.happened_on)
    return replace(
        plain_label(fact),
        day=max(article.own_day for article in at_hand),
        reported_at=max(article.published_at for article in at_hand),
    )
