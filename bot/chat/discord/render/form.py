"""Render a form as a Discord modal. Pure."""

from __future__ import annotations

from typing import Any

from bot.chat.discord.protocol import ComponentType
from bot.chat.discord.render.buttons import MAX_CUSTOM_ID_CHARS, MAX_STORY_OPTIONS
from bot.chat.document.plain import plain_line, plain_lines, shortened
from bot.chat.document.rows import hint_of
from bot.model.chat import Channel
from bot.model.talk import Field, FieldInput, Form

MAX_DISCORD_TITLE_CHARS = 45
MAX_DISCORD_LABEL_CHARS = 45
MAX_DISCORD_HINT_CHARS = 100
MAX_DISCORD_FORM_FIELDS = 5
MAX_DISCORD_OPTION_CHARS = 100
MAX_DISCORD_INPUT_CHARS = 4000

TEXT_CHANNELS = [0, 5, 10, 11, 12, 15]  # text, announcements, threads, forums


def render_form(form: Form) -> dict[str, Any]:
    """Return the modal: its custom id is "wb:VERB:SUBJECT", each field a label around the component of its name."""
    return {
        "title": shortened(plain_line(form.title), MAX_DISCORD_TITLE_CHARS) or form.verb.value,
        "custom_id": f"wb:{form.verb}:{form.subject}"[:MAX_CUSTOM_ID_CHARS],
        "components": [_label(field) for field in form.fields[:MAX_DISCORD_FORM_FIELDS]],
    }


def _label(field: Field) -> dict[str, Any]:
    return {
        "type": ComponentType.LABEL,
        "label": shortened(plain_line(field.label), MAX_DISCORD_LABEL_CHARS) or field.name,
        "component": {"custom_id": field.name, "required": field.required, **_component(field)},
        **(
            {"description": shortened(hint, MAX_DISCORD_HINT_CHARS)}
            if (hint := plain_line(hint_of(field)))
            else {}
        ),
    }


def _component(field: Field) -> dict[str, Any]:
    if field.kind in {FieldInput.CHOICE, FieldInput.CHOICES}:
        several = field.kind is FieldInput.CHOICES
        wanted = field.value.split(",") if several else [field.value]
        number = min(len(field.options), MAX_STORY_OPTIONS)
        return {
            "type": ComponentType.SELECT,
            **({"min_values": int(field.required), "max_values": number} if several else {}),
            "options": [
                {
                    "value": value,
                    "label": shortened(plain_line(label), MAX_DISCORD_OPTION_CHARS) or value,
                    "default": value in wanted,
                }
                for value, label in field.options[:MAX_STORY_OPTIONS]
            ],
        }
    if field.kind is FieldInput.CHANNEL:
        chosen = [{"id": Channel.read(field.value).id, "type": "channel"}] if field.value else []
        return {
            "type": ComponentType.CHANNEL_SELECT,
            "channel_types": TEXT_CHANNELS,
            **({"default_values": chosen} if chosen else {}),
        }
    most = min(field.most, MAX_DISCORD_INPUT_CHARS)
    value = plain_lines(field.value) if field.kind is FieldInput.TEXT else plain_line(field.value)
    return {
        "type": ComponentType.TEXT_INPUT,
        "style": 2 if field.kind is FieldInput.TEXT else 1,
        "max_length": most,
        **({"value": shortened(value, most)} if value else {}),
    }
