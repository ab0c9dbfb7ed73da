"""A loopback endpoint of the Chat Completions API that answers, fails and misbehaves on command."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.servers.endpoint_answers import EndpointAnswer

Behaviour = Callable[["ModelServer", web.Request, dict[str, Any]], Any]


class ModelServer:
    """Plays ``behaviours`` one request after another, the last one for all that follow."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.base = ""
        self.asked = asyncio.Event()

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body | {"path": request.path_qs})
        self.headers.append(dict(request.headers))
        self.asked.set()
        behaviour = self.behaviours[min(len(self.requests), len(self.behaviours)) - 1]
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await behaviour(self, request, body)
        finally:
            self.at_once -= 1


def completion(text: Any, *, finish: str = "stop", usage: bool = True, **message: Any) -> dict[str, Any]:
    """Return a completion as the API gives it."""
    content = text if isinstance(text, str | list) or text is None else json.dumps(text)
    answer: dict[str, Any] = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "loopback-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
    }
    if usage:
        details = {"cached_tokens": 40}
        answer["usage"] = {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "total_tokens": 120,
            "prompt_tokens_details": details,
        }
    return answer


def says(answer: Any, **more: Any) -> Behaviour:
    """Answer with ``answer``, or with what it gives for the request's body."""

    async def behave(_server: ModelServer, _request: web.Request, body: dict[str, Any]) -> web.Response:
        text = answer(body) if callable(answer) else answer
        return web.json_response(completion(text, **more))

    return behave


def streams(
    text: str, *, size: int = 7, usage: bool = True, parts: bool = False, error: Any = None
) -> Behaviour:
    """Answer with ``text`` piece by piece where that is asked for, else whole; ``error`` comes in the middle of it."""

    async def behave(_server: ModelServer, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if not body.get("stream"):
            return web.json_response(completion(text))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for start in range(0, len(text), size):
            said: Any = text[start : start + size]
            if parts:
                said = [{"type": "text", "text": said}]
            await response.write(_event({"delta": {"content": said}, "finish_reason": None}))
            if error is not None and start >= len(text) // 2:
                await response.write(f"data: {json.dumps({'error': error})}\n\n".encode())
                return response
        await response.write(_event({"delta": {}, "finish_reason": "stop"}))
        if usage and body.get("stream_options"):
            await response.write(_event(None, usage=completion("")["usage"]))
        await response.write(b"data: [DONE]\n\n")
        return response

    return behave


def _event(choice: dict[str, Any] | None, **more: Any) -> bytes:
    piece = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "loopback-1", **more}
    piece["choices"] = [{"index": 0, **choice}] if choice else []
    return f"data: {json.dumps(piece)}\n\n".encode()


def after(seconds: float, behaviour: Behaviour) -> Behaviour:
    """Behave so ``seconds`` later."""

    async def behave(server: ModelServer, request: web.Request, body: dict[str, Any]) -> Any:
        await asyncio.sleep(seconds)
        return await behaviour(server, request, body)

    return behave


def status(code: int, *, message: str = "no", **headers: str) -> Behaviour:
    """Refuse with ``code``."""

    async def behave(_server: ModelServer, _request: web.Request, _body: dict[str, Any]) -> web.Response:
        error = {"error": {"message": message, "type": "error", "code": None}}
        return web.json_response(
            error, status=code, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    return behave


def answers(answer: EndpointAnswer) -> Behaviour:
    """Answer as that endpoint does."""

    async def behave(_server: ModelServer, _request: web.Request, _body: dict[str, Any]) -> web.Response:
        headers = {"Content-Type": answer.content_type, **answer.headers}
        return web.Response(body=answer.text.encode(), status=answer.status, headers=headers)

    return behave


def limited(text: str, *, tokens: int, thinks: int = 0) -> Behaviour:
    """Answer with ``text`` of ``tokens`` tokens after ``thinks`` tokens of thought, cut off at the limit that is asked for."""

    async def behave(_server: ModelServer, _request: web.Request, body: dict[str, Any]) -> web.Response:
        limit = body.get("max_completion_tokens") or body["max_tokens"]
        left = max(0, limit - thinks)
        answer = completion(text[: len(text) * left // tokens], finish="stop" if left >= tokens else "length")
        answer["usage"]["completion_tokens"] = min(limit, tokens + thinks)
        answer["usage"]["completion_tokens_details"] = {"reasoning_tokens": min(limit, thinks)}
        return web.json_response(answer)

    return behave


def refusing(word: str, otherwise: Behaviour, *, code: int = 400) -> Behaviour:
    """Refuse requests whose body holds ``word``, naming it; behave ``otherwise`` to others."""

    async def behave(server: ModelServer, request: web.Request, body: dict[str, Any]) -> Any:
        if f'"{word}"' in json.dumps(body):
            return await status(code, message=f"Unsupported parameter: {word}")(server, request, body)
        return await otherwise(server, request, body)

    return behave


async def stalls(_server: ModelServer, request: web.Request, _body: dict[str, Any]) -> web.StreamResponse:
    """Begin an answer and never end it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b"{")
    with contextlib.suppress(ConnectionError):
        while True:
            await asyncio.sleep(0.05)
            await response.write(b" ")
    return response


async def cuts(_server: ModelServer, request: web.Request, _body: dict[str, Any]) -> web.StreamResponse:
    """Drop the connection in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"id": "c1", "choices": [{"mess')
    assert request.transport
    request.transport.abort()
    return response


async def never_ends(_server: ModelServer, request: web.Request, _body: dict[str, Any]) -> web.StreamResponse:
    """Send an answer without an end, as fast as it is taken."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(b" " * 65536)
    return response


def raw(body: bytes, content_type: str = "application/json") -> Behaviour:
    """Answer with these bytes."""

    async def behave(_server: ModelServer, _request: web.Request, _body: dict[str, Any]) -> web.Response:
        return web.Response(body=body, content_type=content_type)

    return behave
