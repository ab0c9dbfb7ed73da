"""Threads and their questions, stories chosen by channels, statements reported by readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model.scope import SHARED, Scope
from bot.model.story import Status


class Topic(StrEnum):
    """What a thread is about."""

    BRIEFING = "briefing"
    STORY = "story"
    ANSWER = "answer"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A message of the bot, or one that it answered, whose thread is about ``subject`` and its ``stories``."""

    destination: str  # name of the channel
    root: str  # id of the thread's first message
    topic: Topic
    subject: str  # id of the briefing, story, answer or link
    stories: tuple[str, ...] = ()
    kept_under: str  # the root that its turns are kept under
    at: datetime
    scope: Scope = SHARED


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadTurn:
    """One question or link of one person, with what was answered; ``document`` is the answer as plain data."""

    id: str
    destination: str
    root: str = ""  # the thread it stands in
    at: datetime
    asker: str
    topic: Topic
    question: str
    answer: str
    stories: tuple[str, ...] = ()  # that it is about
    subject: str = ""  # id of the document
    document: Mapping[str, Any] = field(default_factory=dict)
    scope: Scope = SHARED


class Want(StrEnum):
    """What a channel wants of a story."""

    FOLLOW = "follow"
    MUTE = "mute"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChoice:
    """A story that a channel follows, or mutes until its status is no longer ``status``."""

    destination: str
    story_id: str
    want: Want
    at: datetime
    status: Status | None = None  # how the story stood when it was chosen
    scope: Scope = SHARED


class WatchState(StrEnum):
    """The state of a watch."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    ENDED = "ended"  # nothing can be posted where it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWatch:
    """A question without an answer; its asker is notified once, where it was asked, when there is one."""

    id: str
    destination: str
    asker: str
    name: str  # of the asker, as the platform showed it
    question: str
    timezone: str
    language: str = "en"  # that the asker is answered in
    state: WatchState = WatchState.OPEN
    asked_at: datetime
    expires_at: datetime
    scope: Scope = SHARED


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The feedback of a reader on a briefing: useful, or that ``statement`` is wrong, and why."""

    id: str
    at: datetime
    destination: str
    asker: str
    briefing_id: str
    story_id: str = ""
    statement: str = ""
    text: str = ""  # what is wrong, in the reader's words
    useful: bool = False
    scope: Scope = SHARED
