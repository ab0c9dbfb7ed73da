"""The workspaces that are known: as many as are kept, each as long as its token is valid."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.slack import workspaces as module
from bot.chat.slack.workspaces import Workspaces
from bot.errors import PostRefused
from bot.model.workspace import Installation

NOW = datetime(2025, 7, 7, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Api:
    """Slack's ``auth.test``: the token of a team is its name."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def call(self, method: str, *, token: str, **_: Any) -> dict[str, Any]:
        self.asked.append(token)
        return {"team_id": token, "user_id": "UBOT", "scopes": frozenset()}

    async def exchange(self, **_: Any) -> dict[str, Any]:
        return {"access_token": "T1", "refresh_token": "next", "expires_in": 43_200}


class Installed:
    def __init__(self, *teams: str, expires_at: datetime | None = None) -> None:
        self.kept = {team: installation(team, expires_at=expires_at) for team in teams}

    async def get(self, _platform: str, team: str) -> Installation | None:
        return self.kept.get(team)

    async def save(self, installed: Installation) -> None:
        self.kept[installed.workspace] = installed

    async def remove(self, _platform: str, team: str) -> None:
        del self.kept[team]


def installation(team: str, *, expires_at: datetime | None) -> Installation:
    return Installation(
        platform="slack",
        workspace=team,
        name=team,
        bot_user="UBOT",
        installed_by="U1",
        installed_at=NOW,
        token=team,
        expires_at=expires_at,
    )


def opened(installed: Installed, clock: Clock) -> tuple[Workspaces, Api]:
    api = Api()
    return Workspaces(api, installations=installed, client=("a", "b"), now=clock), api


async def test_no_more_workspaces_are_kept_than_may_be(monkeypatch):
    monkeypatch.setattr(module, "MAX_WORKSPACES", 3)
    teams = [f"T{n}" for n in range(10)]
    known, api = opened(Installed(*teams), Clock())
    for team in teams:
        assert (await known.get(team)).id == team
    assert (await known.get("T9")).id == "T9"
    assert (len(known._known), len(api.asked)) == (3, 10)
    assert (await known.get("T0")).id == "T0"
    assert api.asked[-1] == "T0"


async def test_nothing_is_kept_of_teams_that_are_not_installed():
    known, _ = opened(Installed(), Clock())
    for n in range(20):
        with pytest.raises(PostRefused, match="not installed"):
            await known.get(f"T{n}")
    assert (len(known._known), len(known._changing), len(known._watched)) == (0, 0, 0)


async def test_a_workspace_that_was_removed_is_forgotten():
    known, _ = opened(Installed("T1"), Clock())
    await known.get("T1")
    await known.forget("T1")
    assert (len(known._known), len(known._changing), len(known._watched)) == (0, 0, 0)


async def test_a_token_is_replaced_before_it_expires_and_asked_for_once():
    clock = Clock()
    installed = Installed("T1", expires_at=NOW + timedelta(hours=12))
    known, api = opened(installed, clock)
    await asyncio.gather(*(known.get("T1") for _ in range(5)))
    assert len(api.asked) == 1
    clock.now = NOW + timedelta(hours=11, minutes=45)
    await known.get("T1")
    assert (len(api.asked), installed.kept["T1"].refresh_token) == (2, "next")
