"""The schema of a model's reply to a question, validated strictly, with bounds for every field."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

# Characters of one statement that are read; the limits of an answer are far below.
MAX_REPLY_STATEMENT_CHARS = 600
MAX_NAMED_FAULTS = 3  # schema faults that are named to the model

R = TypeVar("R", bound=BaseModel)


def _first(count: int) -> BeforeValidator:
    """Keep the first ``count`` of a list: a model that writes too much is cut, not refused."""
    return BeforeValidator(lambda value: value[:count] if isinstance(value, list) else value)


Text = Annotated[str, Field(max_length=MAX_REPLY_STATEMENT_CHARS)]
Cite = Annotated[list[int], _first(4)]


class _Reply(BaseModel):
    # Strict: "3" is not accepted as a number, nor 1 as a text; the check does not guess what a model means.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class StatementReply(_Reply):
    """A text with the numbers of the sentences it cites."""

    text: Text
    cite: Cite


class AnswerReply(_Reply):
    """The answer to a question; without statements it is declined."""

    statements: Annotated[list[StatementReply], _first(5)]


class AnswerCorrection(_Reply):
    """One refused statement, written again; an empty text takes it back."""

    field: Annotated[str, Field(max_length=40)]
    text: Text
    cite: Cite


class AnswerRepairReply(_Reply):
    """Corrections of refused statements."""

    statements: Annotated[list[AnswerCorrection], _first(16)]


def read_reply(reply: type[R], data: Any) -> R:
    """Return ``data`` as a ``reply``; raises ``ValueError`` naming the first faults, in words for a model."""
    try:
        return reply.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)[:MAX_NAMED_FAULTS]
        listed = "; ".join(f"{'.'.join(map(str, f['loc'])) or 'the object'}: {f['msg']}" for f in faults)
        raise ValueError(listed) from error
