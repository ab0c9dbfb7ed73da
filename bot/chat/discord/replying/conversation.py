"""Replies to a message on Discord, or to its channel; for interactions see ``interaction``."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.chat.discord.channels import sees
from bot.chat.discord.client import Connection
from bot.chat.discord.errors import refusal, unreached
from bot.chat.discord.nonce import body_of
from bot.chat.discord.protocol import ErrorCode
from bot.chat.discord.render.fallback import fallbacks
from bot.chat.discord.render.form import MAX_DISCORD_FORM_FIELDS
from bot.chat.discord.render.layout import Style
from bot.chat.discord.render.message import render_reply
from bot.chat.discord.rest import Answered, Unanswered, Unreached
from bot.chat.replies.translated import language_of
from bot.errors import DeliveryError, PostUnclear
from bot.language.locale.replies import in_language
from bot.model.chat import Channel
from bot.model.message import Action, Message
from bot.model.talk import Form, Request, Verb

_FOLLOWED = frozenset({Verb.ASK, Verb.SAID, Verb.LINK, Verb.STORY})
_CLOSED = (
    "I could not write to you privately. Allow direct messages from this server, or use /brief: "
    "its answers are for you alone."
)

_log = structlog.get_logger()


class FixedForms:
    """What conversations on Discord cannot do: change or correct a form that is open."""

    __slots__ = ()

    @property
    def shows_preview(self) -> bool:
        """Whether an open form can change: Discord's cannot."""
        return False

    async def update(self, form: Form) -> bool:  # noqa: ARG002 - the port's shape
        """Return False: no form can be changed."""
        return False

    async def refuse(self, errors: Mapping[str, str]) -> bool:  # noqa: ARG002 - the port's shape
        """Return False: Discord closes a form when it is sent."""
        return False


@dataclass(slots=True, kw_only=True)
class Talk(FixedForms):
    """Shared by both kinds of conversation: the place, and what may be seen from it."""

    connection: Connection
    request: Request
    style: Style = "components"

    @property
    def max_fields(self) -> int:
        """The most fields of one form."""
        return MAX_DISCORD_FORM_FIELDS

    async def permalink(self, channel: Channel, message_id: str) -> str:
        """Return the address of a message."""
        if not (channel.workspace.isdecimal() and channel.id.isdecimal() and message_id.isdecimal()):
            return ""
        return f"https://discord.com/channels/{channel.workspace}/{channel.id}/{message_id}"

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
        """Return the payloads of ``message``; public ones have buttons for further questions."""
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
        """Make a call once, and again in a simpler form if Discord refuses its form; raises ``DeliveryError``."""
        try:
            for form in fallbacks(body) if body else ({},):
                try:
                    return await self.connection.rest.call(method, path, form or None, query=query)
                except Answered as answer:
                    if answer.code != ErrorCode.INVALID_FORM:
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

    async def show(self, message: Message) -> None:  # noqa: ARG002 - an edited answer triggers no notification
        """Show that the request is being handled."""
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
            if error.code != ErrorCode.CLOSED_MESSAGES:
                raise
            closed = in_language(_CLOSED, self._language)
            return await self.say(self.where, {"content": closed, "allowed_mentions": {"parse": []}})


@dataclass(slots=True, kw_only=True)
class ChannelTalk(Talk):
    """Messages of the bot in a channel without a request."""

    async def working(self, text: str) -> None:
        """Show nothing: nobody waits."""

    async def show(self, message: Message) -> None:
        """Show nothing: nobody waits."""

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Post the message; a private one has no reader."""
        if private:
            return ""
        ids = [await self.say(self.answer_channel_id, body) for body in self.bodies(message)]
        return ids[0] if ids else ""

    async def open(self, form: Form) -> None:  # noqa: ARG002 - the port's shape
        """Raise, because there is no asker."""
        raise DeliveryError("Nobody asked", reason="no form")


class NoConversation(FixedForms):
    """A conversation without a person: nothing is posted."""

    async def working(self, text: str) -> None:
        """Do nothing."""

    async def show(self, message: Message) -> None:
        """Do nothing."""

    async def reply(self, message: Message, *, private: bool = False) -> str:  # noqa: ARG002 - the port's shape
        """Do nothing, because there is no asker to notify."""
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

    async def sees(self, channel: Channel) -> bool:  # noqa: ARG002 - the port's shape
        """Return False: no person sees it."""
        return False
