"""Discord put together by the configuration: what it says of itself, the invite link, and what it costs others."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.chat.discord.permissions import USED, invite_link
from bot.chat.discord.setup import open_discord
from bot.config import Config
from bot.errors import ConfigError
from bot.runtime.compose import open_chats
from bot.runtime.serve import open_listeners
from bot.store import open_store
from tests.chat.discord.loopback import looped
from tests.conftest import ROOT
from tests.servers.discord import world as dw
from tests.servers.discord.server import running
from tests.support.running.once import loaded_modules

pytestmark = pytest.mark.slow


def settings(**more):
    return Config.model_validate({"discord": {"token": "a.test.token", **more}}).discord


def now():
    return datetime.now(UTC)


async def lines(server_settings):
    async with open_discord(server_settings, now=now) as chat:
        return [line async for line in chat.self_check()]


async def test_check_tells_the_application_and_its_servers():
    async with running() as server:
        guild = server.world.server("The Harbour Desk")
        assert await lines(settings()) == [
            ("✓", f"discord: application Wirebrief, id {dw.APP_ID}"),
            ("✓", f"discord: server The Harbour Desk, id {guild.id}"),
        ]


async def test_check_tells_that_nobody_invited_the_bot_and_that_an_intent_is_missing():
    async with running():
        found = [sentence for mark, sentence in await lines(settings(message_content=True)) if mark == "✗"]
    assert "wirebrief discord invite" in found[0]
    assert "Message Content Intent" in found[1]


async def test_a_wrong_token_is_one_sentence():
    async with running():
        with pytest.raises(ConfigError) as wrong:
            await lines(settings(token="wrong"))  # noqa: S106 - it is wrong
    assert wrong.value.message == "discord.token: Discord does not accept this token"


async def test_a_role_by_name_is_refused_with_where_its_id_is():
    with pytest.raises(ConfigError) as wrong:
        await lines(settings(admin_role="Editors"))
    assert "Copy Role ID" in wrong.value.hint


async def test_the_running_bot_opens_discord_where_a_token_is_set_and_only_there():
    config = Config.model_validate({"discord": {"token": "a.test.token"}})
    async with open_store("sqlite:///") as store:
        async with open_chats(config, store=store) as chats:
            assert "discord" in chats
            assert len(open_listeners(chats)) == 1
        async with open_chats(Config(), store=store) as chats:
            assert "discord" not in chats


def test_who_does_not_use_discord_does_not_wait_for_it():
    assert "bot.runtime.serve" in loaded_modules()
    assert "discord" not in loaded_modules()


def test_the_invite_link_asks_for_what_is_used_and_nothing_else():
    query = parse_qs(urlsplit(invite_link("1234")).query)
    assert query["client_id"] == ["1234"]
    assert query["scope"] == ["bot applications.commands"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert asked == discord.Permissions(**{permission.name: True for permission in USED})
    assert not asked.administrator


def test_the_guide_names_every_permission_and_what_is_lost_without_it():
    guide = (ROOT / "docs" / "discord.md").read_text("utf-8")
    assert all(f"| {permission.called} | {permission.without} |" in guide for permission in USED)


async def test_with_exactly_these_permissions_everything_works():
    async with looped() as loop:
        world = loop.server.world
        world.servers[loop.guild.id].roles[loop.guild.id] = sum(p.bit for p in USED)
        forum = world.place(loop.guild, "forum", type=dw.FORUM)
        for place in (loop.place, forum):
            channel = loop.channel_of(place)
            assert await loop.chat.check(channel) == ()
            first = await loop.chat.post(loop.post(place=place))
            assert await loop.chat.find(loop.post(place=place)) == first
            await loop.chat.amend(loop.post("Corrected.", place=place), first)
