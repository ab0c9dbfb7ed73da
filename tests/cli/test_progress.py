"""A command that waits for a model shows it on a terminal, and nothing where its output is piped."""

from __future__ import annotations

import asyncio
import os

import pytest

from tests.servers.model import ModelServer, says, status
from tests.support.running import processes

pytestmark = pytest.mark.slow


async def checked(tmp_path, server, *, terminal):
    """Run ``wirebrief check`` against ``server``; return what it wrote to standard output and error."""
    ours, theirs = os.openpty() if terminal else os.pipe()
    environment = {
        "WIREBRIEF_MODEL_NAME": "m1",
        "WIREBRIEF_MODEL_BASE_URL": server.base,
        "WIREBRIEF_DATABASE_URL": "sqlite:///wire.db",
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    with (tmp_path / "out.txt").open("w+") as out:
        process = await asyncio.to_thread(
            processes.start, "check", cwd=tmp_path, env=environment, stdout=out, stderr=theirs
        )
        os.close(theirs)
        shown = await asyncio.to_thread(_all_of, ours)
        await process.ended()
        return (tmp_path / "out.txt").read_text("utf-8"), shown.decode("utf-8", "replace")


def _all_of(descriptor):
    found = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # the end of a terminal
            break
        if not piece:
            break
        found += piece
    os.close(descriptor)
    return found


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize("terminal", [True, False])
async def test_waiting_is_shown_on_a_terminal_alone(tmp_path, terminal):
    async with ModelServer(says({"ready": True})) as server:
        out, shown = await checked(tmp_path, server, terminal=terminal)
    assert "model: loopback-1 answers" in out
    assert ("Waiting for the model" in shown) is terminal
    assert terminal or not shown


async def test_a_check_says_what_the_endpoint_said(tmp_path):
    body = status(401, message="Incorrect API key provided: sk-canary-4711.")
    async with ModelServer(body) as server:
        _, shown = await checked(tmp_path, server, terminal=False)
    (line,) = (line for line in shown.splitlines() if line.startswith("✗ model"))
    assert line == (
        "✗ model: The model's endpoint refused the key (it says: “Incorrect API key provided: •••.”). Check model.api_key"
    )
