"""Questions to the archive and their answers: cited, dated, scoped, or declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.briefing import Checks, Source, Statement, Writer
from bot.model.news import Article
from bot.model.scope import SHARED, Scope
from bot.model.story import Disagreement, Status

MAX_ANSWER_STATEMENTS = 5
MAX_QUESTION_CHARS = 600  # that are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its answer, earlier in the same thread."""

    at: datetime
    question: str
    answer: str
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, with what it follows in its thread; ``scope`` is that of the destination."""

    text: str
    asked_at: datetime
    scope: Scope = SHARED
    as_of: datetime | None = None  # what was known then; None is now
    stories: tuple[str, ...] = ()  # what the thread is about, the likeliest first
    turns: tuple[Turn, ...] = ()  # earlier in the thread, oldest first
    timezone: str = "UTC"
    workspace: str = ""  # whose budget a model's answer is
    overheard: bool = False  # the bot was not addressed: it answers only if the support is good
    offered: bool = False  # it was offered, after it had been tried: it is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Consecutive sentences of one article that may answer; ``why`` says how they were found."""

    article: Article
    sentences: tuple[int, ...]
    score: float
    story_id: str = ""
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A story related to a question, with its status."""

    story_id: str
    headline: str
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """At most five cited statements, or the reason why there are none; ``as_of`` is the time up to which articles were used."""

    id: str
    question: str
    as_of: datetime
    statements: tuple[Statement, ...] = ()
    declined: str = ""  # why there are no statements, in words
    since: datetime | None = None  # the archive's oldest article that might have said it
    stories: tuple[Nearest, ...] = ()  # what the answer is about; the nearest ones where it was declined
    disagreements: tuple[Disagreement, ...] = ()
    sources: tuple[Source, ...] = ()
    writer: Writer = Writer.EXTRACTS
    degraded: str = ""  # why no model wrote it though one was meant to
    checks: Checks = Checks()  # noqa: RUF009 - frozen
    timezone: str = "UTC"
    why: tuple[str, ...] = ()  # how it came about: terms, scores, threshold
    scope: Scope = SHARED
