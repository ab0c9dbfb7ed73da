"""The store: one database, its aggregates side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import sqlalchemy as sa

from bot.config import Keep
from bot.model.scope import Scope
from bot.store import tables
from bot.store.briefings.briefings import Briefings
from bot.store.briefings.deliveries import Deliveries
from bot.store.briefings.subscriptions import Subscriptions
from bot.store.edits.story_edits import StoryEdits
from bot.store.engine import Database, open_database
from bot.store.forget import forget, last_forgotten
from bot.store.news.articles import Articles
from bot.store.news.feeds import Feeds
from bot.store.news.search import Search
from bot.store.news.set_aside import SetAsideEntries
from bot.store.news.stories import Stories
from bot.store.news.texts import Texts
from bot.store.news.translations import Translations
from bot.store.news.updates import StoryUpdates
from bot.store.retention import prune
from bot.store.rows import own_rows
from bot.store.running.notices import Leases, Notices
from bot.store.running.replays import SeenRequests
from bot.store.running.stored_times import StoredTimes
from bot.store.running.usage import ModelCalls
from bot.store.talk.forms import FormDrafts
from bot.store.talk.installations import InstallationStore
from bot.store.talk.links import Links
from bot.store.talk.readers import Readers
from bot.store.talk.sightings import Sightings
from bot.store.talk.talk import Conversations
from bot.store.talk.watches import Watches


class Store:
    """Feeds, articles, stories, story updates, briefings, model calls, subscriptions and deliveries of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.feeds = Feeds(database)
        self.articles = Articles(database)
        self.texts = Texts(database)
        self.set_aside = SetAsideEntries(database)
        self.stories = Stories(database)
        self.story_edits = StoryEdits(database)
        self.search = Search(database)
        self.updates = StoryUpdates(database)
        self.translations = Translations(database)
        self.briefings = Briefings(database)
        self.model_calls = ModelCalls(database)
        self.subscriptions = Subscriptions(database)
        self.deliveries = Deliveries(database)
        self.links = Links(database)
        self.times = StoredTimes(database)
        self.notices = Notices(database)
        self.leases = Leases(database)
        self.conversations = Conversations(database)
        self.readers = Readers(database)
        self.form_drafts = FormDrafts(database)
        self.watches = Watches(database)
        self.sightings = Sightings(database)
        self.seen_requests = SeenRequests(database)

    async def holds_own(self, by: Scope) -> bool:
        """Return whether the destination ``by`` may read any private article or feed."""
        if not (by.workspace or by.channel):
            return False
        own = [
            sa.exists().select_from(table).where(own_rows(table, by))
            for table in (tables.feed, tables.article)
        ]
        async with self.database.reading() as connection:
            return bool((await connection.execute(sa.select(sa.or_(*own)))).scalar())

    def installations(self, *keys: str) -> InstallationStore:
        """Return the workspaces that installed the bot, read with ``keys``; raises ``ConfigError`` for a wrong one."""
        return InstallationStore(self.database, keys=keys)

    async def prune(self, *, keep: Keep, now: datetime) -> dict[str, int]:
        """Delete rows older at ``now`` than their retention time; return rows by table."""
        return await prune(self.database, keep=keep, now=now)

    async def forget(
        self, *, workspace: str = "", channel: str = "", user: str = "", whole: bool = False
    ) -> dict[str, int]:
        """Delete all data of a workspace, a channel (its name) or a person; return rows by table.

        Several of them all must match; with ``whole`` large tables are rewritten, however long that takes.
        """
        return await forget(self.database, workspace=workspace, channel=channel, user=user, whole=whole)

    async def last_forgotten(self) -> str:
        """Return the mark of the newest deletion."""
        return await last_forgotten(self.database)


@asynccontextmanager
async def open_store(url: str, *, must_exist: bool = False) -> AsyncIterator[Store]:
    """Yield the store at ``url``, migrated; raises ``StoreError``, or ``NoDatabase`` as ``open_database`` does."""
    database = await open_database(url, must_exist=must_exist)
    try:
        store = Store(database)
        await store.search.catch_up()
        yield store
    finally:
        await database.close()
