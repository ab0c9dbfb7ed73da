"""Everything that is kept, by aggregate."""

from bot.store.briefings.briefings import Briefings
from bot.store.engine import Database, open_database
from bot.store.news.articles import Articles, Key, KnownText, Noted, StoredDraft
from bot.store.news.feeds import Feeds, IngestRun
from bot.store.news.set_aside import Kind, SetAside
from bot.store.news.stories import Placement, StoredProfile, Stories
from bot.store.store import Store, open_store
from bot.store.talk.links import Links, StoredLink

__all__ = [
    "Articles",
    "Briefings",
    "Database",
    "Feeds",
    "IngestRun",
    "Key",
    "Kind",
    "KnownText",
    "Links",
    "Noted",
    "Placement",
    "SetAside",
    "Store",
    "StoredDraft",
    "StoredLink",
    "StoredProfile",
    "Stories",
    "open_database",
    "open_store",
]
