"""Read what an endpoint answered, whole or piece by piece: one JSON object with its usage, or a named failure."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bot.config import Model
from bot.language.cleaning.clean import clean_text, cleaned
from bot.llm.dialect import object_in
from bot.llm.estimate import tokens
from bot.llm.recited import without_instructions
from bot.model.record import ModelUsage
from bot.ports import ModelReply, ModelRequest

MAX_NAME_CHARS = 200  # characters of a model's name


class AnswerFailure(Exception):  # noqa: N818 - never leaves the client
    """Why there is no usable answer: ``reason`` names it, ``wait`` is in seconds, ``text`` is what came."""

    def __init__(self, reason: str, *, wait: float = 0.0, text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.text = text


class NothingStreamed(Exception):  # noqa: N818 - never leaves the client
    """Asked for a reply piece by piece, the endpoint sent none."""


async def read_stream(stream: Any, on_text: Callable[[str], None]) -> Any:
    """Return the whole of a reply that comes piece by piece, after telling ``on_text`` of each."""
    text = refusal = model = ""
    finish = usage = None
    pieces = 0
    async with stream:
        async for piece in stream:
            pieces += 1
            model, usage = getattr(piece, "model", "") or model, getattr(piece, "usage", None) or usage
            choice = next(iter(getattr(piece, "choices", None) or ()), None)
            delta = getattr(choice, "delta", None)
            finish = getattr(choice, "finish_reason", None) or finish
            refusal += getattr(delta, "refusal", None) or ""
            said = getattr(delta, "content", None)
            if isinstance(said, str) and said:
                text += said
                on_text(text)
    if not pieces:
        raise NothingStreamed
    message = SimpleNamespace(content=text, refusal=refusal)
    choices = [SimpleNamespace(message=message, finish_reason=finish or "")]
    return SimpleNamespace(choices=choices, model=model, usage=usage)


def read_answer(answer: Any, request: ModelRequest, settings: Model) -> ModelReply:
    """Return what is usable of an answer; servers differ in what they leave out."""
    choices = getattr(answer, "choices", None) or []
    message = getattr(choices[0], "message", None) if choices else None
    text = getattr(message, "content", None)
    text = clean_text(text) if isinstance(text, str) else ""
    if getattr(message, "refusal", None):
        raise AnswerFailure("refused")
    finish = getattr(choices[0], "finish_reason", "") if choices else ""
    if finish in {"length", "content_filter"}:
        raise AnswerFailure("truncated" if finish == "length" else "refused", text=text)
    if not text.strip():
        raise AnswerFailure("empty")
    data = cleaned(object_in(text))
    if data is None:
        raise AnswerFailure("not_json", text=text)
    model = getattr(answer, "model", None)
    return ModelReply(
        data=without_instructions(data, instructions=request.system, material=request.user),
        text=text,
        model=clean_text(model)[:MAX_NAME_CHARS] if isinstance(model, str) else settings.name,
        usage=_usage(getattr(answer, "usage", None), request, text, settings),
    )


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
