"""Values typed in forms that were not accepted."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model.scope import Scope
from bot.model.talk import FormDraft
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import readable_rows, scope_columns, scope_of, upsert


class FormDrafts:
    """Drafts of forms, kept for a day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, draft: FormDraft) -> None:
        """Store ``draft``, replacing one with the same id."""
        row = {
            "id": draft.id,
            "destination": draft.destination,
            "asker": draft.asker,
            "subject": draft.subject,
            "typed": dict(draft.values),
            "errors": dict(draft.errors),
            "at": draft.at,
        }
        async with self._database.writing() as connection:
            await upsert(connection, tables.form_draft, [row | scope_columns(draft.scope)])

    async def get(self, draft_id: str, *, asker: str, by: Scope) -> FormDraft | None:
        """Return the draft of ``asker`` if ``by`` may read it; other persons cannot read it."""
        table = tables.form_draft
        mine = (table.c.id == draft_id) & (table.c.asker == asker) & readable_rows(table, by)
        async with self._database.reading() as connection:
            row = (await connection.execute(sa.select(table).where(mine))).mappings().first()
        if row is None:
            return None
        return FormDraft(
            id=row["id"],
            destination=row["destination"],
            asker=row["asker"],
            subject=row["subject"],
            values=row["typed"],
            errors=row["errors"],
            at=row["at"],
            scope=scope_of(dict(row)),
        )
