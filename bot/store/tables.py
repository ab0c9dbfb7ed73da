"""Every table, once; migrations bring a database to this shape and a test compares the two.

Rows that hold a channel's own matter carry their scope: workspace, channel, visibility.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware UTC time as microseconds since 1970: sorts and compares the same on every engine."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002
        """Return ``value`` as microseconds; refuses a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        delta = value - _EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Return the aware UTC time of ``value``."""
        return None if value is None else _EPOCH + _MICROSECOND * int(value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = datetime.resolution

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _scope() -> list[sa.Column[Any]]:
    return [
        sa.Column("workspace", sa.Text, nullable=False, server_default=""),
        sa.Column("channel", sa.Text, nullable=False, server_default=""),
        sa.Column("visibility", sa.Text, nullable=False, server_default="shared"),
    ]


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
    *_scope(),
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
)

article = sa.Table(
    "article",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("latest", sa.Boolean, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
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
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    *_scope(),
    sa.CheckConstraint("revision >= 1", name="revision"),
    sa.Index("ix_article_fetched_at", "fetched_at"),
    sa.Index("ix_article_published_at", "published_at"),
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
    *_scope(),
)

story_article = sa.Table(
    "story_article",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("story_id", sa.ForeignKey("story.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("why", sa.JSON, nullable=False),
)

corpus = sa.Table(
    "corpus",
    metadata,
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

briefing = sa.Table(
    "briefing",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("untold", sa.JSON(none_as_null=True)),  # what its channel will know once it is delivered
    *_scope(),
    sa.Index("ix_briefing_destination_made_at", "destination", "made_at"),
    sa.UniqueConstraint("destination", "slot"),
)

told = sa.Table(
    "told",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("told_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *_scope(),
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
)

# Append-only: a row says what was learned or no longer held (``withdrawn``) at ``recorded_at``.
ledger_entry = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("as_of", UtcTime, nullable=False),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *_scope(),
    sa.CheckConstraint(
        "fact IN ('kind', 'status', 'actor', 'figure', 'expectation', 'disagreement')", name="fact"
    ),
)

briefing_record = sa.Table(
    "briefing_record",
    metadata,
    sa.Column("briefing_id", sa.Text, primary_key=True),
    sa.Column("made_at", UtcTime, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    *_scope(),
)

model_call = sa.Table(
    "model_call",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("workspace", sa.Text, nullable=False, server_default=""),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("prompt_hash", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reserved_tokens", sa.BigInteger, nullable=False),
    sa.Column("reserved_cost", sa.BigInteger, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("cached_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.CheckConstraint("state IN ('reserved', 'done', 'failed')", name="state"),
    sa.Index("ix_model_call_at", "at"),
    sa.Index("ix_model_call_workspace_at", "workspace", "at"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False, index=True),
    sa.Column("timetable", sa.Text, nullable=False),
    sa.Column("paused", sa.Text, nullable=False),
    sa.Column("next_due", UtcTime, index=True),
    sa.Column("enumerated", UtcTime, nullable=False),  # slots up to here have their deliveries
    sa.Column("data", sa.JSON, nullable=False),
    *_scope(),
)

# One row a slot. ``open`` rows whose lease ran out are taken up by whoever comes first, in a new round.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("subscription_id", sa.Text, nullable=False),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("wall", sa.Text, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("lease_until", UtcTime, nullable=False),
    sa.Column("made_at", UtcTime),
    sa.Column("since", UtcTime),
    sa.Column("briefing_id", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("approved", sa.Boolean, nullable=False),
    sa.Column("look_first", sa.Boolean, nullable=False),
    sa.Column("posted_at", UtcTime),
    sa.Column("updated_at", UtcTime, nullable=False),
    *_scope(),
    sa.UniqueConstraint("subscription_id", "wall"),
    sa.Index("ix_delivery_destination_open_due_at", "destination", "open", "due_at"),
    sa.Index("ix_delivery_open_lease_until", "open", "lease_until"),
)

delivery_part = sa.Table(
    "delivery_part",
    metadata,
    sa.Column("delivery_id", sa.ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("of", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    *_scope(),
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    *_scope(),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("taken", UtcTime, nullable=False),
    sa.Column("until", UtcTime, nullable=False),
)

# One row a forgetting, without a word of what was forgotten: running bots see that there was one.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
)

# What full text finds: runs of sentences of each article's latest revision, as stems. Ids grow with the day of
# publication, so that a time is a range of ids. The indexes themselves are each engine's own: see search.py.
passage = sa.Table(
    "passage",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("article_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("published_at", UtcTime, nullable=False),
    sa.Column("known_at", UtcTime, nullable=False),  # when the article's first revision came
    sa.Column("titled", sa.Integer, nullable=False),  # how many of the stems are the title's; they come first
    sa.Column("stems", sa.Text, nullable=False),
    *_scope(),
    sa.ForeignKeyConstraint(
        ["article_id", "revision"], ["article.id", "article.revision"], ondelete="CASCADE"
    ),
    sa.Index("ix_passage_article_id_revision", "article_id", "revision"),
)

# What an encoder made of a passage; ``encoder`` names it, for vectors of two are not comparable.
passage_vector = sa.Table(
    "passage_vector",
    metadata,
    sa.Column(
        "passage_id",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa.ForeignKey("passage.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("encoder", sa.Text, nullable=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    *_scope(),
)

# How many shared passages hold a stem; those of one channel are not counted, so that nothing of them stays here.
passage_stem = sa.Table(
    "passage_stem",
    metadata,
    sa.Column("stem", sa.Text, primary_key=True),
    sa.Column("passages", sa.Integer, nullable=False),
)

# How many ids of a day are given away.
passage_day = sa.Table(
    "passage_day",
    metadata,
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("used", sa.Integer, nullable=False),
)

# Articles that are still to be cut into passages: those of an archive from before there was full text.
passage_backlog = sa.Table(
    "passage_backlog",
    metadata,
    sa.Column("article_id", sa.Text, primary_key=True),
    sa.Column("published_at", UtcTime, nullable=False),
)

# Requests that were begun, so that each acts once, and so that a workspace's can be counted.
seen = sa.Table(
    "seen",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    *_scope(),
    sa.Index("ix_seen_workspace_at", "workspace", "at"),
)

thread = sa.Table(
    "thread",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("root", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("stories", sa.JSON, nullable=False),
    sa.Column("kept_under", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    *_scope(),
)

turn = sa.Table(
    "turn",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("stories", sa.JSON, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("document", sa.JSON, nullable=False),
    *_scope(),
    sa.Index("ix_turn_destination_root", "destination", "root"),
)

# When each person last looked at what had changed.
look = sa.Table(
    "look",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("asker", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False),
    *_scope(),
)

story_choice = sa.Table(
    "story_choice",
    metadata,
    sa.Column("destination", sa.Text, primary_key=True),
    sa.Column("story_id", sa.Text, primary_key=True),
    sa.Column("want", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("status", sa.JSON(none_as_null=True)),
    *_scope(),
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", UtcTime, nullable=False, index=True),
    sa.Column("destination", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    sa.Column("briefing_id", sa.Text, nullable=False),
    sa.Column("story_id", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("useful", sa.Boolean, nullable=False),
    *_scope(),
)

# The bot in one workspace of a platform; ``secret`` holds its tokens, encrypted with the operator's key.
installation = sa.Table(
    "installation",
    metadata,
    sa.Column("platform", sa.Text, primary_key=True),
    sa.Column("workspace", sa.Text, primary_key=True),
    sa.Column("expires_at", UtcTime),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
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
    *_scope(),
)

# Where one of our accounts was seen to be: in a channel, or, with no channel, in a workspace.
sighting = sa.Table(
    "sighting",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    *_scope(),
)
