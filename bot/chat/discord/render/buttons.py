"""Rows of buttons and menus below a message, each thing that can be pressed once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.chat.discord.protocol import ComponentType
from bot.chat.document.plain import plain_line, shortened
from bot.chat.document.rows import questions_last
from bot.model.message import Action, StoryBlock
from bot.model.talk import Verb

MAX_DISCORD_BUTTON_CHARS = 80
MAX_CUSTOM_ID_CHARS = 100
MAX_BUTTONS_PER_ROW = 5
MAX_ROWS = 5
MAX_STORY_OPTIONS = 25
MAX_STORY_OPTION_CHARS = 60  # of the name of a story: every option counts in the size of the message
MAX_PLACEHOLDER_CHARS = 150

_STYLES = {"primary": 1, "danger": 4}


def custom_id(action: Action) -> str:
    """Return the custom id of a button: "wb:VERB:SUBJECT"."""
    return f"wb:{action.verb}:{action.subject}"[:MAX_CUSTOM_ID_CHARS]


def action_rows(actions: Sequence[Action]) -> list[dict[str, Any]]:
    """Return rows of buttons, questions that are offered in rows of their own; those that do not fit into a message are left out."""
    once = dict(zip(map(custom_id, actions), actions, strict=True)).values()
    return [row for group in questions_last(once) for row in _rows(group)][:MAX_ROWS]


def _rows(actions: Iterable[Action]) -> list[dict[str, Any]]:
    buttons = [
        {
            "type": ComponentType.BUTTON,
            "style": _STYLES.get(action.style, 2),
            "label": shortened(plain_line(action.label), MAX_DISCORD_BUTTON_CHARS) or action.verb.value,
            "custom_id": custom_id(action),
        }
        for action in actions
    ]
    rows = -(-len(buttons) // MAX_BUTTONS_PER_ROW)
    # Six buttons look better as three and three than as five and one.
    length = -(-len(buttons) // rows) if rows else 1
    starts = range(0, len(buttons), length)
    return [
        {"type": ComponentType.ACTION_ROW, "components": buttons[start : start + length]} for start in starts
    ]


def story_select(stories: Iterable[StoryBlock], *, placeholder: str) -> list[dict[str, Any]]:
    """Return the row with the menu of stories with actions; none if there are none."""
    named = {s.subject: s.headline.text for s in stories if s.menu and s.subject}
    options = [
        {
            "label": shortened(plain_line(headline), MAX_STORY_OPTION_CHARS) or "…",
            "value": subject[:MAX_CUSTOM_ID_CHARS],
        }
        for subject, headline in list(named.items())[:MAX_STORY_OPTIONS]
    ]
    if not options:
        return []
    select = {
        "type": ComponentType.SELECT,
        "custom_id": f"wb:{Verb.MENU}:",
        "placeholder": shortened(plain_line(placeholder), MAX_PLACEHOLDER_CHARS),
        "options": options,
    }
    return [{"type": ComponentType.ACTION_ROW, "components": [select]}]


def each_once(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield ``components``; of equal buttons only the first, because Discord refuses duplicates."""
    seen: set[str] = set()
    for component in components:
        if component["type"] != ComponentType.ACTION_ROW:
            yield component
            continue
        kept = []
        for inner in component["components"]:
            if inner.get("custom_id", "") not in seen or "custom_id" not in inner:
                kept.append(inner)
                seen.add(inner.get("custom_id", ""))
        if kept:
            yield component | {"components": kept}
