"""The client of OpenAI-compatible endpoints: one JSON object or a named failure, within a deadline.

request ─▶ turn ─▶ breaker ─▶ Chat Completions ─▶ object
               └── refused parameter: asked otherwise, remembered      └── 429, 5xx, no connection: once more
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import httpx2
import openai

from bot.blocking import run_blocking
from bot.config import Model
from bot.errors import ModelError
from bot.language.cleaning.clean import clean_text, cleaned
from bot.llm.breaker import Breaker
from bot.llm.dialect import Dialect, object_in
from bot.model.record import ModelUsage
from bot.ports import ModelReply, ModelRequest

MAX_BODY_BYTES = 2 * 1024 * 1024  # bytes of one answer
MAX_TRIES = 5  # times a call may be asked otherwise
MAX_WAIT_SECONDS = 20.0  # seconds of a Retry-After that are honoured
BACK_OFF_SECONDS = 1.0  # seconds before the second try, where the endpoint names none
MAX_NAME_CHARS = 200  # characters of a model's name
CHARS_PER_TOKEN = 4  # of text a token has about, where an endpoint reports no usage

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
        self._client = await run_blocking(_client, self.settings)
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
            except _Failure as failure:
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
                return _reply(answer, request, self.settings)
            except TimeoutError:
                raise _Failure("timeout") from None
            except openai.APIStatusError as error:
                otherwise = dialect.after(error.status_code, _said(error))
                if otherwise is None:
                    raise _failure(error) from None  # the SDK's error holds request and key
                # Another call may have learned more meanwhile.
                if self.dialect is dialect:
                    self.dialect = otherwise
            except _Unheard:
                self.dialect = replace(self.dialect, listening=0)
            except _TooLarge:
                raise _Failure("too_large") from None
            except openai.APIConnectionError:
                raise _Failure("connection") from None
            except (openai.OpenAIError, ValueError, TypeError, httpx2.HTTPError):
                raise _Failure("not_json") from None
        raise _Failure("bad_request")

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
        if request.heard is None or not dialect.listening:
            return await create(**parameters)
        options = {"stream_options": {"include_usage": True}} if dialect.listening > 1 else {}
        return await _listened(await create(stream=True, **parameters, **options), request.heard)


class _Failure(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, reason: str, *, wait: float = 0.0, text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.text = text


class _TooLarge(Exception):  # noqa: N818 - never leaves this module
    pass


class _Unheard(Exception):  # noqa: N818 - never leaves this module
    """Asked for a reply piece by piece, the endpoint sent none."""


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error once it is larger than any answer may be."""

    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the chunks of the body."""
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                raise _TooLarge
            yield chunk

    async def aclose(self) -> None:
        """Close the body."""
        await self._inner.aclose()


class _BoundedTransport(httpx2.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        # Plain bodies only: what is not unpacked cannot blow up.
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - narrows the type
        response.stream = _Bounded(response.stream)
        return response


async def _listened(stream: Any, heard: Callable[[str], None]) -> Any:
    """Return the whole of a reply that comes piece by piece, after telling ``heard`` of each."""
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
                heard(text)
    if not pieces:
        raise _Unheard
    message = SimpleNamespace(content=text, refusal=refusal)
    choices = [SimpleNamespace(message=message, finish_reason=finish or "")]
    return SimpleNamespace(choices=choices, model=model, usage=usage)


def _client(settings: Model) -> openai.AsyncOpenAI:
    http = httpx2.AsyncClient(transport=_BoundedTransport(), trust_env=False, follow_redirects=False)
    key = settings.api_key.get_secret_value() or "none"  # servers of one's own need none, the SDK does
    client: openai.AsyncOpenAI
    if settings.api_version:
        client = openai.AsyncAzureOpenAI(
            azure_endpoint=settings.base_url,
            api_key=key,
            api_version=settings.api_version,
            max_retries=0,
            http_client=http,
        )
    else:
        client = openai.AsyncOpenAI(base_url=settings.base_url, api_key=key, max_retries=0, http_client=http)
    _ = client.chat.completions  # loads its modules
    return client


def _failure(error: openai.APIStatusError) -> _Failure:
    status = error.status_code
    if status in {408, 409, 429} or status >= 500:
        reason = "rate_limited" if status == 429 else "server_error"
        return _Failure(reason, wait=_retry_after(error.response.headers.get("Retry-After", "")))
    if status in {401, 403}:
        return _Failure("unauthorised")
    if status == 404:
        return _Failure("no_such_model")
    return _Failure("bad_request")


def _retry_after(value: str) -> float:
    """Return the seconds of a Retry-After header; a date or nonsense counts as none."""
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0


def _said(error: openai.APIStatusError) -> str:
    return f"{error.message} {error.body!r:.2000}"


def _reply(answer: Any, request: ModelRequest, settings: Model) -> ModelReply:
    """Return what is usable of an answer; servers differ in what they leave out."""
    choices = getattr(answer, "choices", None) or []
    message = getattr(choices[0], "message", None) if choices else None
    text = getattr(message, "content", None)
    text = clean_text(text) if isinstance(text, str) else ""
    if getattr(message, "refusal", None):
        raise _Failure("refused")
    finish = getattr(choices[0], "finish_reason", "") if choices else ""
    if finish in {"length", "content_filter"}:
        raise _Failure("truncated" if finish == "length" else "refused", text=text)
    if not text.strip():
        raise _Failure("empty")
    data = cleaned(object_in(text))
    if data is None:
        raise _Failure("not_json", text=text)
    model = getattr(answer, "model", None)
    return ModelReply(
        data=data,
        text=text,
        model=clean_text(model)[:MAX_NAME_CHARS] if isinstance(model, str) else settings.name,
        usage=_usage(getattr(answer, "usage", None), request, text, settings),
    )


def _usage(reported: Any, request: ModelRequest, text: str, settings: Model) -> ModelUsage:
    """Return the usage as reported, else estimated from the length of the texts."""
    details = getattr(reported, "prompt_tokens_details", None)
    given = (
        _count(reported, "prompt_tokens") or (len(request.system) + len(request.user)) // CHARS_PER_TOKEN + 1
    )
    output = _count(reported, "completion_tokens") or len(text) // CHARS_PER_TOKEN + 1
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


def _error(reason: str, *, text: str = "") -> ModelError:
    return ModelError(_WORDS[reason], reason=reason, hint=_HINTS.get(reason, ""), text=text)
