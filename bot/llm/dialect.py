"""What an endpoint understands of the Chat Completions API, learned from its refusals. Pure.

json_schema ──refused──▶ json_object ──refused──▶ plain          max_completion_tokens ◀─refused─▶ max_tokens
piece by piece, with usage ──refused──▶ without ──refused──▶ whole
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.ports import ModelRequest

REPLY_FORMS = ("json_schema", "json_object", "plain")
MAX_OBJECT_CHARS = 200_000  # characters of a reply that are searched
MAX_TRIED_BRACES = 40  # opening braces that are tried
PARAMETER_REFUSED_STATUSES = frozenset(
    {400, 404, 415, 422, 501}
)  # statuses by which servers refuse a parameter

_FORM_WORDS = ("response_format", "json_schema", "json_object", "schema", "structured", "grammar")
_SAMPLING_WORDS = ("temperature", "top_p", "seed", "reasoning_effort")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How an endpoint is asked: the form of structured replies, the name of the token limit, sampling or none."""

    form: str = REPLY_FORMS[0]
    limit: str = "max_completion_tokens"
    sampling: bool = True
    listening: int = 2  # replies piece by piece: 2 with their usage, 1 without, 0 whole replies only

    def parameters(self, request: ModelRequest, sampling: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a call beside model and messages."""
        parameters: dict[str, Any] = {self.limit: request.max_output_tokens}
        if self.sampling:
            parameters |= sampling
        if self.form == "json_schema":
            schema = {"name": request.schema_name, "schema": dict(request.schema), "strict": True}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.form == "json_object":
            parameters["response_format"] = {"type": "json_object"}
        return parameters

    def after(self, status: int, message: str) -> Dialect | None:
        """Return how to ask after a refusal, None where asking otherwise will not help.

        What the refusal names is changed; one that names nothing is taken for the form.
        """
        if status not in PARAMETER_REFUSED_STATUSES:
            return None
        said = message.lower()
        if "stream" in said and self.listening:
            return replace(self, listening=1 if "stream_options" in said and self.listening == 2 else 0)
        if any(word in said for word in _FORM_WORDS) and self.form != REPLY_FORMS[-1]:
            return replace(self, form=REPLY_FORMS[REPLY_FORMS.index(self.form) + 1])
        if "max_completion_tokens" in said and self.limit == "max_completion_tokens":
            return replace(self, limit="max_tokens")
        if "max_tokens" in said and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if any(word in said for word in _SAMPLING_WORDS) and self.sampling:
            return replace(self, sampling=False)
        if status in {400, 422, 501} and self.form != REPLY_FORMS[-1]:
            return replace(self, form=REPLY_FORMS[REPLY_FORMS.index(self.form) + 1])
        return None


def object_in(text: str) -> Mapping[str, Any] | None:
    """Return the first JSON object in ``text``, whatever stands around it; None where there is none."""
    text = text[:MAX_OBJECT_CHARS]
    decoder = json.JSONDecoder()
    start = -1
    for _ in range(MAX_TRIED_BRACES):
        start = text.find("{", start + 1)
        if start < 0:
            return None
        try:
            found, _end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None
