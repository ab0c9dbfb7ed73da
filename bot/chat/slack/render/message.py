"""Render a message as Slack payloads within every limit of Block Kit. Pure.

    Message ──▶ outline ──▶ header · context · rich_text a story · actions ──▶ JSON, a part each

A payload is {"place": "channel"|"thread", "text", "blocks"}: with ``place`` taken out, ready for ``chat.postMessage``.
Text from outside is used only in fields that Slack shows literally: ``rich_text`` and ``plain_text``. ``text`` is what a
notification shows; there, what Slack would make live is escaped or broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.chat.document.outline import outlines, reply_outline
from bot.chat.document.packing import Size, pack
from bot.chat.document.plain import plain_line, shortened, units
from bot.chat.document.rows import (
    EMPTY_BLOCK,
    Block,
    Row,
    RowKind,
    Run,
    RunStyle,
    head_rows,
    headed,
    questions_last,
)
from bot.chat.slack.render.form import MAX_SLACK_BUTTON_CHARS
from bot.language.cleaning.links import link_target
from bot.language.locale.phrases import phrases
from bot.model.briefing import Source
from bot.model.message import Action, Message
from bot.model.talk import Verb

MAX_SLACK_MESSAGE_CHARS = 11_000  # of text and addresses in one message: Slack refuses somewhere above 13,000
MAX_MESSAGE_BLOCKS = 49  # Slack takes 50; one is left for the note of an edit
MAX_HEADER_CHARS = 150
MAX_CONTEXT_CHARS = 2000
MAX_ACTIONS = 25
MAX_OVERFLOW_OPTIONS = 5  # of an overflow menu
MAX_OVERFLOW_VALUE_CHARS = 75  # of the value of one
MAX_BUTTON_VALUE_CHARS = 2000
MAX_SLACK_URL_CHARS = 3000
MAX_NOTIFICATION_CHARS = 300

_ROOM: Size = (MAX_SLACK_MESSAGE_CHARS, MAX_MESSAGE_BLOCKS)
_STYLES = {"primary", "danger"}
_STOP = "\u200b"
_LIVE = re.compile(r"(?<=:)(?=//|[\w+-]+:)|(?<=@)|(?<=[^\W\d_]\.)(?=[^\W\d_]{2})")
_FORMAT = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "'", "|": "¦"})


def render(message: Message) -> tuple[str, ...]:
    """Return a briefing: a parent message that can be read alone, then one part for each story in its thread."""
    links = _links(message.sources)
    title, clock = headed(message)
    top, buttons = _top(message, title, clock), action_blocks(message.actions)
    head = [{"type": "header", "text": _plain_text(shortened(title, MAX_HEADER_CHARS))}] if title else []
    first = _left(_ROOM, [*head, *buttons])
    for outline in outlines(message):
        blocks = (*top, *outline.channel) or (() if head else (EMPTY_BLOCK,))
        channel = pack(blocks, size=lambda b: _size(_blocks(b, links)), room=_ROOM, first=first)
        if len(channel) == 1:
            break
    parent = [*head, *_all(channel[0], links), *buttons]
    place = "thread" if message.in_thread else "channel"
    payloads = [_payload(place, _notification(message), parent)]
    rest = [*channel[1:]]
    for group in outline.thread:
        rest += pack(group, size=lambda b: _size(_blocks(b, links)), room=_ROOM)
    payloads += [_payload("thread", _first_line(group), _all(group, links)) for group in rest if group]
    return tuple(payloads)


def render_reply(message: Message) -> tuple[str, ...]:
    """Return an answer, a list or a notice in one place, with the buttons below the last part."""
    links = _links(message.sources)
    title = plain_line(message.title)
    bold = Row(kind=RowKind.HEADLINE, runs=(Run(text=title, style=RunStyle.STRONG),))
    top = Block(rows=(*((bold,) if title else ()), *head_rows(message, message.dateline)))
    buttons = action_blocks(message.actions)
    room = _left(_ROOM, buttons)
    blocks = (*((top,) if top.rows else ()), *reply_outline(message)) or (EMPTY_BLOCK,)
    groups = pack(blocks, size=lambda b: _size(_blocks(b, links)), room=room)
    parts = [_all(group, links) for group in groups]
    parts[-1] += buttons
    texts = [_notification(message), *(_first_line(group) for group in groups[1:])]
    return tuple(
        _payload("channel", text, blocks) for text, blocks in zip(texts, parts, strict=True) if blocks
    )


def button(action: Action) -> dict[str, Any]:
    """Return the button of ``action``; ``numbered`` distinguishes it from others of its verb."""
    return {
        "type": "button",
        "text": _plain_text(shortened(plain_line(action.label), MAX_SLACK_BUTTON_CHARS) or action.verb.value),
        "action_id": f"wb:{action.verb}:1",
        **({"value": action.subject[:MAX_BUTTON_VALUE_CHARS]} if action.subject else {}),
        **({"style": action.style} if action.style in _STYLES else {}),
    }


def escape(text: str) -> str:
    """Escape outside ``text`` for Slack's markup: no formatting, no mention, no link."""
    safe = _LIVE.sub(_STOP, text.translate(_FORMAT))
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _top(message: Message, title: str, clock: str) -> tuple[Block, ...]:
    """Return the lines below a briefing's header, with the title if it is too long for a header."""
    rows = head_rows(message, clock)
    if units(title) > MAX_HEADER_CHARS:
        rows = (Row(kind=RowKind.LINE, runs=(Run(text=title),)), *rows)
    return (Block(rows=rows),) if rows else ()


def _notification(message: Message) -> str:
    words = phrases(message.language)
    stories = [story for part in message.parts for story in part.stories]
    said = [plain_line(story.headline.text) for story in stories]
    if stories:
        said[0] = f"{words.count(len(stories), words.stories)}: {said[0]}"
    elif message.notice:
        said = [plain_line(message.notice)]
    else:
        said = [plain_line(line.text) for part in message.parts for line in part.lines[:1]]
    text = ": ".join(piece for piece in (plain_line(message.title), "; ".join(said)) if piece)
    return escape(shortened(text, MAX_NOTIFICATION_CHARS)) or "Wirebrief"


def _first_line(group: Iterable[Block]) -> str:
    rows = [row for block in group for row in block.rows]
    row = next((row for row in rows if row.kind is not RowKind.TITLE), rows[0])
    text = "".join(run.text for run in row.runs if not run.whole)
    return escape(shortened(plain_line(text), MAX_NOTIFICATION_CHARS)) or "Wirebrief"


def _payload(place: str, text: str, blocks: list[dict[str, Any]]) -> str:
    return json.dumps({"place": place, "text": text, "blocks": numbered(blocks)}, ensure_ascii=False)


def numbered(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ``blocks`` with numbered buttons, so that every id is unique."""
    pressed = (element for block in blocks if block["type"] == "actions" for element in block["elements"])
    for number, element in enumerate(pressed, 1):
        element["action_id"] = f"{element['action_id'].rpartition(':')[0]}:{number}"
    return blocks


def _links(sources: Iterable[Source]) -> dict[int, str]:
    found = {source.number: link_target(source.url) for source in sources}
    return {number: url for number, url in found.items() if url and units(url) <= MAX_SLACK_URL_CHARS}


def _all(group: Iterable[Block], links: Mapping[int, str]) -> list[dict[str, Any]]:
    return [block for ours in group for block in _blocks(ours, links)]


def _blocks(block: Block, links: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Yield ``block``: its titles and small print as context, everything between as one rich text."""
    elements: list[dict[str, Any]] = []
    for row in block.rows:
        small = row.kind is RowKind.SMALL and not any(run.whole for run in row.runs)
        if row.kind is not RowKind.TITLE and not small:
            _add(elements, row, links)
            continue
        if elements:
            yield {"type": "rich_text", "elements": elements}
            elements = []
        if row.kind is RowKind.TITLE:
            yield {"type": "divider"}
        for text in _slices("".join(run.text for run in row.runs), MAX_CONTEXT_CHARS):
            yield {"type": "context", "elements": [_plain_text(text)]}
    if elements:
        yield {"type": "rich_text", "elements": elements}
    if block.menu:
        yield {"type": "actions", "elements": [_overflow(block.menu)]}
    yield from action_blocks(block.actions)


def _overflow(menu: Sequence[Action]) -> dict[str, Any]:
    """Return the menu of one story; what Slack has no room for is left out."""
    options = [
        {
            "text": _plain_text(
                shortened(plain_line(action.label), MAX_SLACK_BUTTON_CHARS) or action.verb.value
            ),
            "value": f"{action.verb} {action.subject}"[:MAX_OVERFLOW_VALUE_CHARS],
        }
        for action in menu[:MAX_OVERFLOW_OPTIONS]
    ]
    return {"type": "overflow", "action_id": f"wb:{Verb.MENU}:1", "options": options}


def _add(elements: list[dict[str, Any]], row: Row, links: Mapping[int, str]) -> None:
    """Add a row to the elements of a rich text: to the section, list or quote that is open, or to a new one."""
    runs = [_run(run, links) for run in row.runs if run.text]
    if row.kind is RowKind.BULLET:
        if not elements or elements[-1]["type"] != "rich_text_list":
            elements.append({"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": []})
        elements[-1]["elements"].append({"type": "rich_text_section", "elements": runs})
        return
    kind = "rich_text_quote" if row.kind is RowKind.NOTICE else "rich_text_section"
    if elements and elements[-1]["type"] == kind:
        elements[-1]["elements"] += [{"type": "text", "text": "\n"}, *runs]
    else:
        elements.append({"type": kind, "elements": runs})


def _run(run: Run, links: Mapping[int, str]) -> dict[str, Any]:
    if run.at:
        return {
            "type": "date",
            "timestamp": int(run.at.timestamp()),
            "format": "{date_short_pretty} {time}",
            "fallback": run.text,
        }
    if run.place and run.place.platform == "slack" and run.place.id[:1] in {"C", "G"}:
        return {"type": "channel", "channel_id": run.place.id}
    if run.url:
        return {"type": "link", "url": run.url, "text": run.text}
    if run.source in links:
        return {"type": "link", "url": links[run.source], "text": run.text}
    style = {RunStyle.STRONG: "bold", RunStyle.SOFT: "italic", RunStyle.CHIP: "code"}.get(run.style)
    return {"type": "text", "text": run.text, **({"style": {style: True}} if style else {})}


def action_blocks(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return blocks of buttons; questions that are offered have their own."""
    groups = [[button(action) for action in group] for group in questions_last(actions)]
    return [
        {"type": "actions", "elements": group[start : start + MAX_ACTIONS]}
        for group in groups
        for start in range(0, len(group), MAX_ACTIONS)
    ]


def _plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _slices(text: str, most: int) -> Iterator[str]:
    text = text.strip()
    while units(text) > most:
        space = text.rfind(" ", 1, most // 2)
        at = space if space > 0 else most // 2
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def _size(blocks: Iterable[Mapping[str, Any]]) -> Size:
    listed = list(blocks)
    return sum(_characters(block) for block in listed), len(listed)


def _characters(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(
            units(inner)
            if isinstance(inner, str) and key in {"text", "url", "fallback"}
            else _characters(inner)
            for key, inner in value.items()
        )
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def _left(room: Size, blocks: Iterable[Mapping[str, Any]]) -> Size:
    return tuple(max(0, a - b) for a, b in zip(room, _size(blocks), strict=True))
