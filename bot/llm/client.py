"""The client of OpenAI-compatible endpoints: one JSON object or a named failure, within a deadline.

request ─▶ turn ─▶ breaker ─▶ Chat Completions ─▶ object
               └── refused parameter: asked otherwise, remembered      └── 429, 5xx, no connection: once more
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx2
import openai
import structlog

from bot.blocking import run_blocking
from bot.config import Model
from bot.config.time_limits import TimeLimits
from bot.errors import ModelError, ModelReason
from bot.llm.endpoint.answers import (
    AnswerFailure,
    ErrorInAnswer,
    NothingStreamed,
    read_answer,
    read_stream,
    reasoning_in,
)
from bot.llm.endpoint.breaker import Breaker
from bot.llm.endpoint.dialect import Dialect, KnownDialect
from bot.llm.endpoint.error_body import EndpointError, read_error, sentence_of
from bot.llm.endpoint.reasons import reason_of
from bot.llm.failures import BROKEN_REASONS, PASSING_REASONS, failed
from bot.llm.transport import BodyTooLarge, open_client
from bot.model.record import ModelUsage
from bot.ports import ModelReply, ModelRequest

MAX_TRIES = 6  # times a call may be asked otherwise
BACK_OFF_SECONDS = 1.0  # seconds before the second try, where the endpoint names none
CHECK_PURPOSE = "check"  # of a call whose failure is printed by whoever made it
LOG_SECONDS = 60.0  # seconds between two lines on the same failure

# Reasons that a parameter may cause; other reasons never do, whatever words are in the message.
_MAY_BE_A_PARAMETER = frozenset({ModelReason.BAD_REQUEST, ModelReason.NO_SUCH_MODEL, ModelReason.NO_ACCESS})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """What the endpoint refused, and how."""

    error: EndpointError
    wait: float = 0.0

    @property
    def reason(self) -> ModelReason:
        return reason_of(self.error, wait=self.wait)


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint; an async context manager."""

    def __init__(
        self,
        settings: Model,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Any] = asyncio.sleep,
        proxy: str = "",
    ) -> None:
        self.settings = settings
        self._proxy = proxy
        self.limits = TimeLimits(deadline=settings.deadline)
        self._dialect = KnownDialect()
        self._clock = clock
        self._breaker = Breaker(clock=clock, rest=self.limits.rest)
        self._pause = pause
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._client: openai.AsyncOpenAI | None = None
        self._logged: dict[str, float] = {}  # by reason: the few that failures are named by
        sampling = {
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "seed": settings.seed,
            "reasoning_effort": settings.reasoning_effort or None,
        }
        self._sampling = {key: value for key, value in sampling.items() if value is not None}

    async def __aenter__(self) -> Self:
        # In a thread: certificates and half of the SDK are read from files.
        self._client = await run_blocking(partial(open_client, self.settings, proxy=self._proxy))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client:
            await self._client.close()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Return the object the model answered; raises ``ModelError``."""
        try:
            async with asyncio.timeout(min(request.deadline, self.limits.call)) as scope, self._slots:
                return await self._twice(request, scope)
        except TimeoutError:
            self._breaker.failed(failed(ModelReason.TIMEOUT).message)
            self._tell(ModelReason.TIMEOUT, request)
            raise failed(ModelReason.TIMEOUT) from None

    async def _twice(self, request: ModelRequest, scope: asyncio.Timeout) -> ModelReply:
        for last in (False, True):
            if self._breaker.wait:
                raise failed(ModelReason.CIRCUIT_OPEN, why=self._breaker.why)
            try:
                reply = await self._asked(request)
            except AnswerFailure as failure:
                if failure.reason in BROKEN_REASONS:
                    self._breaker.failed(failed(failure.reason).message)
                if last or failure.reason not in PASSING_REASONS or not self._can_wait(failure.wait, scope):
                    self._tell(failure.reason, request, said=failure.said)
                    raise _error(failure) from None
                await self._pause(failure.wait or BACK_OFF_SECONDS)
            else:
                self._breaker.succeeded()
                return reply
        raise AssertionError  # the second round returns or raises

    def _can_wait(self, seconds: float, scope: asyncio.Timeout) -> bool:
        end = scope.when() or 0.0
        return seconds <= self.limits.retry_wait and asyncio.get_running_loop().time() + seconds < end

    async def _asked(self, request: ModelRequest) -> ModelReply:
        """Return the answer, asking otherwise for each parameter the endpoint refuses."""
        begun = dialect = self._dialect.now
        guessed = False
        first: AnswerFailure | None = None
        for _ in range(MAX_TRIES):
            try:
                reply = await self._tried(request, dialect)
            except NothingStreamed:
                dialect = replace(dialect, streaming=0)
                continue
            except _Refused as refused:
                failure = self._failure(refused.refusal, request)
                first = first or failure
                otherwise, is_guess = _otherwise(refused.refusal, dialect)
                if otherwise is None:
                    raise (first if guessed and failure.reason == first.reason else failure) from None
                dialect, guessed = otherwise, guessed or is_guess
            else:
                self._dialect.answered(begun, dialect, guessed=guessed)
                return reply
        raise first or AnswerFailure(ModelReason.BAD_REQUEST)

    async def _tried(self, request: ModelRequest, dialect: Dialect) -> ModelReply:
        """Return the answer to one request; raises ``_Refused`` for what the endpoint refuses."""
        answer: Any = None
        try:
            # The SDK's own time-out starts again with every byte.
            async with asyncio.timeout(self.settings.deadline):
                answer = await self._call(request, dialect)
            return read_answer(answer, request, self.settings)
        except AnswerFailure as failure:
            failure.thought = reasoning_in(answer)
            raise
        except TimeoutError:
            raise AnswerFailure(ModelReason.TIMEOUT) from None
        # The SDK's errors hold request and key: none is chained.
        except ErrorInAnswer as error:
            raise _Refused(_Refusal(error=error.error)) from None
        except openai.APIStatusError as error:
            wait = _retry_after(error.response.headers.get("Retry-After", ""))
            raise _Refused(
                _Refusal(error=read_error(error.response.text, status=error.status_code), wait=wait)
            ) from None
        except BodyTooLarge:
            raise AnswerFailure(ModelReason.TOO_LARGE) from None
        except openai.APIConnectionError:
            raise AnswerFailure(ModelReason.CONNECTION) from None
        except openai.APIError as error:
            raise _Refused(_Refusal(error=read_error({"error": error.body}))) from None
        except json.JSONDecodeError as error:
            raise _no_json(str(error.doc)) from None
        except (openai.OpenAIError, ValueError, TypeError, httpx2.HTTPError):
            raise AnswerFailure(ModelReason.NOT_JSON) from None

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
        if request.on_text is None or not dialect.streaming:
            return await create(**parameters)
        options = {"stream_options": {"include_usage": True}} if dialect.streaming > 1 else {}
        return await read_stream(await create(stream=True, **parameters, **options), request.on_text, request)

    def _failure(self, refusal: _Refusal, request: ModelRequest) -> AnswerFailure:
        key = self.settings.api_key.get_secret_value()
        said = sentence_of(refusal.error, secrets=(key,), asked=f"{request.system}\n{request.user}")
        return AnswerFailure(refusal.reason, wait=refusal.wait, said=said)

    def _tell(self, reason: ModelReason, request: ModelRequest, *, said: str = "") -> None:
        """Log a failure for operators, each kind at most once a minute; a check prints its own."""
        now = self._clock()
        if request.purpose != CHECK_PURPOSE and now - self._logged.get(reason, -LOG_SECONDS) >= LOG_SECONDS:
            self._logged[reason] = now
            _log.warning(
                "a model call failed",
                reason=reason,
                said=said,
                model=self.settings.name,
                purpose=request.purpose,
            )


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, refusal: _Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def _otherwise(refusal: _Refusal, dialect: Dialect) -> tuple[Dialect | None, bool]:
    """Return how to ask after ``refusal``, None where asking otherwise will not help, and whether that is a guess."""
    status, reason = refusal.error.status, refusal.reason
    if reason not in _MAY_BE_A_PARAMETER and status != 501:
        return None, False
    if named := dialect.after(status, refusal.error.details):
        return named, False
    return (
        (dialect.guess(status), True)
        if reason in {ModelReason.BAD_REQUEST, ModelReason.SERVER_ERROR}
        else (None, False)
    )


def _no_json(body: str) -> Exception:
    """Return the error for an invalid JSON body."""
    error = read_error(body, status=200)
    if error.page:
        return _Refused(_Refusal(error=error))
    return AnswerFailure(
        ModelReason.NOT_JSON if body.strip() else ModelReason.EMPTY, usage=ModelUsage(calls=1)
    )


def _retry_after(value: str) -> float:
    """Return the seconds of a Retry-After header; a date or nonsense counts as none."""
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0


def _error(failure: AnswerFailure) -> ModelError:
    return failed(
        failure.reason, said=failure.said, text=failure.text, usage=failure.usage, thought=failure.thought
    )
