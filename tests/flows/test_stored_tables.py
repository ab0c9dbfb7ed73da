"""The life of a briefing names every table that its walks write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.news import Feed
from bot.model.record_key import fence_of
from bot.model.talk import Verb
from bot.runtime.demo import recorded_replies
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

LIFE = ROOT / "docs" / "life-of-a-briefing.md"
WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)')
STORED = re.compile(r"^Stored in (.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)


def _named(*sections: int) -> set[str]:
    """Return the tables that the page names as those where ``sections``, from 1 on, store."""
    paragraphs = STORED.findall(LIFE.read_text("utf-8"))
    return {name for one in sections for name in re.findall(r"`(\w+)`", paragraphs[one - 1])}


@contextmanager
def _written(engine: sa.Engine) -> Iterator[set[str]]:
    """Yield the tables that are written within."""
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if found := WRITES.match(statement.lstrip()):
            tables.add(found[1])

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
async def engine(talk):
    async with talk.app.store.database.reading() as connection:
        return connection.sync_connection.engine


async def test_an_ingest_writes_only_tables_that_the_page_names(talk, engine):
    feeds = await talk.app.store.feeds.all()
    for feed in feeds:
        await talk.app.store.feeds.remove(feed.id)
    await talk.app.store.feeds.add([Feed(id=feed.id, url=feed.url) for feed in feeds])
    with _written(engine) as tables:
        await talk.morning(2)
    assert {"feed", "article", "story"} <= tables
    assert tables <= _named(1, 2)


@pytest.fixture(params=["rules", "model"])
def model(request):
    return recorded_replies() if request.param == "model" else None


async def test_a_delivery_writes_only_tables_that_the_page_names(talk, engine, model):
    if model:
        talk.app = replace(talk.app, model=model, fence=fence_of)
    with _written(engine) as tables:
        await talk.subscribe()
        await talk.deliver()
    assert {"briefing", "sent_story"} <= tables
    assert ("story_update" in tables) == bool(model)
    assert tables <= _named(3, 4)


async def test_a_question_writes_only_tables_that_the_page_names(talk, engine):
    with _written(engine) as tables:
        await talk.ask(Verb.ASK, "How many people did the storm kill?")
    assert "turn" in tables
    assert tables <= _named(5)


async def test_a_pasted_link_writes_only_tables_that_the_page_names(talk, engine):
    page = f"{talk.news.at('continental')}/continental/ilsa-rescue.html"
    alone = f"{talk.news.at('northline')}/northline/calder-what-is-open.html"
    with _written(engine) as tables:
        await talk.ask(Verb.LINK, f"{page} {alone}")
    assert {"link", "article", "story_article"} <= tables
    assert tables <= _named(6)
