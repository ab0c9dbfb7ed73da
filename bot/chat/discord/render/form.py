"""Render a form as a Discord modal. Pure."""

from __future__ import annotations

from typing import Any

from bot.chat.document.plain import many_lines, one_line, shortened
from bot.model.chat import Channel
from bot.model.talk import Field, Form, Kind

MOST_TITLE = 45
MOST_LABEL = 45
MOST_HINT = 100
MOST_FIELDS = 5
MOST_OPTIONS = 25
MOST_OPTION = 100
MOST_TYPED = 4000
MOST_CUSTOM_ID = 100

TEXT_INPUT, SELECT, CHANNEL_SELECT, LABEL = 4, 3, 8, 18
TEXT_CHANNELS = [0, 5, 10, 11, 12, 15]  # text, announcements, threads, forums


def render_form(form: Form) -> dict[str, Any]:
    """Return the modal: its custom id is "wb:VERB:SUBJECT", each field a label around the component of its name."""
    return {
        "title": shortened(one_line(form.title), MOST_TITLE) or form.verb.value,
        "custom_id": f"wb:{form.verb}:{form.subject}"[:MOST_CUSTOM_ID],
        "components": [_label(field) for field in form.fields[:MOST_FIELDS]],
    }


def _label(field: Field) -> dict[str, Any]:
    return {
        "type": LABEL,
        "label": shortened(one_line(field.label), MOST_LABEL) or field.name,
        "component": {"custom_id": field.name, "required": field.required, **_component(field)},
        **({"description": shortened(hint, MOST_HINT)} if (hint := one_line(field.hint)) else {}),
    }


def _component(field: Field) -> dict[str, Any]:
    if field.kind is Kind.CHOICE:
        return {
            "type": SELECT,
            "options": [
                {
                    "value": value,
                    "label": shortened(one_line(label), MOST_OPTION) or value,
                    "default": value == field.value,
                }
                for value, label in field.options[:MOST_OPTIONS]
            ],
        }
    if field.kind is Kind.CHANNEL:
        chosen = [{"id": Channel.read(field.value).id, "type": "channel"}] if field.value else []
        return {
            "type": CHANNEL_SELECT,
            "channel_types": TEXT_CHANNELS,
            **({"default_values": chosen} if chosen else {}),
        }
    most = min(field.most, MOST_TYPED)
    value = many_lines(field.value) if field.kind is Kind.TEXT else one_line(field.value)
    return {
        "type": TEXT_INPUT,
        "style": 2 if field.kind is Kind.TEXT else 1,
        "max_length": most,
        **({"value": shortened(value, most)} if value else {}),
    }
