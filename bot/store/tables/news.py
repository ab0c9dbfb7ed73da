"""Tables of feeds, articles and stories."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables.base import UtcTime, metadata, scope

feed = sa.Table(
    "feed",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("moved_to", sa.Text, nullable=False),
    *scope(),
    sa.UniqueConstraint("url", "workspace", "channel"),
)

feed_health = sa.Table(
    "feed_health",
    metadata,
    sa.Column("feed_id", sa.ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("last_polled", UtcTime),
    sa.Column("last_success", UtcTime),
    sa.Column("next_poll", UtcTime, index=True),
    sa.Column("interval", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("entries_seen", sa.Integer, nullable=False),
    sa.Column("answered_by", sa.Text, nullable=False, server_default=""),
    sa.Column("redirect", sa.Text, nullable=False, server_default=""),
    sa.Column("redirect_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("redirect_seen", UtcTime),
    sa.Column("old_asked", UtcTime),
)

article = sa.Table(
    "article",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("latest", sa.Boolean, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False, server_default=""),
    sa.Column("outlet", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("published_at", UtcTime, nullable=False),
    sa.Column("date_source", sa.Text, nullable=False),
    sa.Column("utc_offset", sa.Integer, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("text_source", sa.Text, nullable=False),
    sa.Column("text_note", sa.Text, nullable=False),
    sa.Column("originator", sa.Text, nullable=False),
    sa.Column("text_group", sa.Text, nullable=False),
    sa.Column("feed_id", sa.Text, nullable=False),
    sa.Column("fetched_at", UtcTime, nullable=False),
    sa.Column("entry_hash", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),  # prints, sorted, eight bytes each
    sa.Column("page_kind", sa.Text, nullable=False, server_default="article"),
    sa.Column("correction", sa.Text, nullable=False, server_default=""),
    sa.Column("smallest_print", sa.LargeBinary),  # the first of ``fingerprint``: a copy of the text has it
    *scope(),
    sa.CheckConstraint("revision >= 1", name="revision"),
    sa.Index("ix_article_fetched_at", "fetched_at"),
    sa.Index("ix_article_published_at", "published_at"),
    sa.Index("ix_article_text_group", "text_group"),
    sa.Index("ix_article_smallest_print", "smallest_print"),
    sa.Index("ix_article_visibility_workspace_channel", "visibility", "workspace", "channel"),
)

article_key = sa.Table(
    "article_key",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, primary_key=True, server_default=""),
    sa.Column("channel", sa.Text, primary_key=True, server_default=""),
    sa.Column("visibility", sa.Text, nullable=False, server_default="shared"),
    sa.Column("article_id", sa.Text, nullable=False, index=True),
    # Of the feed that listed it under this key: who it is, and the hash of what it said last.
    sa.Column("feed_id", sa.Text, nullable=False, server_default=""),
    sa.Column("entry_hash", sa.Text, nullable=False, server_default=""),
    sa.CheckConstraint("kind IN ('guid', 'link', 'hash')", name="kind"),
)

sentence = sa.Table(
    "sentence",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("paragraph", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["article_id", "revision"], ["article.id", "article.revision"], ondelete="CASCADE"
    ),
)

story = sa.Table(
    "story",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("first_at", UtcTime, nullable=False),
    sa.Column("last_at", UtcTime, nullable=False, index=True),
    sa.Column("profile", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.BigInteger, nullable=False, server_default="0", index=True),  # in ``story_term``
    sa.Column(
        "name", sa.Text, nullable=False, server_default=""
    ),  # given by an editor: it replaces the title
    *scope(),
)

# A story that was merged into another, or two that were split and stay apart.
story_tie = sa.Table(
    "story_tie",
    metadata,
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("other_id", sa.ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("tie", sa.Text, nullable=False),
    *scope(),
    sa.CheckConstraint("tie IN ('merged', 'apart')", name="tie"),
)

# What editors did to stories, only ever added to.
story_edit = sa.Table(
    "story_edit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("story_id", sa.Text, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
    sa.CheckConstraint("verb IN ('merge', 'split', 'rename')", name="verb"),
)

story_article = sa.Table(
    "story_article",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("story_id", sa.ForeignKey("story.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("why", sa.JSON, nullable=False),
)

# How many shared articles hold a term; the row of the empty term counts them all.
corpus_term = sa.Table(
    "corpus_term",
    metadata,
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("articles", sa.Integer, nullable=False),
)

# Which stories a term is among the heaviest of, by their keys: see bot/posting_lists.py.
story_term = sa.Table(
    "story_term",
    metadata,
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, primary_key=True, server_default=""),
    sa.Column("channel", sa.Text, primary_key=True, server_default=""),
    sa.Column("visibility", sa.Text, primary_key=True, server_default="shared"),
    sa.Column("stories", sa.LargeBinary, nullable=False),
)

# Articles that are still to be assigned to a story.
story_backlog = sa.Table(
    "story_backlog",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
)

ingest = sa.Table(
    "ingest",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("started_at", UtcTime, nullable=False, index=True),
    sa.Column("finished_at", UtcTime, nullable=False),
    sa.Column("feeds_due", sa.Integer, nullable=False),
    sa.Column("feeds_read", sa.Integer, nullable=False),
    sa.Column("articles_new", sa.Integer, nullable=False),
    sa.Column("articles_edited", sa.Integer, nullable=False),
    sa.Column("failures", sa.JSON, nullable=False),
    sa.Column("cut_off", sa.Boolean, nullable=False, server_default=sa.false()),
)

# What could not be processed by ``version``: an article, or an entry that is not even kept.
set_aside = sa.Table(
    "set_aside",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("feed_id", sa.Text, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    *scope(),
    sa.CheckConstraint("kind IN ('article', 'entry')", name="kind"),
)

# What new articles added to a story, as it was read once; what it read hangs on it, so that forgetting finds it.
story_update = sa.Table(
    "story_update",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, nullable=False, index=True),
    sa.Column("as_of", UtcTime, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

story_update_article = sa.Table(
    "story_update_article",
    metadata,
    sa.Column("update_id", sa.ForeignKey("story_update.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("article_id", sa.Text, primary_key=True, index=True),
)

# What was asked and answered for an update, as it went over the wire.
story_update_reply = sa.Table(
    "story_update_reply",
    metadata,
    sa.Column("update_id", sa.ForeignKey("story_update.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

# Its lines in another language, one row a language.
story_update_translation = sa.Table(
    "story_update_translation",
    metadata,
    sa.Column("update_id", sa.ForeignKey("story_update.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)

# Pages that were read for a link, one row a link and scope.
link = sa.Table(
    "link",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("asked_at", UtcTime, nullable=False, index=True),
    sa.Column("read_at", UtcTime, nullable=False),
    sa.Column("article_id", sa.Text, nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *scope(),
)
