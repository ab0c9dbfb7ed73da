"""Requests: what people ask the bot to do, on any platform: who, where, which verb, and the forms they fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.chat import Channel
from bot.model.scope import Scope

MAX_REQUEST_CHARS = 12_000  # that are read of one request


class Verb(StrEnum):
    """The types of requests: commands of ``/brief``, buttons, and events of a platform."""

    NOW = "now"
    ASK = "ask"
    LINK = "link"
    STORY = "story"
    FOLLOW = "follow"
    MUTE = "mute"
    UNMUTE = "unmute"
    CATCHUP = "catchup"
    SUBSCRIBE = "subscribe"
    LIST = "list"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    FEEDS = "feeds"  # words are "", "add URL", "remove NAME", "health"
    STATUS = "status"
    REPLIES = "replies"  # to what the bot replies in a channel: words are "", or one of ``Replies``
    FORGET = "forget"
    START = "start"  # the state of the channel, and what to do next
    HELP = "help"
    # Buttons; the subject says of what.
    CITED = "cited"  # the exact sentences of a briefing, with outlet and time, only for who pressed
    DETAILS = "details"
    MANAGE = "manage"
    USEFUL = "useful"
    WRONG = "wrong"  # opens a form; its submission is the report
    APPROVE = "approve"
    REJECT = "hold"  # the name that posted buttons carry
    FURTHER = "further"  # a question that was offered under an answer; the subject names both
    WATCH = "watch"  # of a question that could not be answered
    TEST = "test"  # a briefing now, for a subscription
    MORE = "more"  # the next page of a private answer
    MENU = "menu"  # what can be done about one story of a briefing
    EDIT = "edit"  # opens the form of a subscription, or of what was typed and not taken
    PREVIEW = "preview"  # of what a form that is being filled in would match
    KEEP = "keep"  # takes what was typed, though it would match nothing
    EXAMPLE = "example"  # what a briefing looks like, only for who pressed
    # Events of the platform.
    HOME = "home"  # the asker looks at the bot's own page
    GREETING = "greeting"  # said to the bot
    THANKS = "thanks"
    SAID = "said"  # plain words to the bot: a mention, a reply in a thread, a direct message
    INVITED = "invited"  # the bot was invited into a channel
    GONE = "gone"  # the bot was removed from a channel or workspace


VERBS_BY_NAME: Mapping[str, Verb] = {verb.value: verb for verb in Verb} | {"sources": Verb.FEEDS}
"""The verbs by every name that commands, posted buttons and open forms have; "sources" is the name of ``feeds`` up to 0.3.0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The person who asks; ``admin`` and ``guest`` are looked up on the platform for this request."""

    id: str
    name: str = ""
    admin: bool = False
    guest: bool = False
    language: str = ""
    zone: str = ""  # the time zone of their profile; empty if the platform gives none


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request or one form that was sent; the same ``id`` is handled once, however often the platform sends it."""

    id: str
    verb: Verb
    asker: Asker
    channel: Channel  # where it was asked; ``workspace`` is set wherever the platform has one
    words: str = ""  # the words after the verb, or the message, without mentions of the bot
    subject: str = ""  # what a button or form is about
    values: Mapping[str, str] = field(default_factory=dict)  # of a form that was sent in, by field name
    thread: str = ""  # id of the thread's first message, if it was asked in a thread
    message: str = ""  # id of the message a button or shortcut belongs to
    direct: bool = False  # between the asker and the bot alone
    addressed: bool = True  # False for plain words in a thread that do not name the bot: is it ours?
    replied: bool = False  # plain words below a message of the bot, which do not name it
    tagged: bool = False  # plain words that mention somebody else, a group or everybody
    private: bool = False  # a channel that not everybody in its workspace sees
    pressed: bool = False  # a button, a menu or a form, and not words


class Replies(StrEnum):
    """Which messages in its threads the bot answers without a mention."""

    MENTIONS = "mentions"  # none
    QUESTIONS = "questions"  # questions that the archive answers
    ALL = "all"  # all that ask for news, also if the bot has to say that there is none


class FieldInput(StrEnum):
    """How a field of a form is filled in."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"  # its value is those chosen, separated by commas
    CHANNEL = "channel"  # its value is a channel's name as ``Channel.read`` takes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form; ``options`` are value and label of a choice."""

    name: str
    label: str
    kind: FieldInput = FieldInput.LINE
    value: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True
    most: int = 1000  # characters
    error: str = ""  # what was wrong with ``value``, shown at the field
    live: bool = False  # the form's preview depends on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for a person; when it is sent, it becomes a ``Request`` with this verb and subject."""

    verb: Verb
    title: str
    fields: tuple[Field, ...]
    subject: str = ""
    send: str = "Send"
    cancel: str = "Cancel"
    look: str = ""  # the button that shows the preview, where there is one
    preview: tuple[str, ...] = ()  # what would match: a sentence, then names


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """The values of a form that was not accepted, so that nothing has to be typed twice.

    ``subject`` is the form's; ``errors`` are by field.
    """

    id: str
    destination: str
    asker: str
    subject: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    at: datetime
    scope: Scope
