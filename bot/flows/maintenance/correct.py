"""Correct: amend a briefing in its posts, in its thread, and in what counts as sent.

statement ──amend──▶ stored briefing and sent stories ──▶ each post edited ──▶ a note in the thread
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from bot.briefings.amend import Stated, amend, repair, statements
from bot.chat.document.message import to_message
from bot.chat.document.notices import correction_note, late_line
from bot.chat.rate_limit import wait_for_rate_limit
from bot.chat.replies.buttons import under_briefing
from bot.errors import DeliveryError, DeliveryReason, InputError, PostRefused, PostUnclear
from bot.flows.briefing.replay import stored_briefing
from bot.flows.notify import post_once
from bot.language.locale.en import counted
from bot.model.briefing import Briefing, Correction
from bot.model.chat import Delivery, DeliveryPart, State, part_key
from bot.model.message import Message
from bot.ports import Chat, Post
from bot.store import Store

LATE_BRIEFING_SECONDS = 300.0  # lateness from which a briefing said that it was late
MAX_EDIT_ATTEMPTS = 3  # of one edit: it can be made again without harm
MAX_EDIT_WAIT_SECONDS = 30.0  # seconds that a platform may ask us to wait

WITHDRAWN_PART_TEXT = "This part is no longer in the briefing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The corrected briefing, and the outcome for each of its posts, one sentence each."""

    briefing: Briefing
    outcome: tuple[str, ...]
    unfinished: bool = False  # a post may be brought up to it later


async def find_statement(name: str, words: str, *, store: Store) -> tuple[str, Stated]:
    """Return the id of the briefing ``name`` and its statement that is, or contains, ``words``, as printed or translated.

    Raises ``InputError`` with a list if none or several match.
    """
    stored = await stored_briefing(name, store=store)
    known = statements(stored.briefing)
    folded = " ".join(words.lower().split())
    # Readers quote what they see.
    read = {line.original: line.text.lower() for line in stored.briefing.translations}
    fitting = [s for key, s in known.items() if key == words or folded in {s.text.lower(), read.get(s.text)}]
    fitting = fitting or [
        s for s in known.values() if folded in s.label.lower() or folded in read.get(s.text, "")
    ]
    if len(fitting) == 1:
        return stored.briefing.id, fitting[0]
    problem = "Several statements have" if fitting else "No statement of that briefing has"
    raise InputError(
        f"{problem} the words {words[:80]!r}",
        hint=f"wirebrief correct {stored.briefing.id} lists them with ids",
    )


async def correct(
    briefing_id: str,
    stated: Stated,
    *,
    instead: str,
    reason: str,
    store: Store,
    chats: Mapping[str, Chat],
    now: datetime,
) -> Corrected:
    """Replace ``stated`` by ``instead``, or drop it if that is empty, and notify the channel with ``reason``."""
    if not reason.strip():
        raise InputError("A correction needs its reason", hint="Say why: readers are told")
    briefing = await store.briefings.get(briefing_id)
    if briefing is None:
        raise InputError(f"There is no briefing {briefing_id!r}", hint="wirebrief show lists them")
    amended = amend(briefing, stated, now=instead.strip(), reason=reason.strip(), at=now)
    await store.briefings.amend(
        amended,
        story_id=stated.story_id,
        repair=lambda sent: repair(sent, was=stated.text, now=instead.strip()),
    )
    return await update_posts(amended, store=store, chats=chats)


async def show_original(
    briefing_id: str, stated: Stated, *, reason: str, store: Store, chats: Mapping[str, Chat], now: datetime
) -> Corrected:
    """Show ``stated``, which is translated, in its own language again, and notify the channel with ``reason``.

    Its translation is dropped for every channel and later briefing. Raises ``InputError`` if it has none.
    """
    if not reason.strip():
        raise InputError("A correction needs its reason", hint="Say why: readers are told")
    briefing, by = await store.briefings.get(briefing_id), await store.briefings.scope(briefing_id)
    if briefing is None or by is None:
        raise InputError(f"There is no briefing {briefing_id!r}", hint="wirebrief show lists them")
    line = next((one for one in briefing.translations if one.original == stated.text), None)
    if line is None:
        raise InputError(
            f"That statement is not translated: {stated.text[:80]!r}", hint="Use --drop, or --with TEXT"
        )
    updates = (await store.updates.of([stated.story_id], by=by))[stated.story_id]
    await store.translations.withdraw(line, [update.id for update in updates], language=briefing.language)
    correction = Correction(
        at=now, story_id=stated.story_id, was=line.text, now=line.original, reason=reason.strip()
    )
    amended = replace(
        briefing,
        translations=tuple(one for one in briefing.translations if one is not line),
        corrections=(*briefing.corrections, correction),
    )
    await store.briefings.amend(amended, story_id=stated.story_id, repair=lambda sent: sent)
    return await update_posts(amended, store=store, chats=chats)


async def update_posts(briefing: Briefing, *, store: Store, chats: Mapping[str, Chat]) -> Corrected:
    """Edit the posts of an amended ``briefing``, and make sure that the note is in its thread."""
    outcome: list[str] = []
    unfinished = False
    for delivery in await store.deliveries.of_briefing(briefing.id):
        chat = chats.get(delivery.channel.platform)
        if delivery.state is not State.POSTED or chat is None:
            outcome.append(f"{delivery.channel.name}: not posted there, it is {delivery.state}")
            continue
        said, done = await _show(briefing, delivery, chat, store=store)
        outcome += said
        unfinished = unfinished or not done
    return Corrected(briefing=briefing, outcome=tuple(outcome), unfinished=unfinished)


async def _show(
    briefing: Briefing, delivery: Delivery, chat: Chat, *, store: Store
) -> tuple[list[str], bool]:
    """Return what became of the posts of a delivery, in words, and whether nothing is left that may be done later."""
    place = delivery.channel.name
    parts = await store.deliveries.parts(delivery.id)
    root = parts[0].message_id if parts else ""
    message = under_briefing(to_message(briefing, late=_late(briefing, delivery)), briefing)
    try:
        said = await _edit(chat.render(message, delivery.channel), parts, delivery, chat, store=store)
    except PostRefused as refusal:
        if refusal.reason != DeliveryReason.CANNOT_EDIT:
            return [f"{place}: the post could not be edited: {refusal}"], refusal.retry_after is None
        said = f"{place}: messages stay as they are there"
    except PostUnclear as unclear:
        return [f"{place}: it is not known whether the post was edited: {unclear}"], False
    try:
        await _note(briefing, delivery, chat, root=root)
    except DeliveryError as error:
        later = not isinstance(error, PostRefused) or error.retry_after is not None
        return [said, f"{place}: the note could not be posted: {error}"], not later
    return [said, f"{place}: a note was posted"], True


async def _edit(
    payloads: Sequence[str], parts: Sequence[DeliveryPart], delivery: Delivery, chat: Chat, *, store: Store
) -> str:
    """Edit every posted part that differs, withdraw those there are too many, and post those that are missing."""
    empty = chat.render(
        Message(title="Correction", dateline="", notice=WITHDRAWN_PART_TEXT, in_thread=True), delivery.channel
    )[0]
    root = parts[0].message_id if parts else ""
    edited = 0
    for number, (part, payload) in enumerate(zip_longest(parts, payloads), 1):
        wanted = payload or empty
        post = Post(
            channel=delivery.channel,
            key=part.key if part else part_key(delivery.id, number),
            payload=wanted,
            number=number,
            of=max(len(parts), len(payloads)),
            parent=root if number > 1 else "",
        )
        if part is None:
            await post_once(chat, post)
        elif part.payload != wanted:
            await _amend(chat, post, part.message_id)
            await store.deliveries.update_payload(part, wanted)
        else:
            continue
        edited += 1
    return f"{delivery.channel.name}: {edited} of {counted(len(parts), 'message')} edited"


async def _amend(chat: Chat, post: Post, message_id: str) -> None:
    for left in reversed(range(MAX_EDIT_ATTEMPTS)):
        await wait_for_rate_limit(chat, post.channel)
        try:
            await chat.amend(post, message_id)
        except PostRefused as refusal:
            if not left or refusal.retry_after is None or refusal.retry_after > MAX_EDIT_WAIT_SECONDS:
                raise
            await asyncio.sleep(refusal.retry_after)
        except PostUnclear:
            if not left:
                raise
        else:
            return


async def _note(briefing: Briefing, delivery: Delivery, chat: Chat, *, root: str) -> None:
    note = correction_note(briefing)
    key = f"note {briefing.id} {len(briefing.corrections)}"
    for number, payload in enumerate(chat.render(note, delivery.channel), 1):
        post = Post(channel=delivery.channel, key=part_key(key, number), payload=payload, parent=root)
        await post_once(chat, post)


def _late(briefing: Briefing, delivery: Delivery) -> str:
    posted = delivery.posted_at or delivery.due_at
    if (posted - delivery.due_at).total_seconds() <= LATE_BRIEFING_SECONDS:
        return ""
    return late_line(delivery.due_at, posted, zone=briefing.timezone, language=briefing.language)
