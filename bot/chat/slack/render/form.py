"""Render a form as a Slack modal. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.chat.document.plain import plain_line, plain_lines, shortened
from bot.chat.document.rows import hint_of
from bot.model.chat import Channel
from bot.model.talk import Field, FieldInput, Form, Verb

MAX_SLACK_FORM_FIELDS = 20
MAX_SLACK_TITLE_CHARS = 24
MAX_SLACK_LABEL_CHARS = 2000
MAX_SLACK_HINT_CHARS = 2000
MAX_SLACK_OPTIONS = 100  # of a list, and of a group of one
MAX_SLACK_GROUPS = 100
MAX_SLACK_BUTTON_CHARS = 75
MAX_SLACK_OPTION_CHARS = 75
MAX_SLACK_INPUT_CHARS = 3000
FIELD_ACTION_ID = "value"  # the action of a field; a live field sends an event when it changes


def render_form(form: Form, *, callback: str = "wb:form", private: str = "") -> dict[str, Any]:
    """Return the view for ``views.open``; ``private_metadata`` is JSON with the form's verb and subject.

    Each field is the block of its name with one element, ``value``. ``private`` is kept in the metadata for the caller.
    """
    metadata = {"verb": form.verb.value, "subject": form.subject, **({"private": private} if private else {})}
    return {
        "type": "modal",
        "callback_id": callback,
        "title": _text(form.title, MAX_SLACK_TITLE_CHARS, form.verb),
        "submit": _text(form.send, MAX_SLACK_TITLE_CHARS, "Send"),
        "close": _text(form.cancel, MAX_SLACK_TITLE_CHARS, "Cancel"),
        "private_metadata": json.dumps(metadata, ensure_ascii=False),
        "blocks": list(_blocks(form)),
    }


def _blocks(form: Form) -> Iterator[dict[str, Any]]:
    """Yield the fields; the preview and its button are below the last field that affects it."""
    live = [number for number, field in enumerate(form.fields) if field.live]
    for number, field in enumerate(form.fields):
        yield _input(field)
        if live and number == live[-1]:
            yield from _preview(form)


def _preview(form: Form) -> Iterator[dict[str, Any]]:
    if form.preview:
        said, *names = (plain_line(line) for line in form.preview)
        lines = [_section(name) for name in names]
        inner: list[dict[str, Any]] = [_section(said, style={"style": {"bold": True}})]
        inner += [{"type": "rich_text_list", "style": "bullet", "elements": lines}] if lines else []
        yield {"type": "rich_text", "block_id": "preview", "elements": inner}
    if form.look:
        button = {
            "type": "button",
            "action_id": f"wb:{Verb.PREVIEW}",
            "text": _text(form.look, MAX_SLACK_BUTTON_CHARS, "…"),
        }
        yield {"type": "actions", "block_id": "look", "elements": [button]}


def _section(text: str, *, style: dict[str, Any] | None = None) -> dict[str, Any]:
    run = {"type": "text", "text": text or "…", **(style or {})}
    return {"type": "rich_text_section", "elements": [run]}


def _input(field: Field) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": _text(field.label, MAX_SLACK_LABEL_CHARS, field.name),
        **({"dispatch_action": True} if field.live else {}),
        "element": {"action_id": FIELD_ACTION_ID, **_element(field)},
        **({"hint": _text(hint, MAX_SLACK_HINT_CHARS, "")} if (hint := plain_line(hint_of(field))) else {}),
    }


def _element(field: Field) -> dict[str, Any]:
    if field.kind is FieldInput.CHOICE:
        options = [_option(value, label) for value, label in field.options[:MAX_SLACK_OPTIONS]]
        chosen = [option for option in options if option["value"] == field.value]
        return {
            "type": "static_select",
            "options": options,
            **({"initial_option": chosen[0]} if chosen else {}),
        }
    if field.kind is FieldInput.CHOICES:
        options = [_option(v, label) for v, label in field.options[: MAX_SLACK_OPTIONS * MAX_SLACK_GROUPS]]
        wanted = field.value.split(",")
        chosen = [option for option in options if option["value"] in wanted]
        return {
            "type": "multi_static_select",
            **_grouped(options),
            **({"initial_options": chosen} if chosen else {}),
        }
    if field.kind is FieldInput.CHANNEL:
        chosen_channel = Channel.read(field.value).id if field.value else ""
        return {
            "type": "conversations_select",
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
            **(
                {"initial_conversation": chosen_channel}
                if chosen_channel
                else {"default_to_current_conversation": True}
                if field.required
                else {}
            ),
        }
    most = min(field.most, MAX_SLACK_INPUT_CHARS)
    value = plain_lines(field.value) if field.kind is FieldInput.TEXT else plain_line(field.value)
    return {
        "type": "plain_text_input",
        "multiline": field.kind is FieldInput.TEXT,
        "max_length": most,
        # At each letter it would be asked too often.
        **({"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}} if field.live else {}),
        **({"initial_value": shortened(value, most)} if value else {}),
    }


def _grouped(options: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ``options``, in numbered groups if they are too many for one list; both can be searched."""
    if len(options) <= MAX_SLACK_OPTIONS:
        return {"options": options}
    starts = range(0, len(options), MAX_SLACK_OPTIONS)
    groups = [(at, options[at : at + MAX_SLACK_OPTIONS]) for at in starts]
    return {
        "option_groups": [
            {"label": _text(f"{at + 1}–{at + len(some)}", MAX_SLACK_OPTION_CHARS, "…"), "options": some}
            for at, some in groups
        ]
    }


def _option(value: str, label: str) -> dict[str, Any]:
    return {"text": _text(label, MAX_SLACK_OPTION_CHARS, value), "value": value}


def _text(text: str, most: int, instead: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": shortened(plain_line(text), most) or instead, "emoji": False}
