"""Dispatch the requests of all platforms: each is handled once, within the limits, and every failure gets a reply.

request ──cut, cleaned, seen before?──▶ limits ──▶ rights ──▶ a worker ──▶ the verb's own flow ──▶ replies
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from bot.chat.commands import bounded, opens_form, read_command, too_long, usage_of
from bot.chat.replies.short import (
    failure_message,
    greeting_message,
    help_message,
    near_command_message,
    sentence,
    title_of,
    usage_message,
)
from bot.chat.replies.translated import message_in
from bot.errors import DeliveryError, PostRefused, StoreError, WirebriefError
from bot.flows.requests import ask, briefings, catchup, feeds, forget, status, stories, watches, welcome
from bot.flows.requests.access.limits import Buckets, Pauses, Recent, in_words
from bot.flows.requests.access.rights import refusal
from bot.flows.requests.context import ReplyFailed, RequestContext, RequestServices
from bot.flows.requests.said.intent import nearest_typed, read_request, spoken_language
from bot.flows.requests.said.replies import meant_here, replies
from bot.flows.requests.subscribing import form, manage, open_form
from bot.language.cleaning.clean import cleaned
from bot.model.ids import derive_id
from bot.model.message import Message
from bot.model.scope import SHARED
from bot.model.talk import Request, Verb
from bot.ports import Conversation

# Verbs that may call a model, in any form.
ASKING = frozenset({Verb.ASK, Verb.FURTHER, Verb.LINK, Verb.NOW, Verb.EXAMPLE, Verb.CATCHUP})
SENT_TWICE_SECONDS = 30.0  # in which the same question from the same form is one question
INITIAL_REQUEST_SECONDS = 2.0  # assumed seconds of a request before any is measured
_log = structlog.get_logger()

Work = Callable[[RequestContext], Awaitable[None]]


async def _help(context: RequestContext) -> None:
    words = context.request.words.strip()
    usage = usage_of(read_command(words)[0]) if words else None
    near = nearest_typed(words) if words and not usage else None
    if near and (meant := usage_of(near[0])):
        await context.reply(near_command_message(words.split()[0][:40], meant, near[1]))
        return
    await context.reply(usage_message(usage) if usage else help_message())


async def _greeting(context: RequestContext) -> None:
    await context.reply(greeting_message(), private=False)


async def _thanks(context: RequestContext) -> None:
    await context.reply(sentence("You're welcome.", title=title_of(Verb.THANKS)), private=False)


HANDLERS: Mapping[Verb, Work] = {
    Verb.ASK: ask.ask,
    Verb.LINK: ask.link,
    Verb.STORY: stories.story,
    Verb.FOLLOW: stories.follow,
    Verb.MUTE: stories.mute,
    Verb.UNMUTE: stories.unmute,
    Verb.SUBSCRIBE: manage.subscribe,
    Verb.LIST: manage.listed,
    Verb.PAUSE: manage.pause,
    Verb.RESUME: manage.resume,
    Verb.UNSUBSCRIBE: manage.unsubscribe,
    Verb.MANAGE: manage.manage,
    Verb.TEST: manage.send_now,
    Verb.EDIT: open_form.open_form,
    Verb.KEEP: form.keep,
    Verb.PREVIEW: open_form.show_preview,
    Verb.STATUS: status.status,
    Verb.HOME: status.home,
    Verb.NOW: briefings.now,
    Verb.CATCHUP: catchup.catchup,
    Verb.CITED: briefings.cited,
    Verb.MENU: briefings.menu,
    Verb.MORE: welcome.more,
    Verb.DETAILS: briefings.details,
    Verb.USEFUL: briefings.useful,
    Verb.WRONG: briefings.wrong,
    Verb.APPROVE: briefings.approve_or_reject,
    Verb.REJECT: briefings.approve_or_reject,
    Verb.FEEDS: feeds.feeds,
    Verb.FURTHER: ask.further,
    Verb.WATCH: watches.watch,
    Verb.REPLIES: replies,
    Verb.FORGET: forget.forget,
    Verb.GONE: forget.remove_data,
    Verb.INVITED: welcome.invited,
    Verb.START: welcome.start,
    Verb.EXAMPLE: welcome.example,
    Verb.HELP: _help,
    Verb.GREETING: _greeting,
    Verb.THANKS: _thanks,
}


def _only_pressed(request: Request) -> bool:
    """Tell whether ``request`` is a press that asks nothing: it takes nothing from the limits of questions."""
    return request.pressed and (request.verb not in ASKING or opens_form(request))


def _notice(context: RequestContext, text: str) -> Message:
    """Return ``text`` titled by what was asked."""
    return sentence(text, title=title_of(context.request.verb))


class _Busy(Exception):  # noqa: N818 - it names what happened
    """Too many requests wait already."""


@dataclass(slots=True, kw_only=True)
class RequestDispatcher:
    """Handles requests; its ``handle`` is the ``Handler`` of the listeners."""

    services: RequestServices
    _buckets: Buckets = field(init=False)
    _recent: Recent = field(default_factory=Recent)
    _sent: Pauses = field(default_factory=lambda: Pauses(SENT_TWICE_SECONDS))
    _slots: asyncio.Semaphore = field(init=False)
    _waiting: int = 0
    _average_seconds: float = INITIAL_REQUEST_SECONDS

    def __post_init__(self) -> None:
        """Set up the limits."""
        limits = self.services.config.limits
        self._buckets = Buckets(limits=limits)
        self._slots = asyncio.Semaphore(limits.concurrency)

    async def handle(self, request: Request, conversation: Conversation) -> None:
        """Handle ``request`` once, and reply; it never raises because of a person or a platform."""
        request = cleaned(bounded(request))
        if not self._recent.first(request.id):
            return
        at = self.services.now()
        meant = read_request(request, now=at)
        if meant is None:
            return  # not addressed to the bot
        context = RequestContext(
            services=self.services,
            request=meant,
            conversation=conversation,
            at=at,
            said=request.words if request.verb is Verb.SAID else "",
            spoken=spoken_language(request),
        )
        log = _log.bind(request=request.id, verb=request.verb.value, channel=context.destination)
        try:
            await self._process(context)
        except ReplyFailed as error:
            log.warning("reply refused by the platform", reason=str(error.__cause__))
            if isinstance(error.__cause__, PostRefused) and error.__cause__.gone:
                await self._report_not_allowed(context, error.__cause__)
        except _Busy:
            wait = self._waiting * self._average_seconds / self.services.config.limits.concurrency
            log.info("request refused: queue full", waiting=self._waiting)
            await self._tell(
                context, _notice(context, f"Too many requests at once: ask again in {in_words(wait)}.")
            )
        except WirebriefError as error:
            log.info("request failed", reason=error.message)
            await self._tell(context, failure_message(error, title=title_of(meant.verb)))
        except Exception:
            name = derive_id("err", request.id, context.at.isoformat())
            log.exception("request failed unexpectedly", error=name)
            await self._tell(
                context,
                _notice(context, f"Something broke on my side; an admin finds it in the log as {name}."),
            )

    async def _process(self, context: RequestContext) -> None:
        if not await meant_here(context):
            return  # people talk to each other
        request = context.request
        work = HANDLERS[request.verb]
        if request.verb is Verb.GONE:
            await work(context)
            return
        if request.verb is Verb.INVITED:
            if await self.services.store.conversations.begin(request.id, at=context.at, scope=context.scope):
                await work(context)
            return
        wait = self._buckets.take(
            user=request.asker.id,
            channel=context.destination,
            workspace=f"{request.channel.platform}:{request.channel.workspace}",
            now=context.at.timestamp(),
            pressed=_only_pressed(request),
        )
        if wait and request.verb in {Verb.HOME, Verb.PREVIEW}:
            return  # the page, or the form, keeps what it showed
        if wait:
            await context.say(f"That is a lot in one minute: ask again in {in_words(wait)}.")
            return
        if why := refusal(request):
            await context.say(why)
            return
        if why := too_long(request):
            await context.say(why)
            return
        if opens_form(request):
            await work(context)  # platforms allow three seconds for a form, so it does not wait its turn
            return
        if self._sent_before(context):
            await context.say("This question was sent in a moment ago; it is answered once.")
            return
        async with self._slot():
            context.mark = await self.services.store.last_forgotten()
            # A pressed button does not count towards the daily limit of a person.
            free = _only_pressed(request)
            if await self.services.store.conversations.begin(
                request.id, at=context.at, scope=SHARED if free else context.scope
            ) and (free or await self._within_day(context)):
                await work(context)

    def _sent_before(self, context: RequestContext) -> bool:
        """Tell whether the form of a question was sent in twice: another form names another place, or says other words."""
        request = context.request
        if request.verb is not Verb.ASK or not request.values:
            return False
        said = sorted(f"{name}={value}" for name, value in request.values.items())
        name = derive_id(
            "snt",
            context.destination,
            request.asker.id,
            request.thread,
            request.message,
            request.subject,
            *said,
        )
        return self._sent.begin(name, now=context.at.timestamp()) > 0

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        if self._slots.locked() and self._waiting >= self.services.config.limits.waiting:
            raise _Busy
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        begun = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self._slots.release()
            self._average_seconds += (asyncio.get_running_loop().time() - begun - self._average_seconds) / 10

    async def _within_day(self, context: RequestContext) -> bool:
        most = self.services.config.limits.workspace_per_day
        day = datetime.combine(context.at.astimezone(UTC).date(), datetime.min.time(), UTC)
        if await self.services.store.conversations.begun(context.scope.workspace, since=day) <= most:
            return True
        wait = in_words((day + timedelta(days=1) - context.at).total_seconds())
        await context.say(f"The {most:,} requests of today are used up: ask again in {wait}.")
        return False

    async def _report_not_allowed(self, context: RequestContext, refusal: PostRefused) -> None:
        """Tell the asker alone, and the admins, why nothing can be posted in a channel: a person has to fix it."""
        await self._tell(context, failure_message(refusal, title=title_of(context.request.verb)))
        with suppress(StoreError):  # it is in the log
            await self.services.notify(
                f"unanswered {context.destination} {refusal.reason} {context.at:%Y-%m-%d}",
                f"Somebody asked in {context.request.channel.shown} and could not be answered there: {refusal}",
                context.scope,
            )

    async def _tell(self, context: RequestContext, message: Message) -> None:
        if context.overheard:
            return  # a person who did not address the bot gets no error message
        try:
            await context.conversation.reply(message_in(message, context.language), private=True)
        except DeliveryError as error:
            _log.warning("a failure could not be reported", request=context.request.id, reason=error.message)
