"""The prompts of story updates, and the code word around text from outside."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.kinds.load import Kind, describe_kinds
from bot.ports import ModelRequest
from bot.prompts import Prompt, load_prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePrompts:
    """The prompts of story updates, set up for one installation."""

    update: Prompt
    repair: Prompt
    look: Prompt | None = None  # None: nothing is looked at a second time


def load_update_prompts(kinds: Mapping[str, Kind], *, second_look: bool = True) -> UpdatePrompts:
    """Return the prompts with the kinds and their states filled in; raises ``ConfigError``."""
    return UpdatePrompts(
        update=load_prompt("update").set_up(kinds=describe_kinds(kinds)),
        repair=load_prompt("update_repair"),
        look=load_prompt("second_look") if second_look else None,
    )


def filled_request(
    prompt: Prompt,
    *,
    purpose: str,
    key: str,
    schema: Mapping[str, Any],
    most: int,
    workspace: str,
    subject: str,
    **values: str,
) -> ModelRequest:
    """Return the request of ``prompt`` with ``values`` for the story ``subject``, answered in ``most`` tokens at most."""
    return ModelRequest(
        purpose=purpose,
        system=prompt.system,
        user=prompt.fill(**values),
        schema_name=prompt.reply,
        schema=schema,
        max_output_tokens=most,
        workspace=workspace,
        subject=subject,
        prompt_hash=prompt.hash,
        record_key=key,
    )


def random_fence(_key: str) -> str:
    """Return a random code word for one call."""
    return secrets.token_hex(6)
