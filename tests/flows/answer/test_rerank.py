"""Asking by meaning: a real encoder changes the order, never who may read what, and never whether there is an answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.answers.encoder import MODEL
from bot.config import Answers, BriefingSettings
from bot.errors import ConfigError
from bot.flows.answer.ask import ask
from bot.flows.answer.retrieve import retrieve
from bot.language.sentences.split import split_sentences
from bot.model.conversation.answer import Question, Turn
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.scope import SHARED, Scope, Visibility
from bot.runtime.compose import lazy_encoder
from bot.store import StoredDraft, open_store, tables
from tests.support.encoders import ALIKE, make_encoder

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 9, 6, tzinfo=UTC)
ZONE = BriefingSettings().timezone
ROOM = Scope(workspace="w", channel="slack:w/c", visibility=Visibility.CHANNEL)


@pytest.fixture
async def store(engine_url):
    async with open_store(engine_url) as opened:
        await keep(
            opened,
            article("show", "A show in Selin was lost to rain, the town said."),
            article("ship", "A ship of Peru was lost in Selin, the town said."),
        )
        yield opened


@pytest.fixture
def encoder(tmp_path):
    return lazy_encoder(make_encoder(tmp_path / "encoder"))


def article(name, text, *, scope=SHARED, revision=1):
    at = NOW - timedelta(days=1)
    return Article(
        id=derive_id("art", name),
        revision=revision,
        title="News",
        outlet=name,
        published_at=at,
        fetched_at=at,
        language="en",
        sentences=split_sentences(text),
        scope=scope,
    )


async def keep(store, *articles):
    await store.articles.save(
        [StoredDraft(article=a, keys=(("hash", a.id),), entry_hash="h", fingerprint=b"") for a in articles]
    )


async def order(store, text, *, encoder=None, by=SHARED, **more):
    asked = Question(text=text, asked_at=NOW, timezone=ZONE, scope=by, **more)
    return [p.article.outlet for p in (await retrieve(asked, store=store, encoder=encoder)).passages]


async def kept(store):
    """Return which encoder made the vector of which article, and whose it is."""
    passage, vector = tables.passage.c, tables.passage_vector.c
    rows = sa.select(passage.article_id, vector.encoder, vector.channel).join_from(
        tables.passage_vector, tables.passage, vector.passage_id == passage.id
    )
    async with store.database.reading() as connection:
        return {row[0]: tuple(row[1:]) for row in await connection.execute(rows)}


async def test_what_means_the_same_comes_before_what_only_shares_words(store, encoder):
    question = "Was a barque lost in Selin?"
    assert await order(store, question) == ["show", "ship"]
    assert await order(store, question, encoder=encoder) == ["ship", "show"]


async def test_a_vector_is_made_once(store, encoder):
    await order(store, "Was a barque lost in Selin?", encoder=encoder)
    first = await kept(store)
    assert first == dict.fromkeys(
        (derive_id("art", "show"), derive_id("art", "ship")), ((await encoder.load()).id, "")
    )
    async with store.database.writing() as connection:
        await connection.execute(sa.update(tables.passage_vector).values(channel="as it was"))
    assert await order(store, "Was a barque lost in Selin?", encoder=encoder) == ["ship", "show"]
    assert {channel for _, channel in (await kept(store)).values()} == {"as it was"}


async def test_another_encoder_makes_its_own_and_compares_with_no_others(store, encoder, tmp_path):
    await order(store, "Was a barque lost in Selin?", encoder=encoder)
    smaller = lazy_encoder(make_encoder(tmp_path / "other", alike=ALIKE[:1]))
    assert await order(store, "Was a barque lost in Selin?", encoder=smaller) == ["ship", "show"]
    assert {encoder for encoder, _ in (await kept(store)).values()} == {(await smaller.load()).id}


async def test_an_edited_article_is_encoded_anew(store, encoder):
    assert await order(store, "Was a barque lost in Selin?", encoder=encoder) == ["ship", "show"]
    await keep(store, article("ship", "A shop of Peru was lost in Selin, the town said.", revision=2))
    await keep(store, article("show", "A ferry in Selin was lost to rain, the town said.", revision=2))
    assert await order(store, "Was a barque lost in Selin?", encoder=encoder) == ["show", "ship"]


async def test_a_question_that_goes_on_is_meant_with_the_one_before(store, encoder):
    turns = (Turn(at=NOW - timedelta(minutes=5), question="Was a barque lost in Selin?", answer=""),)
    assert await order(store, "And where in Selin?", encoder=encoder, turns=turns) == ["ship", "show"]


@pytest.mark.parametrize(("by", "seen"), [(SHARED, False), (ROOM, True)])
async def test_a_channels_own_passages_stay_its_own(store, encoder, by, seen):
    await keep(store, article("memo", "A barque lost in Selin.", scope=ROOM))
    found = await order(store, "Was a barque lost in Selin?", encoder=encoder, by=by)
    assert ("memo" in found) is seen
    whose = {channel for _, channel in (await kept(store)).values()}
    assert whose == ({"", ROOM.channel} if seen else {""})


async def test_an_encoder_that_fails_leaves_the_answer_as_it_is_without(store, encoder, tmp_path):
    question = Question(text="Was a ship lost in Selin?", asked_at=NOW, timezone=ZONE)
    without = await ask(question, store=store, settings=Answers(threshold=0))
    (tmp_path / "encoder" / MODEL).write_bytes(b"no model")
    assert await ask(question, store=store, settings=Answers(threshold=0), encoder=encoder) == without
    assert without.statements


async def test_questions_at_the_same_time_open_one_encoder(encoder):
    first, *others = await asyncio.gather(*(encoder.load() for _ in range(5)))
    assert all(other is first for other in others)


async def test_a_folder_with_nothing_in_it_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"model\.onnx"):
        await lazy_encoder(tmp_path).load()
