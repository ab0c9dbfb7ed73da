"""The meaning of Discord's answers: certainly not posted, or perhaps; with a sentence for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.discord.protocol import ErrorCode
from bot.chat.discord.rest import Answered
from bot.errors import DeliveryError, DeliveryReason, PostRefused, PostUnclear
from bot.model.chat import Channel

BAN_WAIT_SECONDS = 600.0  # seconds without a call where Discord has blocked our address
MAX_DISCORD_WAIT_SECONDS = 3600.0

_SAID: Mapping[int, tuple[str, str]] = {
    ErrorCode.UNKNOWN_CHANNEL: ("There is no channel {id} any more", "Subscribe in another channel"),
    ErrorCode.UNKNOWN_GUILD: (
        "The bot is not in this server",
        "wirebrief discord invite prints the link that adds it",
    ),
    ErrorCode.UNKNOWN_MESSAGE: ("The message does not exist any more", ""),
    ErrorCode.MISSING_ACCESS: (
        "The bot may not see the channel {id}",
        "Channel settings → Permissions → add Wirebrief → allow “View Channel”",
    ),
    ErrorCode.CLOSED_MESSAGES: ("This person takes no direct messages", "Ask in a channel with /brief"),
    ErrorCode.MISSING_PERMISSIONS: (
        "The bot lacks a permission in the channel {id}",
        "/brief status there names it",
    ),
    ErrorCode.NOT_FOR_MESSAGES: (
        "Messages cannot be sent to {id}",
        "Choose a text channel, a thread or a forum",
    ),
    ErrorCode.TAG_REQUIRED: (
        "The forum {id} requires a tag on every post",
        "Forum settings → switch off “Require people to select tags”",
    ),
    ErrorCode.THREAD_CLOSED: ("The thread {id} is closed", "Open it again, or subscribe in its channel"),
    ErrorCode.THREAD_LOCKED: ("The thread {id} is locked", "Unlock it, or subscribe in its channel"),
    ErrorCode.TOO_MANY_THREADS: ("The server has reached its limit of open threads", "Close some"),
}
_GONE = frozenset(
    {
        ErrorCode.UNKNOWN_CHANNEL,
        ErrorCode.UNKNOWN_GUILD,
        ErrorCode.MISSING_ACCESS,
        ErrorCode.MISSING_PERMISSIONS,
        ErrorCode.NOT_FOR_MESSAGES,
        ErrorCode.TAG_REQUIRED,
    }
)


def refusal(answer: Answered, channel: Channel) -> DeliveryError:
    """Return the error that ``answer`` means for a post in ``channel``."""
    if answer.status == 429:
        return _busy(answer)
    if answer.status >= 500:
        return PostUnclear(f"Discord answered {answer.status}", reason=f"answer {answer.status}")
    if answer.status == 401:
        return PostRefused(
            "Discord does not know the bot's token any more",
            reason="token",
            hint="Reset the token in the developer portal and put it into discord.token",
            retry_after=300.0,
        )
    said, hint = _SAID.get(answer.code, ("", ""))
    return PostRefused(
        said.format(id=channel.shown) or f"Discord refused the message ({answer.status}, {answer.code})",
        reason=f"answer {answer.status} {answer.code}",
        code=answer.code,
        hint=hint,
        gone=answer.code in _GONE or (answer.status in {403, 404} and answer.code not in _SAID),
    )


def unreached() -> PostRefused:
    """Return the error for a call that did not begin."""
    return PostRefused(
        "Discord could not be reached",
        reason="unreachable",
        hint="Check this machine's connection to discord.com",
        retry_after=5.0,
    )


def wait_of(answer: Answered) -> float:
    """Return the seconds that Discord asks to wait; a 429 that is not from its API is a ban."""
    headers = {key.lower(): value for key, value in answer.headers.items()}
    asked = answer.data.get("retry_after") if isinstance(answer.data, dict) else None
    try:
        seconds = float(asked if asked is not None else headers.get("retry-after", 5.0))
    except (TypeError, ValueError):
        seconds = 5.0
    if "via" not in headers:
        seconds = max(seconds, BAN_WAIT_SECONDS)
    return min(MAX_DISCORD_WAIT_SECONDS, max(0.05, seconds))


def is_global(answer: Answered) -> bool:
    """Return whether the limit is for all channels, not for one."""
    headers = {key.lower(): value for key, value in answer.headers.items()}
    stated = isinstance(answer.data, dict) and bool(answer.data.get("global"))
    return stated or "via" not in headers


def _busy(answer: Answered) -> PostRefused:
    banned = "via" not in {key.lower() for key in answer.headers}
    return PostRefused(
        "Discord has blocked this IP address for a while" if banned else "Discord is rate-limiting the bot",
        reason=DeliveryReason.RATE_LIMITED,
        hint="It continues by itself" if banned else "",
        retry_after=wait_of(answer),
    )
