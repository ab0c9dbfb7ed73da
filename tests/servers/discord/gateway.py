"""The gateway of the loopback Discord: hello, identify, resume, heartbeats, and the ways in which it breaks."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.discord.world import APP_ID, World

CONTENT = 1 << 15


@dataclass(slots=True, kw_only=True)
class Session:
    """One session: what it was told, for a resume."""

    id: str
    shard: tuple[int, int]
    told: list[dict[str, Any]] = field(default_factory=list)
    heard: int = 0  # how many of them it has read, as its last heartbeat says
    socket: web.WebSocketResponse | None = None


@dataclass(slots=True, kw_only=True)
class Gateway:
    """Takes sockets; ``refuse`` are close codes for the next identifies, ``forget`` makes the next resumes fail."""

    world: World
    url: str = ""
    sessions: dict[str, Session] = field(default_factory=dict)
    identifies: list[dict[str, Any]] = field(default_factory=list)
    resumes: int = 0
    refuse: list[int] = field(default_factory=list)
    forget: int = 0
    content: bool = False  # whether the session may read all messages
    deaf: bool = False  # takes no connection
    live: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection."""
        if self.deaf:
            return web.Response(status=503)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await _send(socket, 10, {"heartbeat_interval": 41_250})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._heard(socket, json.loads(message.data))
        return socket

    async def _heard(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        data = frame["d"]
        match frame["op"]:
            case 1:
                for session in self.sessions.values():
                    if session.socket is socket:
                        session.heard = data or 0
                await _send(socket, 11, None)
            case 2:
                await self._identified(socket, data)
            case 6:
                await self._resumed(socket, data)

    async def _identified(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.identifies.append(data)
        if self.refuse:
            code = self.refuse.pop(0)
            if code == 9:  # the session is invalid, as when identifies come too fast
                await _send(socket, 9, data=False)
            else:
                await socket.close(code=code)
            return
        if data["token"] != self.world.token:
            await socket.close(code=4004)
            return
        self.content = bool(data["intents"] & CONTENT)
        shard = tuple(data.get("shard", (0, 1)))
        session = Session(id=f"s{len(self.identifies)}", shard=(shard[0], shard[1]), socket=socket)
        self.sessions[session.id] = session
        ours = [s for s in self.world.servers.values() if APP_ID in s.members and self._on(session, s.id)]
        await self._tell(
            session,
            "READY",
            {
                "v": 10,
                "user": self.world.users[APP_ID],
                "guilds": [{"id": str(s.id), "unavailable": True} for s in ours],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(shard),
                "application": {"id": str(APP_ID), "flags": 0},
            },
        )
        for server in ours:
            await self._tell(session, "GUILD_CREATE", self.world.guild(server, whole=True))
        self.live.set()

    async def _resumed(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> None:
        self.resumes += 1
        session = self.sessions.get(data["session_id"])
        if session is None or self.forget:
            self.forget = max(0, self.forget - 1)
            await _send(socket, 9, data=False)
            return
        session.socket = socket
        for frame in session.told[int(data["seq"]) :]:
            await socket.send_json(frame)
        await self._tell(session, "RESUMED", {})
        self.live.set()

    async def tell(self, event: str, data: dict[str, Any], *, guild: int = 0) -> None:
        """Tell every session whose guild it is; one that is not connected hears it when it resumes."""
        for session in list(self.sessions.values()):
            if self._on(session, guild):
                await self._tell(session, event, data)

    async def heard(self) -> None:
        """Return when every connected session has read all that it was told: it answers a call for a heartbeat."""
        for session in self.sessions.values():
            if session.socket is not None and not session.socket.closed:
                told = len(session.told)
                await _send(session.socket, 1, None)
                async with asyncio.timeout(120):
                    while session.heard < told:  # noqa: ASYNC110 - nobody tells
                        await asyncio.sleep(0.005)

    async def _tell(self, session: Session, event: str, data: dict[str, Any]) -> None:
        frame = {"op": 0, "t": event, "s": len(session.told) + 1, "d": data}
        session.told.append(frame)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(frame)

    def _on(self, session: Session, guild: int) -> bool:
        return (guild >> 22) % session.shard[1] == session.shard[0]

    # The ways in which it breaks.

    async def reconnect(self) -> None:
        """Ask every connection to come again."""
        self.live.clear()
        for session in self.sessions.values():
            if session.socket is not None:
                await _send(session.socket, 7, None)

    async def invalidate(self) -> None:
        """Forget every session."""
        self.live.clear()
        sessions, self.sessions = self.sessions, {}
        for session in sessions.values():
            if session.socket is not None:
                await _send(session.socket, 9, data=False)

    async def drop(self) -> None:
        """Cut every connection without a word."""
        self.live.clear()
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None and socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        self.live.clear()
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.close(code=code)

    async def end(self) -> None:
        """Close what is open."""
        self.deaf = True
        await self.drop()


async def _send(socket: web.WebSocketResponse, op: int, data: Any) -> None:
    if not socket.closed:
        await socket.send_json({"op": op, "d": data, "s": None, "t": None})
