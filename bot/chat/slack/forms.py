"""The values of Slack's modals, and where they were opened. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.chat.slack.render.form import MAX_SLACK_INPUT_CHARS, render_form
from bot.model.chat import Channel
from bot.model.talk import Form


def form_view(form: Form, *, origin: Mapping[str, str]) -> dict[str, Any]:
    """Return the modal of ``form``; ``origin`` says where it was opened and comes back with its values."""
    return render_form(form, private=json.dumps(origin))


def values_of(view: Mapping[str, Any], *, team: str) -> dict[str, str]:
    """Return the filled-in values by field name; a channel in the form of ``Channel.read``."""
    found = {}
    for name, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            value = _value(element)
            if element.get("type") == "conversations_select" and value:
                value = Channel(platform="slack", workspace=team, id=value).name
            found[str(name)] = value[:MAX_SLACK_INPUT_CHARS]
    return found


def origin_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the verb and subject of the form, and where it was opened, as ``form_view`` stored them."""
    metadata = _object(view.get("private_metadata"))
    return {str(k): str(v) for k, v in {**_object(metadata.pop("private", "")), **metadata}.items()}


def _object(text: Any) -> dict[str, Any]:
    try:
        data = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _value(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option") or {}
    if element.get("selected_options"):
        return ",".join(str(one.get("value") or "") for one in element["selected_options"])
    return str(
        element.get("value") or option.get("value") or element.get("selected_conversation") or ""
    ).strip()
