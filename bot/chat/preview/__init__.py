"""Show messages as a channel would see them, on a page without scripts and outside content, light and dark. Pure.

    payloads ──▶ messages as Slack | Discord draws them ──▶ one HTML page

It reads the payloads as they are sent, so that what cannot be read there cannot be seen here either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from bot.chat.preview.discord import discord_message
from bot.chat.preview.slack import slack_message
from bot.language.locale.en import counted

MESSAGES: dict[str, Callable[[dict[str, Any]], str]] = {"slack": slack_message, "discord": discord_message}
_NAMES = {"slack": "Slack", "discord": "Discord"}


def preview_page(platform: str, posts: Sequence[tuple[str, ...]], *, title: str) -> str:
    """Return the page that shows ``posts``, each the payloads of one briefing, as ``platform`` does."""
    shown = "".join(_post(platform, [json.loads(payload) for payload in payloads]) for payloads in posts)
    return _page(platform, shown, title=title)


def pages_of(platform: str, messages: Sequence[str], *, forms: Sequence[str] = (), title: str) -> str:
    """Return the page that shows ``messages`` and ``forms`` that were drawn already, as ``platform`` does."""
    posts = "".join(f'<section class="post">{_message(message)}</section>' for message in messages)
    return _page(platform, posts + "".join(forms), title=title)


def _page(platform: str, shown: str, *, title: str) -> str:
    css = files("bot.chat.preview").joinpath("page.css").read_text("utf-8")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f'<style>{css}</style><body class="{platform}"><main>{shown}'
        f"<footer>Drawn from the payloads as they are sent to {_NAMES[platform]}.</footer></main></body></html>\n"
    )


def _post(platform: str, payloads: Sequence[dict[str, Any]]) -> str:
    draw = MESSAGES[platform]
    channel = "".join(_message(draw(p)) for p in payloads if p["place"] == "channel")
    replies = [_message(draw(p)) for p in payloads if p["place"] == "thread"]
    if not replies:
        return f'<section class="post">{channel}</section>'
    name = escape(str(payloads[0].get("thread_name", "")) or "Thread")
    count = counted(len(replies), "reply", "replies")
    thread = f'<div class="thread"><p class="replies"><b>{name}</b> {count}</p>{"".join(replies)}</div>'
    return f'<section class="post">{channel}{thread}</section>'


def _message(body: str) -> str:
    return (
        '<article class="message"><span class="avatar" aria-hidden="true">W</span><div class="body">'
        f'<p class="author"><b>Wirebrief</b> <i>APP</i></p>{body}</div></article>'
    )
