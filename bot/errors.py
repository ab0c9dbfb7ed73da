"""The one error tree: every error a person may see carries a message and a hint.

WirebriefError
├── ConfigError        the configuration cannot be used; ``problems`` lists all of it
├── InputError         what the person named cannot be read: no such file, not text, an empty page
├── FetchError         an outside address did not give a document; ``reason`` is a short stable word
│   └── BlockedAddress the address is one we never connect to
├── ParseError         bytes came, but they are no feed or page we can read
├── ModelError         a language model gave no usable answer; ``reason`` is a short stable word
│   └── OverBudget     the call was not made: a ceiling of tokens or money would have been passed
├── DeliveryError      a chat platform did not take a message; ``reason`` is a short stable word
│   ├── PostRefused    certainly nothing was posted
│   ├── PostUnclear    it may have been posted: look it up before anything is sent again
│   └── NoLookUp       whether it was posted cannot be found out
├── LostLease          another process has taken over what this one was doing
├── WorkerKilled       a parser ran past its deadline or died and was replaced
└── StoreError         the database cannot be opened, is newer than this program, locked or full
    ├── NoDatabase     there is none at the place that was named, and the verb makes none
    └── RowRefused     it takes what is written as it takes anything, only not this row
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class WirebriefError(Exception):
    """An expected failure, worded for the person who reads it.

    ``message`` is one sentence without a full stop, or a question; ``hint`` says what to do next, or is empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def clause(self) -> str:
        """The message with a lower first letter, for use inside a sentence."""
        return as_clause(self.message)

    def __str__(self) -> str:
        end = "" if self.message.endswith(("?", ".", "…")) else "."
        return f"{self.message}{end} {self.hint}" if self.hint else self.message


class ConfigError(WirebriefError):
    """The configuration cannot be used; ``problems`` holds every mistake, one sentence each."""

    def __init__(self, message: str, *, hint: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


class InputError(WirebriefError):
    """The input of a person cannot be used."""


class FetchReason(StrEnum):
    """A reason of a ``FetchError`` that decides the next step."""

    GONE = "gone"  # for good
    TIMEOUT = "timeout"
    BUSY = "busy"  # the host leaves too many requests unanswered
    UNCONNECTED = "connect"
    CONNECTION = "connection"
    NO_TLS = "no_tls"  # the host speaks none at this port


class FetchError(WirebriefError):
    """An outside address gave no document; ``reason`` is a ``FetchReason`` or another stable short word.

    ``status`` is the HTTP status, if any; ``retry_after`` the seconds that the server asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after


class BlockedAddress(FetchError):  # noqa: N818 - it names the address, not the error
    """The address is private, reserved or otherwise forbidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """A feed that a web page names."""

    url: str
    title: str = ""


class ParseError(WirebriefError):
    """The bytes are no readable feed or page; ``feeds`` are those that the page names."""

    def __init__(self, message: str, *, hint: str = "", feeds: tuple[NamedFeed, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.feeds = feeds


class ModelReason(StrEnum):
    """Why a language model gave no usable answer."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    CONNECTION = "connection"
    TOO_LARGE = "too_large"
    UNAUTHORISED = "unauthorised"
    QUOTA_EXHAUSTED = "quota_exhausted"
    NO_CREDIT = "no_credit"
    NO_ACCESS = "no_access"
    REGION = "region"
    NO_SUCH_MODEL = "no_such_model"
    CONTEXT_TOO_LONG = "context_too_long"
    CONTENT_REFUSED = "content_refused"
    REDIRECT = "redirect"
    LOGIN_PAGE = "login_page"
    BAD_REQUEST = "bad_request"
    REFUSED = "refused"
    NOT_JSON = "not_json"
    CIRCUIT_OPEN = "circuit_open"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NO_RECORD = "no_record"  # of the recorded model
    STALE_RECORD = "stale_record"


class ModelError(WirebriefError):
    """A language model gave no usable answer; ``reason`` is a ``ModelReason`` or another stable short word.

    ``text`` is the unusable reply, if any; it is never part of the message. ``said`` is the endpoint's own
    sentence, for operators only.
    """

    def __init__(self, message: str, *, reason: str, hint: str = "", text: str = "", said: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.text = text
        self.said = said

    @property
    def for_operator(self) -> str:
        """The full text for operators: the message, the endpoint's own sentence, and what to do."""
        said = f" (it says: “{self.said}”)" if self.said else ""
        return f"{self.message}{said}. {self.hint}" if self.hint else f"{self.message}{said}"


class OverBudget(ModelError):  # noqa: N818 - it names what happened
    """The call was not made because it could exceed a ceiling of tokens or money."""


class DeliveryReason(StrEnum):
    """A reason of a ``DeliveryError`` that decides the next step; other reasons are codes of a platform."""

    RATE_LIMITED = "rate limited"
    NOT_INSTALLED = "not installed"  # the bot is not in this workspace
    CANNOT_EDIT = "cannot edit"  # what was posted stays as it is


class DeliveryError(WirebriefError):
    """A chat platform did not accept a message; ``reason`` is a ``DeliveryReason`` or another stable short word.

    ``code`` is the platform's own number for it, 0 if it has none.
    """

    def __init__(self, message: str, *, reason: str, hint: str = "", code: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason
        self.code = code


class PostRefused(DeliveryError):  # noqa: N818 - it names what happened
    """Certainly nothing was posted.

    ``retry_after`` is in seconds, None if a retry is useless; a channel that is ``gone`` accepts no message
    until a person has repaired it.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        hint: str = "",
        code: int = 0,
        retry_after: float | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(message, reason=reason, hint=hint, code=code)
        self.retry_after = retry_after
        self.gone = gone


class PostUnclear(DeliveryError):  # noqa: N818 - it names what happened
    """The message may have been posted."""


class NoLookUp(DeliveryError):  # noqa: N818 - it names what happened
    """The platform cannot tell whether a message was posted."""


class LostLease(WirebriefError):  # noqa: N818 - it names what happened
    """Another process has taken over the work of this one."""


class WorkerKilled(WirebriefError):  # noqa: N818 - it names what happened
    """A parser ran past its deadline or died; its process was replaced."""


class StoreError(WirebriefError):
    """The database cannot be opened or written, or belongs to a newer version."""


class NoDatabase(StoreError):  # noqa: N818 - it names what is missing
    """The configured database does not exist, and this command does not create one."""


class RowRefused(StoreError):  # noqa: N818 - it names what happened
    """The database works, but refuses a row because of its content."""


def as_clause(sentence: str) -> str:
    """Return ``sentence`` with a lower first letter, for use inside another."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def first_mistake(mistakes: Sequence[Mapping[str, Any]]) -> str:
    """Return the first mistake that Pydantic lists, as "key: what is wrong"."""
    where = ".".join(map(str, mistakes[0]["loc"]))
    return f"{where}: {mistakes[0]['msg']}" if where else str(mistakes[0]["msg"])
