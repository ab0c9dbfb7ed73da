"""Shell completion: verbs, and values where they are cheap to know."""

from __future__ import annotations

import sqlite3

import pytest
from typer.testing import CliRunner

from bot.cli import app, completion

pytestmark = pytest.mark.slow

ASKED = {
    "bash": {"_WIREBRIEF_COMPLETE": "complete_bash"},
    "zsh": {"_WIREBRIEF_COMPLETE": "complete_zsh"},
    "fish": {"_WIREBRIEF_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
}


def completed(shell, line):
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_TYPER_COMPLETE_ARGS": line}
    return CliRunner().invoke(app, [], env={**ASKED[shell], **words}, prog_name="wirebrief").output


@pytest.fixture
def subscribed(tmp_path, monkeypatch):
    """Return the id of the one subscription of an archive."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WIREBRIEF_DATABASE_URL", "sqlite:///a.db")
    done = CliRunner().invoke(app, ["subscribe", "console:news", "daily 07:30 UTC"])
    assert done.exit_code == 0, done.output
    return done.output.split()[1].rstrip(".")


@pytest.mark.parametrize("shell", ASKED)
def test_every_shell_completes_verbs_and_packs(shell):
    assert "subscriptions" in completed(shell, "wirebrief subs")
    assert "business" in completed(shell, "wirebrief feeds import b")
    assert "discord" in completed(shell, "wirebrief preview --platform ")


@pytest.mark.parametrize("shell", ASKED)
def test_subscriptions_and_their_channels_are_completed(shell, subscribed):
    assert subscribed in completed(shell, "wirebrief pause sub-")
    assert "console:news" in completed(shell, "wirebrief deliveries --channel con").replace("\\", "")


@pytest.mark.slow
def test_stories_are_completed_with_what_they_are_called(subscribed):
    with sqlite3.connect("a.db") as database:
        for key, name in (("sto-a", ""), ("sto-b", "The named one")):
            row = (key, f"Title of {key}", name)
            database.execute(
                "INSERT INTO story (id, title, first_at, last_at, profile, name) VALUES (?, ?, 0, 0, x'', ?)",
                row,
            )
    assert completion.story_ids("sto-") == [("sto-a", "Title of sto-a"), ("sto-b", "The named one")]
    assert "sto-b" in completed("bash", "wirebrief stories merge sto-")


def test_without_a_database_nothing_is_offered_and_none_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert completion.subscription_ids("") == completion.story_ids("") == []
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_offers_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wirebrief.toml").write_text("[nonsense]\n")
    assert completion.channel_names("") == []
    (tmp_path / "wirebrief.toml").write_text('[database]\nurl = "sqlite:///a.db"\n')
    (tmp_path / "a.db").write_text("no database")
    assert completion.channel_names("") == []


def test_files_beside_what_is_typed_are_offered_where_a_file_may_stand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.opml").touch()
    (tmp_path / "mine.txt").touch()
    assert completion.packs_and_files("mi") == ["mine.opml"]
