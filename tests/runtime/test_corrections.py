"""After an ingest the running bot corrects what edited articles no longer say."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.terminal import TerminalChat
from bot.concurrency import QueuePlace
from bot.config import BriefingSettings, Config, DatabaseSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.language.sentences.split import split_sentences
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.runtime.compose import open_app
from bot.runtime.monitoring.metrics import Metrics
from bot.runtime.open_service import open_service
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, TEXTS, WANTED, Answers, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    return request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url")


@pytest.mark.one_engine
async def test_rule_13_after_an_ingest_what_an_edited_article_no_longer_says_is_corrected(url, tmp_path):
    clock = [NOON]
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(
            open_app(Config(database=DatabaseSettings(url=url)), now=lambda: clock[0])
        )
        chats = {"console": TerminalChat(folder=tmp_path)}
        service = await stack.enter_async_context(open_service(app, chats=chats, metrics=Metrics()))
        await keep(ARTICLES, store=app.store, at=NOON)
        briefing = await brief_channel(
            store=app.store,
            channel="console:out.md",
            scope=SHARED,
            settings=BriefingSettings(window_hours=48),
            now=NOON,
            session=ModelSession(model=Answers(reply()), kinds=KINDS, fence=fence_of),
        )
        clock[0] += timedelta(hours=1)
        text = split_sentences(TEXTS[0].replace("8 percent", "6 percent"))
        edited = replace(ARTICLES[0], revision=2, fetched_at=clock[0], sentences=text)
        await keep([edited], store=app.store, at=clock[0])
        await service.durable.start("ingest", "1", 0, QueuePlace(queue="ingest"))
        async with asyncio.timeout(300):
            while not (  # noqa: ASYNC110 - the store is asked
                kept := await app.store.briefings.get(briefing.id)
            ).corrections:
                await asyncio.sleep(0.1)
        assert [one.was for one in kept.corrections] == [WANTED["text"]]
