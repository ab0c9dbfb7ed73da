"""The open form of a subscription: its subject, its values, and what it would match.

open ──▶ form ──a field changes──▶ the same form with the stories of the last week that it would match
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.subscription_form import (
    APPROVAL,
    CHANNEL,
    FEEDS,
    LANGUAGE,
    SECOND_PAGE,
    TIMES,
    WORDS,
    FormPage,
    subscription_form,
    values_of,
)
from bot.errors import InputError
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.fields import choices_of, read_form
from bot.flows.requests.subscribing.preview import MatchPreview, preview
from bot.flows.requests.subscribing.which import may_reach
from bot.language.locale.phrases import LANGUAGES
from bot.model.chat import Subscription
from bot.model.ids import derive_id
from bot.model.talk import Form, Verb

FORM_TIMEOUT_SECONDS = 1.0  # to look up a form's values; after that it opens without them
NOTHING_MATCHES = "nothing matches"  # marker among a draft's errors: the warning was shown
OVERTAKEN = "overtaken"  # the same, of another change meanwhile
STATE_PREFIX = "@"  # before the state of a subscription, in a form's subject
ANY_TIME = "daily 07:30 UTC"  # used in place of the typed time, if times do not matter


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubject:
    """The subject of a form: earlier values, the subscription that is changed, and the page."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    old: Subscription | None = None
    root: str = ""  # "" or the subscription's id
    page: str = ""
    opened_at: str = ""  # the state of the subscription that the form was opened with

    @property
    def subject(self) -> str:
        """The subject that the form carries."""
        state = self.opened_at or (state_of(self.old) if self.old else "")
        return " ".join(filter(None, (self.root, self.page, state)))

    def overtaken(self, *, by: Subscription) -> bool:
        """Return whether the subscription was changed since the form was opened, into something else than ``by``."""
        if self.old is None or not self.opened_at or values_of(self.old) == values_of(by):
            return False
        return self.opened_at != state_of(self.old)


def state_of(subscription: Subscription) -> str:
    """Return a fingerprint of the form's values for ``subscription``, which changes with them."""
    values = values_of(subscription)
    return STATE_PREFIX + derive_id("v", *(f"{name}={values[name]}" for name in sorted(values)))[2:10]


async def open_form(context: RequestContext) -> None:
    """Open the form: empty, with the values of a subscription, or with values typed before."""
    try:
        async with asyncio.timeout(FORM_TIMEOUT_SECONDS):
            subject = await subject_of(context)
            channel = subject.old.channel if subject.old else context.request.channel
            choices = choices_of(await context.feeds_of(channel))
            zone = await context.zone()
    except TimeoutError:
        # A form cannot wait: it opens with the data of the request only.
        subject, choices, zone = (
            FormSubject(values={}, errors={}),
            [],
            context.services.config.briefings.timezone,
        )
    request = context.request
    values = dict(subject.values)
    if not subject.old and not values:
        values[CHANNEL] = "" if request.direct else request.channel.name
        values[LANGUAGE] = request.asker.language if request.asker.language in LANGUAGES else "en"
        if request.verb is Verb.SUBSCRIBE and request.words.strip():
            values[TIMES] = request.words.strip()
    form = _form(context, subject, values, choices=choices, zone=zone)
    await context.open(form)
    if context.conversation.shows_preview and (values.get(WORDS) or values.get(FEEDS)):
        # It takes longer than a form may take to open.
        found = await _would_match(context, subject, values)
        await context.update(replace(form, preview=found))


async def show_preview(context: RequestContext) -> None:
    """Show in the open form which stories of the last week it would match."""
    async with context.services.turns.of(f"preview {context.request.asker.id}"):
        subject = await subject_of(context)
        values = {**subject.values, **context.request.values}
        channel = subject.old.channel if subject.old else context.request.channel
        form = _form(
            context,
            subject,
            values,
            choices=choices_of(await context.feeds_of(channel)),
            zone=await context.zone(),
        )
        found = await _would_match(context, subject, values)
        await context.update(replace(form, preview=found))


def _form(
    context: RequestContext,
    subject: FormSubject,
    values: Mapping[str, str],
    *,
    choices: Sequence[tuple[str, str]],
    zone: str,
) -> Form:
    # A draft has its own name, so that the sent values are merged with those typed before.
    draft = context.request.subject.partition(" ")[0]
    kept = f"{draft} {subject.page}".strip() if draft.startswith("drf-") else ""
    return subscription_form(
        values,
        subject=kept or subject.subject,
        new=subject.old is None,
        feeds=choices,
        page=FormPage(
            fields=context.conversation.max_fields,
            second=bool(subject.page),
            live=context.conversation.shows_preview,
        ),
        errors=subject.errors,
        example=f"weekdays 07:30 {zone}",
    )


async def _would_match(
    context: RequestContext, subject: FormSubject, values: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what ``values`` would have matched, in a sentence and names; or why that cannot be told."""
    # When it comes and who looks at it first decide nothing here.
    asked = {**values, TIMES: ANY_TIME, APPROVAL: ""}
    reading = await read_form(asked, context, old=subject.old)
    if reading.subscription is None:
        return tuple(dict.fromkeys(reading.errors.values()))
    made = reading.subscription
    feeds = await context.feeds_of(made.channel)
    matches = await preview(made, feeds=feeds, store=context.store, now=context.at)
    if not matches.looked_at:
        return ("No story was read in the last week.",)
    if matches.nothing:
        return (no_match(matches),)
    return matching_lines(matches)


def no_match(matches: MatchPreview) -> str:
    """Return the sentence that none of the stories matches."""
    return f"None of the {matches.looked_at:,} stories of the last week would have matched."


def matching_lines(matches: MatchPreview) -> tuple[str, ...]:
    """Return how many stories match, and the newest of them by name."""
    left = matches.matching - len(matches.named)
    more = (f"and {left:,} more",) if left else ()
    said = f"Of the last week {matches.matching:,} of {matches.looked_at:,} stories would have matched"
    return (said, *matches.named, *more)


async def subject_of(context: RequestContext) -> FormSubject:
    """Return the subject of the form of a request; raises ``InputError`` if it no longer exists."""
    name, page, opened_at = _parts(context.request.subject)
    values: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}
    if name.startswith("drf-"):
        draft = await context.store.form_drafts.get(name, asker=context.request.asker.id, by=context.scope)
        if draft is None:
            raise InputError(
                "What was typed is not kept any more", hint="Set the briefing up with /brief subscribe"
            )
        values, errors = draft.values, draft.errors
        name, kept_page, opened_at = _parts(draft.subject)
        # The person has already seen the warning.
        opened_at = "" if OVERTAKEN in errors else opened_at
        page = page or kept_page
    if not name.startswith("sub-"):
        return FormSubject(values=values, errors=errors, page=page)
    old = await context.store.subscriptions.get(name)
    if old is None or not await may_reach(context, old.channel):
        raise InputError("This briefing was ended meanwhile", hint="Set up a new one with /brief subscribe")
    return FormSubject(
        values={**values_of(old), **values},
        errors=errors,
        old=old,
        root=name,
        page=page,
        opened_at=opened_at,
    )


def _parts(subject: str) -> tuple[str, str, str]:
    """Return the name, the page and the state of a form's subject, "" for what it does not have."""
    name, *rest = subject.split() or [""]
    page = SECOND_PAGE if SECOND_PAGE in rest else ""
    return name, page, next((one for one in rest if one.startswith(STATE_PREFIX)), "")
