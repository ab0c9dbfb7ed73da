"""Tolls that newer ones have overtaken: the dead and hurt of an event rise, and an older number beside a newer one misleads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.model.news import Article
from bot.updates.by_rules.counting import counting_of
from bot.updates.by_rules.figures import GROWING, MAX_FIGURES, Counted, find_figures

Tolls = Mapping[str, Decimal]


def newest_tolls(articles: Sequence[Article], counted: Sequence[Counted]) -> Tolls:
    """Return the toll that stands of each kind (of all dead, of all hurt) in what is ``counted`` in ``articles``."""
    tolls: dict[str, Decimal] = {}
    for one in find_figures(articles, counted, limit=MAX_FIGURES):
        if one.count.series in GROWING:
            tolls.setdefault(one.count.series, one.count.worth)
    return tolls


def overtaken_sentences(counted: Iterable[Counted], tolls: Tolls) -> frozenset[str]:
    """Return the sentences with a smaller toll than the one that stands."""
    return frozenset(
        one.sentence.text for one in counted if one.count.worth < tolls.get(one.count.series, Decimal(0))
    )


def is_overtaken(text: str, tolls: Tolls, *, language: str) -> bool:
    """Tell whether ``text``, a title or a line, has a smaller toll than the one that stands."""
    counting = counting_of(language)
    return counting is not None and any(
        count.worth < tolls.get(count.series, Decimal(0)) for count in counting.find(text)
    )
