"""Databases: migrated from any earlier shape, and every failure in words."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import StoreError
from bot.store import engine as engine_module
from bot.store import open_store, tables
from bot.store.driver_errors import in_words
from bot.store.engine import migrate, open_database
from bot.store.tables import metadata
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 10, tzinfo=UTC)


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


async def test_a_new_file_that_another_has_locked_is_opened_when_it_is_free(tmp_path, monkeypatch):
    def locked():
        other = sqlite3.connect(tmp_path / "wire.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN EXCLUSIVE")
        return other

    other = await asyncio.to_thread(locked)
    refused = []

    async def waiting(_connection):
        refused.append(1)
        await asyncio.to_thread(other.execute, "COMMIT")

    monkeypatch.setattr("bot.store.engine._wait_for_log", waiting)
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}"):
        assert refused == [1]
    await asyncio.to_thread(other.close)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_processes_that_start_together_migrate_once(kind, tmp_path, request):
    url = (
        f"sqlite:///{tmp_path / 'wire.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("new_postgres_url")
    )
    opened = await asyncio.gather(*(open_database(url) for _ in range(4)))
    for database in opened:
        async with database.reading() as connection:
            versions = await connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            assert len(versions.all()) == 1
        await database.close()


async def test_a_file_that_another_program_holds_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.store.engine.BUSY_MILLISECONDS", 20)
    path = tmp_path / "wire.db"
    async with open_store(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program"):
            await store.subscriptions.remove("sub-a")
        other.close()
        await store.subscriptions.remove("sub-a")


def test_a_disk_without_room_is_named_and_what_was_stored_stays(tmp_path):
    code = (
        "import asyncio, resource, sys\n"
        "from bot.model.news import Feed\n"
        "from bot.store import open_store\n"
        "async def main():\n"
        "    async with open_store('sqlite:///wire.db') as store:\n"
        "        await store.feeds.add([Feed(id='fee-1', url='https://a.example')])\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIMIT_FSIZE, resource.RLIM_INFINITY))\n"
        "        try:\n"
        "            await store.feeds.add([Feed(id=f'fee-{n}', url='u' * n) for n in range(2000)])\n"
        "        except Exception as error:\n"
        "            print(type(error).__name__, error)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.startswith("StoreError The disk"), done.stdout + done.stderr
    assert "nothing that was stored is lost" in done.stdout
    with sqlite3.connect(tmp_path / "wire.db") as file:
        assert file.execute("SELECT count(*) FROM feed").fetchone() == (1,)
    file.close()


def sqlite_error(code):
    error = sqlite3.OperationalError("words that change: full, locked, connection")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), "may not be written to"),
        (sqlite_error(sqlite3.SQLITE_FULL), "disk is full"),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), "could not be read or written"),
        (sqlite_error(sqlite3.SQLITE_CORRUPT_VTAB), "is damaged"),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "is in use"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN_ISDIR), "cannot be opened"),
        (sqlite_error(sqlite3.SQLITE_NOTADB), "no Wirebrief database"),
        (psycopg.errors.InvalidPassword("worte"), "refuses the user"),
        (psycopg.errors.InvalidCatalogName("worte"), "no such database"),
        (psycopg.errors.DiskFull("worte"), "disk is full"),
        (psycopg.errors.TooManyConnections("worte"), "no connection free"),
        (psycopg.errors.AdminShutdown("worte"), "cannot be reached"),
        (psycopg.errors.ReadOnlySqlTransaction("worte"), "takes no writes"),
        (psycopg.errors.LockNotAvailable("worte"), "is in use"),
        # A connection that never came about has no code.
        (
            psycopg.OperationalError(
                'connection failed: FATAL:  password authentication failed for user "a"'
            ),
            "refuses the user",
        ),
        (
            psycopg.OperationalError('connection failed: FATAL:  database "wire" does not exist'),
            "no such database",
        ),
        (
            psycopg.OperationalError("failed to resolve host 'db.invalid': [Errno -2]"),
            "name is not known",
        ),
        (psycopg.OperationalError("connection is bad: Connection refused"), "cannot be reached"),
    ],
)
def test_what_a_driver_reports_becomes_a_sentence_that_says_what_to_do(cause, message):
    error = in_words(cause)
    assert message in error.message
    assert error.hint


@pytest.mark.parametrize(
    "words", ["fts5: phrase queries are not supported (detail!=full)", "table is locked"]
)
def test_the_words_of_an_error_decide_nothing(words):
    unknown = sqlite3.OperationalError(words)
    unknown.sqlite_errorcode, unknown.sqlite_errorname = sqlite3.SQLITE_ERROR, "SQLITE_ERROR"
    assert in_words(unknown).message == "The database failed (SQLITE_ERROR)"
    assert in_words(psycopg.errors.SyntaxError(words)).message == "The database failed (42601)"


async def test_connections_that_a_server_cut_while_they_lay_idle_are_replaced(postgres_url, monkeypatch):
    monkeypatch.setattr(engine_module, "TRUSTED_IDLE_SECONDS", 0.0)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    async with open_store(postgres_url) as store, open_store(postgres_url) as other:
        assert await store.feeds.all() == []
        async with other.database.reading() as connection:
            gone = await connection.execute(sa.text(f"{cut} AND pid <> pg_backend_pid()"))
            assert len(gone.all()) >= 1
        assert await store.feeds.all() == []


async def test_one_statement_is_a_transaction_by_itself(database_url):
    table = tables.lease
    row = {"name": "n", "holder": "h", "taken": NOW, "until": NOW}
    async with open_store(database_url) as store:
        await store.database.write(sa.insert(table), row)
        async with store.database.snapshot() as connection:
            assert (await connection.execute(sa.select(table.c.holder))).scalars().all() == ["h"]
        rename = sa.update(table).where(table.c.name == sa.bindparam("which"))
        assert await store.database.write(rename, {"which": "n", "holder": "i"}) == 1
        assert await store.database.write(rename, {"which": "other", "holder": "i"}) == 0
