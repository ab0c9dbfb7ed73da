"""Validate the bodies of Slack's HTTP requests against their documented shape; a signature does not guarantee it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

MAX_BODY_FIELDS = 200  # of a form; Slack sends about a dozen

_TEXTS = frozenset(
    "type command text team_id user_id channel_id channel_name trigger_id response_url callback_id event_id".split()
)
_OBJECTS = frozenset("event view container message".split())
_LISTS = frozenset("actions authorizations".split())
_EITHER = frozenset("user team channel enterprise".split())  # an id, or an object that holds it
_EVENT_TEXTS = frozenset("type user ts thread_ts text channel_type subtype bot_id tab".split())
_NEEDED = {
    "command": ("team_id", "user_id", "channel_id"),
    "event_callback": ("team_id", "event"),
    "block_actions": ("user", "actions"),
    "view_submission": ("user", "view"),
    "shortcut": ("user", "callback_id"),
    "message_action": ("user", "callback_id", "message"),
}


def read_body(text: str, *, content_type: str) -> Mapping[str, Any] | None:
    """Return the object in ``text``, a form or JSON; None if it does not have a shape that Slack sends."""
    try:
        body = _parsed(text, content_type=content_type)
        json.dumps(body, ensure_ascii=False).encode()  # half a character cannot be kept or sent on
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not _well_typed(body):
        return None
    # A form without a type is a command, or Slack's look at our certificate.
    kind = next((name for name in ("command", "ssl_check") if name in body), body.get("type"))
    if not isinstance(kind, str) or not _identified(body):
        return None
    return body if all(body.get(key) for key in _NEEDED.get(kind, ())) else None


def _parsed(text: str, *, content_type: str) -> Any:
    if content_type == "application/json" or text.startswith("{"):
        return json.loads(text)
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_BODY_FIELDS, errors="strict"))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _well_typed(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    return (
        all(isinstance(body[key], str) or body[key] is None for key in _TEXTS & body.keys())
        and all(isinstance(body[key], dict) or body[key] is None for key in _OBJECTS & body.keys())
        and all(isinstance(body[key], dict | str) or body[key] is None for key in _EITHER & body.keys())
        and all(_objects(body[key]) for key in _LISTS & body.keys())
        and (not isinstance(event, dict) or _well_typed_event(event))
    )


def _well_typed_event(event: Mapping[str, Any]) -> bool:
    if not isinstance(event.get("type"), str):
        return False
    texts = _EVENT_TEXTS | ({"channel"} if event["type"] in {"message", "app_mention"} else frozenset())
    return all(isinstance(event[key], str) or event[key] is None for key in texts & event.keys())


def _objects(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, dict) for item in value))


def _identified(body: Mapping[str, Any]) -> bool:
    """Tell whether who acts is named wherever somebody acts."""
    user = body.get("user")
    return user is None or isinstance(user, str) or isinstance(user.get("id"), str)
