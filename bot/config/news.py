"""Configuration of reading, stories, briefings, answers and retention."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator

from bot.config.section import ConfigSection


class Fetch(ConfigSection):
    """How outside addresses are read."""

    user_agent: str = Field(
        default="Wirebrief/0.3 (self-hosted news briefing)",
        min_length=3,
        max_length=200,
        description="Name sent to publishers; add an address where they can reach you.",
    )
    concurrency: int = Field(default=16, ge=1, le=200, description="Addresses read at the same time.")
    workers: int = Field(default=2, ge=1, le=32, description="Parser processes.")
    full_text: bool = Field(
        default=True, description="Read an entry's page when its feed carries less than the whole text."
    )
    feed_deadline: float = Field(default=8.0, gt=0, le=120, description="Seconds for one feed, in total.")
    page_deadline: float = Field(default=8.0, gt=0, le=120, description="Seconds for one page, in total.")
    parse_deadline: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="Seconds of a processor that a parser gets before its process is ended; ten times as many by the clock.",
    )
    first_poll_entries: int = Field(
        default=20, ge=1, le=500, description="Entries taken from a new feed at most."
    )
    max_entries: int = Field(default=500, ge=1, le=5000, description="Entries read from one feed document.")
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description='HTTP proxy for feeds and pages, as "http://proxy.corp:3128" or with "user:password@"; names are still resolved here, and the proxy is given addresses.',
    )
    allow: tuple[str, ...] = Field(
        default=(), description='Private hosts that may be read, as "host" or "host:port" or a network.'
    )


class BriefingSettings(ConfigSection):
    """What a briefing made without a subscription looks like."""

    title: str = Field(default="Morning briefing", max_length=80, description="First line of a briefing.")
    timezone: str = Field(
        default="UTC", description="Time zone of a briefing's dates, such as Europe/Berlin."
    )
    language: str = Field(
        default="en", pattern="^(en|de|fr|es)$", description="Language of the labels: en, de, fr or es."
    )
    translate: bool = Field(
        default=True,
        description="With a model, show news in other languages than that of the labels in it, where the translation passes the check; languages that a subscription's filter names stay as they are.",
    )
    stories: int = Field(default=7, ge=1, le=20, description="Stories of a briefing with all their lines.")
    interests: tuple[str, ...] = Field(
        default=(), description='Words that raise the rank of a story, such as "ceasefire".'
    )
    second_look: bool = Field(
        default=True,
        description="Ask the model again about statements that share few words with their source.",
    )
    window_hours: int = Field(
        default=24, ge=1, le=336, description="How far back a channel's first briefing looks."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("no such time zone; names look like Europe/Berlin") from error
        return value


class StorySettings(ConfigSection):
    """What stories are made of."""

    kinds_folder: str = Field(
        default="",
        description="Folder with kinds of story of your own, a TOML file each (docs/kinds.md), relative to the working folder; empty for none.",
    )


class UpdateSettings(ConfigSection):
    """How often a model reads a story."""

    min_hours: float = Field(
        default=1.0,
        ge=0,
        le=168,
        description="Minimum hours between two readings of a story without decisive news; 0: read it whenever an article arrives.",
    )


class Answers(ConfigSection):
    """How questions are answered."""

    threshold: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Support below which a question is declined without a model; a lower value answers more questions.",
    )
    watch_days: int = Field(
        default=14,
        ge=1,
        le=30,
        description="How long a question without an answer is watched for one, where its asker wants it.",
    )
    replies: str = Field(
        default="questions",
        pattern="^(mentions|questions|all)$",
        description="Words in its threads that are answered without a mention, until a channel sets it: mentions (none), questions (those it can answer), all.",
    )
    encoder: str = Field(
        default="",
        description="Folder with model.onnx and tokenizer.json of a sentence encoder; empty for full text alone.",
    )


class Keep(ConfigSection):
    """How long each kind of thing is kept, in days; 0 is for ever."""

    briefings_days: int = Field(default=365, ge=0, le=3650, description="Briefings and deliveries.")
    articles_days: int = Field(
        default=0, ge=0, le=36500, description="Articles, after the last one of their story."
    )
    links_days: int = Field(default=90, ge=0, le=3650, description="Pages that were read for a pasted link.")
    replies_days: int = Field(default=30, ge=0, le=3650, description="Raw replies of a model about stories.")
    questions_days: int = Field(default=30, ge=0, le=3650, description="Questions and their answers.")
    reports_days: int = Field(default=365, ge=0, le=3650, description="What readers reported as wrong.")
