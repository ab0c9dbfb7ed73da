"""Configuration of operation: database, schedule, limits of requests, logs, health."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from bot.config.outbound import Outbound
from bot.config.section import ConfigSection
from bot.urls import split


class DatabaseSettings(ConfigSection):
    """The store."""

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


class RunSettings(ConfigSection):
    """How the bot runs."""

    admin_channel: str = Field(
        default="",
        description='Channel for notices to admins, such as "webhook:ops"; empty for the log only.',
    )
    grace_hours: int = Field(
        default=24, ge=1, le=336, description="Hours after which a missed briefing is no longer delivered."
    )
    concurrency: int = Field(
        default=8, ge=1, le=200, description="Briefings made and posted at the same time."
    )
    ingest_minutes: int = Field(default=5, ge=1, le=1440, description="Minutes between two ingests.")
    prepare_minutes: int = Field(
        default=20,
        ge=0,
        le=1440,
        description="Minutes before a scheduled time at which a model begins to read its stories; 0: at the scheduled time.",
    )
    write_seconds: float = Field(
        default=0.0,
        ge=0,
        le=600,
        description="Seconds after the scheduled time within which models must finish; 0: two thirds of model.deadline.",
    )
    stop_seconds: float = Field(
        default=20.0,
        ge=0,
        le=600,
        description="Seconds that a stopping bot waits for deliveries in progress.",
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
        """The proxy settings of calls to models and platforms."""
        return Outbound(url=self.proxy.get_secret_value(), direct=self.direct)


class Limits(ConfigSection):
    """Limits of requests; above them the reply says when to try again."""

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
