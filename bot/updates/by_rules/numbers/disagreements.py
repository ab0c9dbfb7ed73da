"""Find numbers on which sources differ: the newest claim of each, side by side, none declared right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.language.words import content_terms
from bot.model.story import Claim, Disagreement
from bot.updates.by_rules.numbers.figures import DISAGREEING_CLAIMS_SPAN, Counted, figure_of

AGREEING_SHARE = Decimal("0.1")  # share by which an approximate number may differ and still agree
MAX_RIVAL_RATIO = 3  # of two numbers that can be counts of the same: 1,200 and 70,000 dead are of two events
MAX_DISAGREEMENTS = 3


def find_disagreements(counted: Sequence[Counted]) -> tuple[Disagreement, ...]:
    """Return the counts of ``counted`` on which named claimants differ within 12 hours, the most recent first.

    A claimant's newer number replaces their older one. "At least nine" agrees with fourteen, "about 1,000" with 1,050.
    Numbers without a claimant are the outlet's and cause no disagreement.
    """
    issues: dict[str, dict[str, Counted]] = {}
    claimed = [one for one in counted if one.claimant]
    for one in sorted(claimed, key=lambda o: (o.article.published_at, o.count.worth, o.claimant)):
        who = _who(one)
        if who:
            issues.setdefault(one.count.series, {})[who] = one
    found = []
    for issue, by_claimant in issues.items():
        newest = max(one.article.published_at for one in by_claimant.values())
        current = [
            o for o in by_claimant.values() if newest - o.article.published_at <= DISAGREEING_CLAIMS_SPAN
        ]
        differing = [o for o in current if any(_differ(o, other) for other in current)]
        if differing:
            found.append((newest, Disagreement(issue=issue, claims=tuple(map(_claim, differing)))))
    return tuple(
        d
        for _, d in sorted(found, key=lambda pair: (pair[0], pair[1].issue), reverse=True)[:MAX_DISAGREEMENTS]
    )


def _who(one: Counted) -> str:
    return " ".join(content_terms(one.claimant or ""))


def _differ(one: Counted, other: Counted) -> bool:
    mine, theirs = set(_who(one).split()), set(_who(other).split())
    if mine <= theirs or theirs <= mine:
        return False  # "the agency" and "the national agency" may be one
    less, more = sorted((one.count.worth, other.count.worth))
    if more > MAX_RIVAL_RATIO * less:
        return False
    return one.count.worth != other.count.worth and not (_covers(one, other) or _covers(other, one))


def _covers(rough: Counted, other: Counted) -> bool:
    """Tell whether the bounds of ``rough`` leave room for the number of ``other``."""
    match rough.count.bound:
        case "least":
            return other.count.worth >= rough.count.worth
        case "most":
            return other.count.worth <= rough.count.worth
        case "about":
            return abs(rough.count.worth - other.count.worth) <= AGREEING_SHARE * rough.count.worth
    return False


def _claim(one: Counted) -> Claim:
    figure = figure_of(one)
    return Claim(by=figure.claimant, text=f"{figure.value} {figure.counts}".strip(), citation=figure.citation)
