"""Choices of channels and readers: stories followed or muted, statements reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.codec import from_plain
from bot.model.conversation.reader import Report, StoryChoice, Want
from bot.model.scope import Scope
from bot.model.story import Status
from bot.model.talk import Replies
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.story_ties import merged_into
from bot.store.rows import scope_columns, scope_of, upsert

# Put together once: each delivery asks twice.
_CHOICES = (
    sa.select(tables.story_choice)
    .where(tables.story_choice.c.destination == sa.bindparam("where"))
    .order_by(tables.story_choice.c.story_id)
)


class Readers:
    """Choices and reports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choose(self, choice: StoryChoice) -> None:
        """Store a channel's choice for a story, replacing its earlier one."""
        row = {
            "destination": choice.destination,
            "story_id": choice.story_id,
            "want": choice.want.value,
            "at": choice.at,
            "status": choice.status,
        }
        async with self._database.writing() as connection:
            row |= {
                "story_id": (await merged_into(connection, [choice.story_id])).get(
                    choice.story_id, choice.story_id
                )
            }
            await upsert(connection, tables.story_choice, [row | scope_columns(choice.scope)])

    async def remove_choice(self, destination: str, story_id: str, want: Want) -> bool:
        """Delete a channel's choice ``want`` for a story; return False if there was none."""
        table = tables.story_choice
        statement = sa.delete(table).where(
            table.c.destination == destination, table.c.story_id == story_id, table.c.want == want.value
        )
        async with self._database.writing() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def choices(self, destination: str) -> dict[str, StoryChoice]:
        """Return a channel's choices by story."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_CHOICES, {"where": destination})).mappings().all()
        return {row["story_id"]: _choice(row) for row in rows}

    async def set_replies(self, destination: str, replies: Replies, *, at: datetime, scope: Scope) -> None:
        """Store which messages in its threads a channel wants answered."""
        row = {"destination": destination, "replies": replies.value, "at": at} | scope_columns(scope)
        async with self._database.writing() as connection:
            await upsert(connection, tables.channel_setting, [row])

    async def replies(self, destination: str) -> Replies | None:
        """Return which messages in its threads a channel wants answered; None if it has no setting."""
        table = tables.channel_setting
        statement = sa.select(table.c.replies).where(table.c.destination == destination)
        async with self._database.reading() as connection:
            kept = (await connection.execute(statement)).scalar()
        return Replies(kept) if kept else None

    async def report(self, report: Report) -> None:
        """Store the feedback of a reader; the same feedback of the same reader is stored once."""
        row = {f.name: getattr(report, f.name) for f in fields(Report) if f.name != "scope"}
        async with self._database.writing() as connection:
            await upsert(connection, tables.report, [row | scope_columns(report.scope)])

    async def reports(self, *, limit: int, useful: bool | None = None) -> list[Report]:
        """Return the newest reports, newest first; ``useful`` None means both kinds."""
        table = tables.report
        statement = sa.select(table).order_by(table.c.at.desc(), table.c.id).limit(limit)
        if useful is not None:
            statement = statement.where(table.c.useful.is_(useful))
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [_report(row) for row in rows]


def _choice(row: Mapping[Any, Any]) -> StoryChoice:
    return StoryChoice(
        destination=row["destination"],
        story_id=row["story_id"],
        want=Want(row["want"]),
        at=row["at"],
        status=from_plain(Status, row["status"]) if row["status"] else None,
        scope=scope_of(row),
    )


def _report(row: Mapping[Any, Any]) -> Report:
    values = {f.name: row[f.name] for f in fields(Report) if f.name != "scope"}
    return Report(**values, scope=scope_of(row))
