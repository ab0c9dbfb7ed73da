"""Everything that is kept, by aggregate."""

from bot.store.articles import Articles, Key, KnownText, Noted, StoredDraft
from bot.store.briefings import Briefings
from bot.store.engine import Database, open_database
from bot.store.feeds import Feeds, IngestRun
from bot.store.links import Links, StoredLink
from bot.store.set_aside import Kind, SetAside
from bot.store.store import Store, open_store
from bot.store.stories import Placement, StoredProfile, Stories

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
