"""Every key of the configuration, with its default and one line of why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.config.outbound import Outbound
from bot.config.time_limits import DEFAULT_DEADLINE
from bot.urls import split

LONGEST_OUTLET = 60  # characters of an outlet's name


class ConfigSection(BaseModel):
    """A table of the configuration; unknown keys are mistakes."""

    # Defaults are checked too: that reads the time zone's file once, before any loop runs.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class DatabaseSettings(ConfigSection):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///var/wirebrief.db",
        description="sqlite:///PATH (relative to the working folder) or postgresql://… for several processes.",
    )

    @field_validator("url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("use sqlite:///PATH or postgresql://…")
        return value


class Fetch(ConfigSection):
    """How outside addresses are read."""

    user_agent: str = Field(
        default="Wirebrief/0.2 (self-hosted news briefing)",
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
        default=3.0, gt=0, le=60, description="Seconds a parser gets before its process is ended."
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
        description="Hours between two readings of a story of which nothing decisive came; 0: whenever an article comes.",
    )


class Model(ConfigSection):
    """A language model behind an OpenAI-compatible endpoint; without a name the articles' own sentences are used."""

    name: str = Field(default="", description="Model's name at its endpoint; empty for none.")
    base_url: str = Field(
        default="https://api.openai.com/v1",
        pattern="^https?://",
        description="Address of the endpoint; see docs/models.md for the usual ones.",
    )
    api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the endpoint; keep it out of files."
    )
    api_version: str = Field(default="", description="Version of Azure's API; leave empty elsewhere.")
    temperature: float | None = Field(
        default=None,
        ge=0,
        le=2,
        description="Sampling temperature; sent only where set, as are the three below.",
    )
    top_p: float | None = Field(default=None, gt=0, le=1, description="Share of likely tokens drawn from.")
    seed: int | None = Field(default=None, description="Seed, for endpoints that support one.")
    reasoning_effort: str = Field(
        default="", description="Reasoning effort such as low, for models that have it."
    )
    reasoning_tokens: int = Field(
        default=0,
        ge=0,
        le=32_000,
        description="Tokens a model may think beside its reply; 0: learned when thinking cuts off a reply.",
    )
    deadline: float = Field(
        default=DEFAULT_DEADLINE,
        gt=0,
        le=3600,
        description="Seconds for one answer; every other wait for the model follows from it.",
    )
    concurrency: int = Field(default=6, ge=1, le=100, description="Calls at the same time.")
    input_price: float = Field(default=0.0, ge=0, description="Price of a million tokens sent.")
    cached_price: float = Field(
        default=0.0, ge=0, description="Price of a million tokens that the endpoint had in its cache."
    )
    output_price: float = Field(default=0.0, ge=0, description="Price of a million tokens of answers.")


class Budget(ConfigSection):
    """What models may cost, in the currency of the prices; 0 is no ceiling."""

    daily_cost: float = Field(default=0.0, ge=0, description="Ceiling for one day (UTC).")
    monthly_cost: float = Field(default=0.0, ge=0, description="Ceiling for one month.")
    daily_tokens: int = Field(default=0, ge=0, description="The same in tokens, for models without a price.")
    monthly_tokens: int = Field(default=0, ge=0, description="Tokens in one month.")
    workspace_daily_cost: float = Field(default=0.0, ge=0, description="Ceiling for one workspace and day.")
    workspace_monthly_cost: float = Field(default=0.0, ge=0, description="For one workspace and month.")
    workspace_daily_tokens: int = Field(default=0, ge=0, description="Tokens for one workspace and day.")
    workspace_monthly_tokens: int = Field(default=0, ge=0, description="For one workspace and month.")
    questions_share: float = Field(
        default=0.5, gt=0, le=1, description="Share of each ceiling that questions and links may use."
    )


class RunSettings(ConfigSection):
    """How the bot runs."""

    admin_channel: str = Field(
        default="",
        description='Channel for notices to admins, such as "webhook:ops"; empty for the log only.',
    )
    grace_hours: int = Field(
        default=24, ge=1, le=336, description="Briefings due longer ago, in hours, are never caught up."
    )
    concurrency: int = Field(
        default=8, ge=1, le=200, description="Briefings made and posted at the same time."
    )
    ingest_minutes: int = Field(default=5, ge=1, le=1440, description="Minutes between two ingests.")
    prepare_minutes: int = Field(
        default=20,
        ge=0,
        le=1440,
        description="Minutes before a scheduled time from which a model reads the stories it needs; 0: only when it has come.",
    )
    write_seconds: float = Field(
        default=0.0,
        ge=0,
        le=600,
        description="Seconds after the scheduled time that models get; 0: two thirds of model.deadline.",
    )
    stop_seconds: float = Field(
        default=20.0, ge=0, le=600, description="Seconds that a stop waits for deliveries in progress."
    )
    http: str = Field(
        default="127.0.0.1:8321",
        pattern=r"^$|^[^\s:]+:\d+$",
        description="Address of /healthz, /readyz and /metrics; empty for none.",
    )
    proxy: SecretStr = Field(
        default=SecretStr(""),
        description='HTTP proxy for calls to models, Slack, Discord and webhooks, as "http://proxy.corp:3128" or with "user:password@"; private addresses are called directly.',
    )
    direct: tuple[str, ...] = Field(
        default=(), description="Hosts that are called without run.proxy, with those below them."
    )

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr) -> SecretStr:
        parts = split(value.get_secret_value()) if value.get_secret_value() else None
        if value.get_secret_value() and not (parts and parts.scheme == "http" and parts.hostname):
            raise ValueError('write "http://proxy.corp:3128"')
        return value

    @property
    def outbound(self) -> Outbound:
        """Which way calls to models and platforms go."""
        return Outbound(url=self.proxy.get_secret_value(), direct=self.direct)


class Keep(ConfigSection):
    """How long each kind of thing is kept, in days; 0 is for ever."""

    briefings_days: int = Field(default=365, ge=0, le=3650, description="Briefings and deliveries.")
    articles_days: int = Field(
        default=0, ge=0, le=36500, description="Articles, after the last one of their story."
    )
    links_days: int = Field(default=90, ge=0, le=3650, description="Pages that were read for a pasted link.")
    replies_days: int = Field(
        default=30, ge=0, le=3650, description="What a model answered about a story, as it came."
    )
    questions_days: int = Field(default=30, ge=0, le=3650, description="Questions and their answers.")
    reports_days: int = Field(default=365, ge=0, le=3650, description="What readers reported as wrong.")


class Answers(ConfigSection):
    """How questions are answered."""

    threshold: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Support below which a question is declined without a model: lower answers more.",
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


class Limits(ConfigSection):
    """How much people may ask; what is over it is declined with when to come again."""

    user_per_minute: int = Field(default=10, ge=1, le=1000, description="Requests of one person a minute.")
    channel_per_minute: int = Field(
        default=30, ge=1, le=10000, description="Requests of one channel a minute."
    )
    workspace_per_minute: int = Field(
        default=120, ge=1, le=100000, description="Requests of one workspace a minute."
    )
    workspace_per_day: int = Field(
        default=5000, ge=1, le=10_000_000, description="Requests of one workspace a day."
    )
    concurrency: int = Field(default=4, ge=1, le=100, description="Requests handled at the same time.")
    waiting: int = Field(default=40, ge=0, le=10000, description="Requests that may wait.")


class Slack(ConfigSection):
    """A Slack app; docs/slack.md says where each value comes from."""

    bot_token: SecretStr = Field(default=SecretStr(""), description="xoxb-… of one workspace.")
    app_token: SecretStr = Field(default=SecretStr(""), description="xapp-… for Socket Mode.")
    signing_secret: SecretStr = Field(default=SecretStr(""), description="For HTTP mode.")
    client_id: str = Field(default="", description="For many workspaces, by OAuth.")
    client_secret: SecretStr = Field(default=SecretStr(""), description="The same.")
    encryption_key: SecretStr = Field(
        default=SecretStr(""),
        description="Encrypts the tokens of many workspaces; wirebrief slack key makes one. Several, with commas "
        "between them, are all tried, and the first encrypts.",
    )
    http: str = Field(
        default="",
        pattern=r"^$|^[^\s:]+:\d+$",
        description="Address for HTTP mode and OAuth, such as 127.0.0.1:3000; empty for Socket Mode.",
    )
    public_url: str = Field(
        default="", pattern=r"^$|^https?://", description="Where Slack reaches that address, for OAuth."
    )
    admin_group: str = Field(
        default="", description="User group whose members are admins too, such as S0123ABCD."
    )

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """The keys in ``encryption_key``, the one that encrypts first."""
        keys = (key.strip() for key in self.encryption_key.get_secret_value().split(","))
        return tuple(key for key in keys if key)

    api_url: str = Field(
        default="https://slack.com/api/", pattern="^https?://", description="Address of Slack's Web API."
    )


class Discord(ConfigSection):
    """A Discord application; docs/discord.md says where each value comes from."""

    token: SecretStr = Field(default=SecretStr(""), description="Token of the bot.")
    message_content: bool = Field(
        default=False, description="Read plain replies too; needs the privileged intent of that name."
    )
    admin_role: str = Field(default="", description="Role whose members are admins too, by id.")
    style: str = Field(
        default="components",
        pattern="^(components|embeds|text)$",
        description="How briefings look: components, embeds or text.",
    )


class Webhook(ConfigSection):
    """A receiver of briefings, as [webhooks.NAME]; its channel is webhook:NAME."""

    url: SecretStr = Field(description="Address that receives the posts; keep it out of files, it is a key.")
    style: str = Field(
        default="generic", pattern="^(generic|mattermost)$", description="generic JSON or mattermost."
    )
    lookup: str = Field(
        default="",
        pattern="^$|^https?://",
        description="Address that says with ?key=… whether a message was posted: 200 or 404.",
    )
    idempotent: bool = Field(
        default=False, description="Whether the receiver accepts each Idempotency-Key only once."
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="Signs each post in X-Wirebrief-Signature (SHA-256 HMAC)."
    )

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("use http://… or https://…")
        return value


class Log(ConfigSection):
    """What is written to standard error."""

    level: str = Field(
        default="info",
        pattern="^(debug|info|warning|error)$",
        description="debug, info, warning or error; commands other than run print warnings and errors unless this is set.",
    )
    json_lines: bool = Field(default=False, description="One JSON object a line instead of plain text.")


class Traces(ConfigSection):
    """Where spans go, for OpenTelemetry."""

    endpoint: str = Field(
        default="",
        pattern="^$|^https?://",
        description='Collector that takes OTLP over HTTP, such as "http://127.0.0.1:4318"; empty for none. Needs the extra otel.',
    )


class Config(ConfigSection):
    """The whole configuration; every key has a default that works."""

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    fetch: Fetch = Field(default_factory=Fetch)
    briefings: BriefingSettings = Field(default_factory=BriefingSettings)
    stories: StorySettings = Field(default_factory=StorySettings)
    updates: UpdateSettings = Field(default_factory=UpdateSettings)
    model: Model = Field(default_factory=Model)
    fallback_model: Model = Field(default_factory=Model)
    budget: Budget = Field(default_factory=Budget)
    run: RunSettings = Field(default_factory=RunSettings)
    keep: Keep = Field(default_factory=Keep)
    answers: Answers = Field(default_factory=Answers)
    limits: Limits = Field(default_factory=Limits)
    slack: Slack = Field(default_factory=Slack)
    discord: Discord = Field(default_factory=Discord)
    log: Log = Field(default_factory=Log)
    traces: Traces = Field(default_factory=Traces)
    webhooks: Mapping[str, Webhook] = Field(default_factory=dict)
    outlets: Mapping[str, str] = Field(default_factory=dict)

    @field_validator("outlets")
    @classmethod
    def _names_by_domain(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        for domain, name in value.items():
            if not re.fullmatch(r"[\w.-]{1,253}", domain) or not 0 < len(name.strip()) <= LONGEST_OUTLET:
                raise ValueError(f'write "example.com" = "Name", up to {LONGEST_OUTLET} characters')
        return {domain.lower(): " ".join(name.split()) for domain, name in value.items()}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be logged."""
        database = split(self.database.url)
        password = (database.password or "") if database else ""
        proxies = (split(key.get_secret_value()) for key in (self.fetch.proxy, self.run.proxy))
        of_proxy = [
            text
            for proxy in proxies
            if proxy
            for text in (proxy.password or "", proxy.netloc.rpartition("@")[0])
        ]
        hooks = [key for hook in self.webhooks.values() for key in (hook.url, hook.secret)]
        slack = self.slack
        keys = (
            self.model.api_key,
            self.fallback_model.api_key,
            *(
                slack.bot_token,
                slack.app_token,
                slack.signing_secret,
                slack.client_secret,
            ),
            self.discord.token,
            *hooks,
        )
        values = (password, *of_proxy, *slack.encryption_keys, *(key.get_secret_value() for key in keys))
        return tuple(value for value in values if value)


def known_keys() -> Iterator[tuple[str, str, Any, str]]:
    """Yield ``(table, key, default, why)`` for every key, in the order of the example file."""
    for table, field in Config.model_fields.items():
        if table == "outlets":
            yield (
                table,
                '"reuters.com"',
                "Reuters",
                "Name shown for what lies on a domain; any number of them.",
            )
            continue
        section = Webhook if table == "webhooks" else field.annotation
        assert isinstance(section, type)  # noqa: S101 - narrows the type: every table is a Section
        assert issubclass(section, ConfigSection)  # noqa: S101 - as above
        for key, inner in section.model_fields.items():
            default = SecretStr("") if inner.is_required() else inner.default
            yield ("webhooks.NAME" if section is Webhook else table), key, default, inner.description or ""
