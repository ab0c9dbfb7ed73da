"""Notify admins in their channel, each notice once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

import structlog

from bot.chat.rate_limit import wait_for_rate_limit
from bot.errors import DeliveryError, NoLookUp
from bot.faults import Fault
from bot.inline import in_words
from bot.model.chat import Channel, part_key
from bot.model.message import Message
from bot.model.scope import SHARED, Scope
from bot.ports import Chat, Post
from bot.store import Store
from bot.store.running.notices import Notice


class Notify(Protocol):
    """A function that takes the key of a notice, its text, and its scope, with which it is deleted."""

    async def __call__(self, key: str, text: str, scope: Scope = SHARED) -> None:
        """Store it to be sent."""
        ...


_log = structlog.get_logger()


def notifier(*, store: Store, now: Callable[[], datetime]) -> Notify:
    """Return the function that stores a notice to be sent; the same key is stored once."""

    async def notify(key: str, text: str, scope: Scope = SHARED) -> None:
        if await store.notices.add(Notice(key=key, text=text, at=now(), scope=scope)):
            _log.warning("notice", text=in_words(text))

    return notify


async def notify_of_faults(faults: Iterable[Fault], *, notify: Notify, version: str) -> None:
    """Notify admins of ``faults`` that caused items to be set aside: each kind once, and again if it persists after an upgrade."""
    for fault in faults:
        await notify(
            f"fault {fault.key} {version}",
            f"{fault.sentence(fault.doing)}. It costs only what it met, and the rest was read: "
            f"wirebrief check lists what is set aside, and the log has a line with {fault.id}",
        )


async def notify_of_omitted_stories(faults: Iterable[Fault], *, notify: Notify, version: str) -> None:
    """Notify admins of ``faults`` that left stories out of a briefing: each kind once, and again if it persists after an upgrade."""
    for fault in faults:
        await notify(
            f"left out {fault.key} {version}",
            f"{fault.sentence(fault.doing)}. The story is left out of its briefings and the others are sent; "
            f"the log has a line with {fault.id}",
        )


async def post_notices(
    *, store: Store, chats: Mapping[str, Chat], channel: Channel | None
) -> tuple[int, int]:
    """Post the unsent notices; return how many were sent, and how many failed."""
    posted = failed = 0
    for notice in await store.notices.unsent():
        chat = chats.get(channel.platform) if channel else None
        if channel and chat:
            try:
                message = Message(
                    title="For admins", dateline=f"{notice.at:%Y-%m-%d %H:%M} UTC", notice=notice.text
                )
                await post_all(chat, channel, message, key=notice.key)
            except DeliveryError as error:
                _log.error(
                    "admins could not be notified",
                    channel=channel.name,
                    reason=error.message,
                    notice=in_words(notice.text),
                )
                failed += 1
                continue
        await store.notices.mark_sent(notice.key)
        posted += 1
    return posted, failed


async def post_all(chat: Chat, channel: Channel, message: Message, *, key: str) -> None:
    """Post a message that is no briefing, skipping parts that are already posted; raises ``DeliveryError``."""
    payloads, first = chat.render(message, channel), ""
    for number, payload in enumerate(payloads, 1):
        post = Post(
            channel=channel,
            key=part_key(key, number),
            payload=payload,
            number=number,
            of=len(payloads),
            parent=first,
        )
        message_id = await post_once(chat, post)
        first = first or message_id


async def post_once(chat: Chat, post: Post) -> str:
    """Post a message that is no briefing, unless it is already posted; at worst twice, if that cannot be known."""
    try:
        found = await chat.find(post)
    except NoLookUp:
        found = None
    if found:
        return found
    await wait_for_rate_limit(chat, post.channel)
    return await chat.post(post)
