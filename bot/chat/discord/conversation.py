"""How one request is answered on Discord: under the interaction that brought it, or under the message.

An interaction has to be answered within three seconds, if only by saying that an answer will come, and may be answered
for fifteen minutes; what comes later goes to the channel, or to the asker alone where it was private.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.chat.commands import PRIVATE
from bot.chat.discord.channels import sees
from bot.chat.discord.client import Connection
from bot.chat.discord.errors import CLOSED_MESSAGES, refusal, unreached
from bot.chat.discord.nonce import body_of
from bot.chat.discord.render.fallback import INVALID_FORM, fallbacks
from bot.chat.discord.render.form import MAX_FIELDS, render_form
from bot.chat.discord.render.layout import Style
from bot.chat.discord.render.message import render_reply
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.chat.replies.translated import language_of
from bot.errors import DeliveryError, PostUnclear
from bot.language.locale.replies import in_language
from bot.model.chat import Channel
from bot.model.message import Action, Message
from bot.model.talk import Form, Request, Verb

EPHEMERAL = 1 << 6
MESSAGE, DEFERRED, MODAL = 4, 5, 9  # kinds of a first answer
UNKNOWN_INTERACTION, ACKNOWLEDGED, WRONG_TOKEN, UNKNOWN_WEBHOOK = 10062, 40060, 50027, 10015
INTERACTION_SECONDS = 14.5 * 60  # seconds in which an interaction is answered through its own address
ACK_SECONDS = 1.3  # for each of two attempts at the first answer
UPDATE_INTERVAL_SECONDS = 1.5  # seconds between two states of an answer
_FOLLOWED = frozenset({Verb.ASK, Verb.SAID, Verb.LINK, Verb.STORY})
_CLOSED = (
    "I could not write to you privately. Allow direct messages from this server, or use /brief: "
    "its answers are for you alone."
)

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Talk:
    """What both kinds of conversation share: the place, and what may be seen from it."""

    connection: Connection
    request: Request
    style: Style = "components"

    @property
    def max_fields(self) -> int:
        """The most fields of one form."""
        return MAX_FIELDS

    async def permalink(self, channel: Channel, message_id: str) -> str:
        """Return the address of a message, which says where it stands."""
        if not (channel.workspace.isdecimal() and channel.id.isdecimal() and message_id.isdecimal()):
            return ""
        return f"https://discord.com/channels/{channel.workspace}/{channel.id}/{message_id}"

    @property
    def shows_preview(self) -> bool:
        """Whether an open form can change: Discord's cannot."""
        return False

    async def update(self, form: Form) -> bool:  # noqa: ARG002 - the port's shape
        """Return that no form is changed."""
        return False

    async def refuse(self, errors: Mapping[str, str]) -> bool:  # noqa: ARG002 - the port's shape
        """Return that nothing is shown there: Discord closes a form when it is sent in."""
        return False

    async def sees(self, channel: Channel) -> bool:
        """Return whether the asker may see ``channel``."""
        if channel.platform != self.request.channel.platform:
            return False
        # It was asked there; but a form may be sent in long after it was opened.
        if channel == self.request.channel and not self.request.direct and not self.request.values:
            return True
        try:
            return await sees(self.connection.rest, channel, who=self.request.asker.id)
        except (Answered, Unanswered, Unreached):
            return False

    @property
    def answer_channel_id(self) -> str:
        """The id of the channel or thread that public answers go to."""
        return self.request.channel.id

    def bodies(self, message: Message, *, private: bool = False) -> list[dict[str, Any]]:
        """Return the messages that show ``message``; what everybody sees can be asked further."""
        if (
            not private
            and self.request.verb in _FOLLOWED
            and all(a.verb is not Verb.ASK for a in message.actions)
        ):
            further = Action(verb=Verb.ASK, label=in_language("Ask a follow-up", self._language))
            message = replace(message, actions=(*message.actions, further))
        return [body_of(json.loads(payload)) for payload in render_reply(message, style=self.style)]

    @property
    def _language(self) -> str:
        return language_of(self.request.asker.language)

    async def say(self, where: str, body: Mapping[str, Any]) -> str:
        """Post a message of its own into a channel; raises ``DeliveryError``."""
        return str((await self.call("POST", f"/channels/{where}/messages", body))["id"])

    async def whisper(self, body: Mapping[str, Any]) -> str:
        """Post a message to the asker alone; raises ``DeliveryError``."""
        opened = await self.call("POST", "/users/@me/channels", {"recipient_id": self.request.asker.id})
        return await self.say(str(opened["id"]), body)

    async def call(self, method: str, path: str, body: Any = None, **query: str | int) -> Any:
        """Make a call once, and again in a simpler form where Discord does not take its form; raises ``DeliveryError``."""
        try:
            for form in fallbacks(body) if body else ({},):
                try:
                    return await self.connection.rest.call(method, path, form or None, query=query)
                except Answered as answer:
                    if answer.code != INVALID_FORM:
                        raise
                    refused = answer
            raise refused
        except Answered as answer:
            if answer.status == 400:
                _log.warning("Discord refused an answer", request=self.request.id, faults=answer.faults)
            raise refusal(answer, self.request.channel) from answer
        except Unreached as error:
            raise unreached() from error
        except Unanswered as error:
            raise PostUnclear("Discord gave no answer", reason="no answer") from error


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
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def answer_channel_id(self) -> str:
        """The id of the channel or thread that public answers go to."""
        return self.inside or self.request.channel.id

    async def defer(self) -> bool:
        """Say that an answer will come, unless something was said already; return whether this process answers."""
        async with self._turn:
            if self.first:
                return True
            self.private = self.request.verb in PRIVATE
            taken = await self._begin(DEFERRED, {"flags": EPHEMERAL} if self.private else {})
            self.open_answer = taken
            return taken

    async def working(self, text: str) -> None:
        """Do nothing more: Discord shows that it is being worked on."""

    async def show(self, message: Message) -> None:
        """Show what there is so far, at Discord's pace."""
        now = time.monotonic()
        if not self.open_answer or now - self.shown < UPDATE_INTERVAL_SECONDS or self._late():
            return
        self.shown = now
        try:
            await self.call("PATCH", self._address("@original"), self.bodies(message)[0])
        except DeliveryError as error:
            _log.info("progress was not shown", request=self.request.id, reason=error.message)

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Answer; in a thread, what is for everybody is a message of its own, which can be replied to."""
        async with self._turn:
            ids = [await self._send(body, private=private) for body in self.bodies(message, private=private)]
            return ids[0] if ids else ""

    async def open(self, form: Form) -> None:
        """Open ``form``: the first answer or none."""
        async with self._turn:
            if self.first or not await self._begin(MODAL, render_form(form)):
                raise DeliveryError(
                    "The form could not be opened in time", reason="expired", hint="Try once more"
                )

    async def end(self) -> None:
        """Take back that an answer will come, where none came."""
        if self.open_answer and not self._late():
            try:
                await self.call("DELETE", self._address("@original"))
            except DeliveryError as error:
                _log.info("an open answer was left", request=self.request.id, reason=error.message)

    async def _send(self, body: dict[str, Any], *, private: bool) -> str:
        if self.inside and self.first and not private and (found := await self._say_inside(body)):
            return found
        flags = (body.get("flags") or 0) | (EPHEMERAL if private else 0)
        if not self.first and await self._begin(MESSAGE, body | {"flags": flags}):
            return self.first_id
        if self._late():
            return await self._say_late(body, private=private)
        try:
            if self.open_answer and private == self.private:
                self.open_answer = False
                return str((await self.call("PATCH", self._address("@original"), body))["id"])
            return await self._follow(body | {"flags": flags})
        except DeliveryError as error:
            if not any(f" {code}" in error.reason for code in (WRONG_TOKEN, UNKNOWN_WEBHOOK)):
                raise
            return await self._say_late(body, private=private)

    async def _say_inside(self, body: Mapping[str, Any]) -> str:
        """Say it in the thread; what was promised under the interaction is taken back. Nothing where that is forbidden."""
        try:
            found = await self.say(self.inside, body)
        except PostUnclear:
            raise
        except DeliveryError as error:
            _log.info("the thread takes no message", request=self.request.id, reason=error.message)
            return ""
        await self.end()
        self.open_answer = False
        return found

    async def _follow(self, body: Mapping[str, Any]) -> str:
        """Send a further message; the first one after a promise would take the promise's place, whoever sees that."""
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
        query = {"with_response": 1} if kind == MESSAGE else None
        answer: Any = {}
        for again in (False, True):
            try:
                answer = await self.connection.rest.call(
                    "POST", address, {"type": kind, "data": dict(data)}, query=query, seconds=ACK_SECONDS
                )
            except Answered as refused:
                if refused.status >= 500 and not again:
                    continue  # Discord takes one first answer, however often it is told
                if again and refused.code == ACKNOWLEDGED:
                    break  # it had taken it
                known = refused.code in {UNKNOWN_INTERACTION, ACKNOWLEDGED}
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


@dataclass(slots=True, kw_only=True)
class MessageTalk(Talk):
    """The conversation under a message; ``where`` is the channel or thread it stands in."""

    where: str
    typed: float = 0.0

    @property
    def answer_channel_id(self) -> str:
        """The id of the channel or thread that public answers go to."""
        return self.where

    async def working(self, text: str) -> None:  # noqa: ARG002 - Discord has one way to show it
        """Show that the bot types: Discord forgets it after ten seconds."""
        now = time.monotonic()
        if now - self.typed < 8.0:
            return
        self.typed = now
        try:
            await self.call("POST", f"/channels/{self.where}/typing")
        except DeliveryError as error:
            _log.info("typing was not shown", request=self.request.id, reason=error.message)

    async def show(self, message: Message) -> None:  # noqa: ARG002 - an answer that is edited alerts nobody
        """Show that it is being worked on."""
        await self.working("")

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Answer below the message, or to the asker alone."""
        ids = []
        for body in self.bodies(message, private=private):
            if private and not self.request.direct:
                ids.append(await self._whisper(body))
            else:
                reference = {"message_id": self.request.message, "fail_if_not_exists": False}
                ids.append(await self.say(self.where, {**body, "message_reference": reference}))
        return ids[0] if ids else ""

    async def open(self, form: Form) -> None:
        """Refuse: only a command or a button can open a form."""
        raise DeliveryError(
            f"“{form.title}” opens from a command", reason="no form", hint=f"Type /brief {form.verb.value}"
        )

    async def _whisper(self, body: Mapping[str, Any]) -> str:
        try:
            return await self.whisper(body)
        except DeliveryError as error:
            if str(CLOSED_MESSAGES) not in error.reason:
                raise
            closed = in_language(_CLOSED, self._language)
            return await self.say(self.where, {"content": closed, "allowed_mentions": {"parse": []}})


@dataclass(slots=True, kw_only=True)
class ChannelTalk(Talk):
    """What the bot says of its own accord in a channel."""

    async def working(self, text: str) -> None:
        """Show nothing: nobody waits."""

    async def show(self, message: Message) -> None:
        """Show nothing: nobody waits."""

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Post it; what would be for one alone has nobody."""
        if private:
            return ""
        ids = [await self.say(self.answer_channel_id, body) for body in self.bodies(message)]
        return ids[0] if ids else ""

    async def open(self, form: Form) -> None:  # noqa: ARG002 - the port's shape
        """Refuse: nobody asked."""
        raise DeliveryError("Nobody asked", reason="no form")


class NoConversation:
    """The conversation about what no person did: nobody is answered."""

    async def working(self, text: str) -> None:
        """Do nothing."""

    async def show(self, message: Message) -> None:
        """Do nothing."""

    async def reply(self, message: Message, *, private: bool = False) -> str:  # noqa: ARG002 - the port's shape
        """Tell nobody."""
        return ""

    async def open(self, form: Form) -> None:  # noqa: ARG002 - the port's shape
        """Refuse."""
        raise DeliveryError("Nobody asked", reason="no form")

    @property
    def max_fields(self) -> int:
        """Return that there is no form."""
        return 0

    async def permalink(self, channel: Channel, message_id: str) -> str:  # noqa: ARG002 - the port's shape
        """Return that there is none."""
        return ""

    @property
    def shows_preview(self) -> bool:
        """Whether an open form can change: there is none."""
        return False

    async def update(self, form: Form) -> bool:  # noqa: ARG002 - the port's shape
        """Return that no form is changed."""
        return False

    async def refuse(self, errors: Mapping[str, str]) -> bool:  # noqa: ARG002 - the port's shape
        """Return that nothing is shown."""
        return False

    async def sees(self, channel: Channel) -> bool:  # noqa: ARG002 - the port's shape
        """Return that nobody sees it."""
        return False
