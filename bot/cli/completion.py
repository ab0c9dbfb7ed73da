"""Values that a shell offers behind an argument. A completion that fails offers nothing: it must not print or log."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bot.errors import WirebriefError

LOOK_UP_SECONDS = 0.5
CHANNEL_STARTS = ("console:-", "webhook:", "slack:", "discord:")


def packs(incomplete: str) -> list[str]:
    """Return the packs of feeds that begin with ``incomplete``."""
    from bot.config import packaged

    return sorted(file.stem for file in packaged("feeds").glob("*.opml") if file.stem.startswith(incomplete))


def packs_and_files(incomplete: str) -> list[str]:
    """Return the packs, and the OPML files beside ``incomplete``."""
    written = Path(incomplete)
    folder = written if incomplete.endswith("/") else written.parent
    try:
        files = [
            f"{file}/" if file.is_dir() else str(file)
            for file in folder.iterdir()
            if file.is_dir() or file.suffix in {".opml", ".xml"}
        ]
    except OSError:
        files = []
    return packs(incomplete) + sorted(file for file in files if file.startswith(incomplete))


def locales(incomplete: str) -> list[str]:
    """Return the languages of labels that begin with ``incomplete``."""
    from bot.language.locale.phrases import LANGUAGES

    return [language for language in LANGUAGES if language.startswith(incomplete)]


def time_zones(incomplete: str) -> list[str]:
    """Return the time zones that begin with ``incomplete``."""
    from zoneinfo import available_timezones

    return sorted(zone for zone in available_timezones() if zone.startswith(incomplete))


def channel_starts(incomplete: str) -> list[str]:
    """Return the channels that are subscribed, and how a channel of each platform begins."""
    known = {*CHANNEL_STARTS, *(channel for _, channel in _subscriptions())}
    return sorted(channel for channel in known if channel.startswith(incomplete))


def channel_names(incomplete: str) -> list[str]:
    """Return the subscribed channels that begin with ``incomplete``."""
    return sorted({channel for _, channel in _subscriptions() if channel.startswith(incomplete)})


def subscription_ids(incomplete: str) -> list[tuple[str, str]]:
    """Return the ids of subscriptions that begin with ``incomplete``, each with its channel."""
    return [(name, channel) for name, channel in _subscriptions() if name.startswith(incomplete)]


def story_ids(incomplete: str) -> list[tuple[str, str]]:
    """Return the ids of the newest stories that begin with ``incomplete``, each with what it is called."""
    rows = _rows(
        "SELECT id, CASE name WHEN '' THEN title ELSE name END FROM story ORDER BY last_at DESC, id LIMIT 1000"
    )
    return [(name, title) for name, title in rows if name.startswith(incomplete)]


def _subscriptions() -> list[tuple[str, str]]:
    """Return id and channel of each subscription."""
    return _rows("SELECT id, destination FROM subscription ORDER BY id LIMIT 1000")


def _rows(statement: str) -> list[tuple[str, str]]:
    """Return what ``statement`` gives of an SQLite database; of another engine nothing, which would take seconds."""
    import sqlite3

    from bot.config import load_config

    try:
        file = Path(load_config(None).database.url.removeprefix("sqlite:///")).resolve()
        with closing(
            sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=LOOK_UP_SECONDS)
        ) as database:
            return database.execute(statement).fetchall()
    except (WirebriefError, OSError, ValueError, sqlite3.Error):
        return []
