"""Replies to a command, a button or a form on Discord, through its interaction.

An interaction has to be answered within three seconds, if only by saying that an answer will come, and may be answered
for fifteen minutes; what comes later goes to the channel, or to the asker alone where it was private.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.chat.commands import PRIVATE
from bot.chat.discord.protocol import CallbackType, ErrorCode
from bot.chat.discord.render.form import render_form
from bot.chat.discord.replying.conversation import Talk
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.errors import DeliveryError, PostUnclear
from bot.model.message import Message
from bot.model.talk import Form

EPHEMERAL_FLAG = 1 << 6
INTERACTION_SECONDS = 14.5 * 60  # seconds in which an interaction is answered through its own address
ACK_SECONDS = 1.3  # for each of two attempts at the first answer
UPDATE_INTERVAL_SECONDS = 1.5  # seconds between two states of an answer

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class InteractionTalk(Talk):
    """The conversation under a command, a button or a form; ``inside`` is the thread it came from, if any."""

    id: str
    token: str
    began: float = field(default_factory=time.monotonic)
    inside: str = ""
    first: int = 0  # the kind of the first answer, once there is one
    private: bool = False  # whether it is shown to the asker alone
    open_answer: bool = False  # the first answer says that one will come
    first_id: str = ""
    shown: float = 0.0
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def answer_channel_id(self) -> str:
        """The id of the channel or thread that public answers go to."""
        return self.inside or self.request.channel.id

    async def defer(self) -> bool:
        """Defer the interaction unless it was answered already; return whether this process answers it."""
        async with self._lock:
            if self.first:
                return True
            self.private = self.request.verb in PRIVATE
            taken = await self._begin(
                CallbackType.DEFERRED, {"flags": EPHEMERAL_FLAG} if self.private else {}
            )
            self.open_answer = taken
            return taken

    async def working(self, text: str) -> None:
        """Do nothing more: Discord shows that it is being worked on."""

    async def show(self, message: Message) -> None:
        """Show the partial answer, within Discord's rate limit."""
        now = time.monotonic()
        if not self.open_answer or now - self.shown < UPDATE_INTERVAL_SECONDS or self._late():
            return
        self.shown = now
        try:
            await self.call("PATCH", self._address("@original"), self.bodies(message)[0])
        except DeliveryError as error:
            _log.info("progress was not shown", request=self.request.id, reason=error.message)

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Reply; in a thread a public reply is a separate message, which can be replied to."""
        async with self._lock:
            ids = [await self._send(body, private=private) for body in self.bodies(message, private=private)]
            return ids[0] if ids else ""

    async def open(self, form: Form) -> None:
        """Open ``form``; this must be the first answer."""
        async with self._lock:
            if self.first or not await self._begin(CallbackType.MODAL, render_form(form)):
                raise DeliveryError(
                    "The form could not be opened in time", reason="expired", hint="Try once more"
                )

    async def end(self) -> None:
        """Delete the deferred answer if there was none."""
        if self.open_answer and not self._late():
            try:
                await self.call("DELETE", self._address("@original"))
            except DeliveryError as error:
                _log.info(
                    "pending answer could not be removed", request=self.request.id, reason=error.message
                )

    async def _send(self, body: dict[str, Any], *, private: bool) -> str:
        if self.inside and self.first and not private and (found := await self._say_inside(body)):
            return found
        flags = (body.get("flags") or 0) | (EPHEMERAL_FLAG if private else 0)
        if not self.first and await self._begin(CallbackType.MESSAGE, body | {"flags": flags}):
            return self.first_id
        if self._late():
            return await self._say_late(body, private=private)
        try:
            if self.open_answer and private == self.private:
                self.open_answer = False
                return str((await self.call("PATCH", self._address("@original"), body))["id"])
            return await self._follow(body | {"flags": flags})
        except DeliveryError as error:
            if error.code not in {ErrorCode.INVALID_WEBHOOK_TOKEN, ErrorCode.UNKNOWN_WEBHOOK}:
                raise
            return await self._say_late(body, private=private)

    async def _say_inside(self, body: Mapping[str, Any]) -> str:
        """Say it in the thread; what was promised under the interaction is taken back. Nothing where that is forbidden."""
        try:
            found = await self.say(self.inside, body)
        except PostUnclear:
            raise
        except DeliveryError as error:
            _log.info("thread refused the message", request=self.request.id, reason=error.message)
            return ""
        await self.end()
        self.open_answer = False
        return found

    async def _follow(self, body: Mapping[str, Any]) -> str:
        """Send a further message; the first one after a deferral would replace the deferred answer."""
        promised, self.open_answer = self.open_answer, False
        if promised and not self.shown:
            await self.call("PATCH", self._address("@original"), {"content": "…"})
        found = await self.call("POST", self._address(), body)
        if promised:
            await self.call("DELETE", self._address("@original"))
        return str(found["id"])

    async def _say_late(self, body: Mapping[str, Any], *, private: bool) -> str:
        self.open_answer = False
        return await (self.whisper(body) if private else self.say(self.answer_channel_id, body))

    async def _begin(self, kind: int, data: Mapping[str, Any]) -> bool:
        """Give the first answer; False where somebody else gave it, or it comes too late."""
        address = f"/interactions/{self.id}/{self.token}/callback"
        query = {"with_response": 1} if kind == CallbackType.MESSAGE else None
        answer: Any = {}
        for again in (False, True):
            try:
                answer = await self.connection.rest.call(
                    "POST", address, {"type": kind, "data": dict(data)}, query=query, seconds=ACK_SECONDS
                )
            except Answered as refused:
                if refused.status >= 500 and not again:
                    continue  # Discord accepts one first response, however often it is sent
                if again and refused.code == ErrorCode.INTERACTION_ACKNOWLEDGED:
                    break  # it had taken it
                known = refused.code in {ErrorCode.UNKNOWN_INTERACTION, ErrorCode.INTERACTION_ACKNOWLEDGED}
                tell = _log.info if known else _log.warning
                tell("an interaction was not answered", request=self.request.id, faults=refused.faults)
                return False
            except (Unanswered, Unreached) as error:
                if again:
                    _log.warning(
                        "an interaction was not answered", request=self.request.id, reason=str(error)
                    )
                    return False
            else:
                break
        self.first = kind
        resource = (answer or {}).get("resource") or {}
        self.first_id = str((resource.get("message") or {}).get("id") or "")
        return True

    def _late(self) -> bool:
        return time.monotonic() - self.began > INTERACTION_SECONDS

    def _address(self, message: str = "") -> str:
        own = f"/webhooks/{self.connection.application}/{self.token}"
        return f"{own}/messages/{message}" if message else own
