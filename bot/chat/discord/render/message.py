"""Render a message as Discord payloads within every limit: Components V2, else embeds, else text. Pure.

    Message ──▶ outline ──▶ a container of text displays, sections, buttons ──▶ JSON, a part each

A payload is {"place": "channel"|"thread", …}: with ``place`` and ``thread_name`` taken out, the body of "create message".
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.chat.discord.protocol import ComponentType
from bot.chat.discord.render.buttons import MAX_DISCORD_BUTTON_CHARS, action_rows, story_select
from bot.chat.discord.render.layout import LAYOUTS, Layout, Style
from bot.chat.document.outline import outlines, reply_outline
from bot.chat.document.packing import pack
from bot.chat.document.plain import plain_line, shortened, units
from bot.chat.document.rows import EMPTY_BLOCK, Block, Row, RowKind, Run, RunStyle, head_rows, headed
from bot.language.cleaning.links import link_target
from bot.language.locale.phrases import phrases
from bot.model.briefing import Source
from bot.model.message import Message
from bot.urls import web_host

MAX_DISCORD_URL_CHARS = 512
MAX_THREAD_NAME_CHARS = 100
_BLUE_RGB, _AMBER_RGB, _GREY_RGB = 0x3B6FD4, 0xD9822B, 0x8A919E


def render(message: Message, *, style: Style = "components") -> tuple[str, ...]:
    """Return a briefing: a parent message that can be read alone, then one part for each story in its thread."""
    layout = _layout(message, style)
    title, clock = headed(message)
    stories = [story for part in message.parts for story in part.stories]
    menu = story_select(stories, placeholder=phrases(message.language).about_story)
    top, buttons = _top(message, title, clock), [*menu, *action_rows(message.actions)]
    for outline in outlines(message):
        blocks = (*((top,) if top.rows else ()), *outline.channel) or (EMPTY_BLOCK,)
        first = layout.left(buttons)
        channel = pack(blocks, size=layout.size, room=layout.room, first=first)
        if len(channel) == 1:
            break
    name = shortened(title, MAX_THREAD_NAME_CHARS) or "Wirebrief"
    place = "thread" if message.in_thread else "channel"
    payloads = [_payload(place, layout.body(channel[0], buttons), name=name)]
    linked = replace(layout, linked=True)
    # What found no room in the channel is measured anew: a number that is a link takes more.
    left = [block for group in channel[1:] for block in group]
    rest = [
        part
        for group in (left, *outline.thread)
        for part in (pack(group, size=linked.size, room=layout.room) if group else ())
    ]
    payloads += [_payload("thread", linked.body(group, []), name=name) for group in rest if group]
    return tuple(payloads)


def render_reply(message: Message, *, style: Style = "components") -> tuple[str, ...]:
    """Return an answer, a list or a notice in one place, with the buttons below the last part."""
    top, buttons = _top(message, plain_line(message.title), message.dateline), action_rows(message.actions)
    blocks = (*((top,) if top.rows else ()), *reply_outline(message)) or (EMPTY_BLOCK,)
    # Every number is a link where that does not take a message more: the list of sources has them all.
    plain = _layout(message, style)
    for layout in (replace(plain, linked=True), plain):
        groups = pack(blocks, size=layout.size, room=layout.left(buttons))
        if len(groups) == 1:
            break
    last = len(groups) - 1
    return tuple(
        _payload("channel", layout.body(group, buttons if i == last else []))
        for i, group in enumerate(groups)
        if group or buttons
    )


def _layout(message: Message, style: Style) -> Layout:
    stories = any(part.stories for part in message.parts)
    colour = _GREY_RGB if message.notice and not stories else _AMBER_RGB if message.notice else _BLUE_RGB
    buttons = {source.number: button for source in message.sources if (button := _link_button(source))}
    links = {number: button["url"] for number, button in buttons.items()}
    return LAYOUTS[style](colour=colour, links=links, buttons=buttons)


def _top(message: Message, title: str, dateline: str) -> Block:
    heading = (Row(kind=RowKind.HEADLINE, runs=(Run(text=title, style=RunStyle.STRONG),)),) if title else ()
    return Block(rows=(*heading, *head_rows(message, dateline)))


def _payload(place: str, body: dict[str, Any], *, name: str = "") -> str:
    named = {"thread_name": name} if name else {}
    data = {"place": place, **named, **body, "allowed_mentions": {"parse": []}}
    return json.dumps(data, ensure_ascii=False)


def _link_button(source: Source) -> dict[str, Any] | None:
    """Return the button that leads to ``source``; None where Discord would refuse its address."""
    url = link_target(source.url)
    if not url or units(url) > MAX_DISCORD_URL_CHARS or "." not in web_host(url):
        return None
    label = shortened(plain_line(source.outlet), MAX_DISCORD_BUTTON_CHARS) or f"[{source.number}]"
    return {"type": ComponentType.BUTTON, "style": 5, "label": label, "url": url}
