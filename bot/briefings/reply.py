"""What a model may answer: the reply schemas, validated strictly, bounded in every field."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

MAX_TEXT_CHARS = 600  # characters of one statement that are read; the limits of a briefing are far below
MAX_NAMED_FAULTS = 3  # schema faults that are named to the model

R = TypeVar("R", bound=BaseModel)


def _first(count: int) -> BeforeValidator:
    """Keep the first ``count`` of a list: a model that writes too much is cut, not refused."""
    return BeforeValidator(lambda value: value[:count] if isinstance(value, list) else value)


Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
Cite = Annotated[list[int], _first(4)]


class _Reply(BaseModel):
    # Strict: "3" is no number and 1 no text; what a model means is not guessed.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StatementReply(_Reply):
    """A text with the numbers of the sentences it rests on."""

    text: Text
    cite: Cite


class StatusLine(_Reply):
    """Where the story stands."""

    text: Text
    said_by: Text
    cite: Cite


class ActorLine(_Reply):
    """Who, in which role, says or does what."""

    name: Text
    role: Text
    position: Text
    cite: Cite


class StoryReply(_Reply):
    """The wording of one story."""

    headline: StatementReply
    status: StatusLine
    bullets: Annotated[list[StatementReply], _first(4)]
    actors: Annotated[list[ActorLine], _first(4)]
    unknown: Annotated[list[Text], _first(2)]


class AnswerReply(_Reply):
    """The answer to a question; without statements it is declined."""

    statements: Annotated[list[StatementReply], _first(5)]


class CorrectionReply(_Reply):
    """One refused statement, written again; an empty text takes it back."""

    field: Annotated[str, Field(max_length=40)]
    text: Text
    cite: Cite


class RepairReply(_Reply):
    """Corrections of what was refused."""

    statements: Annotated[list[CorrectionReply], _first(16)]


class Looked(_Reply):
    """Whether the sentences a statement cites say everything it says."""

    field: Annotated[str, Field(max_length=40)]
    carried: bool


class SecondLookReply(_Reply):
    """A second opinion on statements that passed the check with little overlap."""

    verdicts: Annotated[list[Looked], _first(32)]


def schema_of(reply: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of ``reply`` in the strict form endpoints want: every key required, no other allowed."""
    schema = reply.model_json_schema()
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    return plain


def read_reply(reply: type[R], data: Any) -> R:
    """Return ``data`` as a ``reply``; raises ``ValueError`` naming the first faults, in words for a model."""
    try:
        return reply.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)[:MAX_NAMED_FAULTS]
        listed = "; ".join(f"{'.'.join(map(str, f['loc'])) or 'the object'}: {f['msg']}" for f in faults)
        raise ValueError(listed) from error


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    """Resolve references and drop what strict endpoints refuse: titles, defaults, bounds of length."""
    if isinstance(node, dict):
        if "$ref" in node:
            return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
        dropped = {"title", "description", "$defs", "maxLength", "default"}
        return {
            key: (
                {name: _plain(inner, definitions) for name, inner in value.items()}
                if key == "properties"
                else _plain(value, definitions)
            )
            for key, value in node.items()
            if key not in dropped
        }
    return [_plain(item, definitions) for item in node] if isinstance(node, list) else node
