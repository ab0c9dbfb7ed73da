"""The command line before a news server of the test's own, with a database of its own."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.fixture
async def server(monkeypatch, tmp_path, sqlite_template):
    from tests.servers.news import NewsServer  # noqa: PLC0415 - most tests of commands need no server

    shutil.copy(sqlite_template, tmp_path / "wire.db")
    async with NewsServer() as running:
        monkeypatch.setenv("WIREBRIEF_DATABASE_URL", f"sqlite:///{tmp_path / 'wire.db'}")
        monkeypatch.setenv("WIREBRIEF_FETCH_ALLOW", f"127.0.0.1:{running.port}")
        yield running


async def call(*arguments):
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
