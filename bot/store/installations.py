"""Workspaces that installed the bot; their tokens stand encrypted, and are read with the operator's key only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken

from bot.codec import from_plain, to_plain
from bot.errors import ConfigError, StoreError
from bot.model.workspace import Installation
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import upsert


def new_key() -> str:
    """Return a fresh key for the tokens."""
    return Fernet.generate_key().decode()


class Installations:
    """The bot's installations, by platform and workspace; raises ``ConfigError`` for a key that is none."""

    def __init__(self, database: Database, *, key: str) -> None:
        self._database = database
        try:
            self._box = Fernet(key)
        except ValueError as error:
            raise ConfigError(
                "slack.encryption_key is no key", hint="wirebrief slack key prints one; keep it safe"
            ) from error

    async def get(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation in ``workspace``; raises ``StoreError`` where the key does not open it."""
        table = tables.installation
        found = await self._select(table.c.platform == platform, table.c.workspace == workspace)
        return found[0] if found else None

    async def all(self, platform: str) -> list[Installation]:
        """Return every installation on ``platform``, by workspace."""
        return await self._select(tables.installation.c.platform == platform)

    async def save(self, installation: Installation) -> None:
        """Keep ``installation`` in the place of an earlier one."""
        tokens = {"token": installation.token, "refresh_token": installation.refresh_token}
        open_part = replace(installation, token="", refresh_token="")
        row = {
            "platform": installation.platform,
            "workspace": installation.workspace,
            "expires_at": installation.expires_at,
            "data": to_plain(open_part),
            "secret": self._box.encrypt(json.dumps(tokens).encode()).decode(),
        }
        async with self._database.writing() as connection:
            await upsert(connection, tables.installation, [row])

    async def remove(self, platform: str, workspace: str) -> None:
        """Forget an installation, with its tokens."""
        table = tables.installation
        async with self._database.writing() as connection:
            await connection.execute(
                sa.delete(table).where(table.c.platform == platform, table.c.workspace == workspace)
            )

    async def _select(self, *wanted: sa.ColumnElement[bool]) -> list[Installation]:
        table = tables.installation
        statement = sa.select(table.c.data, table.c.secret).where(*wanted).order_by(table.c.workspace)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [self._opened(dict(row)) for row in rows]

    def _opened(self, row: Mapping[str, Any]) -> Installation:
        closed = from_plain(Installation, row["data"])
        try:
            tokens = json.loads(self._box.decrypt(row["secret"].encode()))
        except InvalidToken as error:
            raise StoreError(
                f"The tokens of the workspace {closed.workspace} cannot be read with slack.encryption_key",
                hint="Put the key back that they were kept with, or install the bot there again",
            ) from error
        return replace(closed, token=tokens["token"], refresh_token=tokens["refresh_token"])
