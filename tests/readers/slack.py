"""Read a Slack message as its clients show it: the notification and the blocks."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.readers import Reading, collected

_MARKED = re.compile(r"<([^<>\n]*)>")
_BARE = re.compile(
    r"(?i)\w[\w+.-]{0,20}://[^\s<>\u200b]+|[\w.+-]{1,64}@\w[\w-]{0,64}\.\w+|(?<![@\w])[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}\b"
)
_NAMED = re.compile(r"@(?:channel|here|everyone|group)\b")
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_STYLED = re.compile(r"(?<!\w)([*_~`])(?=\S)[^\n]*?(?<=\S)\1(?!\w)")
_MENTIONS = {"user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id", "broadcast": "range"}


def read_mrkdwn(text: str, *, emoji: bool = True) -> Reading:
    """Return what readers see of a text in which Slack reads its markup."""
    mentions, links = [], []
    for found in _MARKED.finditer(text):
        inner = found[1]
        if inner[:1] in {"@", "#", "!"}:
            mentions.append(found[0])
        else:
            links.append(inner.partition("|")[0])
    rest = _MARKED.sub("", text)
    rest = rest.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    mentions += [found[0] for found in _NAMED.finditer(rest)]
    links += [found[0] for found in _BARE.finditer(rest)]
    mentions += [f"formatting {found[0]}" for found in _STYLED.finditer(rest)]
    mentions += [f"emoji {found[0]}" for found in _EMOJI.finditer(rest)] if emoji else []
    return Reading(text=rest.replace("\u200b", ""), mentions=tuple(mentions), links=tuple(links))


def read_payload(payload: str) -> Reading:
    """Return what readers see of a message."""
    return read_message(json.loads(payload))


def read_message(data: dict[str, Any]) -> Reading:
    """Return what readers see of a message as its server holds it; the notification tells of live things alone."""
    note = read_mrkdwn(data.get("text", ""))
    if not data.get("blocks"):
        return note
    shown = collected([_block(block) for block in data["blocks"]])
    return Reading(mentions=note.mentions, links=note.links) + shown


def _block(block: dict[str, Any]) -> Reading:
    kind = block["type"]
    if kind == "divider":
        return Reading()
    if kind == "header":
        return _text(block["text"])
    if kind == "context":
        return collected([_text(element) for element in block["elements"]])
    if kind == "actions":
        return collected(
            [
                _option(e)
                if e["type"] == "overflow"
                else _text(e["text"]) + Reading(buttons=(f"{e['action_id']} {e.get('value', '')}",))
                for e in block["elements"]
            ]
        )
    if kind == "rich_text":
        return collected([_rich(element) for element in block["elements"]])
    if kind == "section":
        return _text(block["text"])
    raise ValueError(f"a block that no test knows: {kind}")


def _option(menu: dict[str, Any]) -> Reading:
    return collected([_text(o["text"]) + Reading(buttons=(o["value"],)) for o in menu["options"]])


def _text(data: dict[str, Any]) -> Reading:
    if data["type"] == "mrkdwn":
        return read_mrkdwn(data["text"])
    emoji = tuple(_EMOJI.findall(data["text"])) if data.get("emoji", True) else ()
    return Reading(text=data["text"], mentions=emoji)


def _rich(data: dict[str, Any]) -> Reading:
    if data["type"] == "rich_text_list":
        return collected([_rich(element) for element in data["elements"]])
    whole = Reading()
    for element in data["elements"]:
        one = _rich_run(element)
        whole = Reading(
            text=whole.text + one.text,
            mentions=(*whole.mentions, *one.mentions),
            links=(*whole.links, *one.links),
            times=whole.times + one.times,
        )
    return whole


def _rich_run(data: dict[str, Any]) -> Reading:
    kind = data["type"]
    if kind == "text":
        return Reading(text=data["text"])
    if kind == "link":
        return Reading(text=data.get("text", data["url"]), links=(data["url"],))
    if kind == "date":
        return Reading(times=1)
    if kind == "emoji":
        return Reading(mentions=(f"emoji {data['name']}",))
    # A channel is shown by its name, which the block does not hold.
    shown = f"#{data['channel_id']}" if kind == "channel" else ""
    return Reading(text=shown, mentions=(f"{kind} {data.get(_MENTIONS.get(kind, ''), '')}",))
