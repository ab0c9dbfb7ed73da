"""Find the JSON object in the text of a reply: reasoning is skipped, and the last object that fits is used. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.language.cleaning.clean import cleaned
from bot.llm.recited import Instructions
from bot.llm.schema import fits
from bot.ports import ModelRequest

MAX_REPLY_CHARS = 200_000  # characters of a reply that are searched
MAX_TRIED_BRACES = 1_000  # opening braces that are tried

_TAG = re.compile(
    r"[<\[◁](?P<end>/?)(?:think|thinking|thought|reasoning)(?: [^<>\[\]◁▷]{0,60})?[>\]▷]", re.IGNORECASE
)
# A text that does not end is matched too: looking for its end from every quotation mark would take for ever.
_TRAILING_COMMA = re.compile(r'(?P<kept>"(?:[^"\\]|\\[\s\S])*+"?)|,(?=\s*+[}\]])')


def text_of(content: Any) -> str:
    """Return the text of a message's content: a string, or parts of which those with a text are joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_text_of_part(part) for part in content)
    return ""


def spoken(text: str) -> str:
    """Return ``text`` without reasoning, and nothing while the reasoning is not finished.

    Some servers send the end tag of the reasoning without its beginning. Linear in the text.
    """
    text = text[:MAX_REPLY_CHARS]
    if text.lstrip()[:1] == "{":  # a tag in it stands inside a text of the object
        return text
    said: list[str] = []
    since, thinking = 0, False
    for tag in _TAG.finditer(text):
        if not tag["end"]:
            if not thinking:
                said.append(text[since : tag.start()])
            thinking = True
            continue
        if not thinking:
            said.clear()
        since, thinking = tag.end(), False
    return "".join(said) if thinking else "".join([*said, text[since:]])


def is_thinking(text: str) -> bool:
    """Return whether ``text`` has reasoning that a server left in the reply."""
    return spoken(text) != text[:MAX_REPLY_CHARS]


def object_for(request: ModelRequest, text: str) -> dict[str, Any] | None:
    """Return the object in the reply ``text`` to ``request``, cleaned and without recited instructions; None if there is none.

    Raises ``ValueError`` if it is nested too deep.
    """
    found = cleaned(best_object(text, request.schema))
    if found is None:
        return None
    whole: dict[str, Any] = Instructions(request.system, material=request.user).cleared(found)
    return whole


def best_object(text: str, schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the last object in ``text`` that fits ``schema``, else the closest one; None if there is none.

    A trailing comma is forgiven. Without one that fits, an object with none of the schema's keys counts as none.
    """
    text = text[:MAX_REPLY_CHARS]
    versions = [spoken(text), text]
    found: list[dict[str, Any]] = []
    for version in dict.fromkeys([*versions, *map(_without_trailing_commas, versions)]):
        objects = list(_objects(version))
        if whole := [each for each in objects if fits(each, schema)]:
            return whole[-1]
        found += objects
    keys = set(schema.get("properties", ())) | set(schema.get("required", ()))
    if not keys:
        return found[-1] if found else None
    nothing: dict[str, Any] = {}
    best = max(reversed(found), key=lambda each: len(keys & each.keys()), default=nothing)
    return best if keys & best.keys() else None


def _text_of_part(part: Any) -> str:
    """Return the text of one part, empty for thoughts, pictures and the like."""
    if isinstance(part, str):
        return part
    kind = _field(part, "type")
    text = _field(part, "text")
    return text if isinstance(text, str) and kind in {None, "", "text", "output_text"} else ""


def _field(part: Any, name: str) -> Any:
    return part.get(name) if isinstance(part, dict) else getattr(part, name, None)


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the outermost objects in ``text``."""
    decoder, start = json.JSONDecoder(), 0
    for _ in range(MAX_TRIED_BRACES):
        start = text.find("{", start)
        if start < 0:
            return
        try:
            found, start = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start += 1
            continue
        yield found


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(lambda match: match["kept"] or "", text)
