"""Rules read articles where a text that breaks them can be stopped: it is set aside once, and the others are read."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import ParseError, WorkerKilled
from bot.flows.maintenance.evaluate import keep
from bot.flows.rules.reader import AGAIN_SECONDS, ARTICLE_SECONDS, SECONDS_PER_ARTICLE, RulesReader
from bot.language.sentences.split import split_sentences
from bot.model.news import Article
from bot.store import open_store

pytestmark = pytest.mark.slow
MONDAY = datetime(2025, 7, 7, 6, tzinfo=UTC)
WORD = "poison"


class Recording:
    """Workers that run at once, and are killed by what holds a word; they note each call, how many articles it had and its deadline."""

    def __init__(self):
        self.calls = []

    async def run(self, fn, articles, *, deadline, urgent, **given):
        assert urgent
        self.calls.append((fn.__name__, len(articles), deadline))
        await asyncio.sleep(0)
        if WORD in repr(articles):
            raise WorkerKilled("Reading it took longer than that")
        return fn(articles, **given)


def article(name, *, text="The council met in Lund.", revision=1):
    return Article(
        id=f"art-{name}",
        revision=revision,
        outlet="Post",
        title=f"Council of {name}",
        published_at=MONDAY,
        fetched_at=MONDAY + timedelta(minutes=revision),
        language="en",
        sentences=split_sentences(text),
        feed_id="fee-a",
    )


def titles_of(articles, *, times):
    return [one.title for one in articles] * times


GOOD = [article(name) for name in "ab"]
BAD = article("c", text=f"A {WORD} it was.")


@pytest.fixture
async def store(sqlite_url):
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def rules(store):
    return RulesReader(workers=Recording(), store=store, now=lambda: MONDAY)


async def test_what_was_read_is_not_read_again(rules):
    first = await rules.read(titles_of, GOOD, times=2)
    assert first.found == ["Council of a", "Council of b"] * 2
    assert (await rules.read(titles_of, list(GOOD), times=2)).found is first.found
    assert len(rules.workers.calls) == 1
    assert (await rules.read(titles_of, GOOD, times=1)).found == ["Council of a", "Council of b"]
    edited = [GOOD[0], article("b", text="Nobody met.", revision=2)]
    await rules.read(titles_of, edited, times=1)
    assert len(rules.workers.calls) == 3


async def test_an_article_that_cannot_be_read_is_set_aside_once_and_the_others_are_read(rules, store):
    await keep([*GOOD, BAD], store=store, at=MONDAY)
    read = await rules.read(titles_of, [*GOOD, BAD], times=1)
    assert read.found == ["Council of a", "Council of b"]
    assert read.articles == tuple(GOOD)
    (one,) = await store.set_aside.newest(9)
    assert (one.id, one.title, one.feed_id) == (BAD.id, BAD.title, "fee-a")
    assert one.reason.startswith("Reading it took longer than that (error ")
    assert not await store.stories.of_articles([BAD.id])
    (notice,) = await store.notices.unsent()
    assert "wirebrief check lists what is set aside" in notice.text
    calls = len(rules.workers.calls)
    assert (await rules.read(titles_of, [*GOOD, BAD], times=1)).articles == tuple(GOOD)
    assert len(rules.workers.calls) == calls


async def test_how_long_an_article_may_hold_up_a_story_is_bounded(rules):
    await rules.read(titles_of, [*GOOD, BAD], times=1)
    together, *alone, again = rules.workers.calls
    assert together == ("titles_of", 3, ARTICLE_SECONDS + 2 * SECONDS_PER_ARTICLE)
    assert alone == [("read_each", 1, ARTICLE_SECONDS)] * 3
    assert again == ("titles_of", 2, AGAIN_SECONDS)


async def test_all_who_ask_for_a_story_that_cannot_be_read_wait_for_one_reading(rules, store):
    await keep([BAD], store=store, at=MONDAY)
    asked = [rules.read(titles_of, [BAD], times=1) for _ in range(6)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(one) for one in found} == {WorkerKilled}
    assert len(rules.workers.calls) == 2
    assert len(await store.set_aside.newest(9)) == 1
    assert len(rules.kept) == 0


async def test_a_reading_is_tried_again_where_each_article_can_be_read(rules):
    failed = []

    class Late(Recording):
        async def run(self, fn, articles, **given):
            if fn is titles_of and not failed:
                failed.append(fn)
                raise WorkerKilled("The machine was busy")
            return await super().run(fn, articles, **given)

    read = await replace(rules, workers=Late()).read(titles_of, GOOD, times=1)
    assert read.articles == tuple(GOOD)


async def test_of_articles_that_somebody_gave_one_that_cannot_be_read_is_an_error(rules, store):
    with pytest.raises(WorkerKilled):
        await replace(rules, store=None).read(titles_of, [*GOOD, BAD], times=1)
    assert await store.set_aside.newest(9) == []


async def test_an_article_that_was_repaired_stays_and_its_earlier_revision_is_not_read(rules, store):
    repaired = article("c", revision=2)
    await keep([BAD], store=store, at=MONDAY)
    read = await rules.read(titles_of, [*GOOD, BAD, repaired], times=1)
    assert read.articles == (*GOOD, repaired)
    assert await store.set_aside.newest(9) == []


async def test_without_processes_rules_read_in_threads():
    assert (await RulesReader().read(titles_of, GOOD, times=1)).articles == tuple(GOOD)
    with pytest.raises(ParseError):
        await RulesReader().read(refuse, GOOD)


def refuse(_articles):
    raise ParseError("It could not be read")


def test_what_a_worker_imports_for_rules_has_no_database():
    modules = "bot.flows.rules.work", "bot.flows.link.against", "bot.flows.requests.quotes"
    look = f"import sys, {', '.join(modules)}; print([m for m in ('sqlalchemy', 'bot.store', 'aiohttp') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
