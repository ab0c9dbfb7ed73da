"""Scopes: who may see a row; every private row has one."""

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
    """The workspace and channel that own a row; both are empty for shared rows.

    A destination has a scope too, its channel's: what may be shown there is what is ``readable`` by it.
    """

    workspace: str = ""
    channel: str = ""
    visibility: Visibility = Visibility.SHARED

    @property
    def parts(self) -> tuple[str, ...]:
        """What an id is derived from beside what it names: nothing for shared rows."""
        shared = self.visibility is Visibility.SHARED
        return () if shared else (self.visibility.value, self.workspace, self.channel)

    @property
    def whose(self) -> str:
        """Whose it is, in words for an operator; empty for shared rows."""
        if self.visibility is Visibility.WORKSPACE:
            return f"workspace {self.workspace}"
        return self.channel


SHARED = Scope()


def readable(row: Scope, *, by: Scope) -> bool:
    """Return whether a row of scope ``row`` may be shown where ``by`` is the destination's scope."""
    if row.visibility is Visibility.SHARED:
        return True
    same_workspace = row.workspace == by.workspace
    if row.visibility is Visibility.WORKSPACE:
        return same_workspace and by.workspace != ""
    return same_workspace and row.channel == by.channel and by.channel != ""


def audience(row: Scope) -> Scope:
    """Return the scope that reads what everybody reads who may read ``row``.

    A workspace's row may come from one of its channels; what is made of it may rest on nothing of that channel.
    """
    if row.visibility is Visibility.WORKSPACE:
        return Scope(workspace=row.workspace, visibility=Visibility.WORKSPACE)
    return SHARED if row.visibility is Visibility.SHARED else row


def common(one: Scope, other: Scope) -> Scope:
    """Return the scope that reads what both destinations may read."""
    if one == other:
        return one
    if one.workspace == other.workspace != "":
        return Scope(workspace=one.workspace, visibility=Visibility.WORKSPACE)
    return SHARED
