"""HTTP mode and OAuth: only Slack's own words come through, each once; tokens are kept encrypted and replaced in time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.slack.http.bodies import read_body
from bot.chat.slack.http.endpoint import SignatureCheck
from bot.chat.slack.setup import open_slack
from bot.errors import ConfigError, PostRefused, StoreError
from bot.log import set_up_logs
from bot.model.chat import Channel
from bot.model.talk import Verb
from bot.model.workspace import Installation
from bot.ports import Post
from bot.store import open_store
from bot.store.talk.installations import InstallationStore, new_key
from tests.chat.slack.loopback import Remembering, listening, message, now, settings
from tests.servers.slack.people import Members

pytestmark = pytest.mark.slow

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


def json_values():
    """Return whatever JSON can hold, under the names that Slack uses."""
    keys = st.sampled_from(
        ["type", "event", "user", "team", "team_id", "actions", "view", "channel", "text", "authorizations"]
    )
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


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
        body, stamp = urlencode(COMMAND), str(int(time.time()))
        first = await heard.members.post_raw(body, stamp=stamp)
        second = await heard.members.post_raw(body, stamp=stamp)
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


async def test_a_command_replayed_to_another_process_is_run_once(slack, store):
    config = settings(slack, **HTTP)
    one, other = Remembering(), Remembering()
    async with (
        open_slack(config, replays=store.seen_requests, now=now) as first,
        open_slack(config, replays=store.seen_requests, now=now) as second,
    ):
        await first.listener.listen(one.handle)
        await second.listener.listen(other.handle)
        members = Members(slack=slack, request_url=f"http://{first.listener.address}/slack/events")
        body, stamp = urlencode(COMMAND), str(int(time.time()))
        assert (await members.post_raw(body, stamp=stamp))[0] == 200
        await one.next()
        members.request_url = f"http://{second.listener.address}/slack/events"
        assert await members.post_raw(body, stamp=stamp) == (200, "")
        assert (await members.post_raw(urlencode(COMMAND | {"text": "status"})))[0] == 200
        assert (await other.next()).verb is Verb.STATUS
        await first.listener.close(1.0)
        await second.listener.close(1.0)
    assert [r.verb for r in one.requests] == [Verb.HELP]
    assert [r.verb for r in other.requests] == [Verb.STATUS]


MENTION = {
    "type": "event_callback",
    "team_id": "T1",
    "event": {"type": "app_mention", "user": "UANNA", "channel": "C1", "ts": "1.2", "text": "hello"},
}
PRESS = {
    "type": "block_actions",
    "user": {"id": "UANNA"},
    "team": {"id": "T1"},
    "actions": [{"action_id": "wb:ask"}],
}
MALFORMED = {
    "no JSON": "{",
    "a list": "{}[]",
    "a number": "7",
    "half a character": json.dumps(MENTION | {"event": MENTION["event"] | {"text": "\ud83d"}}),
    "deeply nested": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "an event that is none": json.dumps(MENTION | {"event": "hello"}),
    "an event without a kind": json.dumps(MENTION | {"event": {}}),
    "a channel that is a list": json.dumps(MENTION | {"event": MENTION["event"] | {"channel": ["C1"]}}),
    "no team": json.dumps({k: v for k, v in MENTION.items() if k != "team_id"}),
    "a command without a channel": urlencode({k: v for k, v in COMMAND.items() if k != "channel_id"}),
    "a payload that is no JSON": urlencode({"payload": "press"}),
    "a payload that is a list": urlencode({"payload": "[1]"}),
    "a press by nobody": urlencode({"payload": json.dumps(PRESS | {"user": {}})}),
    "actions that are none": urlencode({"payload": json.dumps(PRESS | {"actions": ["wb:ask"]})}),
    "authorizations that are none": json.dumps(MENTION | {"authorizations": [1]}),
    "bytes that are no text": "command=%2Fbrief&text=%ff%fe",
    "too many fields": "&".join(f"a{i}=1" for i in range(5000)),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_signed_body_that_is_malformed_gets_400_and_the_next_is_taken(slack, name):
    async with listening(slack, **HTTP) as heard:
        body = MALFORMED[name]
        assert await heard.members.post_raw(body, json_body=body.startswith("{")) == (400, "malformed")
        assert not heard.handler.requests
        await heard.members.command("UANNA", "status")
        assert (await heard.handler.next()).verb is Verb.STATUS


@pytest.mark.parametrize(
    "body", [MENTION, PRESS, COMMAND, {"type": "url_verification", "challenge": "c"}, {"ssl_check": "1"}]
)
def test_what_slack_documents_is_well_formed(body):
    assert read_body(json.dumps(body), content_type="application/json") == body


@given(json_values())
def test_no_body_breaks_its_reading(value):
    read_body(json.dumps(value), content_type="application/json")
    read_body(urlencode({"payload": json.dumps(value)}), content_type="application/x-www-form-urlencoded")


async def test_posts_that_are_refused_in_numbers_are_logged_once_for_each_reason(slack, logged):
    async with listening(slack, **HTTP) as heard:
        for headers in ({"X-Slack-Signature": "v0=" + "0" * 64}, {"X-Slack-Request-Timestamp": "1"}):
            for _ in range(5):
                assert (await heard.members.post_raw("x", headers=headers))[0] == 401
    lines = [
        line for line in map(json.loads, logged().err.splitlines()) if line["event"] == "a post was refused"
    ]
    assert [(line["channel"], line["reason"]) for line in lines] == [
        ("slack.http", "forged"),
        ("slack.http", "old"),
    ]


def test_signatures_are_remembered_for_as_long_as_they_are_good():
    clock = [1_000_000.0]
    signatures = SignatureCheck(secret="shhh", now=lambda: clock[0])  # noqa: S106 - a test's

    def sign(stamp):
        return "v0=" + hmac.new(b"shhh", f"v0:{stamp}:x".encode(), hashlib.sha256).hexdigest()

    stamp = "1000000"
    assert signatures.passes(b"x", timestamp=stamp, signature=sign(stamp)) == ""
    assert signatures.passes(b"x", timestamp=stamp, signature=sign(stamp)) == "replayed"
    clock[0] += 299
    assert signatures.passes(b"x", timestamp=stamp, signature=sign(stamp)) == "replayed"
    clock[0] += 2
    assert signatures.passes(b"x", timestamp=stamp, signature=sign(stamp)) == "old"


MANY = HTTP | {
    "bot_token": "",
    "client_id": "111.222",
    "client_secret": "client-secret",
    "encryption_key": new_key(),
    "public_url": "http://bot.example",
}


@pytest.fixture
def logged(capsys):
    """Yield the lines of the log from warnings on, as JSON."""
    set_up_logs(level="warning", json_lines=True)
    return capsys.readouterr


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
        assert [mark async for mark, _ in chat.self_check()][:1] == ["✓"]
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
        ("twice", "Slack refused it (code_already_used)"),
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


async def test_an_installation_is_finished_whatever_strangers_begin_and_by_any_process(slack, store):
    config = settings(slack, **MANY)
    installations = store.installations(*config.encryption_keys)
    async with (
        open_slack(config, installations=installations, now=now) as one,
        open_slack(config, installations=installations, now=now) as other,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as stranger,
    ):
        await one.listener.listen(Remembering().handle)
        await other.listener.listen(Remembering().handle)
        begin, end = (f"http://{chat.listener.address}/slack" for chat in (one, other))
        async with browser.get(f"{begin}/install", allow_redirects=False) as begun:
            consent = begun.headers["Location"]
        for _ in range(1200):
            async with stranger.get(f"{begin}/install", allow_redirects=False):
                pass
        async with browser.get(consent, allow_redirects=False) as agreed:
            query = {k: v[0] for k, v in parse_qs(urlsplit(agreed.headers["Location"]).query).items()}
        async with browser.get(f"{end}/oauth_redirect", params=query) as page:
            assert (page.status, (await page.text())[:22]) == (200, "Wirebrief is installed")
        await one.listener.close(1.0)
        await other.listener.close(1.0)
    assert [i.workspace for i in await installations.all("slack")] == ["T2"]


async def test_a_workspace_whose_tokens_cannot_be_read_is_named_and_costs_no_other(slack, store):
    config = settings(slack, **MANY)
    installations = store.installations(*config.encryption_keys)
    lost = Installation(platform="slack", workspace="TLOST", token="xoxb-9", installed_at=now())  # noqa: S106 - a test's
    await store.installations(new_key()).save(lost)
    async with open_slack(config, installations=installations, now=now, every=0.0) as chat:
        await chat.listener.listen(Remembering().handle)
        await install(slack, chat.listener.address)
        slack.world.rooms["C1"].members.add("UBOT")
        told = [line async for line in chat.self_check()]
        assert [(mark, "TLOST" in text) for mark, text in told if mark in "✓✗"][:2] == [
            ("✗", True),
            ("✓", False),
        ]
        channel = Channel(platform="slack", workspace="T2", id="C1")
        await chat.post(Post(channel=channel, key="wb-1", payload=chat.render(message(), channel)[0]))
        with pytest.raises(PostRefused, match="TLOST cannot be read"):
            await chat.post(
                Post(
                    channel=replace(channel, workspace="TLOST"),
                    key="wb-2",
                    payload=chat.render(message(), channel)[0],
                )
            )
        await chat.listener.close(1.0)


async def test_a_damaged_installation_is_one_that_cannot_be_read(store):
    key = new_key()
    await store.installations(key).save(
        Installation(platform="slack", workspace="T1", token="xoxb-1", installed_at=now())  # noqa: S106 - a test's
    )
    async with store.database.writing() as connection:
        await connection.execute(sa.text("UPDATE installation SET secret = 'gAAAA'"))
    assert await store.installations(key).all("slack") == []
    assert await store.installations(key).unreadable("slack") == ["T1"]


async def test_keys_are_changed_without_installing_anew(store):
    old, new = new_key(), new_key()
    tokens = {"token": "xoxb-1", "refresh_token": "xoxe-1"}
    kept = Installation(platform="slack", workspace="T1", installed_at=now(), **tokens)
    await store.installations(old).save(kept)
    both = store.installations(new, old)
    assert await both.all("slack") == [kept]
    assert await store.installations(new).unreadable("slack") == ["T1"]
    assert await both.rekey("slack") == 1
    assert await store.installations(new).all("slack") == [kept]
    assert await store.installations(old).unreadable("slack") == ["T1"]


def test_a_key_that_is_none_is_told(store):
    with pytest.raises(ConfigError, match="wirebrief slack key"):
        InstallationStore(store.database, keys=["password"])
