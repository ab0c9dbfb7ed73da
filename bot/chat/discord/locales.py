"""Translated names and descriptions of commands; what is missing stays English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import discord
from discord import app_commands

_LOCALES: Mapping[discord.Locale, str] = {
    discord.Locale.german: "de",
    discord.Locale.french: "fr",
    discord.Locale.spain_spanish: "es",
    discord.Locale.latin_american_spanish: "es",
}
_NAMES = app_commands.TranslationContextLocation

# Read when the module is: commands are described in the loop, where no file may be opened.
_WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


class CommandTranslator(app_commands.Translator):
    """Translates commands for Discord with ``locales.toml``."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return ``string`` in ``locale``; None leaves the English one."""
        language = _LOCALES.get(locale)
        if language is None:
            return None
        described = context.location in {
            _NAMES.command_description,
            _NAMES.group_description,
            _NAMES.parameter_description,
        }
        return _WORDS[language]["descriptions" if described else "names"].get(string.message)
