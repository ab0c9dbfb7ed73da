"""Find outdated tolls: numbers of dead and injured rise, and an older one beside a newer one misleads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.updates.by_rules.numbers.counting import NumberMention, counting_of
from bot.updates.by_rules.numbers.figures import DISAGREEING_CLAIMS_SPAN, GROWING, Counted

Tolls = Mapping[str, frozenset[Decimal]]


def newest_tolls(figures: Iterable[Counted], counted: Sequence[Counted]) -> Tolls:
    """Return the present tolls of each kind (of all dead, of all injured) among the ``figures`` of what is ``counted``.

    There are several if another claimant has another number at the same time.
    """
    tolls: dict[str, frozenset[Decimal]] = {}
    for figure in figures:
        series = figure.count.series
        if series in GROWING:
            beside = {
                one.count.worth for one in counted if one.count.series == series and _beside(one, figure)
            }
            tolls[series] = tolls.get(series, frozenset()) | {figure.count.worth} | beside
    return tolls


def _beside(one: Counted, figure: Counted) -> bool:
    apart = abs(figure.article.published_at - one.article.published_at)
    return one.claimant not in {"", figure.claimant} and apart <= DISAGREEING_CLAIMS_SPAN


def overtaken_sentences(counted: Iterable[Counted], tolls: Tolls) -> frozenset[str]:
    """Return the sentences with a smaller toll than the present ones."""
    return frozenset(one.sentence.text for one in counted if _is_smaller(one.count, tolls))


def is_overtaken(text: str, tolls: Tolls, *, language: str) -> bool:
    """Return whether ``text``, a title or a line, has a smaller toll than the present ones."""
    counting = counting_of(language)
    return counting is not None and any(_is_smaller(count, tolls) for count in counting.find(text))


def _is_smaller(count: NumberMention, tolls: Tolls) -> bool:
    return count.series in tolls and all(count.worth < standing for standing in tolls[count.series])
