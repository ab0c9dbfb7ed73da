"""HTTP mode and OAuth: only Slack's own words come through, each once; tokens are kept encrypted and replaced in time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
import sqlalchemy as sa

from bot.chat.slack.opened import open_slack
from bot.chat.slack.web import Gate
from bot.errors import ConfigError, PostRefused, StoreError
from bot.model.chat import Channel
from bot.model.talk import Verb
from bot.ports import Post
from bot.store import open_store
from bot.store.installations import Installations, new_key
from tests.chat.slack.loopback import Remembering, listening, message, now, settings
from tests.servers.slack_people import Members

HTTP = {"app_token": "", "http": "127.0.0.1:0", "signing_secret": "shhh"}
COMMAND = {
    "command": "/brief",
    "text": "help",
    "team_id": "T1",
    "user_id": "UANNA",
    "channel_id": "C1",
    "trigger_id": "1.2",
    "response_url": "",
}


async def test_commands_mentions_and_buttons_come_by_http_too(slack):
    async def answer(request, conversation):
        await conversation.reply(message("here"))

    async with listening(slack, act=answer, **HTTP) as heard:
        await heard.members.command("UADMIN", "ask what?")
        assert (await heard.handler.next()).verb is Verb.ASK
        await heard.members.mention("UANNA", "what?")
        assert (await heard.handler.next()).verb is Verb.SAID
    assert len(slack.world.seen("C1")) == 2


async def test_a_replayed_command_is_run_once(slack):
    async with listening(slack, **HTTP) as heard:
        body = urlencode(COMMAND)
        first = await heard.members.post_raw(body)
        second = await heard.members.post_raw(body)
        assert (first[0], second[0]) == (200, 200)
        await heard.handler.next()
        await heard.members.command("UANNA", "status")
        assert (await heard.handler.next()).verb is Verb.STATUS


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=ключ"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "²"},
        {"X-Slack-Request-Timestamp": "1" * 5000},
        {"X-Slack-Request-Timestamp": str(int(time.time()) - 3600)},
        {"X-Slack-Request-Timestamp": "-1"},
    ],
)
async def test_what_is_not_signed_is_refused_without_a_traceback(slack, headers):
    async with listening(slack, **HTTP) as heard:
        sent = {k: v.encode().decode("latin-1") for k, v in headers.items()}
        status, text = await heard.members.post_raw(urlencode(COMMAND), headers=sent)
        assert (status, text) == (401, "not Slack")
        assert not heard.handler.requests


async def test_a_body_that_is_too_large_is_refused(slack):
    async with listening(slack, **HTTP) as heard:
        status, _ = await heard.members.post_raw("x" * 300_000)
        assert status == 413


async def test_the_address_is_verified_as_slack_asks(slack):
    async with listening(slack, **HTTP) as heard:
        body = json.dumps({"type": "url_verification", "challenge": "c-1", "token": "t"})
        assert "c-1" in (await heard.members.post_raw(body, json_body=True))[1]


def test_signatures_are_remembered_for_as_long_as_they_are_good():
    clock = [1_000_000.0]
    gate = Gate(secret="shhh", now=lambda: clock[0])  # noqa: S106 - a test's

    def sign(stamp):
        return "v0=" + hmac.new(b"shhh", f"v0:{stamp}:x".encode(), hashlib.sha256).hexdigest()

    stamp = "1000000"
    assert gate.passes(b"x", stamp=stamp, signature=sign(stamp)) == ""
    assert gate.passes(b"x", stamp=stamp, signature=sign(stamp)) == "replayed"
    clock[0] += 299
    assert gate.passes(b"x", stamp=stamp, signature=sign(stamp)) == "replayed"
    clock[0] += 2
    assert gate.passes(b"x", stamp=stamp, signature=sign(stamp)) == "old"


MANY = HTTP | {
    "bot_token": "",
    "client_id": "111.222",
    "client_secret": "client-secret",
    "encryption_key": new_key(),
    "public_url": "http://bot.example",
}


@pytest.fixture
async def store(tmp_path):
    async with open_store(f"sqlite:///{tmp_path / 'wire.db'}") as opened:
        yield opened


async def install(slack, address, *, spoil=""):
    """Walk through the installation in one browser; return the last page."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"http://{address}/slack/install", allow_redirects=False) as begun:
            consent = begun.headers["Location"]
        async with browser.get(consent, allow_redirects=False) as agreed:
            query = {k: v[0] for k, v in parse_qs(urlsplit(agreed.headers["Location"]).query).items()}
        if spoil == "other browser":
            browser.cookie_jar.clear()
        query |= {"state": "forged"} if spoil == "state" else {}
        query |= {"code": "stolen"} if spoil == "code" else {}
        async with browser.get(f"http://{address}/slack/oauth_redirect", params=query) as page:
            first = page.status, await page.text()
        if spoil == "twice":
            async with browser.get(f"http://{address}/slack/oauth_redirect", params=query) as page:
                return page.status, await page.text()
        return first


async def test_a_workspace_installs_the_bot_and_is_posted_to_with_tokens_replaced_in_time(slack, store):
    slack.rotation = 43_200.0
    slack.world.rooms["C1"].members.add("UBOT")
    times = [now()]
    config = settings(slack, **MANY)
    key = config.encryption_key.get_secret_value()
    installations = store.installations(key)
    async with open_slack(config, installations=installations, now=lambda: times[0], every=0.0) as chat:
        await chat.listener.listen(Remembering().handle)
        status, text = await install(slack, chat.listener.address)
        assert (status, text[:22]) == (200, "Wirebrief is installed")
        channel = Channel(platform="slack", workspace="T2", id="C1")
        post = Post(channel=channel, key="wb-1", payload=chat.render(message(), channel)[0])
        await chat.post(post)
        first = (await installations.get("slack", "T2")).token
        times[0] += timedelta(hours=11, minutes=50)
        await chat.post(post)
        second = (await installations.get("slack", "T2")).token
        assert first != second
        assert list(slack.world.tokens) == ["xoxb-1", second]
        assert [mark async for mark, _ in chat.about()][:1] == ["✓"]
        await chat.listener.close(1.0)
    async with store.database.reading() as connection:
        rows = (await connection.execute(sa.text("SELECT data, secret FROM installation"))).all()
    assert second not in str(rows)
    assert "xoxe" not in str(rows)
    with pytest.raises(StoreError, match="cannot be read with"):
        await store.installations(new_key()).get("slack", "T2")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("state", "This link has run out"),
        ("other browser", "This link has run out"),
        ("twice", "This link has run out"),
        ("code", "Slack refused it (invalid_code)"),
    ],
)
async def test_an_installation_that_is_not_ours_is_refused(slack, store, spoil, says):
    config = settings(slack, **MANY)
    installations = store.installations(config.encryption_key.get_secret_value())
    async with open_slack(config, installations=installations, now=now) as chat:
        await chat.listener.listen(Remembering().handle)
        status, text = await install(slack, chat.listener.address, spoil=spoil)
        await chat.listener.close(1.0)
    assert status >= 400
    assert text.startswith(says)


async def test_a_token_that_another_process_replaced_is_read_anew(slack, store):
    slack.rotation = 43_200.0
    times = [now()]
    config = settings(slack, **MANY)
    installations = store.installations(config.encryption_key.get_secret_value())
    channel = Channel(platform="slack", workspace="T2", id="C1")
    async with (
        open_slack(config, installations=installations, now=lambda: times[0], every=0.0) as one,
        open_slack(config, installations=installations, now=lambda: times[0], every=0.0) as other,
    ):
        await one.listener.listen(Remembering().handle)
        await install(slack, one.listener.address)
        post = Post(channel=channel, key="wb-1", payload=one.render(message(), channel)[0])
        await one.post(post)
        await other.post(post)
        times[0] += timedelta(hours=11, minutes=50)
        await asyncio.gather(one.post(post), other.post(post))
        await one.listener.close(1.0)
    assert len(slack.world.seen("C1")) == 4


async def test_a_workspace_that_uninstalled_is_forgotten(slack, store):
    config = settings(slack, **MANY)
    installations = store.installations(config.encryption_key.get_secret_value())
    handler = Remembering()
    async with open_slack(config, installations=installations, now=now) as chat:
        await chat.listener.listen(handler.handle)
        await install(slack, chat.listener.address)
        members = Members(slack=slack, team="T2", request_url=f"http://{chat.listener.address}/slack/events")
        await members.uninstall()
        assert (await handler.next()).verb is Verb.GONE
        await chat.listener.close(5.0)
        assert await installations.all("slack") == []
        channel = Channel(platform="slack", workspace="T2", id="C1")
        with pytest.raises(PostRefused, match="not installed in the workspace T2"):
            await chat.post(Post(channel=channel, key="k", payload=chat.render(message(), channel)[0]))


def test_a_key_that_is_none_is_told(store):
    with pytest.raises(ConfigError, match="wirebrief slack key"):
        Installations(store.database, key="password")
