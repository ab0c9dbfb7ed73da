"""Who may see a thing: every row that holds a channel's own matter carries its scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """How far a row may travel."""

    SHARED = "shared"  # public feeds: every workspace may read it
    WORKSPACE = "workspace"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The workspace and channel that own a row; both are empty for shared rows."""

    workspace: str = ""
    channel: str = ""
    visibility: Visibility = Visibility.SHARED


SHARED = Scope()


def readable(row: Scope, *, by: Scope) -> bool:
    """Return whether a row of scope ``row`` may be shown where ``by`` is the destination's scope."""
    if row.visibility is Visibility.SHARED:
        return True
    same_workspace = row.workspace == by.workspace
    if row.visibility is Visibility.WORKSPACE:
        return same_workspace
    return same_workspace and row.channel == by.channel and by.channel != ""
