"""The golden questions: over the demo's recorded news everywhere, over real news where they lie beside the project."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.config import Answers, BriefingSettings, Config, DatabaseSettings, Fetch, packaged
from bot.model.conversation.answer import Question, Turn
from bot.model.ids import derive_id
from bot.model.news import Feed
from bot.runtime.compose import open_app
from bot.runtime.demo import DEMO_FEEDS, MORNINGS, ZONE, recorded_news
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
ANSWERED = [
    ("How many people died in Storm Ilsa?", "19"),
    ("How many people are missing after Storm Ilsa?", "23 missing"),
    ("How much will Velmora pay for Tessel Power?", "$4.2 billion"),
    ("How many customers would the merged network of Velmora and Tessel have?", "6.8 million"),
    ("Who is the chief executive of Velmora?", "Ingrid Solberg"),
    ("How many new posts does the nurses' union want?", "600"),
    ("Who leads the union OEU?", "Marta Quill"),
    ("Who is president of the nurses' union CNA?", "Judith Amsel"),
    ("How fast were the winds of Storm Ilsa?", "165 kilomet"),
    ("How many operations did hospitals in Calder put off?", "340"),
    ("What did Teodora Banks say about the water?", "rise this fast"),
    ("Where did the Gaza talks take place?", "Doha"),
]
DECLINED = [
    "Who won the football match in Calder?",
    "How many people died in Storm Karl?",
    "How much did the boats of the army cost?",
    "What did the Pope say about Storm Ilsa?",
    "When was the mayor of Port Selin born?",
    "How much does a nurse in Calder earn?",
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Return a function that asks the archive of the three mornings."""
    config = Config(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path_factory.mktemp('demo') / 'wire.db'}"),
        briefings=BriefingSettings(timezone=ZONE),
    )

    recorded = packaged("demo/recorded")

    async def read():
        async with recorded_news(recorded) as news:
            allowed = config.model_copy(
                update={"fetch": Fetch(allow=news.hosts, feed_deadline=120, page_deadline=120)}
            )
            clock = [MORNINGS[0]]
            async with open_app(allowed, now=lambda: clock[0]) as app:
                await app.store.feeds.add(
                    [Feed(id=derive_id("fee", n), url=news.feed(n)) for n in DEMO_FEEDS]
                )
                for day, morning in enumerate(MORNINGS[:3], 1):
                    news.day, clock[0] = day, morning
                    await app.ingest(everything=True)

    async def answer(text, **more):
        async with open_app(config, now=lambda: MORNINGS[2]) as app:
            return await app.ask(Question(text=text, asked_at=MORNINGS[2], timezone=ZONE, **more))

    asyncio.run(read())
    return lambda text, **more: asyncio.run(answer(text, **more))


@pytest.mark.parametrize(("question", "fact"), ANSWERED)
def test_what_the_recorded_news_hold_is_answered(ask, question, fact):
    said = [s.text for s in ask(question).statements]
    assert any(fact in text for text in said), said


@pytest.mark.parametrize("question", DECLINED)
def test_what_the_recorded_news_do_not_hold_is_declined(ask, question):
    assert [s.text for s in ask(question).statements] == []


def test_as_of_the_first_morning_the_toll_was_lower(ask):
    said = " ".join(s.text for s in ask("How many people did Storm Ilsa kill?", as_of=MORNINGS[0]).statements)
    assert "nine" in said
    assert "19" not in said


def test_a_thread_goes_on_from_what_was_asked(ask):
    turn = Turn(
        at=datetime.now(MORNINGS[0].tzinfo) - timedelta(1),
        question="How many people died in Storm Ilsa?",
        answer="",
    )
    assert any("missing" in s.text for s in ask("And how many are missing?", turns=(turn,)).statements)


@pytest.mark.long
@pytest.mark.data
def test_real_news_are_found_answered_and_declined_as_promised(data):
    from benchmarks.questions.golden import archive, results, table  # noqa: PLC0415 - reads the data

    every, spare = sized(10, 1), sized(1, 0)  # a sample may miss one question beyond each share

    async def measure():
        async with archive() as store:
            return await results(store, Answers(), every=every)

    found = asyncio.run(measure())
    able, unable = [r for r in found if r.answerable], [r for r in found if not r.answerable]
    assert len(found) >= 120 / every
    assert {r.golden["kind"] for r in found} >= {"answerable", "unanswerable", "dated", "multi", "follow_up"}
    print(table("full text", found))  # noqa: T201 - shown where a promise is broken
    assert sum(0 < r.place <= 4 for r in able) >= 0.9 * len(able) - spare
    assert sum(not r.answer.statements for r in unable) >= 0.88 * len(unable) - spare
    assert sum(not r.answer.statements for r in able) <= 0.1 * len(able) + spare
    assert sum(r.unsupported for r in found) == 0
