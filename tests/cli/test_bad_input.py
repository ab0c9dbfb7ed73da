"""What cannot be done is refused in one sentence that says what to do instead, and costs nothing that was kept."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sqlite3
from functools import partial

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import WirebriefError
from bot.inline import in_words
from tests.support.running import processes

pytestmark = pytest.mark.slow
SUBSCRIBED = ("subscribe", "console:out.md", "weekdays 07:30 Europe/Berlin")


def run(folder, *arguments, **more):
    """Run a verb as a program of its own."""
    return processes.run(*arguments, cwd=folder, env={"WIREBRIEF_RUN_HTTP": ""}, **more)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return a fresh folder, in which verbs of this process work too."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WIREBRIEF_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture(scope="module")
def subscribed(tmp_path_factory):
    """Return a folder in which one subscription is kept, to be copied."""
    folder = tmp_path_factory.mktemp("subscribed")
    assert run(folder, *SUBSCRIBED).returncode == 0
    return folder


@pytest.fixture
def kept(here, subscribed):
    """Return a folder in which one subscription is kept."""
    shutil.copytree(subscribed, here, dirs_exist_ok=True)
    return here


def call(*arguments):
    """Run a verb in this process."""
    return CliRunner().invoke(app, list(arguments))


def refusal(*arguments):
    """Return what a verb says that is refused, as the program words it."""
    error = call(*arguments).exception
    assert isinstance(error, WirebriefError), error
    return in_words(str(error))


def refused(done):
    """Return the one sentence with which a program was refused, and what to do."""
    assert done.returncode == 1
    (line,) = [one for one in done.stderr.splitlines() if one.startswith("wirebrief: ")]
    assert "Traceback" not in done.stderr
    assert "inside Wirebrief" not in line
    return line.removeprefix("wirebrief: ")


def kept_rows():
    """Return how many subscriptions are listed."""
    return call("subscriptions").stdout.count("sub-")


@pytest.mark.parametrize(
    ("arguments", "says", "advises"),
    [
        (("07:30 Europe/Atlantis",), "There is no time zone 'Europe/Atlantis'", "Europe/Berlin"),
        (("07:30", "--zone", "Nowhere"), "There is no time zone 'Nowhere'", "Europe/Berlin"),
        (("0 0 30 2 *", "--zone", "UTC"), "'0 0 30 2 *' is never due", "a day that the month has"),
        (("0 0 31 4,6,9 * UTC",), "is never due", "a day that the month has"),
        (("61 0 * * * UTC",), "its minute is out of range", "Write it like"),
        (("25:00 UTC",), "'25:00' is not a time of day", "hours from 0 to 23"),
        (("whenever",), "names no time of day", "Write it like"),
        (("08:30 UTC", "--pattern", "(a+)+$"), "takes too long on some texts", "Repeat less"),
        (("08:30 UTC", "--pattern", "("), "is not a regular expression", "--word"),
        (("08:30 UTC", "--pattern", "a" * 5000), "longer than 300 characters", "Shorten it"),
        (
            ("07:30 Europe/Berlin",),
            "That channel has a briefing at that time already",
            "Choose another minute",
        ),
        (
            ("Mon 06:30 UTC",),
            "That channel has a briefing at that time already",
            "Choose another minute",
        ),
        (("08:30 UTC", "--language", "xx"), "not available in 'xx'", "en, de"),
        (("08:30 UTC", "--feed", "x"), "No feed is called “x”", "feeds list"),
        (("08:30 UTC", "--pack", "x"), "no pack 'x'", "feeds import"),
        (("08:30 UTC", "--approval", "x"), "'x' is not a channel", "platform:name"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_a_subscription_that_cannot_be_is_refused_in_words(kept, arguments, says, advises):
    said = refusal("subscribe", "console:out.md", *arguments)
    assert says in said
    assert advises in said
    assert kept_rows() == 1


@pytest.mark.parametrize(
    ("arguments", "says", "advises"),
    [
        (("subscribe", "nonsense", "07:30"), "'nonsense' is not a channel", "console:-"),
        (("subscribe", "slack:T1/C1", "07:30"), "Slack is not configured", "docs/slack.md"),
        (("forget", "--channel", "nonsense"), "'nonsense' is not a channel", "slack:T1/C1"),
    ],
)
def test_a_channel_that_cannot_be_is_refused_before_anything_is_asked_or_kept(kept, arguments, says, advises):
    said = refusal(*arguments)
    assert says in said
    assert advises in said
    assert kept_rows() == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("stories", "--days", "x"), "write a number."),
        (("stories", "--days", "0"), "write a number from 1 on."),
        (("stories", "--days", "99999"), "write a number of at most 3650."),
        (("brief", "--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_a_wrong_value_of_an_option_is_refused_in_plain_words(here, arguments, says):
    said = call(*arguments).output
    assert f": {says}" in said
    assert "Input should" not in said
    assert "Value error" not in said


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "does not start with http:// or https://"),
        ("ftp://a.example/x", "does not start with http:// or https://"),
        ("http://10.0.0.1/feed", "not on the public internet"),
        ("http://127.0.0.1:1/feed", "not on the public internet"),
        ("http://me:pw@a.example/", "carries a user name or password"),
        ("http://no-such-host.invalid/", "no public web server of that name"),
    ],
)
def test_a_wrong_address_is_refused_in_words(here, url, says):
    assert says in refusal("feeds", "add", url)


def newer(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()


def damaged(path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def foreign(path):
    path.write_bytes(os.urandom(20_000))


def unwritable(path):
    path.chmod(0o444)
    path.parent.chmod(0o555)


@pytest.mark.parametrize(
    ("befalls", "says", "advises"),
    [
        (newer, "was written by a newer version", "Upgrade Wirebrief"),
        (damaged, "is damaged", "wirebrief restore FILE"),
        (foreign, "is no Wirebrief database", "database.url"),
        (unwritable, "may not be written to|cannot be opened", "the permissions of"),
    ],
)
@pytest.mark.parametrize("verb", [("ingest",), ("run", "--once")], ids=["ingest", "run"])
def test_a_database_that_cannot_be_used_is_named_and_left_as_it_is(kept, befalls, says, advises, verb):
    path = kept / "var" / "wirebrief.db"
    befalls(path)
    before = path.read_bytes()
    try:
        before_it = processes.without_rights if befalls is unwritable else None
        said = refused(run(kept, *verb, before=before_it))
    finally:
        path.parent.chmod(0o755)
    assert any(one in said for one in says.split("|")), said
    assert advises in said
    assert path.read_bytes() == before


def test_a_database_in_use_is_named_and_its_rows_stay(kept, monkeypatch):
    monkeypatch.setattr("bot.store.engine.BUSY_MILLISECONDS", 20)
    with contextlib.closing(sqlite3.connect(kept / "var" / "wirebrief.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        said = refusal("subscribe", "console:b.md", "08:00 UTC")
    assert said.startswith("The database is in use by another program. Stop the other one")
    assert kept_rows() == 1


def test_a_verb_without_its_subscription_says_what_to_give(kept):
    assert refusal("pause") == "No subscription was named. Give its id, or --channel CHANNEL"
    assert refusal("ask", " ").startswith("The question is empty. Write")


def test_a_folder_in_the_place_of_a_file_is_named_by_the_check(here):
    (here / "out").mkdir()
    assert call("subscribe", "console:out", "07:30 UTC").exit_code == 0
    assert "'out' is a folder: name a file in it" in call("check").output


def test_a_full_disk_behind_the_output_is_named(here):
    # The output is a file of which no byte may be written; a pipe has no such bound.
    with (here / "out.html").open("w") as out:
        done = run(here, "preview", "--help", before=files_bounded_to(0), stdout=out)
    assert refused(done) == "The disk is full. Free some room and run the same again"


@pytest.mark.parametrize(
    "verb", [("run", "--once"), ("subscribe", "console:b.md", "08:00 UTC")], ids=["run", "subscribe"]
)
def test_a_full_disk_is_named_and_nothing_that_was_kept_is_lost(kept, verb):
    said = refused(run(kept, *verb, before=files_bounded_to(4096)))
    assert "disk" in said
    assert "nothing that was stored is lost" in said
    assert kept_rows() == 1


def files_bounded_to(size):
    """Return what stands for a full disk: no file may grow beyond ``size``."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
