"""Rank stories by importance for the reader, with reasons in words. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.language.locale.en import counted
from bot.language.words import topics_in
from bot.model.update import Importance

# A new, fresh story of many independent outlets comes first; an interest outweighs each of these.
SOURCES_WEIGHT = 1.0  # per doubling of independent originators
ARTICLES_WEIGHT = 0.3  # per doubling of new articles
UNSENT_WEIGHT = 1.0  # for a story with nothing sent before
FRESHNESS_WEIGHT = 1.0  # for one updated this very hour; halves every 12 hours
INTEREST_WEIGHT = 2.0  # per matching interest, at most two counted
FOLLOWED_WEIGHT = 2.0  # for one that the channel chose to follow
CHANGED_WEIGHT = 1.0  # for a story whose status differs from the one that the channel was sent
IMPORTANCE_WEIGHT = 0.5  # per step of the most important statement above a detail
FRESHNESS_HALF_LIFE_HOURS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The data of a story for ranking."""

    story_id: str
    originators: int
    new_articles: int
    first_at: datetime
    last_at: datetime
    unsent_share: float = 1.0  # share of its statements the channel was not sent, 0 to 1
    text: str = ""  # title and headline, matched against interests
    followed: bool = False  # by the channel's own choice
    changed: bool = False  # its status is another than the channel was sent
    importance: int = 0  # of its most important statement, 3 to 1; 0 if unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCandidate:
    """A candidate's score and the reasons for it, strongest first."""

    story_id: str
    score: float
    why: tuple[str, ...]


def rank(
    candidates: Sequence[Candidate], *, now: datetime, interests: Sequence[str] = ()
) -> tuple[RankedCandidate, ...]:
    """Return ``candidates``, highest score first; of equal ones the newest, then in a fixed order."""
    # Ids are made from addresses: they decide last, so that a mirror of the same news gives the same order.
    in_order = sorted(candidates, key=lambda c: (-c.last_at.timestamp(), c.text, c.story_id))
    ranked = [_score(candidate, now=now, interests=interests) for candidate in in_order]
    return tuple(sorted(ranked, key=lambda r: -r.score))


def _score(candidate: Candidate, *, now: datetime, interests: Sequence[str]) -> RankedCandidate:
    matched = topics_in(candidate.text, interests)
    hours = max(0.0, (now - candidate.last_at).total_seconds() / 3600)
    parts = [
        (
            INTEREST_WEIGHT * min(2, len(matched)),
            f"matches your interest {', '.join(matched)}" if matched else "",
        ),
        (FOLLOWED_WEIGHT * candidate.followed, "followed here" if candidate.followed else ""),
        (CHANGED_WEIGHT * candidate.changed, "its status changed" if candidate.changed else ""),
        (
            # A story without a rating counts as useful.
            IMPORTANCE_WEIGHT * ((candidate.importance or Importance.USEFUL) - Importance.DETAIL),
            "a key fact is new" if candidate.importance == Importance.KEY else "",
        ),
        (
            SOURCES_WEIGHT * math.log2(1 + candidate.originators),
            counted(candidate.originators, "independent source"),
        ),
        (
            ARTICLES_WEIGHT * math.log2(1 + candidate.new_articles),
            counted(candidate.new_articles, "new article"),
        ),
        (
            UNSENT_WEIGHT * candidate.unsent_share,
            _new(candidate.unsent_share),
        ),
        (FRESHNESS_WEIGHT * 0.5 ** (hours / FRESHNESS_HALF_LIFE_HOURS), f"updated {_ago(hours)}"),
    ]
    reasons = sorted((part for part in parts if part[1]), key=lambda part: -part[0])
    return RankedCandidate(
        story_id=candidate.story_id,
        score=round(sum(score for score, _ in parts), 4),
        why=tuple(f"{reason} (+{score:.1f})" for score, reason in reasons),
    )


def _new(unsent_share: float) -> str:
    return (
        "all of it is new"
        if unsent_share >= 1
        else f"{unsent_share:.0%} of it is new"
        if unsent_share
        else ""
    )


def _ago(hours: float) -> str:
    if hours < 1:
        return "within the hour"
    return f"{counted(int(hours), 'hour')} ago" if hours < 48 else f"{int(hours // 24)} days ago"
