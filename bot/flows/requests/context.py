"""The context of one request: its services, where its answer goes, and who may see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from cachetools import LRUCache

from bot.chat.commands import PRIVATE
from bot.chat.replies.pages import pages, with_more
from bot.chat.replies.short import sentence, title_of
from bot.chat.replies.translated import form_in, language_of, message_in
from bot.config import Config
from bot.errors import DeliveryError
from bot.flows.answer.with_model import Emit
from bot.flows.briefing.session import ModelSession
from bot.flows.ingest.feed_discovery import Check
from bot.flows.notify import Notify
from bot.flows.requests.access.limits import Pauses, Turns
from bot.flows.rules.reader import RulesReader
from bot.language.locale.replies import in_language
from bot.model.chat import Channel, Subscription
from bot.model.conversation.answer import Answer, Question
from bot.model.conversation.link import LinkBrief
from bot.model.ids import derive_id
from bot.model.message import Action, Message
from bot.model.news import Feed
from bot.model.scope import Scope
from bot.model.talk import Form, Request, Verb
from bot.ports import Chat, Conversation
from bot.schedule import is_zone
from bot.store import Store

NAMES_ASKER = frozenset({Verb.ASK, Verb.LINK, Verb.STORY})  # verbs with public answers, which name the asker
MAX_PAGED_ANSWERS = 2000  # answers whose further pages are remembered
FORGET_PAUSE_SECONDS = 600.0  # seconds between two forgettings of the same: each rewrites the database


class ReplyFailed(Exception):  # noqa: N818 - it names what happened
    """The platform did not accept the reply."""


class Ask(Protocol):
    """Answers a question; ``emit`` gets each statement as soon as it can be shown."""

    async def __call__(self, question: Question, *, emit: Emit | None = None) -> Answer:
        """Return the answer, or one that is declined."""
        ...


class Link(Protocol):
    """Reads pages for the destination ``scope``; one that cannot be read is a value with its reason."""

    async def __call__(self, urls: Sequence[str], *, scope: Scope, fresh: bool = False) -> list[LinkBrief]:
        """Return what the pages at ``urls`` say."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestServices:
    """The services of the verbs.

    ``wake`` starts due deliveries at once; ``find_feed`` returns the feed at an address, or the one its page names.
    """

    store: Store
    chats: Mapping[str, Chat]
    config: Config
    now: Callable[[], datetime]
    ask: Ask
    link: Link
    session: Callable[[], Awaitable[ModelSession | None]]
    notify: Notify
    wake: Callable[[], Awaitable[None]]
    find_feed: Callable[[str, Scope, int], Awaitable[Check]]
    rules: RulesReader
    turns: Turns = field(default_factory=Turns)
    # The pages that wait behind a button, by the button's subject and who may press it.
    pages: LRUCache[tuple[str, str], list[Message]] = field(
        default_factory=lambda: LRUCache(MAX_PAGED_ANSWERS)
    )
    forgotten: Pauses = field(default_factory=lambda: Pauses(FORGET_PAUSE_SECONDS))


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request with its conversation; ``at`` is the time at which its handling began, ``mark`` the last deletion before it."""

    services: RequestServices
    request: Request
    conversation: Conversation
    at: datetime
    mark: str = ""
    said: str = ""  # the plain words as they were said; empty for commands and buttons
    spoken: str = "en"  # the language that they are in, as far as they tell

    @property
    def overheard(self) -> bool:
        """Whether the message was not addressed to the bot; then only an answer is shown."""
        return not self.request.addressed and not self.request.direct

    @property
    def store(self) -> Store:
        """The store."""
        return self.services.store

    @property
    def destination(self) -> str:
        """The name of the channel the answer goes to."""
        return self.request.channel.name

    @property
    def scope(self) -> Scope:
        """The scope of the place to which the answer goes."""
        return self.request.channel.scope

    @property
    def named(self) -> str:
        """The subject of the request: that of a button, else the words."""
        return (self.request.subject or self.request.words).strip()

    @property
    def language(self) -> str:
        """The language of the reply: that of the asker's words if it is not English, else that of the profile."""
        return self.spoken if self.spoken != "en" else language_of(self.request.asker.language)

    async def subscriptions(self) -> list[Subscription]:
        """Return this channel's subscriptions, oldest first."""
        return await self.store.subscriptions.all(destination=self.destination)

    async def zone(self) -> str:
        """Return the reader's time zone: of their profile, else of this place's first subscription, else the configured one."""
        if is_zone(self.request.asker.zone):
            return self.request.asker.zone
        for subscription in await self.subscriptions():
            return subscription.zone
        return self.services.config.briefings.timezone

    async def feeds(self) -> list[Feed]:
        """Return the feeds that this place may know of."""
        return await self.feeds_of(self.request.channel)

    async def feeds_of(self, channel: Channel) -> list[Feed]:
        """Return the feeds that ``channel`` may know of."""
        return await self.store.feeds.all(by=channel.scope)

    async def obstacles(self, channel: Channel) -> tuple[str, ...]:
        """Return the problems of ``channel``, one sentence each with what to do."""
        try:
            return await self.services.chats[channel.platform].check(channel)
        except DeliveryError as error:
            return (str(error),)

    async def may_keep(self) -> bool:
        """Return whether data may be stored: nothing was deleted here since the handling of the request began."""
        return await self.store.last_forgotten() == self.mark

    async def working(self, text: str) -> None:
        """Show the asker that the request is being handled."""
        await self.conversation.working(in_language(text, self.language))

    async def reply(self, message: Message, *, private: bool | None = None) -> str:
        """Reply and return the message's id; private if the verb is, unless ``private`` is given."""
        hidden = self.request.verb in PRIVATE if private is None else private
        name = self.request.asker.name
        if name and not hidden and not self.request.direct and self.request.verb in NAMES_ASKER:
            message = replace(
                message, dateline=" · ".join(filter(None, (message.dateline, f"asked by {name}")))
            )
        if hidden and self.request.verb is not Verb.HOME:
            message = self._first_page(message)
        try:
            return await self.conversation.reply(message_in(message, self.language), private=hidden)
        except DeliveryError as error:
            raise ReplyFailed from error

    def _first_page(self, message: Message) -> Message:
        """Return the first page of a long answer; the others wait behind its button."""
        first, *others = pages(message)
        if not others:
            return first
        name = derive_id("pag", self.request.id, message.title, others[0].dateline)
        return self.behind_button(first, others, name=name)

    def behind_button(self, first: Message, others: list[Message], *, name: str) -> Message:
        """Return ``first`` with a button that shows the asker the ``others``, stored under ``name``."""
        self.services.pages[name, self.request.asker.id] = others
        return with_more(first, name, left=len(others))

    async def open(self, form: Form) -> None:
        """Open ``form`` for the asker; raises ``DeliveryError``, after which a reply in words is still possible."""
        await self.conversation.open(form_in(form, self.language))

    async def update(self, form: Form) -> bool:
        """Replace the form that the asker has open by ``form``; return False if this is impossible."""
        return await self.conversation.update(form_in(form, self.language))

    async def refuse(self, errors: Mapping[str, str]) -> bool:
        """Show the mistakes at the fields of the form that was sent; return False if it is closed."""
        return await self.conversation.refuse(
            {name: in_language(error, self.language) for name, error in errors.items()}
        )

    async def say(self, text: str, *, title: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Reply to the asker alone with one or two sentences; a message that was not addressed to the bot gets no reply."""
        if self.overheard:
            return
        await self.reply(
            sentence(text, title=title or title_of(self.request.verb), actions=actions), private=True
        )
