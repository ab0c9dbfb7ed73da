"""Numbers of Discord's protocol by its own names: components, first answers to an interaction, errors of its API."""

from __future__ import annotations

from enum import IntEnum


class ComponentType(IntEnum):
    """The type of a component of a message or a form."""

    ACTION_ROW = 1
    BUTTON = 2
    SELECT = 3
    TEXT_INPUT = 4
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18


class CallbackType(IntEnum):
    """The kind of a first answer to an interaction."""

    MESSAGE = 4
    DEFERRED = 5
    MODAL = 9


class ErrorCode(IntEnum):
    """The code of a refusal, of "Opcodes and status codes" in Discord's reference."""

    UNKNOWN_CHANNEL = 10003
    UNKNOWN_GUILD = 10004
    UNKNOWN_MESSAGE = 10008
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    INTERACTION_ACKNOWLEDGED = 40060
    TAG_REQUIRED = 40067
    MISSING_ACCESS = 50001
    CLOSED_MESSAGES = 50007
    NOT_FOR_MESSAGES = 50008
    MISSING_PERMISSIONS = 50013
    NO_THREADS_HERE = 50024
    INVALID_WEBHOOK_TOKEN = 50027
    INVALID_FORM = 50035
    THREAD_CLOSED = 50083
    THREAD_EXISTS = 160004
    THREAD_LOCKED = 160005
    TOO_MANY_THREADS = 160006
