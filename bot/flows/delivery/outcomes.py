"""The next step of a delivery, and the consequence of a refusal: values and pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import DeliveryReason, NoLookUp, PostRefused, PostUnclear
from bot.model.chat import PartState

MAX_ATTEMPTS = 30  # failures of one delivery, about two hours; then a person decides
ATTEMPTS_PER_FAULT = 6  # failures as which an unexpected error counts
# For one part, about a day of them where it is only rate limited; or a process died of each.
MAX_CALLS_PER_PART = 300
MAX_BACKOFF_SECONDS = 300.0  # seconds between two attempts, unless the platform asks for more
MAX_RETRY_WAIT_SECONDS = 1800.0  # seconds until the next attempt, whatever a platform asks for
# Seconds between two calls that were rate limited, unless the platform asks for more.
MAX_RATE_LIMIT_BACKOFF_SECONDS = 8.0
# Longest wait while calls are frequent, in waits that the platform asked for.
MAX_RATE_LIMIT_GROWTH = 16
FREQUENT_CALLS_PER_PART = 30  # frequent calls for one part; further ones are as rare as others


class Step(StrEnum):
    """One step of a delivery; its name is never stored."""

    GATHER = "gather"
    WRITE = "write"
    RENDER = "render"
    DRAFT = "draft"
    NEXT_PART = "next part"
    POST = "post"
    RECONCILE = "reconcile"
    RECORD = "record"


WAITING_STEPS = frozenset({Step.DRAFT, Step.POST, Step.RECONCILE})
"""Steps that mostly wait for a platform's answer."""


class DeliveryOutcome(StrEnum):
    """The outcome of a delivery that had something to post."""

    POSTED = "posted"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # a person decides: the message may have been posted


class Refusal(StrEnum):
    """Why a step failed."""

    RATE_LIMITED = "rate limited"
    TEMPORARY = "temporary"  # certainly not posted; trying again may help
    FINAL = "final"  # certainly not posted; trying again is useless
    GONE = "gone"  # the channel accepts no posts until a person has fixed it
    UNKNOWN = "unknown"  # a call whose message may have been posted
    LOOK_UP_FAILED = "look-up failed"  # whether it was posted cannot be known now
    NO_LOOK_UP = "no look-up"  # nor ever, by us
    FAULT = "fault"  # something of our own broke


class Remedy(StrEnum):
    """The remedy of a refusal."""

    RETRY = "retry"
    FAIL = "fail"
    PAUSE = "pause"  # fail, and pause the subscriptions of the channel
    UNCERTAIN = "uncertain"  # leave it to a person: the message may have been posted


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalResponse:
    """What follows a refusal: ``wait`` seconds before a retry, ``attempts`` failures so far."""

    remedy: Remedy
    attempts: int
    wait: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of a delivery at a refusal."""

    attempts: int = 0  # failures before this one
    limited: int = 0  # times in a row that it was rate limited
    calls: int = 0  # made for the part at hand
    part: PartState = PartState.WAITING  # of the part at hand


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal for ``error``; an unknown error is a fault of the program."""
    if isinstance(error, PostRefused):
        if error.gone:
            return Refusal.GONE
        if error.retry_after is None:
            return Refusal.FINAL
        return Refusal.RATE_LIMITED if error.reason == DeliveryReason.RATE_LIMITED else Refusal.TEMPORARY
    if isinstance(error, NoLookUp):
        return Refusal.NO_LOOK_UP
    return Refusal.UNKNOWN if isinstance(error, PostUnclear) else Refusal.FAULT


def after_refusal(
    refusal: Refusal, situation: Situation, *, asked: float = 0.0, jitter: float = 0.5
) -> RefusalResponse:
    """Return what follows ``refusal``; ``asked`` is the wait the platform asked for, ``jitter`` a number from 0 to 1.

    A delivery does not fail while its message may be in the channel: then a person decides. Waits double with
    each failure up to ``MAX_BACKOFF_SECONDS``; a platform can ask for more, up to ``MAX_RETRY_WAIT_SECONDS``.
    """
    may_stand_there = situation.part is PartState.INTENDED or refusal is Refusal.UNKNOWN
    give_up = Remedy.UNCERTAIN if may_stand_there else Remedy.FAIL
    attempts = situation.attempts + {Refusal.RATE_LIMITED: 0, Refusal.FAULT: ATTEMPTS_PER_FAULT}.get(
        refusal, 1
    )
    match refusal:
        case Refusal.NO_LOOK_UP:
            return RefusalResponse(remedy=Remedy.UNCERTAIN, attempts=attempts)
        case Refusal.GONE:
            return RefusalResponse(
                remedy=Remedy.UNCERTAIN if may_stand_there else Remedy.PAUSE, attempts=attempts
            )
        case Refusal.FINAL:
            return RefusalResponse(remedy=give_up, attempts=attempts)
        case Refusal.RATE_LIMITED:
            # Counted in calls, not in hours: the clock may have been set, or the machine may have slept.
            if situation.calls >= MAX_CALLS_PER_PART:
                return RefusalResponse(remedy=give_up, attempts=attempts)
            most = MAX_BACKOFF_SECONDS
            if situation.calls <= FREQUENT_CALLS_PER_PART:
                # Who asks for a moment has room in a moment: waits of eight seconds would be the end of a slot.
                asked_most = MAX_RATE_LIMIT_GROWTH * asked or math.inf
                most = min(MAX_RATE_LIMIT_BACKOFF_SECONDS, asked_most)
            grown = growth(situation.limited, first=0.1, most=most, jitter=jitter)
        case Refusal.FAULT:
            if attempts >= MAX_ATTEMPTS:
                return RefusalResponse(remedy=give_up, attempts=attempts)
            grown = growth(attempts // ATTEMPTS_PER_FAULT, first=1.0, most=MAX_BACKOFF_SECONDS, jitter=jitter)
        case Refusal.TEMPORARY | Refusal.UNKNOWN | Refusal.LOOK_UP_FAILED:
            if attempts >= MAX_ATTEMPTS:
                return RefusalResponse(remedy=give_up, attempts=attempts)
            grown = growth(attempts, first=1.0, most=MAX_BACKOFF_SECONDS, jitter=jitter)
    return RefusalResponse(
        remedy=Remedy.RETRY, attempts=attempts, wait=min(MAX_RETRY_WAIT_SECONDS, max(asked, grown))
    )


def growth(number: int, *, first: float, most: float, jitter: float) -> float:
    """Return a wait that doubles with ``number`` from ``first`` up to ``most`` seconds, a quarter more or less by ``jitter``."""
    doubled: float = first * 2 ** min(number, 30)
    return min(most, doubled) * (0.75 + 0.5 * jitter)
