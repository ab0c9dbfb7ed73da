"""``wirebrief run`` as a person runs it: a process, a port, signals, and every reason not to start."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import time
import urllib.error
import urllib.request

import pytest

from tests.support.running import processes

pytestmark = pytest.mark.slow
PATIENCE = 240.0


class Bot:
    """A running bot with what it said."""

    def __init__(self, folder, *arguments, **environment):
        self.out = folder / "out.txt"
        with self.out.open("w") as out:
            self.process = processes.start(
                "run", *arguments, cwd=folder, env=environment, stdout=out, stderr=out
            )

    def said(self, text):
        """Wait until the bot has said ``text``; return all of it."""
        until = time.monotonic() + PATIENCE
        while text not in self.out.read_text():
            assert self.process.poll() is None or text in self.out.read_text(), self.out.read_text()
            assert time.monotonic() < until, self.out.read_text()
            time.sleep(0.05)
        return self.out.read_text()

    def stop(self, which=signal.SIGTERM):
        """Send a signal and return the exit code."""
        self.process.send_signal(which)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(*arguments, **environment):
        bot = Bot(tmp_path, *arguments, **environment)
        started.append(bot)
        return bot

    yield begin
    for bot in started:
        bot.process.kill()
        bot.process.wait()


def wirebrief(folder, *arguments, **environment):
    return processes.run(*arguments, cwd=folder, env=environment)


def get(address):
    try:
        with urllib.request.urlopen(address, timeout=300) as answer:  # noqa: S310 - our own
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_says_what_it_will_do_posts_what_is_due_and_stops_cleanly(tmp_path, start, unused_tcp_port):
    assert wirebrief(tmp_path, "subscribe", "console:out.md", "daily 07:30 UTC").returncode == 0
    old = {"WIREBRIEF_WEBHOOKS_OLD_URL": "http://127.0.0.1:9/hook"}
    assert wirebrief(tmp_path, "subscribe", "webhook:old", "daily 07:30 UTC", **old).returncode == 0
    bot = start(WIREBRIEF_RUN_HTTP=f"127.0.0.1:{unused_tcp_port}")
    said = bot.said("Problem: webhook:old: There is no webhook 'old'")
    assert "Problem: there are no feeds" in said
    assert "2 subscriptions" in said
    assert "07:30 UTC (UTC+00:00) → console:out.md" in said
    assert get(f"http://127.0.0.1:{unused_tcp_port}/healthz") == (200, "alive\n")
    status, ready = get(f"http://127.0.0.1:{unused_tcp_port}/readyz")
    assert (status, ready) == (200, "ready\n")
    status, metrics = get(f"http://127.0.0.1:{unused_tcp_port}/metrics")
    assert "wirebrief_tick_age_seconds" in metrics
    assert bot.stop() == 0
    assert bot.said("Stopped.")
    assert "Traceback" not in bot.out.read_text()


def passed_slot(tmp_path):
    """Subscribe, then let the subscription be one of yesterday, so that a slot has passed."""
    assert wirebrief(tmp_path, "subscribe", "console:out.md", "daily 07:30 UTC").returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "wirebrief.db")) as database:
        day = 24 * 3600 * 1_000_000
        database.execute(
            "UPDATE subscription SET next_due = next_due - ?, enumerated = enumerated - ?", (day, day)
        )
        database.commit()


def test_a_slot_that_passed_is_caught_up_once_over_any_number_of_starts(tmp_path, start):
    passed_slot(tmp_path)
    for _ in range(2):
        bot = start("--once", WIREBRIEF_RUN_HTTP="")
        assert bot.process.wait(PATIENCE) == 0, bot.out.read_text()
    text = (tmp_path / "out.md").read_text()
    assert text.count("Morning briefing") == 1
    assert "this briefing has no feed" in " ".join(text.split())
    listed = wirebrief(tmp_path, "deliveries").stdout
    assert "posted" in listed


def test_what_a_killed_bot_had_begun_is_posted_once_by_the_next(tmp_path, start):
    passed_slot(tmp_path)
    bot = start(WIREBRIEF_RUN_HTTP="")
    bot.said("Wirebrief runs")
    bot.stop(signal.SIGKILL)
    again = start("--once", WIREBRIEF_RUN_HTTP="")
    assert again.process.wait(PATIENCE) == 0, again.out.read_text()
    assert (tmp_path / "out.md").read_text().count("Morning briefing") == 1


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"WIREBRIEF_DATABASE_URL": "sqlite:///"}, "a database in memory"),
        ({"WIREBRIEF_RUN_ADMIN_CHANNEL": "webhook:ops"}, "There is no webhook 'ops'"),
        ({"WIREBRIEF_RUN_ADMIN_CHANNEL": "nowhere"}, "run.admin_channel"),
        (
            {"WIREBRIEF_DATABASE_URL": "postgresql://127.0.0.1:1/none"},
            "The database server cannot be reached",
        ),
        ({"WIREBRIEF_DATABASE_URL": "mysql://x"}, "database.url"),
        ({"WIREBRIEF_RUN_HTTP": "256.1.1.1:99"}, "run.http"),
        ({"WIREBRIEF_WEBHOOKS_OPS_URL": "ftp://x"}, "webhooks.ops.url"),
    ],
)
def test_it_says_in_one_sentence_why_it_cannot_start(tmp_path, environment, words):
    done = wirebrief(tmp_path, "run", **environment)
    assert done.returncode not in {0, 124}
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_bot_on_the_same_file_is_refused(tmp_path, start):
    bot = start(WIREBRIEF_RUN_HTTP="")
    bot.said("Wirebrief runs")
    done = wirebrief(tmp_path, "run", WIREBRIEF_RUN_HTTP="")
    assert done.returncode != 0
    assert "already runs" in done.stderr
    assert bot.stop() == 0


def test_a_running_bot_is_backed_up_forgets_and_is_not_restored_over(tmp_path, start):
    canary = "zyzzogeton"
    assert (
        wirebrief(tmp_path, "subscribe", "console:out.md", "daily 07:30 UTC", "--title", canary).returncode
        == 0
    )
    bot = start(WIREBRIEF_RUN_HTTP="")
    bot.said("Wirebrief runs")
    done = wirebrief(tmp_path, "backup", "kept.db")
    assert "Backed up" in done.stdout, done.stderr
    done = wirebrief(tmp_path, "restore", "kept.db", "--force")
    assert done.returncode != 0
    assert "already runs" in done.stderr
    done = wirebrief(tmp_path, "forget", "--channel", "console:out.md", "--yes")
    assert "1 subscription" in done.stdout, done.stderr
    # While the bot is running still: its database, its log, its workflows.
    held = [
        file.name
        for file in (tmp_path / "var").iterdir()
        if file.is_file() and canary.encode() in file.read_bytes()
    ]
    assert held == []
    assert bot.stop() == 0
    done = wirebrief(tmp_path, "restore", "kept.db")
    assert "Restored" in done.stdout, done.stderr
    assert "console:out.md" in wirebrief(tmp_path, "subscriptions").stdout
    again = start("--once", WIREBRIEF_RUN_HTTP="")
    assert again.process.wait(PATIENCE) == 0, again.out.read_text()
    assert "Traceback" not in again.out.read_text()


def test_a_token_that_can_be_none_of_discords_is_one_sentence(tmp_path):
    folder = tmp_path / "bot"
    folder.mkdir()
    (folder / "wirebrief.toml").write_text('[discord]\ntoken = "wrong\\nline"\n[run]\nhttp = ""\n')
    done = wirebrief(folder, "check")
    assert done.returncode == 1
    assert "discord.token: Discord does not accept this token" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
