"""The few Protocols, with their contracts in prose; each has at least two real implementations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.model.chat import Channel
from bot.model.message import Message
from bot.model.record import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to ask an outside address for; ``etag`` and ``last_modified`` make the request conditional."""

    url: str
    accept: str = "*/*"
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = 4 * 1024 * 1024  # of the decoded body, and of the body on the wire
    deadline: float = 10.0  # seconds once the host's turn has come, redirects included


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What an address answered: status 200 with a body, or 304 without one; everything else is an error."""

    url: str  # final address after redirects
    status: int
    body: bytes = b""
    content_type: str = ""  # media type, lower case, without parameters
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""  # set when every redirect on the way was permanent (301, 308)
    max_age: int | None = None  # seconds, from Cache-Control or Expires


class Fetcher(Protocol):
    """Brings one document from outside.

    Promises: never more than ``max_bytes`` kept, never longer than ``deadline`` once it is this address's
    turn at its host (the wait for that turn is bounded too), never an address that the guard refuses, no proxy from the environment, no cookies, no credentials forwarded over a redirect.
    Raises ``FetchError`` (``BlockedAddress`` for refused ones) with a sentence for a person and a stable
    ``reason``; never anything else.
    """

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return the document at ``request.url``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """One question to a language model.

    ``system`` is the same for every call of one prompt, so that endpoints can cache it; whatever comes from
    outside stands in ``user``. ``schema`` is the JSON Schema (an object, strict) the reply has to fit.
    """

    purpose: str  # "briefing", "repair", "question", "second look"
    system: str
    user: str
    schema_name: str
    schema: Mapping[str, Any]
    max_output_tokens: int = 1500
    workspace: str = ""
    subject: str = ""  # the story or question the call is about, for the books
    prompt_hash: str = ""
    deadline: float = 90.0  # seconds for the whole call, waits and retries included


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What a model answered: the JSON object it gave, not yet checked against the schema."""

    data: Mapping[str, Any]
    text: str  # as it came
    model: str
    usage: Usage = field(default_factory=Usage)


class LanguageModel(Protocol):
    """Phrases: gets instructions, passages and a schema, gives one JSON object.

    Promises: an answer or a ``ModelError`` within the request's ``deadline``, never anything else; ``data`` is
    a JSON object from the reply; ``usage`` is what the endpoint reported, else an estimate; nothing of the
    request is changed or logged; calls may run at the same time. It does not promise that ``data`` fits the
    schema or is true: the caller checks both.
    """

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer to ``request``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message for one channel; ``key`` is the same however often it is tried."""

    channel: Channel
    key: str
    payload: str  # as the platform's own ``render`` gave it
    number: int = 1
    of: int = 1
    latest: float = math.inf  # on this machine's monotonic clock; a call must not begin after it


class Chat(Protocol):
    """Puts messages into channels of one platform, and finds them again.

    Promises: ``render`` is pure and gives parts that each fit the platform's limits, whole and in order, in which
    no outside text is a mention, a link we did not make, or formatting. ``turn`` returns when the platform's pace
    allows a call. ``post`` makes one call that begins before ``latest`` or not at all, gives up on it after
    ``window`` seconds, and returns the message's id; it raises
    ``PostRefused`` only where certainly nothing was posted, ``PostUnclear`` in every other case, never anything
    else. ``find`` returns the id of the message posted under a key, None when there is none; it raises
    ``NoLookUp`` where that cannot be known and ``PostUnclear`` where it cannot be known now. ``settle`` seconds
    after it was given up, a call whose outcome is unknown can no longer land.
    """

    platform: str
    window: float
    settle: float

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return the payloads of ``message``, one a part; raises ``PostRefused`` for an unknown channel."""
        ...

    async def turn(self, channel: Channel) -> None:
        """Return when a call for ``channel`` may be made."""
        ...

    async def post(self, post: Post) -> str:
        """Post one message and return its id."""
        ...

    async def find(self, post: Post) -> str | None:
        """Return the id of the message posted under ``post.key``, or None."""
        ...
