"""Scopes: who may see a row; every private row has one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """Who may see a row."""

    SHARED = "shared"  # public feeds: every workspace may read it
    WORKSPACE = "workspace"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The workspace and channel that own a row; both are empty for shared rows.

    A destination has the scope of its channel: it may show what is ``readable`` by that scope.
    """

    workspace: str = ""
    channel: str = ""
    visibility: Visibility = Visibility.SHARED

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that a private row adds to its id; none for shared rows."""
        shared = self.visibility is Visibility.SHARED
        return () if shared else (self.visibility.value, self.workspace, self.channel)

    @property
    def whose(self) -> str:
        """The owner, in words for an operator; empty for shared rows."""
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
    """Return the scope of everybody who may read ``row``.

    A row of a workspace may come from one of its channels; data made from it must not use data of that channel alone.
    """
    if row.visibility is Visibility.WORKSPACE:
        return Scope(workspace=row.workspace, visibility=Visibility.WORKSPACE)
    return SHARED if row.visibility is Visibility.SHARED else row


def common(one: Scope, other: Scope) -> Scope:
    """Return the scope of what both destinations may read."""
    if one == other:
        return one
    if one.workspace == other.workspace != "":
        return Scope(workspace=one.workspace, visibility=Visibility.WORKSPACE)
    return SHARED
