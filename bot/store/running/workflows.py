"""Where the durable engine stores its workflows: a file beside the database, or a schema in it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bot.blocking import run_blocking

WORKFLOW_SCHEMA = "dbos"  # of the workflows, where they share a PostgreSQL database with our tables


async def discard(url: str) -> None:
    """Delete the workflows of the database ``url``, which no process may be using."""
    if url.startswith("sqlite:///"):
        file = Path(database_url(url).removeprefix("sqlite:///"))
        for name in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            await run_blocking(name.unlink, missing_ok=True)
        return
    engine = create_async_engine(database_url(url))
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.text(f'DROP SCHEMA IF EXISTS "{WORKFLOW_SCHEMA}" CASCADE'))
    finally:
        await engine.dispose()


def database_url(url: str) -> str:
    """Return where the workflows of the database ``url`` are stored: a file beside it, or a schema in it."""
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        return f"sqlite:///{path.removesuffix('.db')}-work.db"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
