"""Translations of story updates: stored once for each update and language, in the scope of the update, and gone with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from bot.codec import from_plain
from bot.model.briefing import TranslatedLine
from bot.model.scope import Scope
from bot.model.update import RefusedLine, UpdateTranslation
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import chunks, insert_missing, readable_rows, scope_columns


class Translations:
    """Translations of story updates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, translation: UpdateTranslation) -> None:
        """Store ``translation``: the first that is made stays, tries give way to later ones.

        Without its update, which may be gone meanwhile, nothing is stored.
        """
        update, table = tables.story_update, tables.story_update_translation
        row = {
            "update_id": translation.update_id,
            "language": translation.language,
            "made_at": translation.made_at,
            "data": translation,
        } | scope_columns(translation.scope)
        async with self._database.writing() as connection:
            held = (
                sa.select(update.c.id).where(update.c.id == translation.update_id).with_for_update(read=True)
            )
            if not (await connection.execute(held)).first():
                return
            same = (table.c.update_id == translation.update_id) & (table.c.language == translation.language)
            known = (await connection.execute(sa.select(table.c.data).where(same).with_for_update())).first()
            if known and not from_plain(UpdateTranslation, known.data).is_made:
                await connection.execute(sa.delete(table).where(same))
            await insert_missing(connection, table, [row])

    async def withdraw(self, wrong: TranslatedLine, update_ids: Sequence[str], *, language: str) -> None:
        """Drop the ``wrong`` translation of a line of these updates into ``language``; it is not asked for again.

        Its original may have been printed with initials spelled out.
        """
        table = tables.story_update_translation
        async with self._database.writing() as connection:
            for some in chunks(update_ids):
                theirs = sa.and_(table.c.update_id.in_(some), table.c.language == language)
                rows = await connection.execute(
                    sa.select(table.c.update_id, table.c.data).where(theirs).with_for_update()
                )
                for update_id, data in rows.all():
                    made = from_plain(UpdateTranslation, data)
                    gone = [
                        line
                        for line in made.lines
                        if wrong.original == line.original or wrong.text == line.text
                    ]
                    if not gone:
                        continue
                    left = tuple(line for line in made.lines if line not in gone)
                    again = tuple(RefusedLine(original=line.original, reason="withdrawn") for line in gone)
                    refused = (*made.refused, *again)
                    same = sa.and_(table.c.update_id == update_id, table.c.language == language)
                    await connection.execute(
                        sa.update(table).where(same).values(data=replace(made, lines=left, refused=refused))
                    )

    async def of(
        self, update_ids: Sequence[str], *, language: str, by: Scope
    ) -> dict[str, UpdateTranslation]:
        """Return the translations into ``language`` of the updates that the destination ``by`` may read, by the update's id."""
        stored = await self._stored(update_ids, language=language, by=by)
        return {update_id: one for update_id, one in stored.items() if one.is_made}

    async def tries(self, update_ids: Sequence[str], *, language: str, by: Scope) -> dict[str, int]:
        """Return how often a model was asked for the translations that ``of`` lacks, by the update's id."""
        stored = await self._stored(update_ids, language=language, by=by)
        return {update_id: one.tries for update_id, one in stored.items() if not one.is_made}

    async def _stored(
        self, update_ids: Sequence[str], *, language: str, by: Scope
    ) -> dict[str, UpdateTranslation]:
        table = tables.story_update_translation
        found: dict[str, UpdateTranslation] = {}
        async with self._database.reading() as connection:
            for some in chunks(update_ids):
                rows = await connection.execute(
                    sa.select(table.c.update_id, table.c.data).where(
                        table.c.update_id.in_(some), table.c.language == language, readable_rows(table, by)
                    )
                )
                for update_id, data in rows:
                    found[update_id] = from_plain(UpdateTranslation, data)
        return found
