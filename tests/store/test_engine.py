"""Databases: migrated from any earlier shape, and every failure in words."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import StoreError
from bot.store import open_store
from bot.store.engine import migrate, open_database
from bot.store.tables import metadata


@pytest.fixture
def engine(tmp_path):
    made = sa.create_engine(f"sqlite:///{tmp_path / 'wire.db'}")
    yield made
    made.dispose()


def test_migrations_from_empty_give_exactly_the_tables_we_declare(engine):
    with engine.begin() as connection:
        migrate(connection)
        migrate(connection)
        # SQLite's full text is a table of its own kind, with tables behind it.
        opts = {
            "compare_type": False,
            "include_name": lambda name, *_: not f"{name}".startswith("passage_text"),
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), metadata) == []


def test_a_database_of_the_previous_version_keeps_its_rows(engine):
    with engine.begin() as connection:
        migrate(connection, "0001")
        connection.execute(
            sa.text(
                "INSERT INTO feed (id, url, title, site, language, pack, moved_to) VALUES ('f', 'u', 't', '', '', '', '')"
            )
        )
    with engine.begin() as connection:
        migrate(connection)
        assert connection.execute(sa.text("SELECT url FROM feed")).scalar() == "u"
        assert sa.inspect(connection).has_table("ingest")


async def test_a_database_of_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "wire.db"
    async with open_store(f"sqlite:///{path}"):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        async with open_store(f"sqlite:///{path}"):
            pass


async def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "wire.db"
    path.write_text("This is a letter, not a database. " * 100)
    with pytest.raises(StoreError, match="no Wirebrief database"):
        async with open_store(f"sqlite:///{path}"):
            pass


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        async with open_store(f"sqlite:///{tmp_path / 'file' / 'deep' / 'wire.db'}"):
            pass


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_processes_that_start_together_migrate_once(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path / 'wire.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    opened = await asyncio.gather(*(open_database(url) for _ in range(4)))
    for database in opened:
        async with database.reading() as connection:
            versions = await connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            assert len(versions.all()) == 1
        await database.engine.dispose()
