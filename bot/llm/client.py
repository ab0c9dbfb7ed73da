"""The client of OpenAI-compatible endpoints: one JSON object or a named failure, within a deadline.

request ─▶ turn ─▶ breaker ─▶ Chat Completions ─▶ object
               └── refused parameter: asked otherwise, remembered      └── 429, 5xx, no connection: once more
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx2
import openai

from bot.blocking import run_blocking
from bot.config import Model
from bot.errors import ModelError
from bot.llm.answers import AnswerFailure, NothingStreamed, read_answer, read_stream
from bot.llm.breaker import Breaker
from bot.llm.dialect import Dialect
from bot.llm.transport import BodyTooLarge, open_client
from bot.ports import ModelReply, ModelRequest

MAX_TRIES = 5  # times a call may be asked otherwise
MAX_WAIT_SECONDS = 20.0  # seconds of a Retry-After that are honoured
BACK_OFF_SECONDS = 1.0  # seconds before the second try, where the endpoint names none

# Failures that may pass by themselves: worth a second try, and counted by the breaker.
PASSING_REASONS = frozenset({"rate_limited", "server_error", "connection", "timeout"})
_WORDS = {
    "timeout": "The model did not answer in time",
    "rate_limited": "The model's endpoint has too many requests",
    "server_error": "The model's endpoint failed",
    "connection": "The model's endpoint could not be reached",
    "too_large": "The model's answer was larger than can be read",
    "unauthorised": "The model's endpoint refused the key",
    "no_such_model": "The model's endpoint knows no such model",
    "bad_request": "The model's endpoint refused the request",
    "refused": "The model refused to answer",
    "truncated": "The model's answer was cut off at its limit",
    "empty": "The model's answer was empty",
    "not_json": "The model's answer was no JSON object",
    "circuit_open": "The model's endpoint failed several times and is left alone for a moment",
}
_HINTS = {
    "unauthorised": "Check model.api_key",
    "no_such_model": "Check model.name and model.base_url",
    "connection": "Check model.base_url",
    "truncated": "Use a model that answers more briefly",
}


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint; an async context manager."""

    def __init__(
        self,
        settings: Model,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Any] = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self.dialect = Dialect()
        self._breaker = Breaker(clock=clock)
        self._pause = pause
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._client: openai.AsyncOpenAI | None = None
        sampling = {
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "seed": settings.seed,
            "reasoning_effort": settings.reasoning_effort or None,
        }
        self._sampling = {key: value for key, value in sampling.items() if value is not None}

    async def __aenter__(self) -> Self:
        # In a thread: certificates and half of the SDK are read from files.
        self._client = await run_blocking(open_client, self.settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client:
            await self._client.close()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the model's answer to ``request``; raises ``ModelError``."""
        try:
            async with asyncio.timeout(request.deadline), self._slots:
                return await self._twice(request)
        except TimeoutError:
            self._breaker.failed()
            raise _error("timeout") from None

    async def _twice(self, request: ModelRequest) -> ModelReply:
        for last in (False, True):
            if self._breaker.wait:
                raise _error("circuit_open")
            try:
                reply = await self._asked(request)
            except AnswerFailure as failure:
                if failure.reason in PASSING_REASONS:
                    self._breaker.failed()
                if last or failure.reason not in PASSING_REASONS or failure.wait > MAX_WAIT_SECONDS:
                    raise _error(failure.reason, text=failure.text) from None
                await self._pause(failure.wait or BACK_OFF_SECONDS)
            else:
                self._breaker.succeeded()
                return reply
        raise AssertionError  # the second round returns or raises

    async def _asked(self, request: ModelRequest) -> ModelReply:
        """Return the answer, asking otherwise for each parameter the endpoint refuses."""
        for _ in range(MAX_TRIES):
            dialect = self.dialect
            try:
                # The SDK's own time-out starts again with every byte.
                async with asyncio.timeout(self.settings.deadline):
                    answer = await self._call(request, dialect)
                return read_answer(answer, request, self.settings)
            except TimeoutError:
                raise AnswerFailure("timeout") from None
            except openai.APIStatusError as error:
                otherwise = dialect.after(error.status_code, _said(error))
                if otherwise is None:
                    raise _failure(error) from None  # the SDK's error holds request and key
                # Another call may have learned more meanwhile.
                if self.dialect is dialect:
                    self.dialect = otherwise
            except NothingStreamed:
                self.dialect = replace(self.dialect, listening=0)
            except BodyTooLarge:
                raise AnswerFailure("too_large") from None
            except openai.APIConnectionError:
                raise AnswerFailure("connection") from None
            except (openai.OpenAIError, ValueError, TypeError, httpx2.HTTPError):
                raise AnswerFailure("not_json") from None
        raise AnswerFailure("bad_request")

    async def _call(self, request: ModelRequest, dialect: Dialect) -> Any:
        assert self._client  # noqa: S101 - opened by the context manager
        create: Any = self._client.chat.completions.create
        parameters: dict[str, Any] = {
            "model": self.settings.name,
            "messages": [
                {"role": "system", "content": request.system},
                {"role": "user", "content": request.user},
            ],
            "timeout": None,
            **dialect.parameters(request, self._sampling),
        }
        if request.on_text is None or not dialect.listening:
            return await create(**parameters)
        options = {"stream_options": {"include_usage": True}} if dialect.listening > 1 else {}
        return await read_stream(await create(stream=True, **parameters, **options), request.on_text)


def _failure(error: openai.APIStatusError) -> AnswerFailure:
    status = error.status_code
    if status in {408, 409, 429} or status >= 500:
        reason = "rate_limited" if status == 429 else "server_error"
        return AnswerFailure(reason, wait=_retry_after(error.response.headers.get("Retry-After", "")))
    if status in {401, 403}:
        return AnswerFailure("unauthorised")
    if status == 404:
        return AnswerFailure("no_such_model")
    return AnswerFailure("bad_request")


def _retry_after(value: str) -> float:
    """Return the seconds of a Retry-After header; a date or nonsense counts as none."""
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0


def _said(error: openai.APIStatusError) -> str:
    return f"{error.message} {error.body!r:.2000}"


def _error(reason: str, *, text: str = "") -> ModelError:
    return ModelError(_WORDS[reason], reason=reason, hint=_HINTS.get(reason, ""), text=text)
