"""The story update: what a batch of new articles adds to one story, every field with its citations.

An update is made once, checked, and kept as it is; what a story remembers is folded from its updates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.model.briefing import Statement, TranslatedLine, Writer
from bot.model.news import Citation
from bot.model.scope import SHARED, Scope
from bot.model.story import OTHER_KIND, Claim

UPDATE_SCHEMA = "wirebrief.update/1"
MAX_HEADLINE_WORDS = 12
MAX_STATUS_WORDS = 20
MORE_WORDS_SHARE = (
    0.25  # by which a line in another language than English may be longer: French and Spanish need more words
)
MAX_FACT_CHARS = 200
RULES_STATUS_TIME = timedelta(hours=36)  # how long a status found by rules is shown beside newer articles


def max_words(limit: int, *, language: str) -> int:
    """Return how many words a line of ``limit`` English words may have in ``language`` (ISO 639-1; empty: English)."""
    return limit if language in {"", "en"} else int(limit * (1 + MORE_WORDS_SHARE))


class Phase(StrEnum):
    """The phase of a story of any kind."""

    EXPECTED = "expected"  # announced or feared; it has not happened
    UNDER_WAY = "under way"  # happening, open
    DECIDED = "decided"  # the main thing happened or was decided
    AFTERMATH = "aftermath"  # consequences, reactions
    OVER = "over"


class Importance(IntEnum):
    """The importance of a fact for a reader of the story."""

    DETAIL = 1
    USEFUL = 2
    KEY = 3  # without it a reader does not know the news


class ActorNature(StrEnum):
    """What an actor is."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"


class AnnouncementOutcome(StrEnum):
    """The outcome of an announcement."""

    HAPPENED = "happened"
    DID_NOT_HAPPEN = "did not happen"
    MOVED = "moved"  # to another day


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """Where the story stands, in at most 20 words."""

    text: str
    said_by: str = ""  # as printed; empty where the outlets themselves report it
    as_of: date  # the day it is about, not the day it was read
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One checked statement with an id that does not depend on its wording."""

    id: str
    text: str  # at most 200 characters
    citations: tuple[Citation, ...]
    importance: Importance = Importance.USEFUL
    happened_on: date | None = None
    claimant: str = ""  # who says it, as printed; empty where the outlets report it
    restates: str = ""  # id of the known fact, headline or status it says again
    supersedes: str = ""  # id of the known fact it replaces


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateActor:
    """A person, body or place that acts or speaks in the story."""

    name: str
    aliases: tuple[str, ...] = ()
    nature: ActorNature | None = None  # None: unknown
    role: str = ""  # as printed
    position: str = ""  # what they say or do
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFigure:
    """A number a reader needs, with what it counts and who claims it."""

    value: str  # as printed, with its bound: "at least 27"
    unit: str = ""
    counts: str  # what is counted: "people injured"
    claimant: str = ""
    as_of: date
    series: str = ""  # what its values over time are about: "deaths in the Croydon crash"
    citations: tuple[Citation, ...]

    @property
    def printed_value(self) -> str:
        """The value with its unit, unless what is counted says that: "60-day" has no "days" too."""
        said = f"{self.value} {self.counts}".casefold()
        unit = self.unit if self.unit.casefold().removesuffix("s") not in said else ""
        return " ".join(filter(None, (self.value, unit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAnnouncement:
    """Something that somebody said will happen on a day."""

    id: str
    what: str
    when: str = ""  # as printed
    due: date | None = None
    due_end: date | None = None  # the last day, for "later this week"
    announced_by: str = ""
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledAnnouncement:
    """The outcome of an earlier announcement, with the report that says so."""

    announcement: str  # its id
    outcome: AnnouncementOutcome
    due: date | None = None  # the new day of one that moved
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One question that sources answer differently at the same time."""

    question: str
    sides: tuple[Claim, ...]


class ChangeKind(StrEnum):
    """Why a new status is a change."""

    PHASE = "phase"
    STATE = "state"
    FIGURE = "figure"  # a leading figure moved
    ACT = "act"  # a main actor did something that replaces the old status


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryUpdate:
    """What the articles ``articles`` (id, revision) add to a story; ``id`` is made from them, its story and its scope."""

    id: str
    story_id: str
    scope: Scope = SHARED
    articles: tuple[tuple[str, int], ...]
    sites: tuple[str, ...] = ()  # whose each of the articles is, in the same order
    as_of: datetime  # when the newest of its articles was published
    made_at: datetime
    written_by: Writer
    model: str = ""
    prompt_hash: str = ""
    headline: Statement | None = None
    kind: str = OTHER_KIND
    state: str = ""  # one of the kind's, empty where none was shown to hold
    state_citations: tuple[Citation, ...] = ()
    phase: Phase | None = None
    said_over: bool = False  # one site says that the story is over, which by itself ends none
    status: StatusLine | None = None
    change: ChangeKind | None = None  # against the status known before
    facts: tuple[Fact, ...] = ()
    actors: tuple[UpdateActor, ...] = ()
    figures: tuple[UpdateFigure, ...] = ()
    announcements: tuple[UpdateAnnouncement, ...] = ()
    settled: tuple[SettledAnnouncement, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    closed: tuple[Contradiction, ...] = ()  # by an editor: the same answers do not open them again
    background: tuple[Statement, ...] = ()
    questions: tuple[str, ...] = ()
    elsewhere: tuple[Citation, ...] = ()  # sentences about another event
    left: tuple[
        str, ...
    ] = ()  # ids of articles that are about another event as a whole: they leave the story
    roundups: tuple[str, ...] = ()  # ids of articles that tell of many events
    schema: str = UPDATE_SCHEMA


class LineKind(StrEnum):
    """What a line is: it decides how long its translation may be, and whether that names who says it."""

    HEADLINE = "headline"
    STATUS = "status"
    FACT = "fact"
    LABEL = "label"  # a role, a claimant, what is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line whose translation was refused: it is shown as it is."""

    original: str
    reason: str  # one word of the check


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTranslation:
    """The lines of the update ``update_id`` in ``language`` (ISO 639-1), as they were checked once."""

    update_id: str
    language: str
    scope: Scope = SHARED
    made_at: datetime
    model: str = ""
    prompt_hash: str = ""
    lines: tuple[TranslatedLine, ...] = ()
    refused: tuple[RefusedLine, ...] = ()
    tries: int = 0  # how often a model was asked so far
    is_made: bool = True  # without it, only the tries are kept
