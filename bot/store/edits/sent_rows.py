"""The rows of channels after a merge or split: what each was sent, is about to be sent, follows and mutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.codec import from_plain
from bot.model.briefing import SentStory
from bot.model.conversation.reader import Want
from bot.store import tables
from bot.store.briefings.edit_sent import joined, split
from bot.store.rows import upsert

MAX_EARLIER_BRIEFINGS = 60  # newest briefings of a channel in which the sentences it was sent are looked for


async def join_sent(connection: AsyncConnection, story_id: str, others: Sequence[str]) -> None:
    """Make what every channel was sent of ``others`` count for ``story_id``."""
    table, ids = tables.sent_story, (story_id, *others)
    known: dict[str, SentStory] = {}
    for place, rows in (await _sent(connection, ids)).items():
        together = joined([from_plain(SentStory, row["data"]) for row in rows], story_id=story_id)
        known[place] = together
        await connection.execute(
            sa.delete(table).where(table.c.destination == place, table.c.story_id.in_(ids))
        )
        values = {"story_id": story_id, "sent_at": together.sent_at, "data": together}
        await upsert(connection, table, [{**rows[0]} | values])

    def changed(place: str, waiting: Sequence[SentStory]) -> list[SentStory]:
        before = [known[place]] if place in known else []
        ours = [one for one in waiting if one.story_id in ids]
        return [joined([*before, *ours], story_id=story_id)]

    await _change_waiting(connection, ids, changed)


async def divide_sent(
    connection: AsyncConnection,
    story_id: str,
    new_id: str,
    articles: Collection[str],
    *,
    said_again: Mapping[str, str],
) -> None:
    """Make what every channel was sent of ``story_id`` count for the new story with ``articles`` as well.

    ``said_again`` are facts by what they restate; they also count as sent if they are alone in the new story.
    """
    moved = frozenset(articles)

    def parts(sent: SentStory, *, was_sent: bool) -> list[SentStory]:
        facts = [fact for fact, restated in said_again.items() if restated in sent.facts]
        stays, goes = split(sent, moved, into=new_id, facts=facts, was_sent=was_sent)
        return [stays, goes] if goes else [stays]

    for place, rows in (await _sent(connection, (story_id,))).items():
        was_sent = await _was_sent(connection, place, story_id, moved)
        for one in parts(from_plain(SentStory, rows[0]["data"]), was_sent=was_sent):
            values = {"story_id": one.story_id, "sent_at": one.sent_at, "data": one}
            await upsert(connection, tables.sent_story, [{**rows[0]} | values])

    def changed(_place: str, waiting: Sequence[SentStory]) -> list[SentStory]:
        return [part for one in waiting if one.story_id == story_id for part in parts(one, was_sent=True)]

    await _change_waiting(connection, (story_id,), changed)


async def _sent(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of what was sent of the stories ``ids``, by channel."""
    table = tables.sent_story
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    chosen = sa.select(table).where(table.c.story_id.in_(ids)).order_by(table.c.destination, table.c.story_id)
    for row in (await connection.execute(chosen.with_for_update())).mappings().all():
        found[row["destination"]].append(dict(row))
    return found


async def _change_waiting(
    connection: AsyncConnection,
    ids: Sequence[str],
    changed: Callable[[str, Sequence[SentStory]], list[SentStory]],
) -> None:
    """Change what channels will know of the stories ``ids`` once briefings that are made are delivered."""
    table = tables.briefing
    chosen = sa.select(table.c.id, table.c.destination, table.c.unsent).where(table.c.unsent.is_not(None))
    for row in (await connection.execute(chosen.with_for_update())).all():
        waiting = [from_plain(SentStory, data) for data in row.unsent]
        if not any(one.story_id in ids for one in waiting):
            continue
        kept = [one for one in waiting if one.story_id not in ids]
        unsent = (*kept, *changed(row.destination, waiting))
        await connection.execute(sa.update(table).where(table.c.id == row.id).values(unsent=unsent))


async def _was_sent(
    connection: AsyncConnection, destination: str, story_id: str, moved: Collection[str]
) -> bool:
    """Tell whether a briefing that ``destination`` got cited one of the articles ``moved`` for the story."""
    table = tables.briefing
    statement = (
        sa.select(table.c.data)
        .where(table.c.destination == destination, table.c.unsent.is_(None))
        .order_by(table.c.made_at.desc())
        .limit(MAX_EARLIER_BRIEFINGS)
    )
    for (data,) in (await connection.execute(statement)).all():
        if any(source["article_id"] in moved for source in data["sources"]) and any(
            story["story_id"] == story_id for story in data["stories"]
        ):
            return True
    return False


async def join_choices(connection: AsyncConnection, story_id: str, others: Sequence[str]) -> None:
    """Follow ``story_id`` if one of the stories was followed; mute it only if all were, so that no news is missed."""
    table, ids = tables.story_choice, (story_id, *others)
    for place, rows in (await _chosen(connection, ids)).items():
        ours = sa.and_(table.c.destination == place, table.c.story_id.in_(ids))
        await connection.execute(sa.delete(table).where(ours))
        newest = sorted(rows, key=lambda row: row["at"], reverse=True)
        followed = [row for row in newest if row["want"] == Want.FOLLOW.value]
        if followed or len(rows) == len(ids):
            chosen = (followed or newest)[0]
            await upsert(connection, table, [{**chosen} | {"story_id": story_id}])


async def divide_choices(connection: AsyncConnection, story_id: str, new_id: str) -> None:
    """Let every channel follow or mute the new story as it does the one it was split from."""
    for rows in (await _chosen(connection, (story_id,))).values():
        await upsert(connection, tables.story_choice, [{**rows[0]} | {"story_id": new_id}])


async def _chosen(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    table = tables.story_choice
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in (await connection.execute(sa.select(table).where(table.c.story_id.in_(ids)))).mappings().all():
        found[row["destination"]].append(dict(row))
    return found
