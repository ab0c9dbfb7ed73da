"""Reply to one request where it was asked: in its thread, in its channel, to the asker alone, on the Home tab.

What only the asker may see goes to the command's response address, else as an ephemeral message, else as a direct
message: one of them always reaches the person who asked.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.chat.commands import PRIVATE
from bot.chat.document.rows import in_plain_words
from bot.chat.rate_limit import ChannelRateLimits
from bot.chat.slack.api import SlackApi
from bot.chat.slack.forms import form_view
from bot.chat.slack.people import People
from bot.chat.slack.render.form import MAX_SLACK_FORM_FIELDS
from bot.chat.slack.render.home import home_view
from bot.chat.slack.render.message import render_reply
from bot.chat.slack.replying.progress import Progress, RequestCalls
from bot.chat.slack.requests import Incoming
from bot.chat.slack.workspaces import Workspaces
from bot.errors import ConfigError, DeliveryError, PostRefused
from bot.language.cleaning.links import safe_link
from bot.model.chat import Channel
from bot.model.message import Message
from bot.model.talk import Asker, Form

MAX_RESPONSES = 5  # to one response address
ANNOUNCE_SECONDS = 3.0  # until a private answer is announced: Slack cannot take that line away again
ANSWER_SECONDS = 29 * 60  # seconds after which it accepts no answer
ABSENT = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived"})

_log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class SlackConversation:
    """One request with its replies."""

    incoming: Incoming
    asker: Asker
    api: SlackApi
    workspaces: Workspaces
    people: People
    rate_limits: ChannelRateLimits
    verdict: asyncio.Future[Mapping[str, str]] | None = None  # what is wrong with a form that was sent in
    _began: float = field(default_factory=time.monotonic)
    _answers: int = 0  # given at the response address
    _view: str = ""  # the form that was opened
    _announcement: asyncio.Task[None] | None = None  # of a private answer that takes long
    _calls: RequestCalls = field(init=False)
    _progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self._calls = RequestCalls(
            incoming=self.incoming, workspaces=self.workspaces, rate_limits=self.rate_limits
        )
        self._progress = Progress(incoming=self.incoming, calls=self._calls, user=self.asker.id)

    async def working(self, text: str) -> None:
        """Show Slack's own status in a thread; for a command, a line that its answer replaces, or that only a slow one gets."""
        incoming = self.incoming
        try:
            if incoming.home or self._alone:
                if incoming.response_url and not self._answers and self._announcement is None:
                    self._announcement = asyncio.create_task(self._announce(text))
            elif incoming.reply_in:
                await self._progress.status(text)
            elif incoming.response_url:
                # A line at the response address could never be taken away again.
                await self._progress.note(text)
        except (DeliveryError, ConfigError) as error:
            _log.debug("progress could not be shown", reason=error.message)

    async def _announce(self, text: str) -> None:
        await asyncio.sleep(ANNOUNCE_SECONDS)
        try:
            await self._at_address({"text": text}, openly=False)
        except (DeliveryError, ConfigError) as error:
            _log.debug("progress could not be shown", reason=error.message)

    def end(self) -> None:
        """Announce nothing any more: the answer stands, or there is none."""
        if self._announcement is not None:
            self._announcement.cancel()

    async def show(self, message: Message) -> None:
        """Stream the reply so far in the thread; elsewhere, and if streams are refused, show nothing."""
        incoming = self.incoming
        if not (incoming.home or self._alone) and incoming.reply_in:
            await self._progress.show(message)

    async def reply(self, message: Message, *, private: bool = False) -> str:
        """Reply; return the message's time stamp, "" for a private reply."""
        self.close_form()
        self.end()
        if self.incoming.home:
            await self._calls.call("views_publish", user_id=self.asker.id, view=home_view(message))
            return ""
        payloads = [_plain(payload) for payload in render_reply(message)]
        if (private or self.incoming.ephemeral) and not self.incoming.request.direct:
            await self._progress.clear()
            for payload in payloads:
                await self._privately(payload)
            return ""
        return await self._openly(payloads)

    async def open(self, form: Form) -> None:
        """Open a form; Slack waits three seconds for it."""
        if not self.incoming.trigger:
            raise PostRefused(
                "A form opens from a command or a button only",
                reason="no trigger",
                hint=f"Write /brief {form.verb.value}",
            )
        opened = await self._calls.call(
            "views_open", trigger_id=self.incoming.trigger, view=self._view_of(form)
        )
        self._view = str((opened.get("view") or {}).get("id") or "")

    @property
    def shows_preview(self) -> bool:
        """Whether an open form can change."""
        return True

    async def update(self, form: Form) -> bool:
        """Show ``form`` in the place of the one that is open; Slack keeps what is typed in it."""
        view = self._view or self.incoming.view
        if not view:
            return False
        try:
            await self._calls.call("views_update", view_id=view, view=self._view_of(form))
        except DeliveryError as error:
            _log.debug("open form could not be updated", reason=error.message)
            return False
        return True

    def _view_of(self, form: Form) -> dict[str, Any]:
        request = self.incoming.request
        origin = {"channel": request.channel.id, "thread": request.thread, "message": request.message}
        origin["private"] = "yes" if request.private else ""
        origin["ephemeral"] = "yes" if self.incoming.ephemeral else ""
        return form_view(form, origin={key: value for key, value in origin.items() if value})

    @property
    def max_fields(self) -> int:
        """The most fields of one form."""
        return MAX_SLACK_FORM_FIELDS

    async def permalink(self, channel: Channel, message_id: str) -> str:
        """Ask Slack for the address of a message."""
        try:
            answer = await self._calls.call("chat_getPermalink", channel=channel.id, message_ts=message_id)
        except DeliveryError as error:
            _log.debug("a message has no address", reason=error.message)
            return ""
        return safe_link(str(answer.get("permalink") or ""))

    async def refuse(self, errors: Mapping[str, str]) -> bool:
        """Show ``errors`` at the fields, while Slack waits for the result of the form."""
        if self.verdict is None or self.verdict.done():
            return False
        self.verdict.set_result({name: in_plain_words(error) for name, error in errors.items()})
        return True

    def close_form(self) -> None:
        """Let Slack close the form that was sent: it was accepted, or is answered elsewhere."""
        if self.verdict is not None and not self.verdict.done():
            self.verdict.set_result({})

    async def sees(self, channel: Channel) -> bool:
        """Return whether the asker may see ``channel`` of the same workspace."""
        return await self.people.sees(self.incoming.team, self.asker, channel)

    @property
    def _alone(self) -> bool:
        request = self.incoming.request
        return (request.verb in PRIVATE or self.incoming.ephemeral) and not request.direct

    async def _openly(self, payloads: list[dict[str, Any]]) -> str:
        """Put the answer where everybody in the place sees it; where the bot is not, by the response address."""
        first, thread = "", self.incoming.reply_in
        for payload in payloads:
            try:
                ts = await self._replaced(payload) if not first else ""
                ts = ts or await self._posted(payload, thread)
            except PostRefused as refusal:
                if first or refusal.reason not in ABSENT:
                    raise
                return await self._from_outside(payloads)
            first = first or ts
            thread = thread or first  # further parts stand under the first
        return first

    async def _from_outside(self, payloads: list[dict[str, Any]]) -> str:
        """Answer where the bot is not: a typed command in its place, anything else to the asker alone."""
        typed = not self.incoming.request.message
        for payload in payloads:
            if self._address_open:
                await self._at_address(payload, openly=typed)
            else:
                await self._calls.call("chat_postMessage", channel=self.asker.id, **payload)
        return ""

    async def _posted(self, payload: Mapping[str, Any], thread: str) -> str:
        where = {"thread_ts": thread} if thread else {}
        answer = await self._calls.post(
            "chat_postMessage", unfurl_links=False, unfurl_media=False, **payload, **where
        )
        return str(answer["ts"])

    async def _replaced(self, payload: Mapping[str, Any]) -> str:
        """Put the answer in the place of what showed progress; "" where nothing does any more."""
        progress = await self._progress.take_message()
        if not progress:
            return ""
        try:
            await self._calls.post("chat_update", ts=progress, **payload)
        except PostRefused as refusal:
            if refusal.reason not in {"message_not_found", "cant_update_message", "edit_window_closed"}:
                raise
            return ""
        return progress

    async def _privately(self, payload: Mapping[str, Any]) -> None:
        if self._address_open:
            try:
                await self._at_address(payload, openly=False)
            except PostRefused as refusal:
                if refusal.reason not in {"used_url", "expired_url"}:
                    raise
            else:
                return
        request = self.incoming.request
        try:
            await self._calls.post(
                "chat_postEphemeral",
                user=self.asker.id,
                **payload,
                **({"thread_ts": request.thread} if request.thread else {}),
            )
        except PostRefused as refusal:
            if refusal.reason not in ABSENT:
                raise
            await self._calls.call("chat_postMessage", channel=self.asker.id, **payload)

    @property
    def _address_open(self) -> bool:
        young = time.monotonic() - self._began < ANSWER_SECONDS
        return bool(self.incoming.response_url) and self._answers < MAX_RESPONSES and young

    async def _at_address(self, payload: Mapping[str, Any], *, openly: bool) -> None:
        self._answers += 1
        how = {"response_type": "in_channel" if openly else "ephemeral", "replace_original": False}
        thread = self.incoming.request.thread
        await self.api.respond(
            self.incoming.response_url,
            {**payload, **how, "unfurl_links": False, "unfurl_media": False}
            | ({"thread_ts": thread} if thread else {}),
        )


def _plain(payload: str) -> dict[str, Any]:
    data = json.loads(payload)
    return {"text": data["text"], "blocks": data["blocks"]}
