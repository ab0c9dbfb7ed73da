"""The whole configuration: every table, every key with its default and meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, SecretStr, field_validator

from bot.config.models import Budget, Model
from bot.config.news import Answers, BriefingSettings, Fetch, Keep, StorySettings, UpdateSettings
from bot.config.operation import DatabaseSettings, Limits, Log, RunSettings, Traces
from bot.config.platforms import Discord, Slack, Webhook
from bot.config.section import ConfigSection
from bot.model.news import MAX_OUTLET_CHARS
from bot.urls import split


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
            if not re.fullmatch(r"[\w.-]{1,253}", domain) or not 0 < len(name.strip()) <= MAX_OUTLET_CHARS:
                raise ValueError(f'write "example.com" = "Name", up to {MAX_OUTLET_CHARS} characters')
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
