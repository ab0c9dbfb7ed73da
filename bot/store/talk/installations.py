"""Workspaces that installed the bot; their tokens are encrypted with the operator's keys.

Several keys can be given: the first encrypts, each of them is tried to decrypt. What none of them decrypts is named and
left out, so that one workspace does not cost the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.codec import from_plain, to_plain
from bot.errors import ConfigError, StoreError
from bot.model.workspace import Installation
from bot.store import tables
from bot.store.engine import Database
from bot.store.rows import upsert


def new_key() -> str:
    """Return a new key for the tokens."""
    return Fernet.generate_key().decode()


class InstallationStore:
    """The bot's installations, by platform and workspace; raises ``ConfigError`` for an invalid key."""

    def __init__(self, database: Database, *, keys: Sequence[str]) -> None:
        self._database = database
        try:
            self._box = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise ConfigError(
                "slack.encryption_key is not a key", hint="wirebrief slack key prints one; keep it safe"
            ) from error

    async def get(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation in ``workspace``; raises ``StoreError`` if no key decrypts it."""
        table = tables.installation
        rows = await self._select(table.c.platform == platform, table.c.workspace == workspace)
        return self._decrypted(rows[0]) if rows else None

    async def all(self, platform: str) -> list[Installation]:
        """Return every installation on ``platform`` that a key decrypts, by workspace."""
        rows = await self._select(tables.installation.c.platform == platform)
        return [self._decrypted(row) for row in rows if self._tokens(row) is not None]

    async def unreadable(self, platform: str) -> list[str]:
        """Return the workspaces on ``platform`` whose tokens no key decrypts."""
        rows = await self._select(tables.installation.c.platform == platform)
        return [row["workspace"] for row in rows if self._tokens(row) is None]

    async def save(self, installation: Installation) -> None:
        """Store ``installation``, replacing an earlier one, encrypted with the first key."""
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

    async def rekey(self, platform: str) -> int:
        """Encrypt every installation's tokens with the first key and return their number.

        A row that changed meanwhile (a token was replaced) has the first key already. Tokens that no key decrypts stay
        unchanged.
        """
        table = tables.installation
        rows = [
            row for row in await self._select(table.c.platform == platform) if self._tokens(row) is not None
        ]
        async with self._database.writing() as connection:
            for row in rows:
                mine = (table.c.workspace == row["workspace"], table.c.secret == row["secret"])
                fresh = self._box.rotate(row["secret"].encode()).decode()
                await connection.execute(
                    sa.update(table).where(table.c.platform == platform, *mine).values(secret=fresh)
                )
        return len(rows)

    async def remove(self, platform: str, workspace: str) -> None:
        """Delete an installation, with its tokens."""
        table = tables.installation
        async with self._database.writing() as connection:
            await connection.execute(
                sa.delete(table).where(table.c.platform == platform, table.c.workspace == workspace)
            )

    async def _select(self, *wanted: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        table = tables.installation
        statement = sa.select(table.c.workspace, table.c.data, table.c.secret).where(*wanted)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.order_by(table.c.workspace))
            return [dict(row) for row in rows.mappings()]

    def _tokens(self, row: Mapping[str, Any]) -> dict[str, str] | None:
        """Return the tokens in ``row``; None where no key decrypts them, or what they hold is damaged."""
        try:
            tokens = json.loads(self._box.decrypt(row["secret"].encode()))
        except (InvalidToken, ValueError):
            return None
        return tokens if isinstance(tokens, dict) and {"token", "refresh_token"} <= tokens.keys() else None

    def _decrypted(self, row: Mapping[str, Any]) -> Installation:
        tokens = self._tokens(row)
        if tokens is None:
            raise StoreError(
                f"The tokens of the workspace {row['workspace']} cannot be read with slack.encryption_key",
                hint="Add the key that they were encrypted with, behind a comma, or install the bot there again",
            )
        closed = from_plain(Installation, row["data"])
        return replace(closed, token=tokens["token"], refresh_token=tokens["refresh_token"])
