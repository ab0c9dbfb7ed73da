"""The dialect of the Chat Completions API that an endpoint understands, learned from its refusals. Pure.

json_schema ──refused──▶ json_object ──refused──▶ plain          max_completion_tokens ◀─refused─▶ max_tokens
piece by piece, with usage ──refused──▶ without ──refused──▶ whole
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.ports import ModelRequest

REPLY_FORMS = ("json_schema", "json_object", "plain")
# Statuses by which servers refuse a parameter.
PARAMETER_REFUSED_STATUSES = frozenset({400, 404, 415, 422, 501})
GUESSES_TO_LEARN = 2  # consecutive requests that a guess must help before later ones begin with it

_FORM_WORDS = ("response_format", "json_schema", "json_object", "schema", "structured", "grammar")
_SAMPLING_WORDS = ("temperature", "top_p", "seed", "reasoning_effort")
_STREAM = re.compile(r"\bstream(?:_options|ing|ed)?\b")
# "This model supports at most 4096 completion tokens", "`max_tokens` must be less than or equal to `8192`".
_MOST_TOKENS = re.compile(
    r"at most (\d{2,7}) (?:completion|output) tokens"
    r"|max_(?:completion_)?tokens\W+(?:must be |should be |has to be )?(?:less than or equal to|<=|at most|between 1 and|in the range of? \[1,)\W*(\d{2,7})"
    r"|max_(?:completion_)?tokens: \d+ > (\d{2,7})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The dialect of an endpoint: the form of structured replies, the name of the token limit, sampling parameters or none."""

    form: str = REPLY_FORMS[0]
    limit: str = "max_completion_tokens"
    most_tokens: int = 0  # of a reply that the endpoint takes; 0 where it named no bound
    sampling: bool = True
    streaming: int = 2  # replies piece by piece: 2 with their usage, 1 without, 0 whole replies only

    def parameters(self, request: ModelRequest, sampling: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a call apart from model and messages."""
        tokens = request.max_output_tokens + request.reasoning_tokens
        parameters: dict[str, Any] = {
            self.limit: min(tokens, self.most_tokens) if self.most_tokens else tokens
        }
        if self.sampling:
            parameters |= sampling
        if self.form == "json_schema":
            schema = {"name": request.schema_name, "schema": dict(request.schema), "strict": True}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.form == "json_object":
            parameters["response_format"] = {"type": "json_object"}
        return parameters

    def after(self, status: int, message: str) -> Dialect | None:
        """Return the dialect to try after a refusal that names a parameter, None if it names none or nothing is left to try."""
        if status not in PARAMETER_REFUSED_STATUSES:
            return None
        said = message.lower()
        if _STREAM.search(said) and self.streaming:
            return replace(self, streaming=1 if "stream_options" in said and self.streaming == 2 else 0)
        if any(word in said for word in _FORM_WORDS) and self.form != REPLY_FORMS[-1]:
            return self._plainer()
        if (bound := _MOST_TOKENS.search(said)) and not self.most_tokens:
            return replace(self, most_tokens=int(next(filter(None, bound.groups()))))
        if "max_completion_tokens" in said and self.limit == "max_completion_tokens":
            return replace(self, limit="max_tokens")
        if "max_tokens" in said and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if any(word in said for word in _SAMPLING_WORDS) and self.sampling:
            return replace(self, sampling=False)
        return None

    def guess(self, status: int) -> Dialect | None:
        """Return the dialect to try after a refusal that names no parameter."""
        return self._plainer() if status in {400, 422, 501} and self.form != REPLY_FORMS[-1] else None

    def _plainer(self) -> Dialect:
        return replace(self, form=REPLY_FORMS[REPLY_FORMS.index(self.form) + 1])


class KnownDialect:
    """The dialect of later requests: learned only if it led to an answer."""

    def __init__(self) -> None:
        self.now = Dialect()
        self._guess: Dialect | None = None
        self._helped = 0

    def answered(self, begun: Dialect, ended: Dialect, *, guessed: bool) -> None:
        """Record that a request begun as ``begun`` was answered as ``ended``, which was ``guessed`` or named.

        What another request learned meanwhile is kept. A single refusal that names nothing may have been about the content.
        """
        if begun != self.now:
            return
        if begun == ended:
            self._guess, self._helped = None, 0
            return
        if guessed:
            self._helped = self._helped + 1 if self._guess == ended else 1
            self._guess = ended
            if self._helped < GUESSES_TO_LEARN:
                return
        self.now, self._guess, self._helped = ended, None, 0
