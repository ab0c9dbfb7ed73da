"""Retention: how long the rows of each table are kept, and the deletion of older ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import Keep
from bot.model.chat import FINAL
from bot.model.scope import SHARED, Scope, Visibility
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.story_terms import drop_stories
from bot.store.rows import chunks, scope_of

# How old rows get: by table, the time that counts and the key of ``keep`` that says how many days.
RETENTION_COLUMNS = {
    "briefing": ("made_at", "briefings_days"),
    "briefing_record": ("made_at", "briefings_days"),
    "sent_story": ("sent_at", "briefings_days"),
    "delivery": ("due_at", "briefings_days"),
    "notice": ("at", "briefings_days"),
    "ingest": ("finished_at", "briefings_days"),
    "model_call": ("at", "briefings_days"),
    "turn": ("at", "questions_days"),
    "thread": ("at", "questions_days"),
    "look": ("at", "questions_days"),
    "watch": ("asked_at", "questions_days"),
    "report": ("at", "reports_days"),
    "story_edit": ("at", "briefings_days"),
    "link": ("asked_at", "links_days"),
    "story_update_reply": ("at", "replies_days"),
}
# What only has to outlive the moment: that a request was begun, that something was forgotten.
SHORT_RETENTION = {
    "seen": timedelta(days=2),
    "forgotten": timedelta(days=1),
    "form_draft": timedelta(days=1),
    "replay": timedelta(hours=1),
}
# Tables whose rows stay until what they belong to goes, or a person says so.
KEPT_TABLES = frozenset(
    {
        *(
            "feed",
            "feed_health",
            "subscription",
            "story_choice",
            "channel_setting",
            "installation",
            "lease",
            "corpus_term",
            "sighting",
        ),
        *(
            "article",
            "article_key",
            "sentence",
            "story",
            "story_article",
            "story_backlog",
            "story_term",
            "story_tie",
            "story_update",
            "story_update_article",
            "story_update_translation",
            "set_aside",
        ),  # see prune_articles
        *("passage", "passage_vector", "passage_stem", "passage_day", "passage_backlog"),
        "delivery_part",
    }
)
USAGE_RETENTION = timedelta(
    days=40
)  # model calls are counted by day and month: they are kept at least so long


async def prune(database: Database, *, keep: Keep, now: datetime) -> dict[str, int]:
    """Delete rows older at ``now`` than their retention time; return rows by table."""
    counts: dict[str, int] = {}
    statements = []
    for name, lasting in SHORT_RETENTION.items():
        table = tables.metadata.tables[name]
        statements.append((table, sa.delete(table).where(table.c.at < now - lasting)))
    for name, (column, key) in RETENTION_COLUMNS.items():
        days, table = getattr(keep, key), tables.metadata.tables[name]
        if days:
            before = now - max(
                timedelta(days=days), USAGE_RETENTION if table is tables.model_call else timedelta()
            )
            statements.append((table, sa.delete(table).where(table.c[column] < before, _at_rest(table))))
    async with database.writing() as connection:
        for table, statement in statements:
            done = await connection.execute(statement)
            if done.rowcount:
                counts[table.name] = done.rowcount
        if keep.links_days:
            counts |= await _prune_pages(connection, before=now - timedelta(days=keep.links_days))
        if keep.articles_days:
            removed = await _prune_articles(connection, before=now - timedelta(days=keep.articles_days))
            counts |= {"article": counts.get("article", 0) + removed} if removed else {}
        # What hangs on articles is looked for only where one went: it takes long, and others wait to write.
        if counts.get("article"):
            add_counts(counts, await delete_orphans(connection))
        await _prune_set_aside(connection)
    return counts


def _linked() -> sa.ColumnElement[bool]:
    """Return which articles are pages behind links that people gave."""
    article = tables.article
    # Named one by one, they are found by an index: nearly all articles are shared.
    narrow = [kind.value for kind in Visibility if kind is not SHARED.visibility]
    return sa.and_(article.c.feed_id == "", article.c.visibility.in_(narrow))


def _at_rest(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return which rows nothing is still to be done with."""
    if table is tables.delivery:
        return table.c.state.in_([state.value for state in FINAL])
    return table.c.sent if table is tables.notice else sa.true()


async def _prune_pages(connection: AsyncConnection, *, before: datetime) -> dict[str, int]:
    """Remove the pages behind links that nobody gave since ``before``; return rows by table.

    Of a channel's own story that goes on without one, what the page made is removed too: the title is the oldest
    article's.
    """
    article, keyed, placed = tables.article, tables.article_key, tables.story_article
    story = tables.story
    asked = sa.exists().where(tables.link.c.article_id == article.c.id)
    found = await connection.execute(
        sa.select(article.c.id)
        .distinct()
        .where(_linked(), article.c.latest, article.c.fetched_at < before, ~asked)
    )
    counts: Counter[str] = Counter()
    for ids in chunks([row[0] for row in found]):
        own = sa.select(placed.c.story_id).join(story, story.c.id == placed.c.story_id)
        own = own.where(placed.c.article_id.in_(ids), story.c.visibility != SHARED.visibility.value)
        touched = {row[0] for row in await connection.execute(own)}
        for table, column in (
            (keyed, keyed.c.article_id),
            (placed, placed.c.article_id),
            (article, article.c.id),
        ):
            counts[table.name] += (await connection.execute(sa.delete(table).where(column.in_(ids)))).rowcount
        empty = sa.and_(story.c.id.in_(touched), ~sa.exists().where(placed.c.story_id == story.c.id))
        await _drop_from_index(connection, empty)
        await connection.execute(sa.delete(story).where(empty))
        await connection.execute(
            sa.update(story).where(story.c.id.in_(touched)).values(title=_oldest_title())
        )
    return {name: count for name, count in counts.items() if count}


async def _drop_from_index(connection: AsyncConnection, removed: sa.ColumnElement[bool]) -> None:
    """Remove from the index the stories that are ``removed``: no word of a page that only some could read stays in it."""
    by_scope: defaultdict[Scope, list[str]] = defaultdict(list)
    c = tables.story.c
    wanted = sa.select(c.id, c.workspace, c.channel, c.visibility).where(removed)
    for row in (await connection.execute(wanted)).mappings():
        by_scope[scope_of(dict(row))].append(row["id"])
    for scope, ids in by_scope.items():
        await drop_stories(connection, ids, scope=scope)


def _oldest_title() -> sa.ScalarSelect[str]:
    """Return the title of the oldest article of a story."""
    article, placed = tables.article, tables.story_article
    return (
        sa.select(article.c.title)
        .join(placed, placed.c.article_id == article.c.id)
        .where(placed.c.story_id == tables.story.c.id, article.c.latest)
        .order_by(article.c.published_at, article.c.id)
        .limit(1)
        .scalar_subquery()
    )


async def _prune_articles(connection: AsyncConnection, *, before: datetime) -> int:
    """Remove the stories that ended before ``before``, with their articles, and older articles of no story.

    A story that goes on keeps all of its articles: its ledger is folded from them. Articles' keys stay, so that a
    feed that still lists one does not bring it again.
    """
    article, placed, story = tables.article, tables.story_article, tables.story
    ended = sa.select(story.c.id).where(story.c.last_at < before)
    alone = ~sa.exists().where(placed.c.article_id == article.c.id)
    of_ended = article.c.id.in_(sa.select(placed.c.article_id).where(placed.c.story_id.in_(ended)))
    old = sa.and_(alone, article.c.published_at < before, article.c.fetched_at < before)
    removed = await connection.execute(sa.delete(article).where(~_linked(), sa.or_(of_ended, old)))
    await connection.execute(sa.delete(story).where(story.c.last_at < before))
    return removed.rowcount


async def delete_orphans(connection: AsyncConnection) -> dict[str, int]:
    """Delete rows of deleted articles that no foreign key covers; return the deleted rows by table."""
    for table in (tables.story_article, tables.story_backlog, tables.passage_backlog):
        gone = ~sa.exists().where(tables.article.c.id == table.c.article_id)
        await connection.execute(sa.delete(table).where(gone))
    return await _unread(connection)


async def _unread(connection: AsyncConnection) -> dict[str, int]:
    """Remove the story updates that read an article that is gone: what the others carry is read again."""
    update, read = tables.story_update, tables.story_update_article
    gone = sa.select(read.c.update_id).where(~sa.exists().where(tables.article.c.id == read.c.article_id))
    removed = await connection.execute(sa.delete(update).where(update.c.id.in_(gone)))
    return {update.name: removed.rowcount}


def add_counts(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """Add ``more`` rows by table to ``counts``, which has no entry for none."""
    for name, count in more.items():
        if count:
            counts[name] = counts.get(name, 0) + count


async def _prune_set_aside(connection: AsyncConnection) -> None:
    """Remove what was set aside, with its article or its feed."""
    table = tables.set_aside
    owner = sa.case(
        (table.c.kind == "article", sa.exists().where(tables.article.c.id == table.c.id)),
        else_=sa.exists().where(tables.feed.c.id == table.c.feed_id),
    )
    await connection.execute(sa.delete(table).where(~owner))
