"""The configuration: a TOML file and the environment, read and checked."""

from bot.config.load import load_config
from bot.config.models import Budget, Model
from bot.config.news import Answers, BriefingSettings, Fetch, Keep, StorySettings, UpdateSettings
from bot.config.operation import DatabaseSettings, Limits, Log, RunSettings
from bot.config.platforms import Discord, Slack, Webhook
from bot.config.section import ConfigSection
from bot.config.sections import Config, known_keys
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
