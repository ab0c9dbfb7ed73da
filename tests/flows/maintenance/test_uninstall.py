"""A removal that nobody heard of is noticed, by the real clients; whatever else goes wrong removes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.slack.setup import open_slack
from bot.flows.maintenance.uninstall import find_removals
from bot.flows.requests.subscribing.subscribe import SubscriptionRequest, subscribe
from bot.model.chat import Channel
from bot.model.workspace import Installation
from bot.store import open_store
from bot.store.talk.installations import new_key
from tests.chat.discord.loopback import looped
from tests.chat.slack.loopback import C1, now, settings
from tests.servers.discord import world as dw
from tests.servers.slack.server import Slack, serving
from tests.servers.slack.world import Room, Token

pytestmark = pytest.mark.slow

G1 = Channel(platform="slack", workspace="T1", id="G1")
MANY = {
    "bot_token": "",
    "client_id": "111.222",
    "client_secret": "client-secret",
    "public_url": "https://brief.example",
    "http": "127.0.0.1:0",
    "signing_secret": "shhh",
    "app_token": "",
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def store(sqlite_url):
    async with open_store(sqlite_url) as opened:
        yield opened


class Looks:
    """One look after the other, each as after a new start."""

    def __init__(self, store, chat):
        self.store = store
        self.chats = {chat.platform: chat}

    async def subscribed(self, channel):
        requested = SubscriptionRequest(channel=channel.name, times="daily 07:30 UTC")
        chat = self.chats[channel.platform]
        await subscribe(requested, store=self.store, chats={channel.platform: chat}, zone="UTC", now=now())

    async def again(self):
        at = now()
        await find_removals(store=self.store, chats=self.chats, now=at, unseen_since=at)
        return {s.channel.id for s in await self.store.subscriptions.all()}


# Discord.


@pytest.fixture
async def loop():
    async with looped() as opened:
        yield opened


async def test_a_server_that_kicked_the_bot_while_it_was_down_is_forgotten_at_the_next_start(loop, store):
    other = loop.server.world.server("Elsewhere")
    there = loop.server.world.place(other)
    looks = Looks(store, loop.chat)
    for place in (loop.place, there):
        await looks.subscribed(loop.channel_of(place))
    await loop.listener.listen(loop.dispatcher)
    assert await looks.again() == {str(loop.place.id), str(there.id)}
    await loop.connection.reopen()
    loop.guild.members.pop(dw.APP_ID)
    await loop.listener.listen(loop.dispatcher)
    assert await looks.again() == {str(there.id)}
    assert await store.sightings.get(Channel(platform="discord", workspace=str(loop.guild.id), id="")) is None


async def test_a_channel_that_was_deleted_meanwhile_is_forgotten_and_its_server_is_not(loop, store):
    spare = loop.server.world.place(loop.guild, "spare")
    looks = Looks(store, loop.chat)
    for place in (loop.place, spare):
        await looks.subscribed(loop.channel_of(place))
    await loop.listener.listen(loop.dispatcher)
    await looks.again()
    loop.server.world.places.pop(spare.id)
    assert await looks.again() == {str(loop.place.id)}


@pytest.mark.parametrize("fault", ["unavailable", "500", "token", "unreachable", "no right"])
async def test_no_outage_of_discord_and_no_lost_right_is_a_removal(loop, store, fault, monkeypatch):
    looks = Looks(store, loop.chat)
    await looks.subscribed(loop.channel)
    await loop.listener.listen(loop.dispatcher)
    await looks.again()
    if fault == "unavailable":
        gone = {"id": str(loop.guild.id), "unavailable": True}
        await loop.server.gateway.tell("GUILD_DELETE", gone, guild=loop.guild.id)
        await loop.server.gateway.heard()
        loop.guild.members.pop(dw.APP_ID)  # as REST may say of it meanwhile
    elif fault == "500":
        loop.server.down = True
    elif fault == "token":
        loop.server.world.token = "another"  # noqa: S105 - of no place
    elif fault == "unreachable":
        from tests.servers.discord.server import pointed_at  # noqa: PLC0415

        with pointed_at(9):
            assert await looks.again() == {str(loop.place.id)}
    else:
        loop.server.world.deny(loop.place, dw.VIEW)
    assert await looks.again() == {str(loop.place.id)}


async def test_what_was_subscribed_before_the_bot_came_waits_for_it(loop, store):
    looks = Looks(store, loop.chat)
    elsewhere = Channel(platform="discord", workspace="4242", id="4243")
    await looks.subscribed(elsewhere)
    await loop.listener.listen(loop.dispatcher)
    assert await looks.again() == {"4243"}


async def test_the_token_of_another_application_forgets_nothing(loop, store):
    looks = Looks(store, loop.chat)
    await looks.subscribed(loop.channel)
    await loop.listener.listen(loop.dispatcher)
    await looks.again()
    loop.guild.members.pop(dw.APP_ID)
    loop.connection.client._connection.application_id = 99  # as the gateway tells a new session
    assert await looks.again() == {str(loop.place.id)}


async def test_before_the_gateway_says_which_servers_there_are_nothing_is_known(loop, store):
    looks = Looks(store, loop.chat)
    await looks.subscribed(loop.channel)
    await looks.again()
    assert await store.sightings.get(loop.channel) is None


# Slack.


@pytest.fixture
async def slack():
    async with serving(Slack()) as running:
        yield running


async def test_channels_the_bot_was_removed_from_while_it_was_down_are_forgotten(slack, store):
    slack.world.rooms["C3"] = Room(id="C3", members={"UBOT"})
    async with open_slack(settings(slack), now=now, every=0.0) as chat:
        looks = Looks(store, chat)
        for channel in (C1, G1, Channel(platform="slack", workspace="T1", id="C3")):
            await looks.subscribed(channel)
        assert await looks.again() == {"C1", "G1", "C3"}
        slack.world.rooms["C1"].members.discard("UBOT")  # removed
        slack.world.rooms["G1"].members.discard("UBOT")  # removed from a private one: Slack knows it no more
        assert await looks.again() == {"C3"}


@pytest.mark.parametrize("fault", ["archived", "scope", "503 before", "drop before", "drop after", "429", "error invalid_auth",
    "error account_inactive", "error internal_error"])  # fmt: skip
async def test_no_outage_of_slack_no_scope_and_no_archive_is_a_removal(slack, store, fault):
    async with open_slack(settings(slack), now=now, every=0.0, window=0.5) as chat:
        looks = Looks(store, chat)
        await looks.subscribed(C1)
        await looks.again()
        room = slack.world.rooms["C1"]
        room.members.discard("UBOT")
        if fault == "archived":
            room.archived = True
        elif fault == "scope":
            slack.world.tokens["xoxb-1"].scopes -= {"channels:read"}
        else:
            slack.script |= {method: [fault] * 4 for method in ("auth.test", "conversations.info")}
        assert await looks.again() == {"C1"}


async def test_a_channel_the_bot_was_never_invited_to_keeps_its_briefing(slack, store):
    async with open_slack(settings(slack), now=now, every=0.0) as chat:
        looks = Looks(store, chat)
        await looks.subscribed(Channel(platform="slack", workspace="T1", id="C2"))
        await looks.again()
        assert await looks.again() == {"C2"}


@pytest.mark.parametrize(
    ("dead", "stays"),
    [
        ("account_inactive", False),
        ("token_revoked", False),
        ("invalid_auth", True),  # said to an address that may not ask, too
        ("token_expired", True),
        ("org_login_required", True),
    ],
)
async def test_a_workspace_that_uninstalled_meanwhile_is_forgotten_with_its_token(slack, store, dead, stays):
    config = settings(slack, **MANY, encryption_key=new_key())
    installations = store.installations(config.encryption_key.get_secret_value())
    for team, token in (("T1", "xoxb-1"), ("T2", "xoxb-2")):
        slack.world.tokens[token] = Token(team=team)
        await installations.save(
            Installation(platform="slack", workspace=team, token=token, installed_at=now())
        )
    elsewhere = Channel(platform="slack", workspace="T2", id="C1")
    async with open_slack(config, installations=installations, now=now, every=0.0) as chat:
        looks = Looks(store, chat)
        await looks.subscribed(C1)
        await looks.subscribed(elsewhere)
        await looks.again()
        slack.world.tokens["xoxb-2"].dead = dead
        await looks.again()
    left = {s.channel.workspace for s in await store.subscriptions.all()}
    assert left == ({"T1", "T2"} if stays else {"T1"})
    assert {i.workspace for i in await installations.all("slack")} == left


async def test_what_was_seen_since_the_start_is_looked_at_again_hours_later(slack, store):
    at = datetime(2031, 3, 10, tzinfo=UTC)
    async with open_slack(settings(slack), now=now, every=0.0) as chat:
        await Looks(store, chat).subscribed(C1)
        for hours in (0, 1, 2):
            since = at + timedelta(hours=hours) - timedelta(hours=1.5)
            await find_removals(
                store=store, chats={"slack": chat}, now=at + timedelta(hours=hours), unseen_since=since
            )
    assert sum(method == "conversations.info" for method, _ in slack.calls) == 2
