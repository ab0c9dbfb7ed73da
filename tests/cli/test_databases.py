"""No verb makes a database by reading: every verb is in the table below, and a new one that is not fails the test."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import InputError, NoDatabase
from bot.store import open_store

pytestmark = pytest.mark.slow

ARTICLE = """Harbour workers end strike after pay deal
Dock workers in Selin ended a nine-day strike on Monday after the port agreed to raise pay by 6 percent.
"""

# Verbs that begin something new, where nothing is: with what they are called elsewhere.
MAKERS = {"feeds add", "feeds import", "init", "restore", "run", "subscribe"}
# Verbs that look into no database: a demo of its own, cases, keys, links.
WITHOUT = {"backtest", "demo", "discord invite", "eval", "slack key", "slack manifest"}
# It reads pages also where there is nothing to compare them with, and says so.
TELLING = {"link"}
# All others, each with arguments that would do.
REFUSING = {
    "approve": "dlv-1",
    "ask": "Who won?",
    "backup": "copy.db",
    "brief": "",
    "check": "",
    "confirm": "dlv-1",
    "correct": "brf-1",
    "deliveries": "",
    "feeds check": "",
    "feeds export": "",
    "feeds list": "",
    "feeds remove": "a",
    "feeds rename": "a b",
    "forget": "--user U1",
    "hold": "dlv-1",
    "ingest": "",
    "next": "",
    "pause": "--channel console:-",
    "preview": "",
    "rebuild": "",
    "reject": "dlv-1",
    "release": "dlv-1 --posted",
    "replay": "brf-1",
    "reports": "",
    "resend": "dlv-1",
    "resume": "--channel console:-",
    "show": "",
    "slack rekey": "",
    "stories": "",
    "stories close": "sty-1",
    "stories edits": "",
    "stories merge": "sty-1 sty-2",
    "stories rename": "sty-1 name",
    "stories split": "sty-1",
    "story": "sty-1",
    "subscriptions": "",
    "unsubscribe": "--channel console:-",
}
LISTS = (
    "check", "deliveries", "feeds check", "feeds list", "next", "reports", "show", "stories", "stories edits", "subscriptions",
)  # fmt: skip


def verbs(command=None, prefix=""):
    """Yield every verb with its command, those of groups after the group's name."""
    for name, inner in (command or get_command(app)).commands.items():
        if hasattr(inner, "commands"):
            yield from verbs(inner, f"{prefix}{name} ")
            if inner.invoke_without_command:
                yield prefix + name, inner
        else:
            yield prefix + name, inner


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIREBRIEF_DATABASE_URL", "sqlite:///data/wire.db")
    monkeypatch.setenv("WIREBRIEF_SLACK_ENCRYPTION_KEY", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")
    return tmp_path


@pytest.fixture
def empty(here, sqlite_template):
    (here / "data").mkdir()
    shutil.copy(sqlite_template, here / "data" / "wire.db")
    return here


def call(line, **more):
    return CliRunner().invoke(app, line.split() if isinstance(line, str) else line, **more)


def test_every_verb_is_in_the_table():
    assert {name for name, _ in verbs()} == MAKERS | WITHOUT | TELLING | set(REFUSING)


@pytest.mark.parametrize("verb", sorted(REFUSING))
def test_a_verb_that_reads_or_changes_makes_no_database_and_names_the_place(here, verb):
    done = call(f"{verb} {REFUSING[verb]}")
    assert done.exit_code == 1
    if verb == "check":
        said = done.output
    else:
        assert isinstance(done.exception, NoDatabase), done.exception
        said = str(done.exception)
    assert f"There is no database at {here / 'data' / 'wire.db'}" in said
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("content", [b"", None], ids=["an empty file", "a folder without it"])
def test_neither_an_empty_file_nor_an_empty_folder_is_a_database(here, content):
    (here / "data").mkdir()
    if content is not None:
        (here / "data" / "wire.db").write_bytes(content)
    before = sorted(here.rglob("*"))
    assert isinstance(call("feeds list").exception, NoDatabase)
    assert sorted(here.rglob("*")) == before
    assert all(not path.stat().st_size for path in before if path.is_file())


async def test_a_server_without_our_tables_is_left_without_them(new_postgres_url, here, monkeypatch):
    monkeypatch.setenv("WIREBRIEF_DATABASE_URL", new_postgres_url)
    with pytest.raises(NoDatabase, match="There is no database at ") as refused:
        async with open_store(new_postgres_url, must_exist=True):
            pass
    assert "@" not in refused.value.message
    with pytest.raises(NoDatabase):  # nothing was made the first time
        async with open_store(new_postgres_url, must_exist=True):
            pass


def test_an_empty_database_is_not_backed_up(empty):
    done = call("backup copy.db")
    assert isinstance(done.exception, InputError)
    assert "nothing to back up" in str(done.exception)
    assert not (empty / "copy.db").exists()


def test_an_empty_backup_is_not_restored(empty):
    (empty / "data" / "wire.db").rename(empty / "copy.db")
    done = call("restore copy.db --force")
    assert isinstance(done.exception, InputError)
    assert "'copy.db' is empty" in str(done.exception)
    assert not (empty / "data" / "wire.db").exists()


def test_a_file_that_is_no_backup_leaves_no_database_behind(here):
    (here / "notes.txt").write_text("notes")
    assert "is not a backup" in str(call("restore notes.txt").exception)
    assert "cannot be read" in str(call("restore nothing.db").exception)
    assert [path.name for path in here.iterdir()] == ["notes.txt"]


def test_json_is_asked_for_in_two_ways_wherever_it_is_offered():
    for name, command in verbs():
        options = {option for one in command.params for option in one.opts}
        assert ("--json" in options) == ("--format" in options), name
        assert "--json" in options or name not in LISTS, name


@pytest.mark.parametrize("verb", LISTS)
def test_a_list_verb_prints_json_also_where_there_is_nothing(empty, verb):
    done = call(f"{verb} --json")
    assert isinstance(json.loads(done.stdout), list)
    assert json.loads(call(f"{verb} --format json").stdout) == json.loads(done.stdout)


def test_two_formats_at_once_are_refused(empty):
    assert "--json and --format html" in str(call("brief --json --format html").exception)
    assert "--json and --format text" in str(call("stories --json --format text").exception)


def test_an_article_is_read_from_standard_input(here):
    done = call("brief - --json --date 2025-07-07", input=ARTICLE)
    (story,) = json.loads(done.stdout)["stories"]
    assert "Harbour workers end strike" in json.dumps(story["headline"])
    assert list(here.iterdir()) == []
    assert "'standard input' is empty" in str(call("brief -", input="").exception)


def test_a_page_is_read_without_a_database_and_none_is_made(here):
    done = call("link http://127.0.0.1:9/x")
    assert (
        f"There is no database at {here / 'data' / 'wire.db'}: the page is not compared with stored stories"
        in done.stderr
    )
    assert "not on the public internet" in done.stdout
    assert list(here.iterdir()) == []


def test_a_model_without_a_database_keeps_no_usage_but_a_ceiling_is_not_passed(here, monkeypatch):
    monkeypatch.setenv("WIREBRIEF_MODEL_NAME", "m")
    monkeypatch.setenv("WIREBRIEF_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("WIREBRIEF_MODEL_DEADLINE", "1")
    monkeypatch.setenv("WIREBRIEF_BUDGET_DAILY_TOKENS", "1000")
    assert isinstance(call("brief -", input=ARTICLE).exception, NoDatabase)
    monkeypatch.delenv("WIREBRIEF_BUDGET_DAILY_TOKENS")
    assert call("brief -", input=ARTICLE).exit_code == 0
    assert list(here.iterdir()) == []
