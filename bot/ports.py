"""The ports: protocols of what is outside, with their contracts in prose; each but the encoder has at least two real implementations."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from bot.model.chat import Channel
from bot.model.message import Message
from bot.model.record import ModelUsage
from bot.model.talk import Form, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """The request to an outside address; ``etag`` and ``last_modified`` make the request conditional."""

    url: str
    accept: str = "*/*"
    etag: str = ""
    last_modified: str = ""
    max_bytes: int = 4 * 1024 * 1024  # of the decoded body, and of the body on the wire
    plain_too: bool = False  # https was only assumed: http is tried if the host offers no encryption
    operator: bool = False  # of a feed that is kept: its port may be one that only an operator may add
    deadline: float = 10.0  # seconds once the host's turn has come, redirects included


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """The answer of an address: status 200 with a body, or 304 without one; everything else is an error."""

    url: str  # final address after redirects
    status: int
    body: bytes = b""
    content_type: str = ""  # media type, lower case, without parameters
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""  # set when every redirect on the way was permanent (301, 308)
    max_age: int | None = None  # seconds, from Cache-Control or Expires
    plain: bool = False  # asked for by http, as ``plain_too`` allows


class Fetcher(Protocol):
    """Fetches one document from outside.

    Promises: at most ``max_bytes``, at most ``deadline`` once it is this address's
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

    ``system`` is the same for every call of one prompt, so that endpoints can cache it; all text from
    outside is in ``user``. ``schema`` is the JSON Schema (an object, strict) of the reply.
    """

    purpose: str  # "update", "repair", "question", "second look"
    system: str
    user: str
    schema_name: str
    schema: Mapping[str, Any]
    max_output_tokens: int = 1500  # of the reply itself
    reasoning_tokens: int = 0  # that the model may think beside it; whoever asks leaves this to the adapter
    workspace: str = ""
    subject: str = ""  # the story or question the call is about, for the usage ledger
    prompt_hash: str = ""
    record_key: str = (
        ""  # names what was shown, for recorded replies (``bot.model.record_key``); empty: not recorded
    )
    deadline: float = (
        math.inf  # seconds the caller waits, retries included; the adapter has a limit of its own (``TimeLimits.call``)
    )
    on_text: Callable[[str], None] | None = (
        None  # is called with the partial text of the reply, if the model streams it
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """The reply of a model: a JSON object, not yet checked against the schema."""

    data: Mapping[str, Any]
    text: str  # as it came
    model: str
    usage: ModelUsage = field(default_factory=ModelUsage)


class LanguageModel(Protocol):
    """A language model: takes instructions, passages and a schema, and returns one JSON object.

    Promises: an answer or a ``ModelError`` within the request's ``deadline``, never anything else; ``data`` is
    a JSON object from the reply; ``usage`` is what the endpoint reported, else an estimate; nothing of the
    request is changed or logged; calls may run at the same time. It does not promise that ``data`` fits the
    schema or is true: the caller checks both.
    """

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer to ``request``."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors; ``id`` identifies what makes them, and is stored with every vector.

    A call takes its time, and belongs in a thread.
    """

    id: str

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Return the vector of each of ``texts``; raises ``ConfigError`` where it cannot."""
        ...

    def similarity(self, one: bytes, others: Sequence[bytes]) -> list[float]:
        """Return the similarity of ``one`` to each of ``others``, 1 for the same."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message for one channel; ``key`` is the same however often it is tried."""

    channel: Channel
    key: str
    payload: str  # as the platform's own ``render`` gave it
    number: int = 1
    of: int = 1
    parent: str = ""  # id of the message in whose thread it goes, where the payload is meant for a thread
    latest: float = math.inf  # on this machine's monotonic clock; a call must not begin after it


class Chat(Protocol):
    """Posts messages to channels of one platform, and finds them again.

    Promises: ``render`` is pure and gives parts that each fit the platform's limits, whole and in order, in which
    no outside text is a mention, a link we did not make, or formatting. ``validate`` refuses a channel that can be none of
    this platform's, without a call to it. ``rate_limit_wait`` takes the turn of a call and returns 0, or returns the
    seconds until there is one; it never waits itself. ``post`` makes one call that begins before ``latest`` or not at all, gives up on it after
    ``window`` seconds, and returns the message's id; it raises
    ``PostRefused`` only where certainly nothing was posted, ``PostUnclear`` in every other case, never anything
    else. ``find`` returns the id of the message posted under a key, None when there is none; it raises
    ``NoLookUp`` if this can never be known and ``PostUnclear`` if it cannot be known now. ``settle_seconds``
    after it was given up, a call whose outcome is unknown can no longer land.

    A payload says whether it belongs to the channel or to the thread of the first message; the first is in
    the channel and can be read alone. ``amend`` replaces the payload of a message; it raises as ``post`` does,
    and ``PostRefused`` with ``DeliveryReason.CANNOT_EDIT`` if the platform cannot edit. ``check`` returns everything that
    keeps the bot from working in a channel, one sentence each with what to do.
    """

    platform: str
    window: float
    settle_seconds: float

    def render(self, message: Message, channel: Channel) -> tuple[str, ...]:
        """Return the payloads of ``message``, one for each part; raises ``PostRefused`` for an unknown channel."""
        ...

    def validate(self, channel: Channel) -> None:
        """Raise ``PostRefused`` if ``channel`` cannot be a channel of this platform."""
        ...

    def rate_limit_wait(self, channel: Channel) -> float:
        """Return the seconds until a call for ``channel`` may be made; 0 takes its turn."""
        ...

    async def post(self, post: Post) -> str:
        """Post one message and return its id."""
        ...

    async def find(self, post: Post) -> str | None:
        """Return the id of the message posted under ``post.key``, or None."""
        ...

    async def amend(self, post: Post, message_id: str) -> None:
        """Replace the message ``message_id`` by ``post``."""
        ...

    async def check(self, channel: Channel) -> tuple[str, ...]:
        """Return the problems of ``channel``, one sentence each."""
        ...


class Conversation(Protocol):
    """The replies to one request, on its platform; private replies are seen by the asker alone.

    Promises: the platform has its acknowledgement before the handler is called, except for verbs that open a form
    (``bot.chat.commands.opens_form``), whose handler calls ``open`` before anything slow. ``working`` and ``show`` are
    hints that may be left out and never raise; ``show`` replaces what was shown before, at the platform's pace.
    ``reply`` ends the exchange and returns the message's id ("" where it has none); it may be called again, for
    further messages. A call with an unknown outcome is not retried: the asker can ask again. ``sees`` tells
    whether the asker may see a channel; False if this cannot be known. A form has at most ``max_fields``. ``refuse``
    shows the mistakes of a form at its fields, by name, and leaves it open; it returns False if the form is already closed,
    or the platform cannot do this. ``update`` replaces the form that the
    asker has open, and keeps the typed values; it returns False if there is none, or the platform cannot do this.
    """

    @property
    def max_fields(self) -> int:
        """The most fields of one form."""
        ...

    async def working(self, text: str) -> None:
        """Show the asker that the request is being handled."""
        ...

    async def show(self, message: Message) -> None:
        """Show the reply so far."""
        ...

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Answer with ``message``; raises ``DeliveryError``."""
        ...

    async def open(self, form: Form) -> None:
        """Open ``form`` for the asker; raises ``DeliveryError``."""
        ...

    async def permalink(self, channel: Channel, message_id: str) -> str:
        """Return the address of the bot's message in ``channel``; "" if it has none or cannot be known."""
        ...

    @property
    def shows_preview(self) -> bool:
        """Whether ``update`` works on this platform."""
        ...

    async def update(self, form: Form) -> bool:
        """Replace the open form by ``form``."""
        ...

    async def refuse(self, errors: Mapping[str, str]) -> bool:
        """Show ``errors`` at the fields of the form that was sent."""
        ...

    async def sees(self, channel: Channel) -> bool:
        """Return whether the asker may see ``channel``."""
        ...


Handler = Callable[[Request, Conversation], Awaitable[None]]
"""Does what a request asks and answers in its conversation; it never raises for what a person did."""


class Listener(Protocol):
    """A listener on one platform: it turns events into requests, each handled once.

    Promises: ``listen`` returns when the connection is up, or raises ``ConfigError`` with the problem of
    the token; a connection that breaks later is opened again with growing waits. Messages of the bot itself are never
    requests. ``close`` accepts no further request and lets those in work end within ``seconds``. ``connected`` tells
    whether requests can arrive now.
    """

    @property
    def connected(self) -> bool:
        """Whether requests can arrive."""
        ...

    async def listen(self, handle: Handler) -> None:
        """Begin to accept requests."""
        ...

    async def close(self, seconds: float) -> None:
        """Accept no further request."""
        ...


NotifyAdmins = Callable[[str, str], Awaitable[None]]
"""Tells admins a thing once: its key, and the thing in words."""


async def no_one(_key: str, _text: str) -> None:
    """Discard the notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether the bot, under ``account``, is in a place."""

    account: str
    here: bool


@runtime_checkable
class InteractiveChat(Protocol):
    """A chat with a listener, which can report its state.

    ``about`` yields what is connected and what is missing, a mark (✓, ✗ or •) and a sentence each; it raises a
    ``WirebriefError`` if the platform refuses the bot. ``presence`` tells whether the bot is in a channel,
    or, with an empty id, in a workspace: only the platform's own statement counts. An outage, a lost answer, a missing
    right and an archived channel are no removal; if it cannot be known now, it returns None. It never raises.
    """

    @property
    def listener(self) -> Listener:
        """Return the listener for its requests."""
        ...

    def self_check(self) -> AsyncIterator[tuple[str, str]]:
        """Yield the state of the platform, a mark and a sentence each."""
        ...

    async def presence(self, place: Channel) -> Presence | None:
        """Return whether the bot is in ``place``."""
        ...
