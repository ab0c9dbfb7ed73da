"""The form of a subscription from opening to storing; typed values are never lost.

open ──▶ sent in ──▶ every field read ──wrong──▶ errors at the fields, or a draft with a button that opens it again
                                      ──right──▶ kept, one at a time in a channel
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.chat.replies.short import sentence, title_of
from bot.chat.replies.status import moment_line
from bot.chat.subscription_form import (
    CHANNEL,
    SECOND_PAGE,
    TIMES,
    WORDS,
    values_of,
)
from bot.errors import InputError
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.fields import FormReading, read_form
from bot.flows.requests.subscribing.open_form import (
    NOTHING_MATCHES,
    OVERTAKEN,
    FormSubject,
    matching_lines,
    no_match,
    subject_of,
)
from bot.flows.requests.subscribing.post import about_line, first_briefing
from bot.flows.requests.subscribing.preview import MatchPreview, preview
from bot.flows.requests.subscribing.subscribe import first_slot
from bot.model.chat import Subscription
from bot.model.ids import derive_id
from bot.model.message import Action, Line, Message, Part
from bot.model.talk import FormDraft, Verb
from bot.schedule import Slot

OVERTAKEN_TEXT = (
    "Somebody changed this briefing since you opened the form. Submit yours again to replace theirs."
)
SETUP_LEASE_DURATION = timedelta(seconds=30)  # after which the turn of a process that died is over
AT_ONCE = "Somebody else is setting up a briefing in this channel at this moment. Submit it again."


async def submitted(context: RequestContext, *, sure: bool = False) -> None:
    """Store what a form asks for, or show the mistakes of its fields; with ``sure`` also a subscription that matches nothing."""
    subject = await subject_of(context)
    values = {**subject.values, **context.request.values}
    where = subject.old.channel.name if subject.old else values.get(CHANNEL) or context.destination
    name, holder, leases = f"subscribe {where}", context.request.id, context.store.leases
    async with context.services.turns.of(where):
        # Another process may be at it too.
        now = context.services.now
        async with leases.hold(name, holder=holder, now=now, lasting=SETUP_LEASE_DURATION) as held:
            if not held:
                await _refuse(context, _draft(context, subject, values, {TIMES: AT_ONCE}))
                return
            # What stood before our turn may have been changed in it.
            subject = await subject_of(context)
            await _take(context, subject, {**subject.values, **context.request.values}, sure=sure)


async def _take(
    context: RequestContext, subject: FormSubject, values: Mapping[str, str], *, sure: bool
) -> None:
    reading = await read_form(values, context, old=subject.old)
    made = reading.subscription
    if made and (twin := await _twin(context, made)):
        await _report_twin(context, twin)
        return
    first = await _first_slot(context, reading)
    draft = _draft(context, subject, values, reading.errors)
    if made is None or first is None:
        await _refuse(context, draft)
        return
    warned = await _warned_of(context, draft)
    if subject.overtaken(by=made) and OVERTAKEN not in warned:
        await _warn_overtaken(context, draft)
        return
    feeds = await context.feeds_of(made.channel)
    matches = await preview(made, feeds=feeds, store=context.store, now=context.at)
    if matches.nothing and not sure and NOTHING_MATCHES not in warned:
        await _warn(context, replace(draft, errors=warned), matches)
        return
    # Of a paused one nothing is due; its next slot counts from when it is resumed.
    due = None if made.paused else first.due
    await context.store.subscriptions.save(made, next_due=due, enumerated=context.at)
    await _report(context, made, reading, first=first, matches=matches, new=subject.old is None)


async def keep(context: RequestContext) -> None:
    """Store the subscription although it would match nothing."""
    await submitted(context, sure=True)


async def _first_slot(context: RequestContext, reading: FormReading) -> Slot | None:
    """Return the first slot of the form's subscription; None, with the mistake in ``reading``, if it has none."""
    if reading.subscription is None:
        return None
    try:
        return await first_slot(reading.subscription, store=context.store, now=context.at)
    except InputError as error:
        reading.fail(TIMES, error)
        return None


def _draft(
    context: RequestContext, subject: FormSubject, values: Mapping[str, str], errors: Mapping[str, str]
) -> FormDraft:
    asker = context.request.asker.id
    return FormDraft(
        id=derive_id("drf", context.destination, asker, subject.subject, *_flat(values)),
        destination=context.destination,
        asker=asker,
        subject=subject.subject,
        values=values,
        errors=errors,
        at=context.at,
        scope=context.scope,
    )


async def _refuse(context: RequestContext, draft: FormDraft) -> None:
    """Show the mistakes at the fields while the form is open, else in a reply that opens it again."""
    if await context.refuse(draft.errors):
        return
    await context.store.form_drafts.save(draft)
    change = Action(verb=Verb.EDIT, label="Change", subject=draft.id, style="primary")
    await context.say(f"Not saved yet: {' '.join(draft.errors.values())}", actions=(change,))


async def _warn(context: RequestContext, draft: FormDraft, matches: MatchPreview) -> None:
    """Say that nothing of the last week would have matched; submitted again it is saved."""
    text = no_match(matches)
    errors = {**draft.errors, WORDS: text, NOTHING_MATCHES: text}
    await context.store.form_drafts.save(replace(draft, errors=errors))
    if await context.refuse({WORDS: f"{text} Change it, or submit it again to save it anyway."}):
        return
    await context.say(
        text,
        actions=(
            Action(verb=Verb.EDIT, label="Change", subject=draft.id, style="primary"),
            Action(verb=Verb.KEEP, label="Save anyway", subject=draft.id),
        ),
    )


async def _warn_overtaken(context: RequestContext, draft: FormDraft) -> None:
    """Say that somebody else changed the briefing meanwhile; submitted again it is saved."""
    await context.store.form_drafts.save(replace(draft, errors={OVERTAKEN: OVERTAKEN_TEXT}))
    if await context.refuse({TIMES: OVERTAKEN_TEXT}):
        return
    await context.say(
        OVERTAKEN_TEXT, actions=(Action(verb=Verb.EDIT, label="Change", subject=draft.id, style="primary"),)
    )


async def _warned_of(context: RequestContext, draft: FormDraft) -> Mapping[str, str]:
    """Return what the asker was warned of when the very same was sent in before."""
    known = await context.store.form_drafts.get(draft.id, asker=draft.asker, by=context.scope)
    return known.errors if known else {}


async def _twin(context: RequestContext, made: Subscription) -> Subscription | None:
    """Return the subscription that is just as ``made``: the same form sent in twice, or by two people."""
    for other in await context.store.subscriptions.all(destination=made.channel.name):
        if other.id != made.id and values_of(other) == values_of(made):
            return other
    return None


async def _report_twin(context: RequestContext, twin: Subscription) -> None:
    await context.say(
        f"This briefing already exists: {twin.when}.",
        actions=(Action(verb=Verb.MANAGE, label="Manage", subject=twin.id),),
    )


async def _report(
    context: RequestContext,
    made: Subscription,
    reading: FormReading,
    *,
    first: Slot,
    matches: MatchPreview,
    new: bool,
) -> None:
    """Say what was kept, what it would have told, and when it comes."""
    at_once = await first_briefing(context, made) if new else ""
    following = f"Next: {moment_line(first.due, made.zone)}." if not made.paused else "It is paused."
    said = sentence(
        " ".join(
            filter(
                None,
                (
                    f"{'Subscribed' if new else 'Changed'}: {about_line(made, reading.feeds)}.",
                    at_once,
                    following,
                ),
            )
        ),
        title=title_of(context.request.verb),
        actions=tuple(_actions(context, made)),
    )
    await context.reply(_with_preview(said, made, matches))


def _actions(context: RequestContext, made: Subscription) -> list[Action]:
    actions = [Action(verb=Verb.EDIT, label="Change", subject=made.id)]
    if context.conversation.max_fields < len(values_of(made)):
        actions.append(Action(verb=Verb.EDIT, label="More settings", subject=f"{made.id} {SECOND_PAGE}"))
    return [*actions, Action(verb=Verb.MANAGE, label="Manage", subject=made.id)]


def _with_preview(message: Message, made: Subscription, matches: MatchPreview) -> Message:
    """Return ``message`` with what would have matched, where the subscription chooses among the news."""
    chooses = made.filters.words or made.filters.patterns or made.feeds or made.packs
    if not (chooses and matches.looked_at):
        return message
    title, *names = matching_lines(matches)
    return replace(message, parts=(Part(title=title, lines=tuple(Line(text=name) for name in names)),))


def _flat(values: Mapping[str, str]) -> list[str]:
    return [f"{name}={values[name]}" for name in sorted(values)]
