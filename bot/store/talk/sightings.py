"""Places where the bot's accounts were seen, and every place of which data is stored."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model.chat import Channel, Sighting
from bot.model.scope import Scope, Visibility
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import scope_columns, upsert

OWNED_TABLES = (tables.subscription, tables.thread, tables.turn, tables.link, tables.feed, tables.sighting)
"""Tables that hold something of every channel that anything is held of."""


class Sightings:
    """Places, with the account that was last seen in each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, sighting: Sighting) -> None:
        """Store that an account was seen in a place, replacing the earlier sighting."""
        row = {"place": sighting.place.name, "account": sighting.account, "at": sighting.at}
        place = sighting.place
        whole = Scope(workspace=place.workspace, visibility=Visibility.WORKSPACE)
        row |= scope_columns(place.scope if place.id else whole)
        async with self._database.writing() as connection:
            await upsert(connection, tables.sighting, [row])

    async def get(self, place: Channel) -> Sighting | None:
        """Return the last sighting in ``place``."""
        table = tables.sighting
        async with self._database.reading() as connection:
            row = (await connection.execute(sa.select(table).where(table.c.place == place.name))).first()
        return Sighting(place=place, account=row.account, at=row.at) if row else None

    async def channels(self, platform: str) -> list[Channel]:
        """Return the workspaces and channels of ``platform`` of which data is stored, each workspace before its channels."""
        named = [
            sa.select(table.c.channel).where(table.c.channel.startswith(f"{platform}:")).distinct()
            for table in OWNED_TABLES
        ]
        kept = tables.installation
        installed = sa.select(kept.c.workspace).where(kept.c.platform == platform)
        async with self._database.reading() as connection:
            names = [row[0] for row in await connection.execute(sa.union(*named))]
            spaces = [row[0] for row in await connection.execute(installed)]
        channels = [channel for name in sorted(names) if (channel := Channel.read(name)).workspace]
        spaces = sorted({*spaces, *(channel.workspace for channel in channels)})
        return [*(Channel(platform=platform, workspace=space, id="") for space in spaces), *channels]
