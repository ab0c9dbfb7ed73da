"""Questions of ``wirebrief init`` and the parsing of answers: a value, or an ``InputError`` that says what to write."""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from pathlib import Path
from zoneinfo import available_timezones

from bot.cli.completion import packs as packs_that_begin
from bot.errors import InputError
from bot.language.cleaning.clean import is_clean

PLATFORMS = ("console", "slack", "discord", "webhook")
USUAL_TIMES = "weekdays 07:30"
USUAL_PACK = "world"
# The keys of each platform's table that are asked for: the question, and whether the answer is a secret.
KEYS: dict[str, tuple[tuple[str, str], ...]] = {
    "console": (),
    "slack": (
        ("bot_token", "Bot token (xoxb-…; empty: set it later)"),
        ("app_token", "App token for Socket Mode (xapp-…; empty: set it later)"),
    ),
    "discord": (("token", "Token of the bot (empty: set it later)"),),
    "webhook": (("url", "Address that receives the posts"),),
}
CHANNEL_QUESTIONS = {
    "console": ("First channel: console:- for this terminal, console:FILE for a file", "console:-"),
    "slack": ("First channel (slack:TEAM/CHANNEL, such as slack:T0123ABCD/C0123ABCD; empty: later)", ""),
    "discord": ("First channel (discord:SERVER/CHANNEL, their ids; empty: later)", ""),
    "webhook": ("First channel", "webhook:news"),
}


def read_platform(text: str) -> str:
    """Return the platform named ``text``; raises ``InputError``."""
    if text.lower() not in PLATFORMS:
        raise InputError(f"There is no platform {text!r}", hint=f"Available: {', '.join(PLATFORMS)}")
    return text.lower()


def read_setting(text: str, platform: str, key: str) -> str:
    """Return the value of a platform's ``key`` if the configuration takes it; raises ``InputError`` that quotes nothing."""
    from pydantic import ValidationError

    from bot.config import ConfigSection, Discord, Slack, Webhook

    sections: dict[str, type[ConfigSection]] = {"slack": Slack, "discord": Discord, "webhook": Webhook}
    if not is_clean(text) or (key == "url" and not text):
        raise InputError("That does not look right", hint="Paste it as the platform shows it")
    try:
        sections[platform].model_validate({key: text})
    except ValidationError as error:
        why = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
        raise InputError("That does not look right", hint=why) from None
    return text


def read_zone(text: str) -> str:
    """Return the time zone named ``text``, whatever its case; raises ``InputError`` with names like it."""
    known = {name.lower(): name for name in available_timezones()}
    wanted = text.lower().replace(" ", "_")
    if found := known.get(wanted):
        return found
    cities: dict[str, list[str]] = defaultdict(list)
    for name in sorted(available_timezones()):
        cities[name.rpartition("/")[2].lower()].append(name)
    if len(named := cities.get(wanted, [])) == 1:  # a city alone
        return named[0]
    close = named or [cities[city][0] for city in difflib.get_close_matches(wanted, cities, n=3, cutoff=0.7)]
    raise InputError(
        f"There is no time zone {text!r}",
        hint=f"Did you mean {' or '.join(close)}?" if close else "Names look like Europe/Berlin",
    )


def read_packs(text: str) -> tuple[str, ...]:
    """Return the packs, addresses and files of ``text``; raises ``InputError`` for a name that is none of them."""
    named = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in named:
        if name not in packs() and not is_address(name) and not Path(name).is_file():
            raise InputError(f"There is no pack or file {name!r}", hint=pack_line())
    if not named:
        raise InputError("No feed was named", hint=pack_line())
    return named


def read_first_channel(text: str, platform: str) -> str:
    """Return the channel written as ``text``, with or without its platform; empty for none yet."""
    from bot.model.chat import Channel

    if not text:
        return ""
    if text == platform == "console":
        return "console:-"  # the terminal, and no file called "console"
    name = text if text.startswith(f"{platform}:") else f"{platform}:{text}"
    try:
        return Channel.read(name).name
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a channel of {platform}", hint=CHANNEL_QUESTIONS[platform][0]
        ) from error


def read_times(text: str, zone: str) -> str:
    """Return ``text`` if it is a timetable; raises ``InputError`` saying what to write."""
    from bot.schedule import read_timetable

    read_timetable(text, zone=zone)
    return text


def packs() -> list[str]:
    """Return the names of the packs of feeds."""
    return packs_that_begin("")


def pack_line() -> str:
    """Return the packs in one line, those of languages by their language."""
    topics = [name for name in packs() if not name.startswith("language-")]
    languages = [name.removeprefix("language-") for name in packs() if name not in topics]
    return f"The packs are {', '.join(topics)}, and language-… for {', '.join(languages)}"


def is_address(name: str) -> bool:
    """Tell whether ``name`` is meant as an address of the web."""
    return "://" in name or ("." in name and "/" in name and not Path(name).exists())


def local_zone() -> str:
    """Return this machine's time zone, UTC where it has no name."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        name = str(Path("/etc/localtime").resolve()).rpartition("zoneinfo/")[2]
    return name.removeprefix("Etc/") if name in available_timezones() else "UTC"
