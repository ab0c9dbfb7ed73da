"""Delete the data of channels and workspaces from which the bot was removed, also if the event was missed.

A place can be missed only where this very account was seen before: a briefing may be subscribed before the bot is invited,
and a token may be another application's. What cannot be known now is asked again later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from bot.model.chat import Channel, Sighting
from bot.ports import Chat, InteractiveChat
from bot.store import Store

_log = structlog.get_logger()


async def find_removals(
    *, store: Store, chats: Mapping[str, Chat], now: datetime, unseen_since: datetime
) -> list[Channel]:
    """Check the places where the bot was not seen since ``unseen_since``; return those from which it was removed.

    Their data is deleted as if the bot had received the event.
    """
    removed: list[Channel] = []
    for platform, chat in chats.items():
        if not isinstance(chat, InteractiveChat):
            continue
        for place in await store.sightings.channels(platform):
            if place.workspace in {gone.workspace for gone in removed if not gone.id}:
                continue
            seen = await store.sightings.get(place)
            if seen and seen.at >= unseen_since:
                continue
            found = await chat.presence(place)
            if found and found.here:
                await store.sightings.keep(Sighting(place=place, account=found.account, at=now))
            elif found and seen and seen.account == found.account:
                await delete_data_of(place, store=store)
                removed.append(place)
    return removed


async def delete_data_of(place: Channel, *, store: Store) -> None:
    """Delete all data of a channel, or, with an empty id, of a workspace."""
    if place.id:
        counts = await store.forget(channel=place.name)
    elif place.workspace:
        counts = await store.forget(workspace=place.workspace)
    else:
        return
    _log.info(
        "removed from a channel or workspace; its data is deleted",
        place=place.name,
        rows=sum(counts.values()),
    )
