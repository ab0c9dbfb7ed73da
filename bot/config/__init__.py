"""The configuration: a TOML file and the environment, read and checked."""

from bot.config.load import load_config
from bot.config.sections import (
    Answers,
    BriefingSettings,
    Budget,
    Config,
    ConfigSection,
    DatabaseSettings,
    Discord,
    Fetch,
    Keep,
    Limits,
    Log,
    Model,
    RunSettings,
    Slack,
    StorySettings,
    UpdateSettings,
    Webhook,
    known_keys,
)
from bot.config.written import example, packaged, reference

__all__ = [
    "Answers",
    "BriefingSettings",
    "Budget",
    "Config",
    "ConfigSection",
    "DatabaseSettings",
    "Discord",
    "Fetch",
    "Keep",
    "Limits",
    "Log",
    "Model",
    "RunSettings",
    "Slack",
    "StorySettings",
    "UpdateSettings",
    "Webhook",
    "example",
    "known_keys",
    "load_config",
    "packaged",
    "reference",
]
