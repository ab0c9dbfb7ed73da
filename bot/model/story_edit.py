"""Edits of stories: merged, split, renamed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.scope import SHARED, Scope


class EditVerb(StrEnum):
    """What was done."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEdit:
    """One row of the record of edits, which is never changed.

    ``story_id`` is the remaining story; ``others`` are those merged into it, or the one that was split off with
    ``articles``. ``was`` and ``now`` are titles.
    """

    id: str
    at: datetime
    verb: EditVerb
    story_id: str
    others: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    was: str = ""
    now: str = ""
    by: str = "an operator, on the command line"
    scope: Scope = SHARED
