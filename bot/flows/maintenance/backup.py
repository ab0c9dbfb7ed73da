"""Back up and restore; after a restore, open deliveries are looked up before anything is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import InputError, StoreError
from bot.flows.delivery.slots import create_due_deliveries
from bot.store import Store
from bot.store.backup import is_empty, look_first, open_backup, replace_rows
from bot.store.running import workflows


async def restore(
    file: Path, *, store: Store, url: str, now: datetime, grace: timedelta, over: bool = False
) -> tuple[int, int]:
    """Replace the database at ``url`` with the backup ``file``; return the number of rows, and the open deliveries.

    ``over`` allows that data of the database is deleted. Raises a ``WirebriefError`` if it cannot be restored.
    """
    if not over and not await is_empty(store.database):
        raise InputError(
            "The database is not empty",
            hint="Name an empty one in database.url, or add --force to delete what it holds",
        )
    if await store.leases.held("replica ", now=now):
        raise StoreError(
            "A bot runs on this database", hint="Stop it, wait half a minute and run the same again"
        )
    async with open_backup(file) as backup:
        # Slots that were due since the backup may have been posted by the replaced database's bot.
        await create_due_deliveries(store=Store(backup), now=now, grace=grace)
        pending = await look_first(backup)
        await workflows.discard(url)
        return await replace_rows(backup, store.database), pending
