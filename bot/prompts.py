"""Load ``prompts/*.md``: front matter in TOML, a constant system part, a user part with declared variables."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigError, first_mistake

_VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")
_FENCE = "+++"
_SYSTEM, _USER = "# System\n", "# User\n"


class FrontMatter(BaseModel):
    """What a prompt says of itself; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str = Field(min_length=10)
    version: int = Field(ge=1)
    reply: str = Field(description="Name of the reply schema.", pattern="^[a-z_]+$")
    variables: tuple[str, ...] = ()
    setup: tuple[str, ...] = Field(
        default=(), description="Variables of the system part, the same for every call of one installation."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt as loaded; ``hash`` names exactly this text."""

    name: str
    version: int
    reply: str
    variables: tuple[str, ...]
    setup: tuple[str, ...] = ()
    system: str
    user: str
    hash: str

    def set_up(self, **values: str) -> Prompt:
        """Return the prompt with the variables of its system part filled in, once for an installation.

        Raises ``ValueError`` for any other set of variables.
        """
        _same(values.keys(), self.setup, name=self.name)
        system = _VARIABLE.sub(lambda match: values[match[1]], self.system)
        named = hashlib.sha256(f"{self.hash}\n{system}".encode()).hexdigest()[:16]
        return replace(self, system=system, setup=(), hash=named)

    def fill(self, **values: str) -> str:
        """Return the user part with every declared variable filled in; raises ``ValueError`` for any other set.

        Values are put in once and never read for variables again: outside text cannot name one.
        """
        _same(values.keys(), self.variables, name=self.name)
        return _VARIABLE.sub(lambda match: values[match[1]], self.user)


@functools.cache
def load_prompt(name: str) -> Prompt:
    """Return the prompt ``name``; raises ``ConfigError`` naming what is wrong with its file."""
    path = folder() / f"{name}.md"
    try:
        return parse_prompt(path.read_text("utf-8"), name=name)
    except OSError as error:
        raise ConfigError(f"The prompt {name!r} is missing", hint=f"Restore prompts/{name}.md") from error
    except ValueError as error:
        raise ConfigError(f"The prompt {name!r} cannot be used: {error}") from error


def parse_prompt(text: str, *, name: str) -> Prompt:
    """Return the prompt in ``text``; raises ``ValueError`` in one sentence."""
    opened, _, rest = text.partition(_FENCE + "\n")
    head, closed, body = rest.partition("\n" + _FENCE + "\n")
    if opened.strip() or not closed:
        raise ValueError(f"its front matter must stand between two lines {_FENCE!r}")
    try:
        matter = FrontMatter.model_validate(tomllib.loads(head))
    except ValidationError as error:
        raise ValueError(first_mistake(error.errors(include_url=False))) from error
    before, system_mark, parts = body.partition(_SYSTEM)
    system, user_mark, user = parts.partition(_USER)
    if before.strip() or not system_mark or not user_mark:
        raise ValueError("it needs the headings '# System' and '# User', in this order")
    if set(_VARIABLE.findall(system)) != set(matter.setup):
        raise ValueError("its system part must not vary: endpoints cache what stays the same")
    if set(_VARIABLE.findall(user)) != set(matter.variables):
        odd = sorted(set(_VARIABLE.findall(user)) ^ set(matter.variables))
        raise ValueError(f"declared and used variables differ: {', '.join(odd)}")
    return Prompt(
        name=name,
        version=matter.version,
        reply=matter.reply,
        variables=matter.variables,
        setup=matter.setup,
        system=system.strip(),
        user=user.strip(),
        hash=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _same(given: Iterable[str], declared: Iterable[str], *, name: str) -> None:
    odd = sorted(set(given) ^ set(declared))
    if odd:
        raise ValueError(f"prompt {name!r} declares other variables: {', '.join(odd)}")


def folder() -> Path:
    """Return the folder of the prompts: in the installed package, else in the checkout."""
    root = Path(__file__).parent
    installed = root / "data" / "prompts"
    return installed if installed.is_dir() else root.parent / "prompts"


def schema_of(reply: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of ``reply`` in the strict form endpoints want: every key required, no other allowed."""
    schema = reply.model_json_schema()
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    return plain


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    """Resolve references, drop what strict endpoints refuse, and require every key."""
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kept = {
        key: (
            {name: _plain(inner, definitions) for name, inner in value.items()}
            if key == "properties"
            else _plain(value, definitions)
        )
        for key, value in node.items()
        if key not in {"title", "description", "$defs", "maxLength", "default"}
    }
    if "properties" in kept:
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept
