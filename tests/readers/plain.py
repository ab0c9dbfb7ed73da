"""Read what stands on a terminal, in a file, or in the Markdown of a webhook."""

from __future__ import annotations

import json
import re

from tests.readers import Reading
from tests.readers.markup import Scanner

_LIVE = {
    "somebody": re.compile(r"@\w"),
    "image": re.compile(r"(?<!\\)(?:\\\\)*!\["),
    "tag": re.compile(r"(?<!\\)(?:\\\\)*<[a-zA-Z!/]"),
}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f]")


def read_terminal(text: str) -> Reading:
    """Return what a terminal shows: nothing there is live but what moves its cursor or turns its direction."""
    return Reading(text=text, mentions=tuple(f"control {found!r}" for found in _CONTROL.findall(text)))


def read_markdown(text: str) -> Reading:
    """Return what a program shows that reads Markdown, such as Mattermost."""
    return Scanner(live=_LIVE).read(text)


def read_webhook(payload: str) -> Reading:
    """Return what readers see of a webhook's text."""
    return read_markdown(json.loads(payload)["text"])
