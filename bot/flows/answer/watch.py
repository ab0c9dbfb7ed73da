"""Watch: ask questions without an answer again when news arrives, and notify their askers once.

open watches ──asked again──▶ answered by newer articles ──┐
             └──── nothing came in its time ───────────────┴─▶ a delivery with its message, and the watch's end, kept together
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.chat.replies.translated import message_in
from bot.chat.replies.watch import expired_message, known_message
from bot.errors import PostRefused
from bot.faults import Faults
from bot.model.chat import Channel, Delivery, State, delivery_id, parts_of
from bot.model.conversation.answer import Answer, Question
from bot.model.conversation.reader import QuestionWatch, WatchState
from bot.model.message import Message
from bot.ports import Chat
from bot.store import Store

MAX_CHECKED_WATCHES = 500  # at a time, those that expire soonest
ONCE = "once"  # the name of a watch's only slot

_log = structlog.get_logger()

Again = Callable[[Question], Awaitable[Answer]]
"""Answers a question in the articles' own words."""


async def check_watches(*, store: Store, chats: Mapping[str, Chat], ask: Again, now: datetime) -> int:
    """End the watches whose question can be answered now, and those that have expired; return their number."""
    faults = Faults()

    async def one(watch: QuestionWatch) -> bool:
        message, state = await _outcome(watch, store=store, ask=ask, now=now)
        return message is not None and await _end(watch, state, message, store=store, chats=chats, now=now)

    watches = await store.watches.open(limit=MAX_CHECKED_WATCHES)
    ended = await faults.each(watches, one, doing="looking after a watch", at_once=1)
    return sum(1 for done in ended if done is True)


async def _outcome(
    watch: QuestionWatch, *, store: Store, ask: Again, now: datetime
) -> tuple[Message | None, WatchState]:
    answer = await ask(
        Question(text=watch.question, asked_at=now, scope=watch.scope, timezone=watch.timezone)
    )
    if answer.statements and await _is_new(answer, store=store, since=watch.asked_at):
        return message_in(known_message(watch, answer), watch.language), WatchState.ANSWERED
    if now >= watch.expires_at:
        return message_in(expired_message(watch), watch.language), WatchState.EXPIRED
    return None, WatchState.OPEN


async def _is_new(answer: Answer, *, store: Store, since: datetime) -> bool:
    """Tell whether an article that came after ``since`` is cited: the others were there when it was not known."""
    cited = {source.article_id for source in answer.sources}
    return any(article.fetched_at > since for article in await store.articles.revisions(sorted(cited)))


async def _end(
    watch: QuestionWatch,
    state: WatchState,
    message: Message,
    *,
    store: Store,
    chats: Mapping[str, Chat],
    now: datetime,
) -> bool:
    """End ``watch`` with the delivery of ``message``; where it can be posted nowhere any more, without."""
    channel = Channel.read(watch.destination)
    name = delivery_id(watch.id, ONCE)
    try:
        payloads = chats[channel.platform].render(message, channel) if channel.platform in chats else ()
    except PostRefused as refusal:
        _log.warning("a watch ends without a post", channel=channel.name, reason=refusal.message)
        payloads = ()
    if not payloads:
        return await store.watches.end(watch, WatchState.ENDED)
    local = now.astimezone(ZoneInfo(watch.timezone)).replace(tzinfo=None)
    delivery = Delivery(
        id=name,
        subscription_id=watch.id,
        channel=channel,
        wall=local.isoformat(timespec="seconds"),
        due_at=now,
        state=State.POSTING,
        made_at=now,
        updated_at=now,
        scope=watch.scope,
    )
    return await store.watches.end(watch, state, delivery=delivery, parts=parts_of(name, payloads))


def expires(asked_at: datetime, *, days: int) -> datetime:
    """Return when a watch that begins at ``asked_at`` expires."""
    return asked_at + timedelta(days=days)
