"""Full text's promises, over every database: the same passages in the same order, and nothing that is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from bot.language.sentences.split import split_sentences
from bot.language.stems import stems
from bot.model.ids import derive_id
from bot.model.news import Article
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import StoredDraft, open_store, scrub, tables
from bot.store.news.passages import IDS_PER_DAY

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 8, 5, 30, tzinfo=UTC)
ROOM = Scope(workspace="w", channel="c", visibility=Visibility.CHANNEL)


@pytest.fixture
async def store(database_url):
    async with open_store(database_url) as opened:
        yield opened


def article(name, text, *, title="", days=0, scope=SHARED, revision=1, language="en", fetched=NOW):
    return Article(
        id=derive_id("art", name),
        revision=revision,
        title=title or name,
        published_at=NOW - timedelta(days=days),
        fetched_at=fetched,
        language=language,
        sentences=split_sentences(text),
        scope=scope,
    )


async def keep(store, *articles):
    await store.articles.save(
        [StoredDraft(article=a, keys=(("hash", a.id),), entry_hash="h", fingerprint=b"") for a in articles]
    )


async def found(store, question, *, by=SHARED, known_by=NOW, language="en", **bounds):
    asked = stems(question, language=language)
    frequencies = await store.search.frequencies(asked)
    weights = {stem: frequencies.weight(stem) for stem in asked}
    return await store.search.find(weights, frequencies=frequencies, by=by, known_by=known_by, **bounds)


async def ids(store, question, **more):
    return {hit.article_id for hit in await found(store, question, **more)}


async def test_any_of_the_words_finds_in_whatever_form(store):
    bridge = article("a", "The bridges of Selin were closed. Ferries sail on.")
    strike = article("b", "Nurses walked out in Calder.")
    await keep(store, bridge, strike)
    assert await ids(store, "closing the bridge") == {bridge.id}
    assert await ids(store, "nurses on a bridge") == {bridge.id, strike.id}
    assert await ids(store, "zeppelin") == set()


async def test_a_passage_knows_where_it_stands(store):
    text = "One came. Two came. Three came.\nA ferry sank off Selin."
    await keep(store, article("a", text))
    (hit,) = await found(store, "ferry")
    assert (hit.sentences, hit.revision, hit.published_at) == ((4,), 1, NOW)
    assert hit.stems[hit.titled :] == tuple(stems("A ferry sank off Selin."))


async def test_words_of_another_language_are_found_by_its_own_stems(store):
    await keep(store, article("a", "Die Geiseln wurden in Köln befreit.", language="de"))
    assert len(await ids(store, "Geisel", language="de")) == 1


async def test_an_edit_takes_the_place_of_what_was_there(store):
    await keep(store, article("a", "The ferry sank."))
    await keep(store, article("a", "The ferry was saved.", revision=2))
    assert await ids(store, "sank") == set()
    (hit,) = await found(store, "ferry")
    assert hit.revision == 2
    assert (await store.search.frequencies(["ferri", "sank"])).holding == {"ferri": 1}


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        (SHARED, set()),
        (ROOM, {"a"}),
        (Scope(workspace="w", channel="d", visibility=Visibility.CHANNEL), set()),
        (Scope(workspace="v", channel="c", visibility=Visibility.CHANNEL), set()),
    ],
)
async def test_only_those_who_may_read_it_find_it(store, by, seen):
    await keep(store, article("a", "The ferry sank.", scope=ROOM))
    assert await ids(store, "ferry", by=by) == {derive_id("art", name) for name in seen}


async def test_words_of_one_channel_are_counted_nowhere(store):
    await keep(store, article("a", "The zeppelin sank.", scope=ROOM))
    frequencies = await store.search.frequencies(["zeppelin"])
    assert (frequencies.passages, frequencies.holding) == (0, {})


async def test_time_bounds_what_is_found(store):
    old, new = article("old", "The ferry sank.", days=30), article("new", "The ferry sailed.")
    await keep(store, old, new)
    assert await ids(store, "ferry", since=NOW - timedelta(days=3)) == {new.id}
    assert await ids(store, "ferry", until=NOW - timedelta(days=3)) == {old.id}
    assert await ids(store, "ferry", known_by=NOW - timedelta(minutes=1)) == set()


async def test_what_holds_more_of_the_question_is_not_cut_off(store):
    noise = [article(f"n{i}", f"A ferry came. Number {i} it was.", days=i % 40) for i in range(300)]
    wanted = article("w", "A ferry of Selin sank in the storm.", days=39)
    await keep(store, *noise, wanted)
    hits = await found(store, "ferry storm Selin sank", most=5)
    assert wanted.id in {hit.article_id for hit in hits}


async def test_forgotten_articles_are_in_no_index(store):
    await keep(
        store, article("a", "The zeppelin sank.", scope=ROOM), article("b", "The airship rose off Selin.")
    )
    async with store.database.writing() as connection:
        await connection.execute(sa.text("DELETE FROM article"))
    assert await ids(store, "zeppelin airship Selin", by=ROOM) == set()
    assert (await store.search.frequencies(["airship"])).passages == 0
    async with store.database.reading() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM passage_stem"))).scalar() == 0


async def test_an_archive_from_before_is_caught_up(store):
    one, two = article("a", "The ferry sank."), article("b", "The ferry sailed.", days=400)
    await keep(store, one, two)
    async with store.database.writing() as connection:
        await connection.execute(sa.text("DELETE FROM passage"))
        await connection.execute(
            sa.text("INSERT INTO passage_backlog SELECT id, published_at FROM article WHERE latest")
        )
    assert await store.search.catch_up() == 2
    assert await ids(store, "ferry") == {one.id, two.id}
    assert await store.search.catch_up() == 0


@pytest.mark.parametrize(("most", "wanted"), [(2, {"n0", "n1"}), (80, {"n0", "n1", "n2", "far", "rare"})])
async def test_common_words_find_where_two_stand_and_the_newest_first(store, monkeypatch, most, wanted):
    monkeypatch.setattr("bot.store.news.passage_queries.RARE_STEM_PASSAGES", 2)
    monkeypatch.setattr("bot.store.news.passage_queries.COMMON_STEM_PASSAGES", 3)
    both = [article(f"n{n}", "A ferry of Selin came.", days=n) for n in range(3)]
    one = [article(f"f{n}", "A ferry came.") for n in range(3)] + [article("s", "Selin is fine.")]
    rare = article("rare", "Zeppelins rose.", days=300)
    await keep(store, *both, *one, rare, article("far", "A ferry of Selin came.", days=400))
    hits = await found(store, "ferry Selin zeppelin", most=most)
    names = {derive_id("art", name) for name in wanted}
    assert {hit.article_id for hit in hits} == names


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("zeppelin", {"z"}),
        ("ferry", {"a", "b", "c", "x"}),
        ("ferry Selin", {"a", "x"}),
        ("ferry Selin storm rain", {"a", "b", "x", "y"}),
        ("ferry zeppelin", {"z"}),
        ("ferry Selin zeppelin O'Neill", {"a", "x", "z"}),
    ],
)
async def test_of_common_words_any_two_find_whichever_they_are(store, monkeypatch, question, wanted):
    monkeypatch.setattr("bot.store.news.passage_queries.RARE_STEM_PASSAGES", 1)
    monkeypatch.setattr("bot.store.news.passage_queries.COMMON_STEM_PASSAGES", 1)
    texts = {
        "a": "A ferry of Selin came.",
        "b": "A ferry met a storm.",
        "c": "A ferry came.",
        "d": "Selin is fine.",
        "e": "A storm came.",
        "f": "Rain came.",
        "x": "Rain and a ferry of Selin in a storm.",
        "y": "Rain and a storm.",
        "z": "A zeppelin came.",
    }
    await keep(store, *(article(name, text) for name, text in texts.items()))
    hits = await found(store, question)
    assert {hit.article_id for hit in hits} == {derive_id("art", name) for name in wanted}


async def test_ids_of_passages_grow_with_the_day(store):
    await keep(store, article("new", "The ferry sailed."), article("old", "The ferry sank.", days=1))
    async with store.database.reading() as connection:
        rows = (await connection.execute(sa.text("SELECT id, published_at FROM passage ORDER BY id"))).all()
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert rows[1][0] // IDS_PER_DAY == rows[0][0] // IDS_PER_DAY + 1


async def test_an_article_that_is_edited_was_known_when_it_first_came(store):
    later = NOW + timedelta(days=2)
    first = article("a", "The ferry sank.")
    await keep(store, first)
    await keep(store, replace(first, revision=2, fetched_at=later))
    assert await ids(store, "ferry", known_by=NOW) == {first.id}


async def index_bytes(store) -> bytes:
    """Return what the full-text index holds on disk."""
    async with store.database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.text("CHECKPOINT"))
            text = "SELECT pg_read_binary_file(pg_relation_filepath('ix_passage_lexemes'))"
            return bytes((await connection.execute(sa.text(text))).scalar_one())
        rows = await connection.execute(sa.text("SELECT block FROM passage_text_data"))
        return b"".join(bytes(block) for (block,) in rows)


async def test_a_forgotten_channels_words_are_in_the_index_no_more(store):
    await keep(store, article("a", "The xylozeppelin sank.", scope=ROOM), article("b", "The ferry sank."))
    assert b"xylozeppelin" in await index_bytes(store)
    await store.forget(channel="c")
    left = await index_bytes(store)
    assert b"xylozeppelin" not in left
    assert b"ferri" in left
    assert len(await ids(store, "ferry")) == 1


async def test_a_time_before_1970_is_asked_for_as_any_other(store, monkeypatch):
    monkeypatch.setattr("bot.store.news.passage_queries.RARE_STEM_PASSAGES", 0)
    monkeypatch.setattr("bot.store.news.passage_queries.COMMON_STEM_PASSAGES", 0)
    old = article("old", "Ships sank in the harbour, the storm came.", days=365 * 60)
    await keep(store, old, article("new", "Ships sank in the harbour, a storm came."))
    day = old.published_at
    near = {"since": day - timedelta(days=40), "until": day + timedelta(days=40)}
    assert await ids(store, "ships sank harbour", **near) == {old.id}
    assert await ids(store, "ships sank harbour", until=day + timedelta(days=40)) == {old.id}
    assert await ids(store, "ships sank harbour", until=day - timedelta(days=40)) == set()
    assert len(await ids(store, "ships sank harbour", since=day - timedelta(days=40))) == 2


async def test_rewriting_waits_for_the_readers_that_still_see_what_was_removed(store, monkeypatch):
    if store.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's log is emptied when its readers have ended")
    monkeypatch.setattr(scrub, "LOCK_MILLISECONDS", 10**7)  # only the reader's end may end it
    await keep(store, article("a", "The xylozeppelin sank.", scope=ROOM), article("b", "The ferry sank."))
    async with store.database.engine.connect() as reader:
        await reader.execute(sa.text("BEGIN ISOLATION LEVEL REPEATABLE READ"))
        await reader.execute(sa.text("SELECT count(*) FROM feed"))
        forgetting = asyncio.create_task(store.forget(channel="c"))
        done, _ = await asyncio.wait({forgetting}, timeout=0.5)
        assert not done
        await reader.execute(sa.text("COMMIT"))
    await forgetting
    assert b"xylozeppelin" not in await index_bytes(store)


async def test_rewriting_waits_for_the_writers_of_other_databases_of_the_server(store, monkeypatch):
    if store.database.engine.dialect.name != "postgresql":
        pytest.skip("a SQLite file is a database of its own")
    monkeypatch.setattr(scrub, "LOCK_MILLISECONDS", 10**7)  # only the writer's end may end it
    other = create_async_engine(store.database.engine.url.set(database="postgres"))
    async with other.connect() as writer:
        await writer.execute(sa.text("SELECT pg_current_xact_id()"))
        await keep(store, article("a", "The xylozeppelin sank.", scope=ROOM), article("b", "The ferry sank."))
        forgetting = asyncio.create_task(store.forget(channel="c"))
        done, _ = await asyncio.wait({forgetting}, timeout=0.5)
        assert not done
        await writer.execute(sa.text("COMMIT"))
    await other.dispose()
    await forgetting
    assert b"xylozeppelin" not in await index_bytes(store)


async def test_of_a_large_table_the_index_is_made_anew(store, monkeypatch):
    monkeypatch.setattr(scrub, "MAX_REWRITTEN_BYTES", 0)
    await keep(store, article("a", "The xylozeppelin sank.", scope=ROOM), article("b", "The ferry sank."))
    await store.forget(channel="c")
    assert b"xylozeppelin" not in await index_bytes(store)
    assert len(await ids(store, "ferry")) == 1


async def test_a_vector_is_kept_with_its_passage_for_the_encoder_that_made_it(store):
    await keep(store, article("a", "The ferry sank."), article("b", "The ferry sailed."))
    one, two = await found(store, "ferry")
    await store.search.keep_vectors({one: b"1", two: b"2"}, encoder="enc-a")
    assert await store.search.vectors([one.id, two.id, 3], encoder="enc-a") == {one.id: b"1", two.id: b"2"}
    assert await store.search.vectors([one.id], encoder="enc-b") == {}
    assert await store.search.vectors([], encoder="enc-a") == {}


async def test_another_encoders_vector_takes_the_place_of_the_one_before(store):
    await keep(store, article("a", "The ferry sank."))
    (hit,) = await found(store, "ferry")
    await store.search.keep_vectors({hit: b"1"}, encoder="enc-a")
    await store.search.keep_vectors({hit: b"2"}, encoder="enc-b")
    assert await vectors(store) == [("enc-b", b"2", "", "")]


async def test_a_vector_goes_with_its_passage_and_none_is_kept_for_one_that_is_gone(store):
    await keep(store, article("a", "The ferry sank."))
    (hit,) = await found(store, "ferry")
    await store.search.keep_vectors({hit: b"1"}, encoder="enc-a")
    await keep(store, article("a", "The ferry was saved.", revision=2))
    assert await vectors(store) == []
    await store.search.keep_vectors({hit: b"1"}, encoder="enc-a")
    assert await vectors(store) == []


async def test_a_channels_vectors_are_the_channels_and_forgotten_with_it(store):
    await keep(store, article("a", "The ferry sank.", scope=ROOM), article("b", "The ferry sailed."))
    hits = await found(store, "ferry", by=ROOM)
    await store.search.keep_vectors(dict.fromkeys(hits, b"1"), encoder="enc-a")
    assert sorted(row[2:] for row in await vectors(store)) == [("", ""), ("w", "c")]
    await store.forget(channel="c")
    assert await vectors(store) == [("enc-a", b"1", "", "")]


async def vectors(store):
    table = tables.passage_vector.c
    wanted = sa.select(table.encoder, table.vector, table.workspace, table.channel)
    async with store.database.reading() as connection:
        return [(row[0], bytes(row[1]), *row[2:]) for row in await connection.execute(wanted)]
