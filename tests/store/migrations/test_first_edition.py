"""A database of the first edition with what its channels were sent: nothing of it comes back as news, on both engines."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.briefing import Writer
from bot.model.news import sentences_of
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from bot.store import open_store
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, OFFERED, WANTED, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
NEXT = NOON + timedelta(days=1)
NEW_TABLES = (
    "channel_setting",
    "watch",
    "form_draft",
    "story_update_translation",
    "story_update_reply",
    "story_update_article",
    "story_update",
    "story_edit",
    "story_tie",
    "corpus_term",
    "story_term",
    "story_backlog",
)
NEW_KEYS = {"sentences", "facts", "before"}  # of what a channel was sent of a story
DEAL = "Orsund Line and the seafarers' union agreed in Brekk on Tuesday on a rise in pay of 5 percent for the ferry crews."
AGREED = fact("Orsund Line and the seafarers' union agreed on a rise in pay of 5 percent.", 7, importance=3)


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request, tmp_path):
    """Return the address of an empty database as we write it, and as the toolkit's plain driver does."""
    if request.param == "sqlite":
        return (f"sqlite:///{tmp_path / 'w.db'}",) * 2
    url = request.getfixturevalue("new_postgres_url")
    return url, url.replace("postgresql://", "postgresql+psycopg://", 1)


async def brief(store, model=None, *, at=NOON):
    session = ModelSession(model=model, kinds=KINDS, fence=fence_of) if model else None
    return await brief_channel(
        store=store,
        channel="slack:T1/C1",
        scope=SHARED,
        settings=BriefingSettings(window_hours=48),
        now=at,
        session=session,
    )


def without(sent):
    """Return what a channel was ``sent`` of a story without what the first edition did not keep."""
    kept = {key: value for key, value in sent.items() if key not in NEW_KEYS}
    return kept | {"told_at": kept.pop("sent_at")}


def back_to_the_first_edition(url, *, waiting=False):
    """Take away what later releases added; with ``waiting`` the briefing is a draft that was not posted."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        _named_as_then(connection)
        there = sa.MetaData()
        there.reflect(connection)
        told, briefing = there.tables["told"], there.tables["briefing"]
        sent = {row.story_id: without(_json(row.data)) for row in connection.execute(sa.select(told)).all()}
        for story_id, data in sent.items():
            connection.execute(sa.update(told).where(told.c.story_id == story_id).values(data=data))
        if waiting:
            connection.execute(sa.update(briefing).values(untold=list(sent.values())))
            connection.execute(sa.delete(told))
        counted = dict(connection.execute(sa.text("SELECT term, articles FROM corpus_term")).all())
        there.create_all(connection, tables=[_corpus(there)])
        connection.execute(
            sa.insert(there.tables["corpus"]), {"language": "", "data": _as_kept_then(counted)}
        )
        for row in connection.execute(sa.select(there.tables["story"])).all():
            kept = zlib.compress(json.dumps(_first_editions(row.profile)).encode())
            ours = sa.update(there.tables["story"]).where(there.tables["story"].c.id == row.id)
            connection.execute(ours.values(profile=kept))
        for name in NEW_TABLES:
            connection.execute(sa.text(f"DROP TABLE {name}"))
        for name in ("ix_story_key", "ix_article_text_group", "ix_article_smallest_print"):
            connection.execute(sa.text(f"DROP INDEX {name}"))
        for name in ("name", "key"):
            connection.execute(sa.text(f"ALTER TABLE story DROP COLUMN {name}"))
        connection.execute(sa.text("ALTER TABLE article DROP COLUMN smallest_print"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0019'"))
    engine.dispose()


def _named_as_then(connection):
    """Give what was sent the names that it had."""
    for change in (
        "sent_story RENAME TO told",
        "told RENAME COLUMN sent_at TO told_at",
        "briefing RENAME COLUMN unsent TO untold",
        "notice RENAME COLUMN sent TO told",
    ):
        connection.execute(sa.text(f"ALTER TABLE {change}"))
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER TABLE told RENAME CONSTRAINT pk_sent_story TO pk_told"))


def _corpus(there):
    columns = (sa.Column("language", sa.Text, primary_key=True), sa.Column("data", sa.LargeBinary))
    return sa.Table("corpus", there, *columns)


def _first_editions(profile):
    """Return a profile as that edition kept it: terms without document frequencies, names, any year."""
    now = json.loads(zlib.decompress(profile))
    return [now["count"], now["last"], dict.fromkeys(now["vector"], 0.2), {"omar": 1}, {"2003": 1}]


def _as_kept_then(counted):
    articles = counted.pop("")
    return zlib.compress(json.dumps([articles, counted]).encode())


def _json(data):
    return json.loads(data) if isinstance(data, str) else data


async def test_rule_10_what_the_first_edition_sent_is_kept_as_cited_sentences_and_is_no_news_to_a_model(urls):
    async with open_store(urls[0]) as store:
        await keep(ARTICLES, store=store, at=NOON)
        first = await brief(store)
    cited = sentences_of([c for s in first.stories for b in s.bullets for c in b.citations])
    assert cited
    back_to_the_first_edition(urls[1])
    async with open_store(urls[0]) as store:
        (sent,) = (await store.briefings.sent_stories("slack:T1/C1")).values()
        assert sentences_of(sent.sentences) == cited
        assert sent.before == NOON
        assert await store.updates.of([sent.story_id], by=SHARED) == {sent.story_id: ()}
        assert not await store.articles.unassigned()
        await keep([article("art-2", DEAL, hours=23)], store=store, at=NEXT)
        known = Answers(reply(facts=[WANTED, OFFERED, AGREED]))
        later = await brief(store, known, at=NEXT)
        (story,) = later.stories
        assert story.writer is Writer.MODEL
        assert [b.text for b in story.bullets] == [AGREED["text"]]
        # Read and sent by this release, it is remembered by facts; what was old stays old.
        (again,) = (await store.briefings.sent_stories("slack:T1/C1")).values()
        assert (again.before, len(again.facts) > 0) == (NOON, True)
        more = article("art-3", "Ferry crews of Orsund Line met on the quay in Brekk on Wednesday.", hours=47)
        await keep([more], store=store, at=NEXT + timedelta(days=1))
        met = Answers(reply(facts=[fact("Ferry crews of Orsund Line met on the quay in Brekk.", 1)]))
        third = await brief(store, met, at=NEXT + timedelta(days=1))
        assert [b.text for s in third.stories for b in s.bullets] == [
            "Ferry crews of Orsund Line met on the quay in Brekk."
        ]


async def test_rule_10_a_draft_of_the_first_edition_that_waits_is_remembered_once_it_is_posted(urls):
    async with open_store(urls[0]) as store:
        await keep(ARTICLES, store=store, at=NOON)
        first = await brief(store)
    back_to_the_first_edition(urls[1], waiting=True)
    async with open_store(urls[0]) as store:
        assert await store.briefings.sent_stories("slack:T1/C1") == {}
        assert await store.briefings.get(first.id) == first
        await store.briefings.mark_sent(first.id)
        (sent,) = (await store.briefings.sent_stories("slack:T1/C1")).values()
        assert sentences_of(sent.sentences) == sentences_of(
            [c for s in first.stories for b in s.bullets for c in b.citations]
        )
        assert sent.before == NOON
