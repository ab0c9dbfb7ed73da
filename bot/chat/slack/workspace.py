"""One workspace in which the bot is installed, and the store of many installations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.model.workspace import Installation


class Installations(Protocol):
    """Keeps installations, their tokens encrypted; the seam between chat and store."""

    async def get(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation in ``workspace``."""
        ...

    async def all(self, platform: str) -> list[Installation]:
        """Return every installation on ``platform`` whose tokens can be decrypted."""
        ...

    async def unreadable(self, platform: str) -> list[str]:
        """Return the workspaces on ``platform`` whose tokens cannot be decrypted."""
        ...

    async def save(self, installation: Installation) -> None:
        """Keep ``installation`` in the place of an earlier one."""
        ...

    async def remove(self, platform: str, workspace: str) -> None:
        """Forget an installation with its tokens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One workspace and who the bot is there."""

    id: str
    name: str
    bot_user: str
    bot: str
    token: str = field(repr=False)
    scopes: frozenset[str] = frozenset()
