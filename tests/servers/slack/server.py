"""A loopback Slack: Web API, response addresses, OAuth, Socket Mode; with the limits and faults of the real one.

It enforces scopes, membership, block limits, history limits and the three seconds of a trigger; its ``world`` is a
log of its own of what readers see. ``Members`` (in ``slack_people``) do what people do.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import WSMsgType, web

from tests.servers.broken import Broken
from tests.servers.slack.methods import SCOPES, Methods, Refused
from tests.servers.slack.world import Said, Token

FAULTS = ("drop before", "drop after", "late", "slow", "500 after", "503 before", "429")


@dataclass(slots=True, kw_only=True)
class Slack(Methods):
    """The server; ``script`` holds faults for the next calls of a method, ``faults`` the share of other posts with one."""

    script: dict[str, list[str]] = field(default_factory=dict)
    faults: float = 0.0
    seed: int = 0
    latest: float = 0.3  # seconds after a call was dropped at which its message may still appear
    slow: float = 0.2
    retry_after: int = 1  # seconds
    app_token: str = "xapp-1"  # noqa: S105 - no secret, of a loopback server
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)  # method, error
    responses: dict[str, list[Any]] = field(
        default_factory=dict
    )  # response addresses: [channel, user, thread, uses]
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    acks: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    deaf: bool = False  # sockets stay open and nothing comes back
    chance: random.Random = field(default_factory=random.Random)
    broken: Broken = field(default_factory=Broken)  # by channel
    _later: set[asyncio.Task[Said]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance.seed(self.seed)

    def application(self) -> web.Application:
        """Return the server's routes."""
        site = web.Application(client_max_size=4 * 1024 * 1024)
        site.add_routes(
            [
                web.route("*", "/api/{method}", self._call),
                web.post("/response/{name}", self._respond),
                web.get("/link", self._link),
                web.get("/oauth/v2/authorize", self._consent),
            ]
        )
        return site

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        name = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.pop("token", "")
        self.calls.append((method, arguments))
        if answer := await self.broken.answer(str(arguments.get("channel", "")), request):
            return answer
        script = self.script.get(method)
        fault = script.pop(0) if script else ""
        if not fault and method == "chat.postMessage" and self.chance.random() < self.faults:
            fault = self.chance.choice(FAULTS)
        if fault == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"},
                status=429,
                headers={"Retry-After": str(self.retry_after)},
            )
        if fault == "503 before":
            return web.Response(status=503, text="upstream")
        if fault == "drop before":
            return _drop(request)
        if fault == "slow":
            await asyncio.sleep(self.slow)
        if fault == "late":
            task = asyncio.create_task(self._late(method, arguments, name))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
            return _drop(request)
        answer = self._answered(method, arguments, name, said=fault if fault.startswith("error ") else "")
        if fault == "drop after":
            return _drop(request)
        if fault == "500 after":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        return answer

    async def _late(self, method: str, arguments: dict[str, Any], name: str) -> Any:
        await asyncio.sleep(self.chance.random() * self.latest)
        return self._answered(method, arguments, name)

    def _answered(self, method: str, arguments: dict[str, Any], name: str, said: str = "") -> web.Response:
        token = self.world.tokens.get(name)
        scopes = ",".join(sorted(token.scopes)) if token else ""
        headers = {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": SCOPES.get(method, "")}
        try:
            if said:
                raise Refused(said.removeprefix("error "))
            data = {"ok": True} | self._do(method, arguments, name, token)
        except Refused as refusal:
            self.refused.append((method, refusal.data["error"]))
            data = refusal.data
            if data["error"] == "ratelimited":
                return web.json_response(
                    data, status=429, headers=headers | {"Retry-After": str(self.retry_after)}
                )
        return web.json_response(data, headers=headers)

    def _do(self, method: str, arguments: dict[str, Any], name: str, token: Token | None) -> dict[str, Any]:
        if method == "apps.connections.open":
            if name != self.app_token:
                raise Refused("not_allowed_token_type" if name.startswith("xoxb") else "invalid_auth")
            return {"url": f"{self.url.replace('http', 'ws')}/link?ticket={uuid.uuid4().hex}"}
        if method == "oauth.v2.access":
            return self._access(arguments)
        if token is None:
            raise Refused("invalid_auth" if name else "not_authed")
        if token.expires and time.time() > token.expires:
            raise Refused("token_expired")
        if token.dead:
            raise Refused(token.dead)
        if method in {"api.test", "auth.test"}:
            return {
                "url": f"https://{token.team.lower()}.slack.com/",
                "team": f"Team {token.team}",
                "team_id": token.team,
                "user_id": token.bot_user,
                "bot_id": token.bot,
            }
        self._need(token, SCOPES.get(method, ""))
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise Refused("unknown_method")
        answer: dict[str, Any] = handler(arguments, token)
        return answer

    async def _consent(self, request: web.Request) -> web.StreamResponse:
        """Say yes, as an admin would, and send the browser back."""
        query = urlencode({"code": f"code-{uuid.uuid4().hex[:8]}", "state": request.query.get("state", "")})
        raise web.HTTPFound(f"{request.query['redirect_uri']}?{query}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        known = self.responses.get(request.match_info["name"])
        data = await request.json()
        if known is None or known[3] >= 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        known[3] += 1
        channel, user, thread, _ = known
        try:
            blocks = self._check(data)
        except Refused as refusal:
            return web.json_response(refusal.data, status=400)
        self.world.add(
            channel=channel,
            user="UBOT",
            text=data.get("text") or "",
            blocks=blocks,
            thread=data.get("thread_ts") or thread,
            only_for="" if data.get("response_type") == "in_channel" else user,
        )
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=not self.deaf)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "debug_info": {}})
        self.sockets.append(socket)
        self.connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and not self.deaf:
                    answer = json.loads(message.data)
                    waiting = self.acks.pop(answer.get("envelope_id", ""), None)
                    if waiting and not waiting.done():
                        waiting.set_result(answer.get("payload") or {})
        finally:
            self.sockets.remove(socket)
            if not self.sockets:
                self.connected.clear()
        return socket

    async def send(
        self, kind: str, payload: dict[str, Any], *, retry: int = 0
    ) -> tuple[float, dict[str, Any]]:
        """Send an envelope over the newest socket; return the seconds until its acknowledgement, and what it held."""
        envelope = uuid.uuid4().hex
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.acks[envelope] = waiting
        begun = time.perf_counter()
        data: dict[str, Any] = {"envelope_id": envelope, "type": kind, "payload": payload}
        data |= {"accepts_response_payload": kind != "events_api"}
        if retry:
            data |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self.sockets[-1].send_json(data)
        async with asyncio.timeout(120):
            answer = await waiting
        return time.perf_counter() - begun, answer

    async def hang_up(self) -> None:
        """Close every socket."""
        for socket in list(self.sockets):
            await socket.close()

    async def settle(self) -> None:
        """Return when everything that was late has arrived."""
        while self._later:
            await asyncio.wait(set(self._later))


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Return what a method was given: Slack takes it from the address, a form or JSON."""
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return arguments | await request.json()
    return arguments | {key: str(value) for key, value in (await request.post()).items()}


def _drop(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.close()
    return web.Response(status=500)


@asynccontextmanager
async def serving(slack: Slack, *, port: int = 0) -> AsyncIterator[Slack]:
    """Serve ``slack`` on a port of this machine."""
    runner = web.AppRunner(slack.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        for task in slack._later:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await slack.hang_up()
        await runner.cleanup()
