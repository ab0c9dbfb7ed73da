"""Where sources differ on a number: the newest claim of each, side by side, nobody declared right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from bot.language.numbers import NumberSpan, find_numbers
from bot.language.words import content_terms
from bot.model.story import Claim, Disagreement, Figure

SAME_MOMENT_TIME = timedelta(hours=12)  # claims further apart are news, not a disagreement: tolls rise
AGREEING_SHARE = Decimal("0.1")  # share by which an approximate number may differ and still agree
MAX_DISAGREEMENTS = 3

# Words that count the same thing.
_FAMILIES = (
    ("dead", "dead killed deaths death died dying fatalities bodies lives"),
    ("injured", "injured wounded hurt injuries"),
    ("missing", "missing unaccounted"),
    ("captives", "captives hostages captive hostage abductees"),
    ("displaced", "displaced evacuated homeless fled"),
    ("detained", "detained arrested arrests prisoners detainees"),
)
_FAMILY = {word: family for family, words in _FAMILIES for word in words.split()}
_AT_LEAST = ("at least", "more than", "no fewer than", "well over", "just over", "over")
_AT_MOST = ("up to", "as many as", "fewer than", "less than", "just under", "nearly", "almost")


def find_disagreements(figures: Sequence[Figure]) -> tuple[Disagreement, ...]:
    """Return what named claimants count differently within 12 hours, the most recent issue first.

    A claimant's newer number replaces his own older one. "At least nine" agrees with fourteen, "about 1,000" with 1,050.
    Numbers without a claimant are the outlet's and start no disagreement.
    """
    issues: dict[str, dict[str, Figure]] = {}
    for figure in sorted(figures, key=lambda f: (f.as_of, f.value, f.claimant)):
        issue, who = _issue(figure), _who(figure.claimant)
        if issue and who:
            issues.setdefault(issue, {})[who] = figure
    found = []
    for issue, by_claimant in issues.items():
        newest = max(figure.as_of for figure in by_claimant.values())
        current = [f for f in by_claimant.values() if newest - f.as_of <= SAME_MOMENT_TIME]
        differing = [f for f in current if any(_differ(f, other) for other in current)]
        if differing:
            found.append((newest, Disagreement(issue=issue, claims=tuple(_claim(f) for f in differing))))
    return tuple(
        d
        for _, d in sorted(found, key=lambda pair: (pair[0], pair[1].issue), reverse=True)[:MAX_DISAGREEMENTS]
    )


def _issue(figure: Figure) -> str:
    terms = figure.counts.casefold().replace("-", " ").split()
    named = next((_FAMILY[term] for term in terms if term in _FAMILY), "")
    if named:
        return named
    # Other counts are the same only where the whole counted phrase is.
    return " ".join(sorted(set(content_terms(figure.counts)))) if len(terms) > 1 else ""


def _who(claimant: str) -> str:
    return " ".join(content_terms(claimant))


def _differ(one: Figure, other: Figure) -> bool:
    mine, theirs = set(_who(one.claimant).split()), set(_who(other.claimant).split())
    if mine <= theirs or theirs <= mine:
        return False  # "the agency" and "the national agency" may be one
    a, b = _number(one), _number(other)
    return bool(a and b and a.unit == b.unit and a.value != b.value and not (_covers(a, b) or _covers(b, a)))


def _covers(rough: NumberSpan, other: NumberSpan) -> bool:
    words = rough.text.casefold()
    if words.startswith(_AT_LEAST):
        return other.value >= rough.value
    if words.startswith(_AT_MOST):
        return other.value <= rough.value
    return rough.approximate and abs(rough.value - other.value) <= AGREEING_SHARE * rough.value


def _number(figure: Figure) -> NumberSpan | None:
    return next(iter(find_numbers(figure.value)), None)


def _claim(figure: Figure) -> Claim:
    return Claim(by=figure.claimant, text=f"{figure.value} {figure.counts}".strip(), citation=figure.citation)
