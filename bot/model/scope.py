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
