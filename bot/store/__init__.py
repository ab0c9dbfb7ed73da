"""The database, one module for each aggregate."""

from bot.store.briefings.briefings import Briefings
from bot.store.engine import Database, open_database
from bot.store.news.article_rows import FeedListing, Key, KnownText, StoredDraft
from bot.store.news.articles import Articles
from bot.store.news.feeds import Feeds, IngestRun
from bot.store.news.set_aside import SetAside, SetAsideKind
from bot.store.news.stories import StoredProfile, Stories, StoryMembership
from bot.store.news.story_terms import ALL_ARTICLES, KeptProfile
from bot.store.store import Store, open_store
from bot.store.talk.links import Links, StoredLink

__all__ = [
    "ALL_ARTICLES",
    "Articles",
    "Briefings",
    "Database",
    "FeedListing",
    "Feeds",
    "IngestRun",
    "KeptProfile",
    "Key",
    "KnownText",
    "Links",
    "SetAside",
    "SetAsideKind",
    "Store",
    "StoredDraft",
    "StoredLink",
    "StoredProfile",
    "Stories",
    "StoryMembership",
    "open_database",
    "open_store",
]
