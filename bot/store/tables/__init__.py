"""Every table, once; migrations bring a database to this shape and a test compares the two.

Rows that hold a channel's own matter carry their scope: workspace, channel, visibility.
"""

from bot.store.tables.base import UtcTime, metadata
from bot.store.tables.briefings import (
    briefing,
    briefing_record,
    delivery,
    delivery_part,
    model_call,
    subscription,
    told,
)
from bot.store.tables.news import (
    article,
    article_key,
    corpus,
    feed,
    feed_health,
    ingest,
    ledger_entry,
    link,
    sentence,
    set_aside,
    story,
    story_article,
    story_edit,
    story_tie,
    story_update,
    story_update_article,
    story_update_reply,
)
from bot.store.tables.running import forgotten, installation, lease, notice, replay, sighting
from bot.store.tables.search import passage, passage_backlog, passage_day, passage_stem, passage_vector
from bot.store.tables.talk import channel_setting, look, report, seen, story_choice, thread, turn

__all__ = [
    "UtcTime",
    "article",
    "article_key",
    "briefing",
    "briefing_record",
    "channel_setting",
    "corpus",
    "delivery",
    "delivery_part",
    "feed",
    "feed_health",
    "forgotten",
    "ingest",
    "installation",
    "lease",
    "ledger_entry",
    "link",
    "look",
    "metadata",
    "model_call",
    "notice",
    "passage",
    "passage_backlog",
    "passage_day",
    "passage_stem",
    "passage_vector",
    "replay",
    "report",
    "seen",
    "sentence",
    "set_aside",
    "sighting",
    "story",
    "story_article",
    "story_choice",
    "story_edit",
    "story_tie",
    "story_update",
    "story_update_article",
    "story_update_reply",
    "subscription",
    "thread",
    "told",
    "turn",
]
