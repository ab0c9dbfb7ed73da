"""The timelines of the recorded mornings: the same when folded anew, readable as of any moment."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot.cli import app as cli
from bot.config import BriefingSettings, Config, DatabaseSettings, Fetch, packaged
from bot.errors import InputError
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.model.story import LedgerTopic
from bot.runtime.compose import open_app
from bot.runtime.demo import DEMO_FEEDS, MORNINGS, ZONE, recorded_news

pytestmark = pytest.mark.slow


RECORDED = packaged("demo/recorded")


async def play(url):
    clock = [MORNINGS[0]]
    async with recorded_news(RECORDED) as news:
        config = Config(
            database=DatabaseSettings(url=url),
            fetch=Fetch(allow=news.hosts, feed_deadline=120, page_deadline=120),
            briefings=BriefingSettings(timezone=ZONE),
        )
        async with open_app(config, now=lambda: clock[0]) as app:
            await app.store.feeds.add(
                [Feed(id=derive_id("fee", name), url=news.feed(name)) for name in DEMO_FEEDS]
            )
            for day, morning in enumerate(MORNINGS[:3], 1):
                news.day, clock[0] = day, morning
                await app.ingest(everything=True)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Return a database that lived through the three mornings."""
    address = f"sqlite:///{tmp_path_factory.mktemp('remember') / 'wire.db'}"
    asyncio.run(play(address))
    return address


@pytest.fixture
async def app(url):
    config = Config(database=DatabaseSettings(url=url), briefings=BriefingSettings(timezone=ZONE))
    async with open_app(config, now=lambda: MORNINGS[2]) as opened:
        yield opened


async def talks(app):
    stories = await app.store.stories.recent(MORNINGS[0] - timedelta(days=9))
    return next(story.id for story in stories if "Doha" in story.title)


async def test_histories_that_are_folded_anew_are_the_same(app):
    ids = await app.store.stories.all_ids()
    before = [await app.story(name, at=MORNINGS[2]) for name in ids]
    assert await app.rebuild(ids) == sum(len(one.rows) for one in before) > 40
    assert [await app.story(name, at=MORNINGS[2]) for name in ids] == before


async def test_a_story_can_be_read_as_of_any_moment(app):
    name = await talks(app)
    first = await app.story(name, at=MORNINGS[0])
    last = await app.story(name[:10], at=MORNINGS[2])
    assert first.ledger.status.line == "Truce talks on Gaza start in separate rooms"
    assert last.ledger.status.line == "Second Gaza session ends with no breakthrough"
    assert all(row.recorded_at <= MORNINGS[0] for row in first.rows)
    assert {row.fact for row in last.rows} >= {
        LedgerTopic.STATUS,
        LedgerTopic.ACTOR,
        LedgerTopic.EXPECTATION,
    }
    assert all(s.sentences for s in last.sources)


async def test_an_unknown_story_is_named(app):
    for name in ("sto-zzzz", "sto-", "%"):
        with pytest.raises(InputError, match="no story"):
            await app.story(name, at=MORNINGS[2])
    with pytest.raises(InputError, match="sto-unknown"):
        await app.rebuild(["sto-unknown"])


def test_the_command_prints_the_timeline_and_the_same_as_json(url, monkeypatch):
    monkeypatch.setenv("WIREBRIEF_DATABASE_URL", url)
    listed = CliRunner().invoke(cli, ["stories", "--days", "3650"]).stdout
    name = next(line for line in listed.splitlines() if "Doha" in line).rpartition(", ")[2].rstrip(")")
    shown = CliRunner().invoke(cli, ["story", name]).stdout
    assert shown.index("Truce talks on Gaza start") < shown.index("Second Gaza session ends")
    assert "Known now" in shown
    data = json.loads(CliRunner().invoke(cli, ["story", name, "--json"]).stdout)
    assert data["schema"] == "wirebrief.story/1"
    assert data["ledger"]["statuses"][-1]["line"].startswith("Second Gaza session")
    then = json.loads(CliRunner().invoke(cli, ["story", name, "--json", "--as-of", "2025-07-07"]).stdout)
    assert not any("breakthrough" in s["line"] for s in then["ledger"]["statuses"])
    rebuilt = CliRunner().invoke(cli, ["rebuild", name]).stdout
    assert rebuilt.startswith("The timelines of 1 story were computed again: ")
