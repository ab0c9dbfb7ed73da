"""``wirebrief link`` and feeds of one channel, on the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import call
from tests.flows.link.test_link import TEXT, feed, page

pytestmark = pytest.mark.slow


async def test_a_link_is_told_kept_and_read_again_on_demand(server):
    server.page("/a", page())
    first = await call("link", server.url("/a"), server.url("/missing"))
    assert first.exit_code == 0
    assert "Link: Post" in first.stdout
    assert "There is nothing at the address." in first.stdout
    data = json.loads((await call("link", server.url("/a"), "--json")).stdout)
    assert [(one["schema"], one["stored"]) for one in data] == [("wirebrief.link/1", True)]
    assert data[0]["story_told_at"] is None
    assert "story_sent_at" not in data[0]
    server.page("/a", page([*TEXT, "The public prosecutor opened an inquiry against Norden Cranes."]))
    again = await call("link", server.url("/a"), "--fresh", "--why")
    assert "New: The public prosecutor opened an inquiry" in again.stdout
    assert "nothing was like enough" in again.stdout


async def test_nothing_read_at_all_is_a_failure(server):
    result = await call("link", server.url("/missing"))
    assert result.exit_code == 1
    assert "There is nothing at the address." in result.stdout


async def test_a_feed_of_one_channel_says_whose_it_is_and_is_not_exported_to_all(server):
    server.page("/a", page())
    for path in ("/own", "/all"):
        server.page(path, feed(server.url("/a")), Content_Type="application/rss+xml")
    assert (await call("feeds", "add", server.url("/own"), "--for", "slack:T1/C1")).exit_code == 0
    assert (await call("feeds", "add", server.url("/all"))).exit_code == 0
    listed = (await call("feeds", "list")).stdout.splitlines()
    assert [line.endswith("(only for slack:T1/C1)") for line in listed if "http" in line] == [
        "/own" in line for line in listed if "http" in line
    ]
    assert "/own" not in (await call("feeds", "export")).stdout
    assert "/own" in (await call("feeds", "export", "--for", "slack:T1/C1")).stdout
    await call("ingest")
    # Of news from long ago, each place has a story of its own.
    stories = (await call("stories", "--days", "3650")).stdout.splitlines()
    assert sorted(line.endswith(", of slack:T1/C1)") for line in stories) == [False, True]
    own = next(line for line in stories if "of slack" in line).split(", ")[1]
    assert "of slack:T1/C1" in (await call("story", own)).stdout
    assert (await call("story", own, "--for", "slack:T1/C1")).exit_code == 0
    assert "no story" in str((await call("story", own, "--for", "slack:T1/C2")).exception)
    refused = await call("feeds", "add", server.url("/own"), "--for", "x")
    assert "'x' is not a channel" in str(refused.exception)
