"""An article of a recording, from which feeds can be served at a simulated time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedArticle:
    """An article with the time from which its feed lists it."""

    url: str
    source: str
    title: str
    text: str
    published_at: datetime
    listed_at: datetime
