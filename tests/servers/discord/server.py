"""A loopback Discord of our own: REST and gateway, with nonces, faults, resume, and a log of what readers saw.

It is strict where Discord is: limits of messages, permissions, three seconds for an interaction and fifteen minutes for
its token. What it does not know answers 501, so that a call nobody thought of is found.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord
import yarl
from aiohttp import web

from tests.servers.broken import Broken
from tests.servers.discord import world as dw
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.limits import faults as wrong
from tests.servers.discord.limits import too_big
from tests.servers.discord.world import APP_ID, Place, World

FAULTS = (
    "drop before",
    "drop after",
    "late",
    "slow",
    "500 before",
    "500 after",
    "503 before",
    "429",
    "502 after",
)
NONCES = 300.0  # seconds in which a nonce is known
ACK, TOKEN = 60.0, 900.0  # seconds for the first answer, where Discord has three, and for all


class Refused(Exception):  # noqa: N818 - it names what happened
    """An answer of Discord's that is no success."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message} | more


@dataclass(slots=True, kw_only=True)
class Interaction:
    """What somebody did, and how it was answered."""

    id: int
    token: str
    place: Place
    at: float
    sent: float
    kind: int = 0  # of the first answer
    acked: float = 0.0  # seconds until it came, on the machine's clock
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    ephemeral: bool = False
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    original: dict[str, Any] | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Discord:
    """The server; ``script`` says what happens to the next posts, before chance has a say."""

    world: World = field(default_factory=World)
    share: float = 0.0  # of the posts to which something happens
    seed: int = 0
    latest: float = 0.3  # seconds after a request came at which its message may still appear
    script: list[str] = field(default_factory=list)
    ack_script: list[str] = field(default_factory=list)  # the same for first answers to interactions
    retry_after: float = 0.2
    nonce_seconds: float = NONCES
    calls: list[tuple[str, str]] = field(default_factory=list)
    nonces: dict[tuple[int, str], tuple[float, dict[str, Any]]] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=lambda: {"remaining": 1000, "reset_after": 3_600_000})
    closed_to: set[int] = field(default_factory=set)  # people who take no direct messages
    shards: int = 1
    takes: str = "components"  # or "embeds", "text": what a message may be made of at most
    down: bool = False  # every call is answered with 503
    port: int = 0
    gateway: Gateway = field(init=False)
    chance: random.Random = field(default_factory=random.Random)
    late: set[asyncio.Task[Any]] = field(default_factory=set)
    broken: Broken = field(default_factory=Broken)  # by channel

    def __post_init__(self) -> None:
        self.chance.seed(self.seed)
        self.gateway = Gateway(world=self.world)

    # What happens at Discord, told to the bot.

    async def say(self, place: Place, who: int, content: str, **more: Any) -> dict[str, Any]:
        """Let a member write a message."""
        body = {"content": content, **more}
        message = self.world.add(place, who, body)
        if "referenced_message" in more:
            message["referenced_message"] = more["referenced_message"]
            message["type"] = 19
        await self.told(place, message)
        return message

    async def interact(
        self,
        kind: int,
        who: int,
        place: Place,
        data: dict[str, Any],
        *,
        message: Any = None,
        id: int = 0,  # noqa: A002
    ) -> Interaction:
        """Let a member run a command (2), press a button (3), type (4) or send in a form (5)."""
        number = id or self.world.snowflake()
        loop = asyncio.get_running_loop()
        found = Interaction(
            id=number, token=f"tok{number}", place=place, at=self.world.now(), sent=loop.time()
        )
        self.interactions[found.token] = found
        payload: dict[str, Any] = {
            "id": str(number),
            "application_id": str(APP_ID),
            "type": kind,
            "token": found.token,
            "version": 1,
            "channel_id": str(place.id),
            "channel": self.world.written(place),
            "data": data,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if place.guild else 1,
            "app_permissions": str(self.world.may(APP_ID, place)),
            "attachment_size_limit": 10_000_000,
        }
        if place.guild:
            server = self.world.servers[place.guild]
            member = self.world.user_in(server, who) | {"permissions": str(self.world.may(who, place))}
            payload |= {"guild_id": str(place.guild), "member": member, "guild_locale": "en-US"}
        else:
            payload["user"] = self.world.users[who]
        if message is not None:
            payload["message"] = message
        await self.gateway.tell("INTERACTION_CREATE", payload, guild=place.guild)
        return found

    async def command(self, who: int, place: Place, verb: str, **options: str) -> Interaction:
        """Let a member run ``/brief VERB``."""
        given = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
        data = {
            "id": "5",
            "name": "brief",
            "type": 1,
            "options": [{"name": verb, "type": 1, "options": given}],
        }
        return await self.interact(2, who, place, data)

    def thread_on(self, place: Place, number: int, *, name: str = "thread", owner: int = APP_ID) -> Place:
        """Open a thread under a message; every session hears of it."""
        thread = Place(id=number, type=dw.PUBLIC_THREAD, guild=place.guild, name=name, parent=place.id)
        thread.owner = owner
        self.world.places[number] = thread
        event = self.world.written(thread) | {"newly_created": True}
        self._soon(self.gateway.tell("THREAD_CREATE", event, guild=place.guild))
        return thread

    async def told(self, place: Place, message: dict[str, Any]) -> None:
        """Tell the bot of a message, as much of it as it may read."""
        more: dict[str, Any] = {"channel_type": place.type}
        who = int(message["author"]["id"])
        if place.guild:
            member = self.world.user_in(self.world.servers[place.guild], who)
            member.pop("user")
            more |= {"guild_id": str(place.guild), "member": member}
        for_bot = who == APP_ID or place.type == dw.DM or _mentions(message, APP_ID)
        if not (for_bot or self.gateway.content):
            message = message | {"content": "", "embeds": [], "components": []}
        await self.gateway.tell("MESSAGE_CREATE", message | more, guild=place.guild)

    # REST.

    async def serve(self, port: int = 0) -> web.AppRunner:
        """Begin to serve on this machine."""
        site = web.Application(client_max_size=2**22)
        site.router.add_get("/gateway", self.gateway.serve)
        site.router.add_route("*", "/api/v10/{path:.*}", self._call)
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        where = web.TCPSite(runner, "127.0.0.1", port)
        await where.start()
        self.port = runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        return runner

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        method = request.method
        self.calls.append((method, path))
        body = await request.read()
        data = json.loads(body) if body else {}
        if self.down:
            return _json(503, {"code": 0, "message": "upstream"})
        parts = path.split("/")
        if parts[0] == "channels" and (answer := await self.broken.answer(parts[1], request)):
            return answer
        free = parts[0] in {"interactions", "webhooks"}
        if not free and request.headers.get("Authorization") != f"Bot {self.world.token}":
            return _json(401, {"code": 0, "message": "401: Unauthorized"})
        try:
            act = partial(self._route, method, parts, data, request)
            if parts[0] == "interactions" and self.ack_script:
                return await self._with_faults(request, act, self.ack_script.pop(0))
            if method in {"POST", "PATCH"} and parts[0] in {"channels", "webhooks"} and parts[-1] != "typing":
                return await self._with_faults(request, act, self._next())
            return _json(200, act())
        except Refused as refusal:
            return _json(refusal.status, refusal.body)

    async def _with_faults(
        self, request: web.Request, act: Callable[[], Any], kind: str
    ) -> web.StreamResponse:
        if not kind:
            return _json(200, act())
        if kind.startswith("429"):
            via = {} if kind == "429 ban" else {"Via": "1.1 google"}
            wait = {"retry_after": self.retry_after, "global": kind == "429 global", "message": "slow down"}
            if kind == "429 ban":
                return web.Response(status=429, text="<html>banned</html>", content_type="text/html")
            scope = "global" if kind == "429 global" else "user"
            return _json(429, wait, Via=via["Via"], **{"Retry-After": "1", "X-RateLimit-Scope": scope})
        if kind == "late":
            self._soon(self._later(act))
        if kind == "slow":
            await asyncio.sleep(self.chance.random() * 0.2)
            return _json(200, act())
        if kind.endswith(" after"):
            act()
        if kind[:3].isdigit():
            return _json(int(kind[:3]), {"message": "internal error", "code": 0})
        if request.transport:
            request.transport.close()
        return web.Response(status=500)

    def _next(self) -> str:
        if self.script:
            return self.script.pop(0)
        return self.chance.choice(FAULTS) if self.chance.random() < self.share else ""

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    async def _later(self, act: Callable[[], Any]) -> None:
        await asyncio.sleep(self.chance.random() * self.latest)
        act()

    def _route(self, method: str, parts: list[str], data: Any, request: web.Request) -> Any:
        match method, parts:
            case "GET", ["users", "@me"]:
                return self.world.users[APP_ID]
            case "GET", ["users", "@me", "guilds"]:
                return [{"id": str(s.id), "name": s.name} for s in self._ours()]
            case "POST", ["users", "@me", "channels"]:
                return self.world.written(self._direct(int(data["recipient_id"])))
            case "GET", ["oauth2", "applications", "@me"]:
                return self._application()
            case "GET", ["gateway", "bot"]:
                limit = {"total": 1000, "max_concurrency": 1} | self.left
                return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}
            case "GET" | "PUT", ["applications", _, "commands"]:
                if method == "PUT":
                    self.world.commands = [
                        {"description": "", "default_member_permissions": None, "nsfw": False}
                        | command
                        | {"id": str(number), "application_id": str(APP_ID), "version": "1"}
                        for number, command in enumerate(data, 5)
                    ]
                return self.world.commands
            case _, ["guilds", number, *rest]:
                return self._guild(method, int(number), rest)
            case _, ["channels", number, *rest]:
                return self._channel(method, self._place(int(number)), rest, data, request)
            case "POST", ["interactions", _, token, "callback"]:
                return self._first(self._interaction(token, TOKEN), data)
            case _, ["webhooks", _, token, *rest]:
                return self._followed(method, self._interaction(token, TOKEN), rest, data)
        raise Refused(501, 0, f"{method} {'/'.join(parts)}")

    def _ours(self) -> list[dw.Server]:
        return [s for s in self.world.servers.values() if APP_ID in s.members]

    def _application(self) -> dict[str, Any]:
        flags = (1 << 19) if self.gateway.content else 0
        owner = self.world.users[APP_ID]
        app = {"id": str(APP_ID), "name": "Wirebrief", "icon": None, "description": "", "flags": flags}
        return app | {"bot_public": True, "bot_require_code_grant": False, "owner": owner, "verify_key": "0"}

    def _direct(self, who: int) -> Place:
        for place in self.world.places.values():
            if place.type == dw.DM and place.with_user == who:
                return place
        place = self.world.place(None, type=dw.DM)
        place.with_user = who
        return place

    def _place(self, number: int) -> Place:
        place = self.world.places.get(number)
        if place is None:
            raise Refused(404, 10003, "Unknown Channel")
        if not self.world.may(APP_ID, place) & dw.VIEW:
            raise Refused(403, 50001, "Missing Access")
        return place

    def _guild(self, method: str, number: int, rest: list[str]) -> Any:
        server = self.world.servers.get(number)
        if server is None or APP_ID not in server.members:
            raise Refused(404, 10004, "Unknown Guild")
        ours = [p for p in self.world.places.values() if p.guild == number]
        match method, rest:
            case "GET", []:
                return self.world.guild(server)
            case "GET", ["channels"]:
                return [self.world.written(p) for p in ours if p.type not in dw.THREADS]
            case "GET", ["members", who]:
                if int(who) not in server.members:
                    raise Refused(404, 10007, "Unknown Member")
                return self.world.user_in(server, int(who))
            case "GET", ["threads", "active"]:
                threads = [p for p in ours if p.type in dw.THREADS and not p.archived]
                return {"threads": [self.world.written(p) for p in threads], "members": []}
        raise Refused(501, 0, f"guild {rest}")

    def _channel(self, method: str, place: Place, rest: list[str], data: Any, request: web.Request) -> Any:
        match method, rest:
            case "GET", []:
                return self.world.written(place)
            case "POST", ["typing"]:
                return None
            case "GET", ["messages"]:
                return self._history(place, request)
            case "GET", ["messages", number]:
                self._need(place, dw.READ_HISTORY)
                return self._message(place, int(number))
            case "POST", ["messages"]:
                return self._post(place, data)
            case "PATCH", ["messages", number]:
                return self._edit(place, self._message(place, int(number)), data)
            case "POST", ["messages", number, "threads"]:
                return self._thread(place, int(number), data)
            case "POST", ["threads"]:
                return self._forum_post(place, data)
            case "GET", ["threads", "archived", "public"]:
                self._need(place, dw.READ_HISTORY)
                old = [p for p in self.world.places.values() if p.parent == place.id and p.archived]
                return {"threads": [self.world.written(p) for p in old], "members": [], "has_more": False}
        raise Refused(501, 0, f"channel {method} {rest}")

    def _need(self, place: Place, what: int) -> None:
        if not self.world.may(APP_ID, place) & what:
            raise Refused(403, 50013, "Missing Permissions")

    def _message(self, place: Place, number: int) -> dict[str, Any]:
        if number not in place.messages:
            raise Refused(404, 10008, "Unknown Message")
        return place.messages[number]

    def _history(self, place: Place, request: web.Request) -> list[dict[str, Any]]:
        if not self.world.may(APP_ID, place) & dw.READ_HISTORY:
            return []  # as Discord does: empty, not an error
        most = int(request.query.get("limit", 50))
        before = int(request.query.get("before", 2**63))
        after = int(request.query.get("after", 0))
        found = [m for n, m in sorted(place.messages.items(), reverse=True) if after < n < before]
        return found[-most:] if "after" in request.query else found[:most]

    def _checked(self, data: dict[str, Any]) -> None:
        problems = wrong(data)
        if self.takes != "components" and (data.get("flags") or 0) & (1 << 15):
            problems.append("no components")
        if self.takes == "text" and data.get("embeds"):
            problems.append("no embeds")
        if problems:
            raise Refused(400, 50035, "Invalid Form Body", errors={"_errors": problems})
        if too_big(data):
            raise Refused(500, 0, "internal server error")

    def _post(self, place: Place, data: dict[str, Any]) -> dict[str, Any]:
        if place.type in {dw.FORUM, dw.CATEGORY}:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        if place.type == dw.DM and place.with_user in self.closed_to:
            raise Refused(403, 50007, "Cannot send messages to this user")
        if place.locked:
            raise Refused(400, 50083, "Thread is archived")
        self._need(place, dw.SEND_IN_THREADS if place.type in dw.THREADS else dw.SEND)
        self._checked(data)
        nonce = str(data.get("nonce") or "")
        if len(nonce) > 25:
            raise Refused(400, 50035, "Invalid Form Body", errors={"nonce": "must be 25 or fewer in length"})
        now = self.world.now()
        if nonce and data.get("enforce_nonce") and (known := self.nonces.get((APP_ID, nonce))):
            at, message = known
            if now - at < self.nonce_seconds:
                return message
        place.archived = False
        message = self.world.add(place, APP_ID, data)
        if nonce:
            self.nonces[APP_ID, nonce] = (now, message)
        return message

    def _edit(self, place: Place, message: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        if message["author"]["id"] != str(APP_ID):
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        whole = {key: message[key] for key in ("content", "embeds", "components", "flags")} | data
        self._checked(whole)
        if message["flags"] & (1 << 15) and not whole["flags"] & (1 << 15):
            raise Refused(
                400, 50035, "Invalid Form Body", errors={"flags": "components cannot be taken away"}
            )
        message.update({k: v for k, v in whole.items() if k in message})
        message["edited_timestamp"] = message["timestamp"]
        return message

    def _thread(self, place: Place, number: int, data: dict[str, Any]) -> dict[str, Any]:
        self._need(place, dw.PUBLIC_THREADS)
        if place.type not in {dw.TEXT, dw.NEWS}:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        self._message(place, number)
        if number in self.world.places:
            raise Refused(400, 160004, "A thread has already been created for this message")
        return self.world.written(self.thread_on(place, number, name=_name(data)))

    def _forum_post(self, place: Place, data: dict[str, Any]) -> dict[str, Any]:
        if place.type != dw.FORUM:
            raise Refused(501, 0, "a thread without a message")
        self._need(place, dw.SEND)
        if place.flags & (1 << 4):
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
        self._checked(data["message"])
        number = self.world.snowflake()
        thread = self.thread_on(place, number, name=_name(data))
        message = self.world.add(thread, APP_ID, data["message"] | {"id": number})
        return self.world.written(thread) | {"message": message}

    # Interactions.

    def _interaction(self, token: str, seconds: float) -> Interaction:
        found = self.interactions.get(token)
        if found is None:
            raise Refused(404, 10015, "Unknown Webhook")
        if self.world.now() - found.at > seconds:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return found

    def _first(self, found: Interaction, data: dict[str, Any]) -> Any:
        if self.world.now() - found.at > ACK:
            raise Refused(404, 10062, "Unknown interaction")
        if found.kind:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        found.kind = data["type"]
        found.acked = asyncio.get_running_loop().time() - found.sent
        found.answered.set()
        inner = data.get("data") or {}
        found.ephemeral = bool((inner.get("flags") or 0) & 64)
        if found.kind == 9:
            found.modal = inner
        elif found.kind == 8:
            found.choices = inner["choices"]
        elif found.kind == 4:
            self._checked(inner)
            found.original = self._told_by(found, inner)
        result: dict[str, Any] = {
            "interaction": {"id": str(found.id), "type": 2, "response_message_ephemeral": False}
        }
        if found.original:
            result["interaction"]["response_message_id"] = found.original["id"]
            result["resource"] = {"type": 4, "message": found.original}
        return result

    def _followed(self, method: str, found: Interaction, rest: list[str], data: Any) -> Any:
        if not found.kind:
            raise Refused(404, 10015, "Unknown Webhook")
        match method, rest:
            case "PATCH", ["messages", "@original"]:
                self._checked(data)
                if found.original is None:
                    found.original = self._told_by(found, data)
                else:
                    found.original.update(data)
                return found.original
            case "DELETE", ["messages", "@original"]:
                found.original = None
                return None
            case "POST", []:
                self._checked(data)
                return self._told_by(found, data)
        raise Refused(501, 0, f"webhook {method} {rest}")

    def _told_by(self, found: Interaction, data: dict[str, Any]) -> dict[str, Any]:
        place = found.place
        if found.ephemeral or (data.get("flags") or 0) & 64:
            place = Place(id=place.id)  # only the asker sees it: it stands in no history
        message = self.world.add(place, APP_ID, data)
        found.messages.append(message)
        return message


@asynccontextmanager
async def running(server: Discord | None = None) -> AsyncIterator[Discord]:
    """Serve a Discord on this machine, and let discord.py find it."""
    server = server or Discord()
    runner = await server.serve()
    try:
        with pointed_at(server.port):
            yield server
    finally:
        await server.gateway.end()
        await runner.cleanup()


@contextmanager
def pointed_at(port: int) -> Iterator[None]:
    """Let discord.py take this machine for Discord."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, socket.DEFAULT_GATEWAY
    route.BASE = f"http://127.0.0.1:{port}/api/v10"
    socket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    try:
        yield
    finally:
        route.BASE, socket.DEFAULT_GATEWAY = before


def _json(status: int, data: Any, **headers: str) -> web.Response:
    if data is None:
        return web.Response(status=204)
    # Exactly this type: discord.py reads nothing else as JSON.
    headers["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(data).encode(), headers=headers)


def _name(data: dict[str, Any]) -> str:
    name = data.get("name") or ""
    if not 1 <= len(name) <= 100:
        raise Refused(400, 50035, "Invalid Form Body", errors={"name": "must be 1 to 100 in length"})
    return str(name)


def _mentions(message: dict[str, Any], who: int) -> bool:
    return any(m["id"] == str(who) for m in message.get("mentions", ()))
