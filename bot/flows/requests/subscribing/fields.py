"""Read the form of a subscription: the subscription it asks for, and the mistakes of each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from bot.chat.replies.feeds import feed_names
from bot.chat.subscription_form import (
    APPROVAL,
    CHANNEL,
    FEEDS,
    LANGUAGE,
    LENGTH,
    PACK_PREFIX,
    QUIET,
    TIMES,
    TITLE,
    WORDS,
)
from bot.errors import InputError
from bot.flows.briefing.subscription_filter import check_filters
from bot.flows.ingest.named_feed import feeds_named
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, read_channel, read_subscription
from bot.language.locale.en import counted
from bot.language.locale.phrases import LANGUAGES
from bot.model.chat import Channel, Filters, Length, QuietDay, Subscription
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.schedule import read_timetable

MAX_FORM_WORDS = 60  # words and phrases in the form
MAX_BRIEFING_TITLE_CHARS = 80
C = TypeVar("C", bound=StrEnum)


@dataclass(slots=True, kw_only=True)
class FormReading:
    """The values of a form; ``errors`` are by field, and without errors there is a subscription."""

    subscription: Subscription | None = None
    feeds: list[Feed] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def fail(self, name: str, error: InputError) -> None:
        """Record the mistake of the field ``name``."""
        self.errors.setdefault(name, _sentence(error))


async def read_form(
    values: Mapping[str, str], context: RequestContext, *, old: Subscription | None
) -> FormReading:
    """Return what ``values`` ask for, a new subscription or a change of ``old``; every field is checked."""
    reading = FormReading()
    channel = old.channel if old else await _channel(values.get(CHANNEL, ""), context, reading)
    times, zone = values.get(TIMES, ""), old.zone if old else await context.zone()
    try:
        read_timetable(times, zone=zone)
    except InputError as error:
        reading.fail(TIMES, error)
    words = tuple(w for w in (w.strip() for w in values.get(WORDS, "").replace("\n", ",").split(",")) if w)
    _check_words(words, reading)
    all_feeds = await context.feeds_of(channel or context.request.channel)
    packs = _chosen_feeds(values.get(FEEDS, ""), all_feeds, reading)
    approval = await _approval(values.get(APPROVAL, ""), context, reading)
    if channel is None or reading.errors:
        return reading
    requested = SubscriptionRequest(
        channel=channel.name,
        times=times,
        zone=zone,
        feeds=[one.id for one in reading.feeds],
        packs=packs,
        words=words,
        language=values.get(LANGUAGE, "") if values.get(LANGUAGE, "") in LANGUAGES else "en",
        length=_chosen(Length, values.get(LENGTH, ""), Length.STANDARD),
        quiet_day=_chosen(QuietDay, values.get(QUIET, ""), QuietDay.POST),
        approval=approval,
        title=values.get(TITLE, "").strip()[:MAX_BRIEFING_TITLE_CHARS],
    )
    try:
        made = await read_subscription(
            requested, store=context.store, chats=context.services.chats, now=context.at, zone=zone
        )
        new = derive_id("sub", made.id, context.request.id)
        reading.subscription = _changed(old, made) if old else replace(made, id=new)
    except InputError as error:
        reading.fail(TIMES, error)
    return reading


def choices_of(feeds: Sequence[Feed]) -> list[tuple[str, str]]:
    """Return the packs, then the feeds that may be chosen, value and label."""
    counts: dict[str, int] = {}
    for one in feeds:
        for pack in one.packs:
            counts[pack] = counts.get(pack, 0) + 1
    packs = [
        (f"{PACK_PREFIX}{name}", f"{name} ({counted(count, 'feed')})")
        for name, count in sorted(counts.items())
    ]
    return packs + sorted(feed_names(feeds).items(), key=lambda item: item[1].casefold())


async def _channel(text: str, context: RequestContext, reading: FormReading) -> Channel | None:
    try:
        return await _seen(text or context.destination, context)
    except InputError as error:
        reading.fail(CHANNEL, error)
        return None


async def _approval(text: str, context: RequestContext, reading: FormReading) -> str:
    try:
        return (await _seen(text, context)).name if text else ""
    except InputError as error:
        reading.fail(APPROVAL, error)
        return ""


async def _seen(text: str, context: RequestContext) -> Channel:
    """Return the channel of ``text``; asked anew, for it may be gone since the form was opened."""
    channel, request = read_channel(text, context.services.chats), context.request
    here = request.channel
    alone = channel == here and request.direct
    same = (channel.platform, channel.workspace) == (here.platform, here.workspace)
    if alone or (same and await context.conversation.sees(channel)):
        return channel
    raise InputError(
        "You cannot see that channel, or it is gone, or I cannot tell",
        hint="Choose a channel that we are both in",
    )


def _check_words(words: tuple[str, ...], reading: FormReading) -> None:
    if len(words) > MAX_FORM_WORDS:
        reading.fail(
            WORDS, InputError(f"These are more than {MAX_FORM_WORDS} words", hint="Name fewer of them")
        )
        return
    try:
        check_filters(Filters(words=words))
    except InputError as error:
        reading.fail(WORDS, error)


def _chosen_feeds(text: str, feeds: Sequence[Feed], reading: FormReading) -> list[str]:
    """Return the packs that ``text`` names, and add its feeds to ``reading``."""
    known = {pack for one in feeds for pack in one.packs}
    packs: list[str] = []
    for name in filter(None, (piece.strip() for piece in text.split(","))):
        pack = name.removeprefix(PACK_PREFIX)
        meant = feeds_named(name, feeds)
        if pack in known:
            packs.append(pack)
        elif meant:
            reading.feeds.append(meant[0])
        else:
            reading.fail(FEEDS, InputError("One of these is not read here any more", hint="Choose again"))
    return packs


def _changed(old: Subscription, made: Subscription) -> Subscription:
    """Return ``old`` with what the form asks; what no field asks stays."""
    return replace(
        made,
        id=old.id,
        created_at=old.created_at,
        paused=old.paused,
        interests=old.interests,
        filters=replace(old.filters, words=made.filters.words),
        catch_up=old.catch_up,
        skip_after=old.skip_after,
    )


def _chosen(kind: type[C], value: str, usual: C) -> C:
    return next((choice for choice in kind if choice.value == value), usual)


def _sentence(error: InputError) -> str:
    return " ".join(f"{text.rstrip('.')}." for text in (error.message, error.hint) if text)
