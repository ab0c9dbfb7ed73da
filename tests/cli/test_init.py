"""``wirebrief init``: from a few answers to a configuration that works, and nothing lost on the way."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import date

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.operate.answers import KEYS, PLATFORMS, read_first_channel, read_packs, read_zone
from bot.config import load_config
from bot.config.starter import StarterAnswers, starter_config
from bot.errors import ConfigError, InputError
from tests.conftest import ROOT

FEED = (
    "<rss version='2.0'><channel><title>Post</title><item><title>Crane collapses in Velmar</title>"
    "<link>{at}/crane</link><guid>1</guid><description>Two workers were killed when a crane collapsed at the port of "
    "Velmar, the harbour authority said. The port stays closed.</description></item></channel></rss>"
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    return tmp_path


def answering(*answers, options=""):
    return CliRunner().invoke(app, ["init", *options.split()], input="".join(f"{one}\n" for one in answers))


def settings(here):
    return load_config(here / "wirebrief.toml", environ={})


@pytest.fixture
def news_server():
    from tests.servers.news import NewsServer  # noqa: PLC0415 - the other tests need no server

    return NewsServer()


@pytest.mark.slow
async def test_a_few_answers_lead_to_a_first_briefing(here, monkeypatch, news_server):
    async with news_server as server:
        monkeypatch.setenv("WIREBRIEF_FETCH_ALLOW", f"127.0.0.1:{server.port}")
        server.page("/feed", FEED.replace("{at}", server.url("")), Content_Type="application/rss+xml")
        done = await asyncio.to_thread(answering, "", "", server.url("/feed"), "", "", "")
        assert done.exit_code == 0, f"{done.output}{done.exception}"
        assert f"Added: {server.url('/feed')} (1 entry)" in done.output
        assert "Subscribed: sub-" in done.output
        assert "1 of 1 feed read, 1 new article" in done.output
        assert "Two workers were killed when a crane collapsed" in done.output
        assert (await asyncio.to_thread(settings, here)).briefings.timezone == "Europe/Berlin"
        assert (here / "wirebrief.toml").stat().st_mode & 0o077 == 0
        listed = await asyncio.to_thread(CliRunner().invoke, app, ["subscriptions", "--json"])
        (subscription,) = json.loads(listed.stdout)
        assert (subscription["channel"], subscription["zone"]) == ("console:-", "Europe/Berlin")
        checked = await asyncio.to_thread(CliRunner().invoke, app, ["check"])
        assert checked.exit_code == 0, checked.output


def test_a_configuration_is_never_overwritten_and_nothing_is_asked(here):
    (here / "wirebrief.toml").write_text("# mine\n")
    done = answering()
    assert isinstance(done.exception, InputError)
    assert f"There is a configuration already: {here / 'wirebrief.toml'}" in str(done.exception)
    assert [path.read_text() for path in here.iterdir()] == ["# mine\n"]


def test_who_leaves_half_way_leaves_nothing_behind(here):
    assert answering("console", "Berlin").exit_code == 1
    assert list(here.iterdir()) == []


@pytest.mark.slow
def test_an_answer_that_cannot_be_is_asked_for_again(here):
    done = answering(
        "email", "console", "Atlantis", "berlin", "sport", "world", "", "7:30 am", "weekdays 07:30", options="--no-read"
    )  # fmt: skip
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    for said in ("no platform 'email'", "no time zone 'Atlantis'", "no pack or file 'sport'", "'7:30 am'"):
        assert said in done.output
    assert "First briefing: " in done.output


@pytest.mark.slow
def test_with_options_nothing_is_asked_and_tokens_stay_out_of_sight(here, monkeypatch):
    shutil.copy(ROOT / "config/feeds/ai.opml", here / "mine.opml")
    options = "--platform slack --zone UTC --pack mine.opml --channel T1/C1 --times daily@08:00 --no-read"
    done = CliRunner().invoke(
        app,
        ["init", *[part.replace("@", " ") for part in options.split()]],
        input="xoxb-canary\nxapp-canary\n",
    )
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    assert "canary" not in done.output
    slack = settings(here).slack
    assert slack.bot_token.get_secret_value() == "xoxb-canary"
    assert slack.app_token.get_secret_value() == "xapp-canary"
    assert "→ slack:T1/C1" in done.output


@pytest.mark.slow
def test_an_address_that_takes_no_posts_is_asked_for_again_and_never_shown(here):
    done = CliRunner().invoke(
        app,
        [*"init --platform webhook --zone UTC --pack ai --channel webhook:team --no-read --times".split(), "daily 08:00"],
        input="hooks.example/canary\n\nhttps://hooks.example/canary\n",
    )  # fmt: skip
    assert done.exit_code == 0, f"{done.output}{done.exception}"
    assert done.output.count("That does not look right") == 2
    assert "canary" not in done.output
    assert settings(here).webhooks["team"].url.get_secret_value() == "https://hooks.example/canary"


@pytest.mark.slow
def test_what_fails_is_named_and_the_rest_stands(here):
    done = answering(
        options="--platform console --zone UTC --pack http://127.0.0.1:9/feed --channel - --times daily"
    )
    assert done.exit_code == 1
    assert isinstance(done.exception, InputError)
    assert list(here.iterdir()) == []
    done = CliRunner().invoke(
        app,
        [*"init --platform console --zone UTC --pack http://127.0.0.1:9/feed --channel - --no-read --times".split(), "daily 08:00"],
    )  # fmt: skip
    assert done.exit_code == 1
    assert "✗ http://127.0.0.1:9/feed: " in done.stderr
    assert "Subscribed: sub-" in done.stdout
    assert settings(here).briefings.timezone == "UTC"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
        ("Tokyo", "Asia/Tokyo"),
    ],
)
def test_a_time_zone_is_found_by_its_city_in_any_case(text, zone):
    assert read_zone(text) == zone


@pytest.mark.parametrize("text", ["", "Mars", "Europe/Berln"])
def test_a_zone_that_is_none_is_refused_with_what_to_write(text):
    with pytest.raises(InputError) as refused:
        read_zone(text)
    assert refused.value.hint


def test_console_alone_is_the_terminal_and_no_file():
    assert read_first_channel("console", "console") == "console:-"
    assert read_first_channel("out.md", "console") == "console:out.md"


def test_packs_files_and_addresses_may_be_mixed(here):
    (here / "a.opml").write_text("x")
    assert read_packs("world, a.opml ,https://news.example/feed,world") == (
        "world",
        "a.opml",
        "https://news.example/feed",
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_written_is_a_configuration_for_every_platform(platform, tmp_path):
    file, value = tmp_path / "wirebrief.toml", 'x"\\ö'
    if platform == "webhook":
        value = "https://hooks.example/in/ö"
    answers = StarterAnswers(
        platform=platform,
        timezone="Europe/Berlin",
        settings={key: value for key, _ in KEYS[platform]},
        webhook="news" if platform == "webhook" else "",
        database="sqlite:////srv/wire.db",
    )
    file.write_text(starter_config(answers, written=date(2031, 3, 4)), "utf-8")
    config = load_config(file, environ={})
    assert (config.briefings.timezone, config.database.url) == ("Europe/Berlin", "sqlite:////srv/wire.db")
    table = config.webhooks["news"] if platform == "webhook" else getattr(config, platform, None)
    assert [getattr(table, key).get_secret_value() for key, _ in KEYS[platform]] == [value] * len(
        KEYS[platform]
    )
    # What stands there as comments is right as well.
    file.write_text(file.read_text("utf-8").replace("# [", "[").replace("# name", "name").replace("# base", "base").replace("# admin", "admin"), "utf-8")  # fmt: skip
    try:
        load_config(file, environ={})
    except ConfigError as error:
        pytest.fail(str(error))
