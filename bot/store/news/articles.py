"""Articles: every revision with its numbered sentences, and the keys by which an article is recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.faults import Fault, Faults, ends_all
from bot.model.news import OUTSIDE_STORIES, Article, PageKind
from bot.model.scope import SHARED, Scope
from bot.store import tables
from bot.store.engine import Database
from bot.store.news.article_keys import each_kind, forgotten_of, known_of, parameters_of
from bot.store.news.article_rows import (
    FeedListing,
    Key,
    KnownText,
    StoredDraft,
    known_text,
    read_articles,
    save_articles,
)
from bot.store.news.passages import Cut, cut_all
from bot.store.rows import (
    WHOLE_ARTICLES_PER_CALL,
    chunks,
    one_of,
    one_of_those,
    readable_rows,
    scope_columns,
    scope_of,
    upsert,
)

_WAITING_COLUMNS = "id published_at title workspace channel visibility".split()
# Made once: to make a statement of so many columns takes longer than to execute it.
_REVISIONS_OF = sa.select(tables.article).where(one_of_those(tables.article.c.id, "ids"))
_NEWEST_OF = _REVISIONS_OF.where(tables.article.c.latest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The errors of articles that could not be stored, by article id."""

    unkept: Mapping[str, Fault]  # the database does not take it
    uncut: Mapping[str, Fault]  # it is kept, and full text does not find it


class Articles:
    """What was read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, keys: Iterable[Key], scope: Scope) -> dict[Key, KnownText]:
        """Return the article behind each of ``keys`` that is known in ``scope``."""
        found: dict[Key, KnownText] = {}
        async with self._database.reading() as connection:
            for of in each_kind(keys):
                rows = (await connection.execute(known_of(len(of)), parameters_of(of, scope))).mappings()
                found |= {(row["kind"], row["value"]): known_text(dict(row)) for row in rows}
        return found

    async def add_listings(self, noted: Sequence[FeedListing]) -> None:
        """Store which feeds list which articles, and what they said of them."""
        rows = {
            (key, one.scope): {"kind": key[0], "value": key[1], "article_id": one.article_id}
            | {"feed_id": one.feed_id, "entry_hash": one.entry_hash}
            | scope_columns(one.scope)
            for one in noted
            for key in one.keys
        }
        if rows:
            async with self._database.writing() as connection:
                await upsert(connection, tables.article_key, list(rows.values()))
                for article_id, outlet in {one.article_id: one.outlet for one in noted if one.outlet}.items():
                    table = tables.article
                    await connection.execute(
                        sa.update(table)
                        .where(table.c.id == article_id, table.c.outlet != outlet)
                        .values(outlet=outlet)
                    )

    async def forgotten_keys(self, keys: Iterable[Key], scope: Scope) -> set[Key]:
        """Return those of ``keys`` whose article was stored once and has been deleted."""
        found: set[Key] = set()
        async with self._database.reading() as connection:
            for of in each_kind(keys):
                rows = await connection.execute(forgotten_of(len(of)), parameters_of(of, scope))
                found |= {(row[0], row[1]) for row in rows}
        return found

    async def at(self, link: str, *, by: Scope) -> Article | None:
        """Return the article of a feed at the canonical address ``link`` that ``by`` may read; of several, that with the widest scope."""
        key, table = tables.article_key, tables.article
        statement = (
            sa.select(table)
            .join(key, key.c.article_id == table.c.id)
            .where(key.c.kind == "link", key.c.value == link, readable_rows(key, by))
            .where(table.c.latest, table.c.feed_id != "", readable_rows(table, by))
            .order_by((table.c.visibility != SHARED.visibility.value), table.c.fetched_at, table.c.id)
            .limit(1)
        )
        async with self._database.reading() as connection:
            found = await read_articles(connection, statement)
        return found[0] if found else None

    async def feed_counts(self, ids: Iterable[str]) -> dict[str, int]:
        """Return the number of feeds that list each of ``ids``, if it is more than one."""
        key = tables.article_key.c
        found: dict[str, int] = {}
        async with self._database.reading() as connection:
            for part in chunks(ids):
                rows = await connection.execute(
                    sa.select(key.article_id, sa.func.count(sa.distinct(key.feed_id)))
                    .where(key.article_id.in_(part), key.feed_id != "")
                    .group_by(key.article_id)
                )
                found |= {row[0]: row[1] for row in rows if row[1] > 1}
        return found

    async def links(self, article_id: str) -> list[str]:
        """Return the canonical addresses that an article is known by."""
        key = tables.article_key.c
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(key.value).where(key.article_id == article_id, key.kind == "link")
            )
            return [row[0] for row in rows]

    async def save(self, drafts: Sequence[StoredDraft], *, faults: Faults | None = None) -> Refused:
        """Store ``drafts``; one whose id exists with a lower revision becomes its latest revision.

        Return the articles that could not be stored, and those that could not be indexed; one failure does not stop the others.
        """
        faults = faults or Faults()
        unkept: dict[str, Fault] = {}
        uncut: dict[str, Fault] = {}
        for part in chunks(drafts, WHOLE_ARTICLES_PER_CALL):
            cuts, failed = await cut_all([draft.article for draft in part], faults=faults)
            uncut |= failed
            try:
                await self._save(part, cuts)
            except Exception as error:
                if ends_all(error):
                    raise
                for draft, cut in zip(part, cuts, strict=True):
                    done = await faults.guard(self._save([draft], [cut]), doing="keeping an article")
                    if isinstance(done, Fault):
                        unkept[draft.article.id] = done
        return Refused(unkept=unkept, uncut={key: uncut[key] for key in uncut if key not in unkept})

    async def _save(self, drafts: Sequence[StoredDraft], cuts: Sequence[Cut]) -> None:
        async with self._database.writing() as connection:
            await save_articles(connection, drafts, cuts)

    async def many(self, ids: Iterable[str]) -> list[Article]:
        """Return the latest revisions of ``ids``, oldest first; unknown ids are left out."""
        found = await self._of(ids, _NEWEST_OF)
        return sorted(found, key=lambda a: a.sort_key)

    async def revision(self, article_id: str, revision: int) -> Article | None:
        """Return exactly this revision: what a citation points to."""
        table = tables.article
        async with self._database.reading() as connection:
            found = await read_articles(
                connection, sa.select(table).where(table.c.id == article_id, table.c.revision == revision)
            )
        return found[0] if found else None

    async def revisions(self, ids: Iterable[str]) -> list[Article]:
        """Return every revision of ``ids``, in the order they came."""
        found = await self._of(ids, _REVISIONS_OF)
        return sorted(found, key=lambda a: (a.fetched_at, a.sort_key, a.revision))

    async def as_of(self, ids: Iterable[str], at: datetime) -> list[Article]:
        """Return ``ids`` as they were known at ``at``: the newest revision stored by then, oldest article first."""
        known = {article.id: article for article in await self.revisions(ids) if article.fetched_at <= at}
        return sorted(known.values(), key=lambda a: a.sort_key)

    async def _of(self, ids: Iterable[str], statement: sa.Select[Any]) -> list[Article]:
        found: list[Article] = []
        async with self._database.reading() as connection:
            for part in chunks(ids, WHOLE_ARTICLES_PER_CALL):
                found += await read_articles(connection, statement, {"ids": part})
        return found

    async def came_between(
        self,
        since: datetime,
        until: datetime,
        *,
        by: Scope = SHARED,
        published_since: datetime | None = None,
        edited: timedelta = timedelta(),
    ) -> list[str]:
        """Return the ids of articles readable by ``by`` that came or were edited after ``since``, not after ``until``.

        With ``published_since`` only those published since then, or ``edited`` up to so much longer after they were.
        Pages behind pasted links are not among them: they did not come, they were fetched.
        """
        table = tables.article
        recent: sa.ColumnElement[bool] = sa.true()
        if published_since:
            later = (table.c.revision > 1) & (table.c.published_at >= published_since - edited)
            recent = sa.or_(table.c.published_at >= published_since, later)
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.id, sa.func.min(table.c.published_at))
                .where(
                    table.c.fetched_at > since,
                    table.c.fetched_at <= until,
                    readable_rows(table, by),
                    recent,
                    sa.or_(table.c.feed_id != "", table.c.visibility == SHARED.visibility.value),
                )
                .group_by(table.c.id)
                .order_by(sa.func.min(table.c.published_at), table.c.id)
            )
            return [row[0] for row in rows]

    async def edited_between(self, since: datetime, until: datetime) -> list[str]:
        """Return the ids of articles of which a later revision came after ``since``, not after ``until``."""
        table = tables.article
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table.c.id)
                .distinct()
                .where(table.c.revision > 1, table.c.fetched_at > since, table.c.fetched_at <= until)
            )
            return sorted(row[0] for row in rows)

    async def unassigned(self) -> dict[str, Scope]:
        """Return the articles without a story and their scopes, by id, oldest first.

        What this version of the program has set aside is not among them, nor are roundups: they are of many stories.
        """
        table, placed, aside = tables.article, tables.story_article, tables.set_aside
        ours = (aside.c.id == table.c.id) & (aside.c.version == self._database.version)
        found: list[dict[str, Any]] = []
        async with self._database.reading() as connection:
            waiting = (await connection.execute(sa.select(tables.story_backlog.c.article_id))).scalars().all()
            # Named one by one: an engine that may choose looks at all articles in their order.
            for part in chunks(waiting):
                rows = await connection.execute(
                    sa.select(*(table.c[name] for name in _WAITING_COLUMNS))
                    .outerjoin(placed, placed.c.article_id == table.c.id)
                    .where(
                        one_of(table.c.id, part),
                        table.c.latest,
                        table.c.page_kind.not_in([kind.value for kind in OUTSIDE_STORIES]),
                        placed.c.article_id.is_(None),
                        ~sa.exists().where(ours),
                    )
                )
                found += [dict(row) for row in rows.mappings()]
        found.sort(key=lambda row: (row["published_at"], row["title"], row["id"]))
        return {row["id"]: scope_of(row) for row in found}

    async def set_arrival(self, ids: Sequence[str], at: datetime) -> None:
        """Store that ``ids`` arrived at ``at`` and not before: until now they were in no story."""
        table = tables.article
        async with self._database.writing() as connection:
            for part in chunks(ids):
                await connection.execute(
                    sa.update(table)
                    .where(table.c.id.in_(part), table.c.fetched_at < at)
                    .values(fetched_at=at)
                )

    async def set_text_groups(self, articles: Sequence[Article]) -> None:
        """Store the text groups and the originators of ``articles``."""
        table = tables.article
        change = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("of"), table.c.revision == sa.bindparam("at"))
            .values(text_group=sa.bindparam("group"), originator=sa.bindparam("source"))
        )
        rows = [
            {"of": a.id, "at": a.revision, "group": a.text_group, "source": a.originator} for a in articles
        ]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(change, rows)

    async def set_kind(self, ids: Sequence[str], kind: PageKind, *, note: str) -> None:
        """Store that the latest revisions of ``ids`` are of a ``kind`` that belongs to no story, and why."""
        table, waiting = tables.article, tables.story_backlog
        async with self._database.writing() as connection:
            for part in chunks(ids):
                change = sa.update(table).where(table.c.id.in_(part), table.c.latest)
                await connection.execute(change.values(page_kind=kind.value, text_note=note))
                await connection.execute(sa.delete(waiting).where(waiting.c.article_id.in_(part)))

    async def reread_at_next_poll(self, ids: Sequence[str]) -> None:
        """Let the entries of ``ids`` be read again at the next poll that lists them."""
        table, key = tables.article, tables.article_key
        async with self._database.writing() as connection:
            for part in chunks(ids):
                articles = sa.update(table).where(table.c.id.in_(part), table.c.latest)
                await connection.execute(articles.values(entry_hash=""))
                keys = sa.update(key).where(key.c.article_id.in_(part))
                await connection.execute(keys.values(entry_hash=""))

    async def count(self) -> int:
        """Return the number of stored articles."""
        async with self._database.reading() as connection:
            statement = sa.select(sa.func.count()).select_from(tables.article).where(tables.article.c.latest)
            return (await connection.execute(statement)).scalar_one()
