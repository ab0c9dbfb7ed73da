"""Stories and their public ledger: status, actors, figures, expectations, each with a dated sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model.news import Citation
from bot.model.scope import SHARED, Scope

OTHER_KIND = "other"  # of a story that is of no kind


class Authority(StrEnum):
    """What kind of speaker a statement has."""

    OFFICIAL = "official"
    PARTY = "party"  # one side of the story
    PRESS = "press"


class Outcome(StrEnum):
    """The outcome of an announcement."""

    OPEN = "open"
    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did not happen"
    NO_REPORT = "no report found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status of a story at a date; ``line`` has at most 20 words."""

    kind: str
    state: str  # one of the kind's, or empty
    phase: str = ""  # expected, under way, decided, aftermath or over; empty where it is not known
    line: str
    as_of: datetime  # time of the article that says so
    since: datetime  # since when the state holds, as far as we know
    said_by: str = ""  # as printed; empty when the outlet itself reports it
    authority: Authority = Authority.PRESS
    citation: Citation

    @property
    def state_or_phase(self) -> str:
        """The state in a word or two, else the phase; empty if neither is known."""
        return self.state or self.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or organisation of a story; ``role`` and ``position`` are words of the articles or empty."""

    name: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    role_citation: Citation | None = None
    position: str = ""
    citation: Citation  # of the position, else of the first mention
    as_of: datetime
    previous_position: str = ""  # set when the position changed since the channel was last sent the story


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRole:
    """Who somebody is whom a line only names, as an article prints it."""

    name: str
    role: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with what it counts and who claims it; ``value`` is as printed."""

    value: str
    counts: str
    claimant: str = ""
    citation: Citation
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Something announced for a date; ``when`` as printed, ``due`` resolved from the date of the article."""

    what: str  # the announcing clause, at most 200 characters, the article's words
    when: str = ""
    due: date | None = None
    due_end: date | None = None  # last day, for "later this week"
    announced_by: str = ""
    citation: Citation
    as_of: datetime
    outcome: Outcome = Outcome.OPEN
    settled_by: Citation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One side of a disagreement."""

    by: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An issue on which sources differ, claim by claim."""

    issue: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The public ledger of a story, oldest first; entries are added or settled, never rewritten."""

    story_id: str
    kind: str = OTHER_KIND
    statuses: tuple[Status, ...] = ()
    actors: tuple[Actor, ...] = ()
    figures: tuple[Figure, ...] = ()
    expectations: tuple[Announcement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def status(self) -> Status | None:
        """The present status."""
        return self.statuses[-1] if self.statuses else None


class LedgerTopic(StrEnum):
    """What a row of the ledger is about."""

    KIND = "kind"
    STATUS = "status"
    ACTOR = "actor"
    FIGURE = "figure"
    EXPECTATION = "expectation"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One row of a story's ledger: learned, or no longer held (``withdrawn``), at ``recorded_at``.

    A later row of the same ``fact`` and ``key`` replaces an earlier one; none is ever changed. ``value`` is the
    fact itself; None for a kind, of which the key is enough.
    """

    story_id: str
    number: int  # from 1, in the order the story's rows were written
    fact: LedgerTopic
    key: str
    as_of: datetime  # time of the article that says so
    recorded_at: datetime
    withdrawn: bool = False
    value: Status | Actor | Figure | Announcement | Disagreement | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sentences the fact rests on; none for a kind."""
        if isinstance(self.value, Disagreement):
            return tuple(claim.citation for claim in self.value.claims)
        return () if self.value is None else (self.value.citation,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles about one event, with an identity that lives for days."""

    id: str
    title: str  # title of its most central article, for lists and logs
    article_ids: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    scope: Scope = SHARED


class StorySupport(StrEnum):
    """How well a story is supported by sources."""

    SINGLE = "single source"
    ONE_PARTY = "one party's claim"
    OFFICIAL = "official"  # only in briefings of earlier releases
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corroboration:
    """The independent originators of a story; reprints are counted once."""

    support: StorySupport
    originators: tuple[str, ...]
    reprints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFact:
    """A fact shown beside a past status of a story."""

    text: str
    said_by: str = ""  # empty where the text names them, or the outlets themselves report it
    as_of: datetime  # when the newest of its articles was published
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """At most four lines: ``first`` is the earlier status, ``last`` the present one, None if nothing is later than ``first``.

    ``facts`` has for each of ``first``, ``turns`` and ``last``, in this order, what mattered most since the one before.
    """

    first: Status
    turns: tuple[Status, ...] = ()
    last: Status | None = None
    facts: tuple[tuple[CourseFact, ...], ...] = ()
    announced: Announcement | None = None
    began: bool = False  # nothing was known of it before
