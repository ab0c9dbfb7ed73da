"""Read the answer of an endpoint, whole or streamed: one JSON object with its usage, or a named failure."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bot.config import Model
from bot.errors import ModelReason
from bot.language.cleaning.clean import clean_text
from bot.llm.endpoint.error_body import EndpointError, read_error
from bot.llm.estimate import tokens
from bot.llm.recited import Instructions
from bot.llm.reply_text import is_thinking, object_for, spoken, text_of
from bot.model.record import ModelUsage
from bot.ports import ModelReply, ModelRequest

PARTIAL_TEXT_STEP = 50  # a text that comes piece by piece is passed on again once it is 1/50 longer
MAX_MODEL_NAME_CHARS = 200  # characters of a model's name

_CUT_OFF = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
_FILTERED = frozenset(
    {"content_filter", "content-filter", "safety", "prohibited_content", "blocklist", "recitation"}
)


class AnswerFailure(Exception):  # noqa: N818 - never leaves the client
    """Why there is no usable answer.

    ``reason`` names it, ``wait`` is in seconds, ``text`` is the received text, ``said`` the endpoint's own sentence. ``usage``
    is that of the unusable answer, ``thought`` the number of its reasoning tokens.
    """

    def __init__(
        self,
        reason: ModelReason,
        *,
        wait: float = 0.0,
        text: str = "",
        said: str = "",
        usage: ModelUsage | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.text = text
        self.said = said
        self.usage = usage
        self.thought = 0


class ErrorInAnswer(Exception):  # noqa: N818 - never leaves the client
    """The endpoint reported an error where an answer should be, with the status of a success."""

    def __init__(self, error: EndpointError) -> None:
        super().__init__("an error in the answer")
        self.error = error


class NothingStreamed(Exception):  # noqa: N818 - never leaves the client
    """The endpoint did not stream a reply although asked to."""


async def read_stream(stream: Any, on_text: Callable[[str], None], request: ModelRequest) -> Any:
    """Return a streamed reply as a whole, after passing its text so far to ``on_text``.

    Reasoning and texts that repeat the instructions are not passed on.
    """
    text = refusal = model = ""
    finish = usage = None
    pieces = 0
    partial = _PartialText(on_text, request)
    async with stream:
        async for piece in stream:
            pieces += 1
            model, usage = getattr(piece, "model", "") or model, getattr(piece, "usage", None) or usage
            choice = next(iter(getattr(piece, "choices", None) or ()), None)
            delta = getattr(choice, "delta", None)
            finish = getattr(choice, "finish_reason", None) or finish
            refusal += getattr(delta, "refusal", None) or ""
            if said := text_of(getattr(delta, "content", None)):
                text += said
                partial.pass_on(text)
    if not pieces:
        raise NothingStreamed
    partial.pass_on(text, last=True)
    message = SimpleNamespace(content=text, refusal=refusal)
    choices = [SimpleNamespace(message=message, finish_reason=finish or "")]
    return SimpleNamespace(choices=choices, model=model, usage=usage)


class _PartialText:
    """Passes the text so far to ``on_text``, at steps that grow with it, because each call gets the whole text."""

    def __init__(self, on_text: Callable[[str], None], request: ModelRequest) -> None:
        self._on_text = on_text
        self._instructions = Instructions(request.system, material=request.user)
        self._passed_on = ""
        self._next = 0  # length of the text at which it is passed on again

    def pass_on(self, text: str, *, last: bool = False) -> None:
        """Pass ``text`` on if enough is new or it is the ``last``."""
        if len(text) < self._next and not last:
            return
        self._next = len(text) + 1 + len(text) // PARTIAL_TEXT_STEP
        safe = self._instructions.cleared_text(spoken(text))
        if safe and safe != self._passed_on:
            self._passed_on = safe
            self._on_text(safe)


def read_answer(answer: Any, request: ModelRequest, settings: Model) -> ModelReply:
    """Return the usable part of an answer; servers differ in what they leave out."""
    choices = getattr(answer, "choices", None) or []
    choice = choices[0] if choices else None
    _refuse_errors(answer, choice)
    message = getattr(choice, "message", None)
    text = clean_text(text_of(getattr(message, "content", None)))
    usage = _usage(getattr(answer, "usage", None), request, text, settings)
    finish = str(getattr(choice, "finish_reason", "") or "").lower()
    if getattr(message, "refusal", None):
        raise AnswerFailure(ModelReason.REFUSED, usage=usage)
    if finish in _FILTERED:
        raise AnswerFailure(ModelReason.CONTENT_REFUSED, text=text, usage=usage)
    if finish in _CUT_OFF:
        raise AnswerFailure(ModelReason.TRUNCATED, text=text, usage=usage)
    if not spoken(text).strip():
        raise AnswerFailure(ModelReason.EMPTY, text=text, usage=usage)
    data = object_for(request, text)
    if data is None:
        raise AnswerFailure(ModelReason.NOT_JSON, text=text, usage=usage)
    model = getattr(answer, "model", None)
    return ModelReply(
        data=data,
        text=text,
        model=clean_text(model)[:MAX_MODEL_NAME_CHARS] if isinstance(model, str) else settings.name,
        usage=usage,
    )


def reasoning_in(answer: Any) -> int:
    """Return about how many tokens of ``answer`` are the model's reasoning, as reported or by the texts."""
    reported = getattr(answer, "usage", None)
    if found := _count(getattr(reported, "completion_tokens_details", None), "reasoning_tokens"):
        return found
    message = getattr(next(iter(getattr(answer, "choices", None) or ()), None), "message", None)
    for name in ("reasoning_content", "reasoning"):
        if isinstance(text := getattr(message, name, None), str) and text:
            return tokens(text)
    text = text_of(getattr(message, "content", None))
    return tokens(text) - tokens(spoken(text)) if is_thinking(text) else 0


def _refuse_errors(answer: Any, choice: Any) -> None:
    """Raise what the endpoint reports in the place of an answer."""
    if isinstance(answer, str):
        error = read_error(answer, status=200)
        if error.page:
            raise ErrorInAnswer(error)
    for holder in (answer, choice):
        reported = getattr(holder, "error", None)
        if reported:
            raise ErrorInAnswer(read_error({"error": reported}, status=_status_in(reported)))


def _status_in(reported: Any) -> int:
    code = reported.get("code") if isinstance(reported, dict) else None
    try:
        status = int(str(code))
    except ValueError:
        return 0
    return status if 300 <= status < 600 else 0


def _usage(reported: Any, request: ModelRequest, text: str, settings: Model) -> ModelUsage:
    """Return the usage as reported, else estimated from the length of the texts."""
    details = getattr(reported, "prompt_tokens_details", None)
    given = _count(reported, "prompt_tokens") or tokens(request.system, request.user)
    output = _count(reported, "completion_tokens") or tokens(text)
    cached = min(given, _count(details, "cached_tokens"))
    return ModelUsage(
        calls=1,
        input_tokens=given,
        cached_tokens=cached,
        output_tokens=output,
        # Prices are per million tokens, the cost in millionths: the two cancel out.
        cost=round(
            (given - cached) * settings.input_price
            + cached * settings.cached_price
            + output * settings.output_price
        ),
    )


def _count(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return value if isinstance(value, int) and value > 0 else 0
