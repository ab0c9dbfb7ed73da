"""The prompts of story updates, and the code word around what a model is shown from outside."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.kinds.load import Kind, describe_kind, describe_kinds
from bot.model.update import OTHER_KIND
from bot.prompts import Prompt, load_prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePrompts:
    """The prompts of story updates, set up for one installation."""

    update: Prompt
    repair: Prompt
    look: Prompt | None = None  # None: nothing is looked at a second time
    of_kind: Mapping[str, Prompt] = field(default_factory=dict)  # ``update`` for a story whose kind is known

    def update_of(self, kind: str) -> Prompt:
        """Return the prompt that reads a story of which ``kind`` is known, empty where nothing is."""
        return self.of_kind.get(kind, self.update)


def load_update_prompts(kinds: Mapping[str, Kind], *, second_look: bool = True) -> UpdatePrompts:
    """Return the prompts with the kinds and their states filled in; raises ``ConfigError``."""
    update = load_prompt("update")
    return UpdatePrompts(
        update=update.set_up(kinds=describe_kinds(kinds)),
        # The kinds stand last, so that what is before them is the same for all.
        of_kind={
            name: update.set_up(kinds=describe_kind(kinds, name)) for name in kinds if name != OTHER_KIND
        },
        repair=load_prompt("update_repair"),
        look=load_prompt("second_look") if second_look else None,
    )


def random_fence(_key: str) -> str:
    """Return a code word that nobody can know before the call."""
    return secrets.token_hex(6)
