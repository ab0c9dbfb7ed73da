"""What readers see of one message, on any platform."""

from __future__ import annotations

from dataclasses import dataclass

from tests.readers import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One message of the bot as its readers see it; ``thread`` is the id of the thread's first message, if any."""

    id: str
    reading: Reading
    thread: str = ""
