"""Channels, subscriptions, and the delivery of each slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.inline import channel_in_text
from bot.model.ids import derive_id
from bot.model.scope import SHARED, Scope, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place on one platform; written ``platform:id`` or ``platform:workspace/id``."""

    platform: str
    id: str
    workspace: str = ""

    @property
    def name(self) -> str:
        """The channel as text, the same that ``read`` takes."""
        return (
            f"{self.platform}:{self.workspace}/{self.id}" if self.workspace else f"{self.platform}:{self.id}"
        )

    @property
    def shown(self) -> str:
        """The channel inside a sentence, shown by the name that people know."""
        return channel_in_text(self.name)

    @property
    def scope(self) -> Scope:
        """The scope of the channel: what may be read in it, and the owner of its data."""
        return Scope(workspace=self.workspace, channel=self.name, visibility=Visibility.CHANNEL)

    @classmethod
    def read(cls, text: str) -> Channel:
        """Return the channel written as ``text``; raises ``ValueError`` if it is not a channel."""
        platform, colon, rest = text.strip().partition(":")
        # A file has no workspace: its slashes are its path.
        workspace, slash, last = ("", "", "") if platform == "console" else rest.partition("/")
        place = last if slash else rest
        if not (platform and colon and place) or any(c.isspace() for c in text.strip()):
            raise ValueError(text)
        return cls(platform=platform, id=place, workspace=workspace if slash else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A record that the bot's ``account`` was in a channel, or, with an empty id, in a workspace."""

    place: Channel
    account: str
    at: datetime


class Length(StrEnum):
    """The length of a briefing."""

    SHORT = "short"
    STANDARD = "standard"
    LONG = "long"


class QuietDay(StrEnum):
    """What happens when nothing material changed."""

    POST = "post"  # the one honest line
    SILENT = "silent"  # nothing is posted; the delivery says why


class CatchUp(StrEnum):
    """What happens to slots that were missed while no bot ran."""

    ALL = "all"
    LATEST = "latest"
    SKIP = "skip"  # those later than ``skip_after`` minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which stories a subscription is about: one of ``words`` or ``patterns`` in an article; all when both are empty."""

    words: tuple[str, ...] = ()  # words and phrases, matched whole and in any case
    patterns: tuple[str, ...] = ()  # regular expressions, bounded in time
    languages: tuple[str, ...] = ()  # of articles, as ISO 639-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription: what is posted, when, how long, in which channel."""

    id: str
    channel: Channel
    times: str  # "weekdays 07:30", or cron lines joined by ";"
    zone: str
    lines: tuple[str, ...]  # the timetable as cron lines, local time
    feeds: tuple[str, ...] = ()  # ids; all feeds when there are neither feeds nor packs
    packs: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    filters: Filters = Filters()
    language: str = "en"
    length: Length = Length.STANDARD
    quiet_day: QuietDay = QuietDay.POST
    catch_up: CatchUp = CatchUp.LATEST
    skip_after: int = 120  # minutes
    approval: Channel | None = None  # editors' channel that sees a draft first
    title: str = ""
    created_at: datetime
    paused: str = ""  # why, in words; empty while it runs
    scope: Scope = SHARED

    @property
    def when(self) -> str:
        """Its times as entered, with their zone."""
        return self.times if self.zone in self.times else f"{self.times} {self.zone}"


class State(StrEnum):
    """The state of a delivery; in ``FINAL`` states nothing happens until a person acts."""

    DUE = "due"
    WRITTEN = "written"
    POSTING = "posting"
    AWAITING = "awaiting approval"
    POSTED = "posted"
    SILENT = "silent"  # a quiet day, by policy
    MISSED = "missed"  # passed while nothing ran, by policy
    UNCERTAIN = "held"  # unknown whether it was posted: a person decides; stored by its first name
    REJECTED = "rejected"  # a draft that an editor does not want posted
    FAILED = "failed"  # the platform refused it for good
    CANCELLED = "cancelled"  # its subscription was paused or ended before


SHOWN_STATES = tuple("uncertain" if state is State.UNCERTAIN else state.value for state in State)
"""What deliveries are counted by: their states, by the names that people read."""

_CALLED = {State.UNCERTAIN: "delivery uncertain", State.REJECTED: "rejected by an editor"}
FINAL = frozenset(State) - {State.DUE, State.WRITTEN, State.POSTING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One slot of one subscription: its state, and why."""

    id: str
    subscription_id: str
    channel: Channel
    wall: str  # local wall time of the slot, which names it
    due_at: datetime
    state: State = State.DUE
    made_at: datetime | None = None  # the "now" of its briefing: fixed by the first attempt
    since: datetime | None = None  # up to when its channel had the news
    briefing_id: str = ""
    attempts: int = 0
    reason: str = ""
    approved: bool = False
    look_first: bool = False  # may have been posted before: look on the platform before sending
    posted_at: datetime | None = None
    updated_at: datetime
    failing_since: datetime | None = None  # its first failure; None again once it is posted
    scope: Scope = SHARED

    @property
    def status(self) -> str:
        """Its state and the reason, as people read them."""
        called = _CALLED.get(self.state, self.state.value)
        return f"{called}: {self.reason}" if self.reason else called


class PartState(StrEnum):
    """The state of one message of a delivery."""

    WAITING = "waiting"  # certainly not posted
    INTENDED = "intended"  # a call was or may have been made
    POSTED = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPart:
    """One message of a delivery; ``attempt`` counts the calls, and only the process that increments it may make one."""

    delivery_id: str
    number: int
    of: int
    key: str
    payload: str
    state: PartState = PartState.WAITING
    attempt: int = 0
    message_id: str = ""


def delivery_id(subscription_id: str, wall: str) -> str:
    """Return the id of a slot's delivery: the same however often it is computed."""
    return derive_id("dlv", subscription_id, wall)


def parts_of(
    delivery: str, payloads: Sequence[str], *, state: PartState = PartState.WAITING
) -> list[DeliveryPart]:
    """Return the messages of a delivery, numbered from 1, each with its key and its payload."""
    return [
        DeliveryPart(
            delivery_id=delivery,
            number=number,
            of=len(payloads),
            key=part_key(delivery, number),
            payload=payload,
            state=state,
        )
        for number, payload in enumerate(payloads, 1)
    ]


def part_key(delivery: str, number: int) -> str:
    """Return the key a platform sees: at most 25 characters, with the delivery in it."""
    return derive_id("wb", delivery, str(number))
