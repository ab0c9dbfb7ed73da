"""Briefings, and what each channel was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.codec import from_plain
from bot.model.briefing import Briefing, SentStory
from bot.model.chat import Delivery
from bot.model.record import Record
from bot.model.scope import Scope
from bot.store import tables
from bot.store.briefings.deliveries import update_within
from bot.store.briefings.edit_sent import joined, kept_with
from bot.store.engine import Database
from bot.store.news.story_ties import merged_into
from bot.store.rows import readable_rows, scope_columns, scope_of, upsert

MAX_SEARCHED_BRIEFINGS = 60  # briefings of a channel that are searched for an article
# Put together once: each delivery uses all of them.
_briefing, _WHOSE = tables.briefing.c, ("destination", "workspace", "channel", "visibility")
_SENT_STORIES = sa.select(tables.sent_story.c.data).where(
    tables.sent_story.c.destination == sa.bindparam("where")
)
_SENT_SINCE = sa.select(_briefing.data).where(
    _briefing.destination == sa.bindparam("where"),
    _briefing.made_at >= sa.bindparam("since"),
    _briefing.unsent.is_(None),
)
_UNSENT = (
    sa.select(_briefing.unsent, *(_briefing[name] for name in _WHOSE))
    .where(_briefing.id == sa.bindparam("which"))
    .with_for_update()
)
_MARK_SENT = sa.update(tables.briefing).where(_briefing.id == sa.bindparam("which")).values(unsent=sa.null())


class Briefings:
    """Briefings, and what each channel was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self,
        briefing: Briefing,
        *,
        destination: str,
        slot: str,
        scope: Scope,
        sent: Sequence[SentStory] | None,
        record: Record | None = None,
        delivery: Delivery | None = None,
        epoch: int = 0,
    ) -> bool:
        """Store ``briefing``, its record and what ``destination`` was sent after it, in one transaction.

        With a ``delivery``, which is stored as changed, it counts as sent only after ``mark_sent``, and nothing is stored
        and False returned if an epoch newer than ``epoch`` has begun or the delivery was deleted meanwhile. ``sent`` is
        None for a briefing shown to a single person, which never counts as sent to the channel.
        """
        delivered = delivery is None and sent is not None
        columns = scope_columns(scope) | {"destination": destination}
        row = columns | {
            "id": briefing.id,
            "slot": slot,
            "made_at": briefing.made_at,
            "data": briefing,
            "unsent": None if delivered else tuple(sent or ()),
        }
        sent = sent if delivered and sent else ()
        async with self._database.writing() as connection:
            if delivery and not await update_within(connection, delivery, epoch=epoch):
                return False
            await upsert(connection, tables.briefing, [row])
            await _keep_sent(connection, sent, columns)
            if record:
                kept = {"briefing_id": briefing.id, "made_at": record.made_at, "data": record}
                await upsert(connection, tables.briefing_record, [scope_columns(scope) | kept])
        return True

    async def mark_sent(self, briefing_id: str) -> None:
        """Store that ``briefing_id`` was delivered, so that it counts as sent to its channel."""
        async with self._database.writing() as connection:
            row = (await connection.execute(_UNSENT, {"which": briefing_id})).mappings().first()
            if row is None or row["unsent"] is None:
                return
            columns = {name: row[name] for name in _WHOSE}
            await _keep_sent(connection, [from_plain(SentStory, data) for data in row["unsent"]], columns)
            await connection.execute(_MARK_SENT, {"which": briefing_id})

    async def amend(
        self, briefing: Briefing, *, story_id: str, repair: Callable[[SentStory], SentStory]
    ) -> None:
        """Store the amended ``briefing``; ``repair`` corrects what counts as sent of a story. One transaction."""
        table, sent = tables.briefing, tables.sent_story
        async with self._database.writing() as connection:
            chosen = sa.select(table.c.destination, table.c.unsent).where(table.c.id == briefing.id)
            row = (await connection.execute(chosen.with_for_update())).first()
            if row is None:
                return
            destination, waiting = row
            story_id = (await merged_into(connection, [story_id])).get(story_id, story_id)
            if waiting is not None:
                unsent = [from_plain(SentStory, data) for data in waiting]
                waiting = tuple(repair(one) if one.story_id == story_id else one for one in unsent)
            await connection.execute(
                sa.update(table).where(table.c.id == briefing.id).values(data=briefing, unsent=waiting)
            )
            theirs = sa.and_(sent.c.destination == destination, sent.c.story_id == story_id)
            known = (
                await connection.execute(sa.select(sent.c.data).where(theirs).with_for_update())
            ).scalar()
            if known:
                data = repair(from_plain(SentStory, known))
                await connection.execute(sa.update(sent).where(theirs).values(data=data))

    async def scope(self, briefing_id: str) -> Scope | None:
        """Return the scope of a briefing."""
        table = tables.briefing
        wanted = sa.select(table.c.workspace, table.c.channel, table.c.visibility)
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted.where(table.c.id == briefing_id))).mappings().first()
        return scope_of(dict(row)) if row else None

    async def get(self, briefing_id: str) -> Briefing | None:
        """Return a briefing as it was made."""
        table = tables.briefing
        async with self._database.reading() as connection:
            data = (
                await connection.execute(sa.select(table.c.data).where(table.c.id == briefing_id))
            ).scalar()
        return from_plain(Briefing, data) if data else None

    async def readable(self, briefing_id: str, *, by: Scope) -> Briefing | None:
        """Return a briefing as it was made, if the destination ``by`` may read it."""
        table = tables.briefing
        statement = sa.select(table.c.data).where(table.c.id == briefing_id, readable_rows(table, by))
        async with self._database.reading() as connection:
            data = (await connection.execute(statement)).scalar()
        return from_plain(Briefing, data) if data else None

    async def named(self, start: str) -> list[tuple[str, Briefing]]:
        """Return up to three briefings whose id begins with ``start``, each with its destination."""
        table = tables.briefing
        statement = (
            sa.select(table.c.destination, table.c.data)
            .where(table.c.id.startswith(start, autoescape=True))
            .order_by(table.c.id)
            .limit(3)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [(row[0], from_plain(Briefing, row[1])) for row in rows]

    async def recent(self, limit: int) -> list[tuple[str, Briefing]]:
        """Return the newest briefings with their destinations, newest first."""
        table = tables.briefing
        statement = (
            sa.select(table.c.destination, table.c.data)
            .order_by(table.c.made_at.desc(), table.c.id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [(row[0], from_plain(Briefing, row[1])) for row in rows]

    async def first_citing(self, destination: str, articles: Collection[str]) -> datetime | None:
        """Return when one of the newest briefings that ``destination`` got first cited one of ``articles``."""
        table = tables.briefing
        statement = (
            sa.select(table.c.made_at, table.c.data)
            .where(table.c.destination == destination, table.c.unsent.is_(None))
            .order_by(table.c.made_at.desc())
            .limit(MAX_SEARCHED_BRIEFINGS)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        citing = [made for made, data in rows if any(s["article_id"] in articles for s in data["sources"])]
        return min(citing, default=None)

    async def named_only(self, destination: str, *, since: datetime) -> tuple[str, ...]:
        """Return the stories (ids, sorted) that briefings to ``destination`` from ``since`` on only named."""
        async with self._database.reading() as connection:
            found = await connection.execute(_SENT_SINCE, {"where": destination, "since": since})
            ids = {one["story_id"] for data in found.scalars() for one in data.get("more", ())}
            merged = await merged_into(connection, sorted(ids))
        return tuple(sorted({merged.get(story_id, story_id) for story_id in ids}))

    async def citing(self, article_id: str, *, since: datetime) -> list[str]:
        """Return the ids of the briefings made after ``since`` that cite an article, oldest first."""
        table = tables.briefing
        named = sa.cast(table.c.data, sa.Text).contains(f'"{article_id}"', autoescape=True)
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.id)
                .where(table.c.made_at > since, named)
                .order_by(table.c.made_at, table.c.id)
            )
            return [row[0] for row in rows]

    async def record(self, briefing_id: str) -> Record | None:
        """Return the record of how a briefing was made."""
        table = tables.briefing_record
        async with self._database.reading() as connection:
            statement = sa.select(table.c.data).where(table.c.briefing_id == briefing_id)
            data = (await connection.execute(statement)).scalar()
        return from_plain(Record, data) if data else None

    async def last_made(self, destination: str) -> datetime | None:
        """Return when ``destination`` got its last briefing."""
        table = tables.briefing
        async with self._database.reading() as connection:
            made: datetime | None = (
                await connection.execute(
                    sa.select(sa.func.max(table.c.made_at)).where(table.c.destination == destination)
                )
            ).scalar()
        return made

    async def sent_stories(self, destination: str) -> dict[str, SentStory]:
        """Return what ``destination`` was sent of each story."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_SENT_STORIES, {"where": destination})
            sent = [from_plain(SentStory, row[0]) for row in rows]
        return {t.story_id: t for t in sent}


async def _keep_sent(
    connection: AsyncConnection, sent: Sequence[SentStory], columns: Mapping[str, str]
) -> None:
    """Keep what a channel knows now; a briefing that was begun before stories were merged knows the old ones."""
    if not sent:
        return  # what a channel was sent counts only once the briefing is posted
    table = tables.sent_story
    merged = await merged_into(connection, [one.story_id for one in sent])
    by_story: defaultdict[str, list[SentStory]] = defaultdict(list)
    for one in sent:
        by_story[merged.get(one.story_id, one.story_id)].append(one)
    theirs = sa.and_(table.c.destination == columns["destination"], table.c.story_id.in_(by_story))
    rows = await connection.execute(sa.select(table.c.story_id, table.c.data).where(theirs).with_for_update())
    before = {row[0]: from_plain(SentStory, row[1]) for row in rows}
    memory = []
    for story_id, parts in by_story.items():
        now = joined(parts, story_id=story_id) if merged.keys() & {p.story_id for p in parts} else parts[-1]
        now = kept_with(now, before[story_id]) if story_id in before else now
        memory.append({**columns, "story_id": story_id, "sent_at": now.sent_at, "data": now})
    await upsert(connection, table, memory)
