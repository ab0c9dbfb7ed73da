"""The briefing: the dated, cited document for one subscription and one slot. Its JSON form is public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.model.news import Citation, DateSource, Sentence, TextSource
from bot.model.scope import SHARED, Scope
from bot.model.story import (
    Actor,
    Announcement,
    Corroboration,
    Disagreement,
    Figure,
    Outcome,
    PersonRole,
    Status,
)

BRIEFING_SCHEMA = "wirebrief.briefing/1"
T = TypeVar("T")
# The fields of a briefing that hold words of the news; names of people and of outlets stay as printed.
_PRINTED = frozenset(
    {"text", "line", "said_by", "role", "position", "previous_position", "value", "counts", "claimant"}
    | {"what", "when", "announced_by", "issue", "by", "unknown", "was", "now", "headline"}
)
_NO_NEWS = frozenset({"sources", "questions", "translations", "coverage", "checks"})


class Section(StrEnum):
    """Why a story is in a briefing: new or changed."""

    CHANGED = "changed"
    NEW = "new"
    UNCHANGED = "unchanged"


class Mode(StrEnum):
    """The mode of a briefing."""

    NORMAL = "normal"
    QUIET = "quiet"  # nothing material changed, or nothing certain was found in what came
    INCOMPLETE = "partly_blind"  # feeds that were due could not be read
    NOTHING_READ = "nothing_read"  # there is no feed, or none was or could be read: what happened is unknown
    DEGRADED = "degraded"  # a model was meant to write and could not


class Writer(StrEnum):
    """Who wrote a story: a model, or rules that quote."""

    EXTRACTS = "extracts"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement and the sentences that support it."""

    text: str
    citations: tuple[Citation, ...]
    fact: str = ""  # id of the fact that it states, if a model read the story
    said_by: str = ""  # who says it; empty where the text names them, or the outlets themselves report it
    importance: int = 0  # 3 decides the story, 2 is useful, 1 is a detail; 0 where no model said


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBrief:
    """One story of a briefing: the shape every writer fills.

    Limits: headline 12 words, 2-4 bullets of 200 characters, 4 actors. Unknown parts are left out.
    """

    story_id: str
    section: Section = Section.NEW
    headline: Statement
    status: Status | None = None
    previous_status: Status | None = None  # what this channel was last sent, when it differs
    changed: tuple[Statement, ...] = ()
    bullets: tuple[Statement, ...] = ()
    background: Statement | None = None  # what the story is about, if the channel was not sent it for long
    actors: tuple[Actor, ...] = ()
    roles: tuple[PersonRole, ...] = ()  # of others whom the bullets name
    figures: tuple[Figure, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    next: tuple[Announcement, ...] = ()
    unknown: tuple[str, ...] = ()
    corroboration: Corroboration
    why: str = ""  # why this story was chosen, in words
    writer: Writer = Writer.EXTRACTS
    feature: bool = False  # a feature, guide or explainer: it reports no dated event
    last_sent_at: datetime | None = None  # of a story that returns: when the channel was last sent it


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The counts of the evidence check in one briefing; all zero without a model."""

    statements: int = 0  # that a model wrote
    repaired: int = 0  # kept after a better citation or wording was found
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFailure:
    """A feed that was due and could not be read."""

    feed: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a briefing is based on: feeds, articles, window."""

    feeds_due: int = 0
    feeds_read: int = 0
    failures: tuple[FeedFailure, ...] = ()
    articles: int = 0  # new or edited in the window
    stories: int = 0  # with new articles, or followed by this channel
    followed: int | None = None  # of these it follows, with all articles read; None: in an earlier release
    unclear: int = 0  # new articles of which it is not known whether they have news
    since: datetime | None = None
    until: datetime
    timezone: str = "UTC"
    nothing_read: bool = False  # no feed gave anything since ``since``, changed or not
    no_feeds: bool = False  # there is no feed to read, so there is no news until one is added


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAnnouncement:
    """An announcement due today, with the story it belongs to."""

    story_id: str
    headline: str
    expectation: Announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A followed story without material change, in one line."""

    story_id: str
    headline: Statement
    status: Status | None = None
    last_sent_at: datetime | None = None  # when the channel was last sent something of it


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherStory:
    """A story with news that did not fit: named, not counted as sent, and perhaps in the next briefing."""

    story_id: str
    section: Section
    headline: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A cited article with exactly the sentences that are cited; ``number`` is what readers see, from 1."""

    number: int
    article_id: str
    revision: int
    outlet: str
    title: str
    url: str
    author: str = ""
    published_at: datetime
    date_source: DateSource
    utc_offset: int = 0  # minutes east of UTC of the article's own clock
    text_source: TextSource
    text_note: str = ""
    correction: str = ""  # what the article says it had wrong, as printed
    originator: str = ""
    sentences: tuple[Sentence, ...]

    @property
    def own_day(self) -> date | None:
        """The day of publication in its own time zone; None if it is unknown."""
        if self.date_source is DateSource.FETCHED:
            return None
        return (self.published_at + timedelta(minutes=self.utc_offset)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A statement that was wrong: the new text, empty if it was dropped, and the reason."""

    at: datetime
    story_id: str
    was: str
    now: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedQuestion:
    """A question that readers are offered; tried before on what they may read, it was answered with more than the briefing says."""

    number: int = 0  # its own under its briefing, from 1; 0 before it is offered
    story_id: str
    text: str  # as readers see it
    asks: str  # as it is asked about the story


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedLine:
    """A line of the news in the language of its readers, translated by a model and checked against the original."""

    original: str  # as it stands in the briefing
    text: str
    language: str  # of the original, ISO 639-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The dated, cited document for one subscription and one slot."""

    schema: str = BRIEFING_SCHEMA
    id: str
    title: str
    made_at: datetime
    timezone: str = "UTC"
    language: str = "en"
    mode: Mode = Mode.NORMAL
    coverage: Coverage
    degraded: tuple[str, ...] = ()  # why a model did not write what it was meant to, in words
    checks: Checks = Checks()
    stories: tuple[StoryBrief, ...] = ()  # the most important first, changed and new ones in one order
    more: tuple[OtherStory, ...] = ()  # the first of those that did not fit, in the same order
    more_count: int = 0  # how many did not fit
    watch: tuple[StoryAnnouncement, ...] = ()
    settled: tuple[StoryAnnouncement, ...] = ()  # announcements whose day passed, with their outcome
    unchanged: tuple[Unchanged, ...] = ()
    sources: tuple[Source, ...] = ()
    questions: tuple[OfferedQuestion, ...] = ()  # at most three
    corrections: tuple[Correction, ...] = ()  # since it was made, oldest first
    translations: tuple[TranslatedLine, ...] = ()  # of lines in another language than ``language``

    @property
    def has_news(self) -> bool:
        """Whether anything happened or is announced for today; a missing report is no news."""
        reported = any(item.expectation.outcome is not Outcome.NO_REPORT for item in self.settled)
        return bool(self.stories or self.watch or reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentStory:
    """What one channel was last sent of one story; the next briefing is compared with it."""

    story_id: str
    sent_at: datetime
    status: Status | None = None
    headline: str = ""
    headline_citations: tuple[Citation, ...] = ()
    statements: tuple[str, ...] = ()  # every statement ever sent of this story, oldest first
    facts: tuple[str, ...] = ()  # ids of the facts, figures and announcements that were sent
    sentences: tuple[Citation, ...] = ()  # what the facts that were sent cite
    before: datetime | None = None  # until when an earlier release sent it, which kept no ids of facts
    expectations: tuple[Announcement, ...] = ()  # announced to the channel and not yet settled there
    by: Scope = SHARED  # its readers may read everything it was made from


def printed_texts(value: object) -> Iterator[str]:
    """Yield the words of the news in a briefing, or in another frozen value that readers see."""
    if isinstance(value, tuple):
        for one in value:
            yield from printed_texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name in _PRINTED:
                yield from (
                    one for one in (inner if isinstance(inner, tuple) else (inner,)) if isinstance(one, str)
                )
            if field.name not in _NO_NEWS:
                yield from printed_texts(inner)


def translated(briefing: Briefing) -> Briefing:
    """Return ``briefing`` as its readers see it: each line that has a translation in that."""
    if not briefing.translations:
        return briefing
    return in_translation(briefing, briefing.translations)


def in_translation(value: T, lines: Iterable[TranslatedLine]) -> T:
    """Return ``value``, a briefing or another frozen value with words of the news, with each of ``lines`` in the place of its original."""
    return _with_texts(value, {line.original: line.text for line in lines})


def _with_texts(value: T, texts: dict[str, str]) -> T:
    if isinstance(value, tuple):
        return tuple(_with_texts(one, texts) for one in value)  # type: ignore[return-value]
    if not is_dataclass(value):
        return value
    changed: dict[str, object] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        if field.name in _PRINTED and isinstance(inner, str):
            changed[field.name] = texts.get(inner, inner)
        elif field.name in _PRINTED and isinstance(inner, tuple):
            changed[field.name] = tuple(texts.get(one, one) if isinstance(one, str) else one for one in inner)
        elif field.name not in _NO_NEWS:
            changed[field.name] = _with_texts(inner, texts)
    return replace(value, **changed)  # type: ignore[type-var]
