"""Take the pictures of the first contact for ``docs/commands.md``: ``make pictures``; it needs Chromium.

    people on the loopback Slack and Discord ──▶ what the bot sent there ──preview──▶ five phones side by side ──▶ PNG

Each platform is shown with the welcome, the form of a briefing with a mistake in it, a briefing with a menu opened, the card
of a link, and where things stand.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from bot.chat.discord.render.message import render as for_discord
from bot.chat.document.message import to_message
from bot.chat.preview import pages_of
from bot.chat.preview.discord import discord_message
from bot.chat.preview.form import discord_form, slack_form
from bot.chat.preview.slack import slack_message
from bot.chat.replies.buttons import under_briefing
from bot.chat.slack.render.message import render as for_slack
from bot.model.briefing import Briefing
from bot.runtime.demo import as_published, play_demo, recorded_replies
from tests.chat.slack.loopback import Heard
from tests.flows.requests.test_on_platforms import button_of, discord_state, on_discord, on_slack, slack_state
from tests.flows.talk import World, read_mornings, recorded_world

DOCS = Path(__file__).parents[3] / "docs"
PHONE_PIXELS, HEIGHT_PIXELS, GAP_PIXELS = 390, 960, 10
SHOWN_MORNING = 1  # of the demo, from 0: the one of the pictures of the README
TYPED = {"times": "every morning", "words": "gaza, harbour strike", "length": "short"}
AT_END = "body{position:absolute;bottom:0}"
CLOSED, OPEN = '<details class="menu">', '<details class="menu" open>'


async def slack_pages(world: World, briefing: Briefing) -> list[str]:
    """Return the five pages of Slack."""
    async with on_slack(world) as heard:
        slack, members = heard.slack, heard.members
        slack.world.rooms["C2"].members.discard("UBOT")
        await members.join("C2")
        await heard.handler.next()
        (welcome,) = slack.world.seen("C2")
        await members.command("UADMIN", "subscribe")
        await heard.handler.next()
        form = await _slack_form(heard)
        await world.subscribe(channel="slack:T1/C1", length="short")
        await world.deliver()
        await members.command(
            "UANNA", f"link {world.news.at('continental')}/continental/doha-talks-open.html"
        )
        await heard.handler.next()
        await heard.opened.listener.idle()
        card = next(said for said in reversed(slack.world.seen("C1")) if not said.thread)
        await members.open_home("UADMIN")
        await heard.handler.next()
        home = slack.world.homes["UADMIN"]
    posted = json.loads(for_slack(under_briefing(to_message(briefing), briefing))[0])
    shown = ({"blocks": welcome.blocks}, posted, {"blocks": card.blocks}, home)
    first, parent, link, stands = map(slack_message, shown)
    # The Home tab is a page and no message.
    stands = f'<section class="post"><div class="body">{stands}</div></section>'
    found = [
        _page("slack", first),
        _page("slack", forms=[form]),
        _page("slack", parent.replace(CLOSED, OPEN, 1)),
        _page("slack", link),
        _page("slack", forms=[stands]),
    ]
    return [page.replace("#C1", "#newsroom").replace("Person UANNA", "Mia") for page in found]


async def _slack_form(heard: Heard) -> str:
    """Return the open form with what was typed, what it would match, and what Slack shows at its fields."""
    world, members = heard.slack.world, heard.members
    (view,) = world.views.values()
    (look,) = [block["elements"][0] for block in view["blocks"] if block["type"] == "actions"]
    typed = slack_state(view, **TYPED)
    await members.press_in_form("UADMIN", view, typed, look)
    await heard.handler.next()
    await members.submit("UADMIN", view, typed)
    await heard.handler.next()
    return slack_form(_filled(world.views[view["id"]], typed), errors=members.answer["errors"])


def _filled(view: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """Return ``view`` with what was typed in its fields: Slack shows that, whatever stood in them at first."""
    for block in view["blocks"]:
        if block["type"] == "input" and state[block["block_id"]].get("value"):
            block["element"]["initial_value"] = state[block["block_id"]]["value"]
    return view


async def discord_pages(world: World, briefing: Briefing) -> list[str]:
    """Return the five pages of Discord."""
    async with on_discord(world) as (loop, done):
        server = loop.server
        anna = server.world.member(loop.guild, "anna", may=1 << 5)

        async def act(kind: int, data: dict[str, Any], message: dict[str, Any] | None = None) -> Any:
            found = await server.interact(kind, anna, loop.place, data, message=message)
            async with asyncio.timeout(120):
                await done.get()
            return found

        async def run(verb: str, **options: str) -> Any:
            found = await server.command(anna, loop.place, verb, **options)
            async with asyncio.timeout(120):
                await done.get()
            return found

        guild = server.world.server("Second")
        server.world.place(guild, "open")
        joined = server.world.guild(guild, whole=True)
        del joined["unavailable"]  # it is told of servers that were there before
        await server.gateway.tell("GUILD_CREATE", joined, guild=guild.id)
        async with asyncio.timeout(120):
            await done.get()
        (welcome,) = [one.body for one in server.world.log if one.channel != loop.place.id]
        opened = await run("subscribe")
        (refused,) = (await act(5, discord_state(opened.modal, **TYPED))).messages
        press = {"custom_id": button_of(refused, "edit"), "component_type": 2}
        form = (await act(3, press, refused)).modal
        await world.subscribe(channel=loop.channel.name, length="short")
        await world.deliver()
        await run("link", url=f"{world.news.at('continental')}/continental/doha-talks-open.html")
        card = list(loop.place.messages.values())[-1]
        (start,) = (await run("start")).messages
    posted = json.loads(for_discord(under_briefing(to_message(briefing), briefing))[0])
    first, parent, link, stands = map(discord_message, (welcome, posted, card, start))
    # One menu lists the stories, below them all: the end of the message is shown.
    menu = _page("discord", parent.replace(CLOSED, OPEN, 1)).replace("</style>", f"{AT_END}</style>", 1)
    found = [
        _page("discord", first),
        _page("discord", forms=[discord_form(form)]),
        menu,
        _page("discord", link),
        _page("discord", stands),
    ]
    return [page.replace(f"#{loop.place.id}", "#newsroom") for page in found]


def _page(platform: str, *messages: str, forms: Sequence[str] = ()) -> str:
    """Return a page of what was drawn, with the recorded outlets where they would be."""
    page = pages_of(platform, messages, forms=forms, title="First contact")
    return page.replace(".localhost", ".example")


def board(pages: Sequence[str]) -> str:
    """Return one page with ``pages`` side by side, each as wide as a phone."""
    frames = "".join(f'<iframe srcdoc="{escape(page)}"></iframe>' for page in pages)
    style = (
        f"body{{margin:0;padding:{GAP_PIXELS}px;display:flex;gap:{GAP_PIXELS}px;background:#e8e9eb}}"
        f"iframe{{flex:none;width:{PHONE_PIXELS}px;height:{HEIGHT_PIXELS}px;border:0;border-radius:10px;background:#fff}}"
    )
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><body>{frames}'


def take(page: str, picture: Path) -> None:
    """Write the picture of ``page``."""
    names = (os.environ.get("WIREBRIEF_CHROMIUM", ""), "chromium", "google-chrome", "chromium-browser")
    program = next((found for name in names if name and (found := shutil.which(name))), "chromium")
    width = 5 * PHONE_PIXELS + 6 * GAP_PIXELS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "board.html"
        file.write_text(page, "utf-8")
        size = f"--window-size={width},{HEIGHT_PIXELS + 2 * GAP_PIXELS}"
        options = ("--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1", size)
        subprocess.run(
            [program, *options, f"--screenshot={picture}", file.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
    sys.stdout.write(f"Written: {picture}\n")


async def pages() -> dict[str, list[str]]:
    """Return the pages of each platform."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        played = await play_demo(folder / "demo", model=recorded_replies())
        briefing = as_published(played.briefings[SHOWN_MORNING])
        mornings = folder / "mornings"
        mornings.mkdir()
        await read_mornings(mornings)
        found = {}
        for platform, draw in (("slack", slack_pages), ("discord", discord_pages)):
            (folder / platform).mkdir()
            async with recorded_world(mornings, folder / platform) as world:
                found[platform] = await draw(world, briefing)
        return found


def main() -> None:
    """Write both pictures into the docs."""
    for platform, shown in asyncio.run(pages()).items():
        take(board(shown), DOCS / f"first-contact-{platform}.png")


if __name__ == "__main__":
    main()
