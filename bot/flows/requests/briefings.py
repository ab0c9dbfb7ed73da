"""Briefings at the desk: one of this moment, the sentences behind one, what readers say of it, an editor's decision."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.briefings.amend import statements
from bot.chat.document.message import to_message
from bot.chat.forms import ANOTHER, STATEMENT, WHAT, form_for
from bot.chat.replies.buttons import cited_message, under_briefing
from bot.codec import from_plain
from bot.errors import InputError
from bot.flows.briefing.brief import Pen, make
from bot.flows.briefing.gather import gather
from bot.flows.briefing.subscription_filter import EVERYTHING, settings_of, wanted
from bot.flows.delivery.approvals import APPROVE, HOLD, decide
from bot.flows.notify import tell_of_stories_left_out
from bot.flows.requests.context import Case
from bot.flows.requests.rights import ALL
from bot.flows.requests.subscriptions import send_now
from bot.model.answer import Answer
from bot.model.briefing import Briefing, Source
from bot.model.ids import derive_id
from bot.model.link import LinkBrief
from bot.model.reader import Report, Topic
from bot.model.scope import SHARED
from bot.model.talk import Verb

LONGEST_REPORT = 1000  # characters, as the form allows
FORM_SECONDS = 1.0  # that a briefing may take to be read before its form opens without it


async def now(case: Case) -> None:
    """Brief the asker on this moment, without telling the channel; with "all", post it for everybody."""
    if case.request.words.strip().lower() == ALL:
        await send_now(case, name="")
        return
    await case.conversation.working("Making a briefing of this moment …")
    store, ours = case.store, case.means.config.briefings
    subscription = next((s for s in await case.subscriptions() if not s.paused), None)
    settings = settings_of(subscription, ours) if subscription else ours
    covered = await store.deliveries.covered_until(subscription.id) if subscription else None
    since = covered or case.at - timedelta(hours=ours.window_hours)
    gathered = await gather(
        store=store,
        told=await store.briefings.told(case.destination),
        since=since,
        horizon=None if covered else since,
        at=case.at,
        settings=settings,
        by=case.scope,
        wanted=wanted(subscription, await case.feeds()) if subscription else EVERYTHING,
        choices=tuple((await store.readers.choices(case.destination)).values()),
    )
    made = await make(
        gathered,
        store=store,
        channel=f"{case.destination} {case.request.id}",
        settings=settings,
        pen=await _pen(case),
    )
    await tell_of_stories_left_out(made.faults, notify=case.means.notify, version=store.database.version)
    if await case.may_keep():
        # Kept, so that its buttons work and it can be accounted for; its channel was told nothing.
        await store.briefings.save(
            made.briefing,
            destination=case.destination,
            scope=case.scope,
            slot=f"now {case.request.id}",
            told=None,
            record=made.record,
        )
    await case.reply(under_briefing(to_message(made.briefing), made.briefing))


async def cited(case: Case) -> None:
    """Show the exact sentences behind a briefing, an answer or a link to the one who asks."""
    title, sources, zone = await _cited(case)
    await case.reply(cited_message(sources, title=title, timezone=zone))


async def details(case: Case) -> None:
    """Show everything a briefing holds."""
    briefing = await _briefing(case)
    await case.reply(to_message(briefing))


async def useful(case: Case) -> None:
    """Keep that a reader found a briefing useful."""
    briefing = await _briefing(case)
    await case.store.readers.report(
        Report(
            id=derive_id("rep", briefing.id, case.destination, case.request.asker.id, "useful"),
            at=case.at,
            destination=case.destination,
            asker=case.request.asker.id,
            briefing_id=briefing.id,
            useful=True,
            scope=case.scope,
        )
    )
    await case.say("Thank you: noted as useful.")


async def wrong(case: Case) -> None:
    """Ask what is wrong, or keep the report and tell the admins."""
    values = case.request.values
    if not values:
        await case.open(form_for(case.request, choices=await _choices(case)))
        return
    briefing = await _briefing(case)
    text = values.get(WHAT, "").strip()[:LONGEST_REPORT]
    if not text:
        raise InputError("The report says nothing", hint="Write what is wrong")
    story_id, statement = "", ""
    if (key := values.get(STATEMENT, ANOTHER)) != ANOTHER:
        found = statements(briefing).get(key)
        story_id, statement = (found.story_id, found.label) if found else ("", "")
    report = Report(
        id=derive_id("rep", briefing.id, case.destination, case.request.asker.id, statement, text),
        at=case.at,
        destination=case.destination,
        asker=case.request.asker.id,
        briefing_id=briefing.id,
        story_id=story_id,
        statement=statement,
        text=text,
        scope=case.scope,
    )
    await case.store.readers.report(report)
    # What a channel alone may read, and what a person may have forgotten, stays where it can be.
    record = await case.store.briefings.record(briefing.id)
    about = f"“{statement}”" if statement and record and record.by == SHARED else "a statement"
    await case.means.notify(
        f"report {report.id}",
        f"A reader in {case.destination} reports {about} of the briefing {briefing.id} as wrong. "
        f"wirebrief reports says which and why; wirebrief correct {briefing.id} puts it right",
    )
    await case.say("Thank you: the admins have your report, with the statement and its sources.")


async def decided(case: Case) -> None:
    """Approve a draft, or keep it back."""
    found = await case.store.deliveries.get(case.request.subject)
    here = case.request.channel
    theirs = found and (found.channel.platform, found.channel.workspace) == (here.platform, here.workspace)
    subscription = await case.store.subscriptions.get(found.subscription_id) if found and theirs else None
    if (
        found is None
        or subscription is None
        or not (here in {subscription.approval, found.channel} or await case.conversation.sees(found.channel))
    ):
        raise InputError("There is no such draft here", hint="It may have been posted or ended already")
    what = APPROVE if case.request.verb is Verb.APPROVE else HOLD
    await decide(found.id, what, store=case.store, now=case.at)
    await case.means.wake()
    done = "It is posted in a moment" if what == APPROVE else "It is kept back"
    await case.say(f"{done}: the briefing of {found.wall} for {found.channel.name}.")


async def _briefing(case: Case) -> Briefing:
    """Return the briefing that a button is about, where this place may read it."""
    found = await case.store.briefings.readable(case.request.subject, by=case.scope)
    if found is None:
        raise InputError("That briefing is not kept any more", hint="Ask for a new one with /brief now")
    return found


async def _pen(case: Case) -> Pen | None:
    """Return the model, unless what is left of its budget is kept for the briefings that everybody gets."""
    pen = await case.means.pen()
    if pen is None or pen.used >= case.means.config.budget.questions_share:
        return None
    return replace(pen, workspace=case.scope.workspace)


async def _choices(case: Case) -> list[tuple[str, str]]:
    # A form cannot wait: without the statements it asks for the words alone.
    try:
        async with asyncio.timeout(FORM_SECONDS):
            found = statements(await _briefing(case))
    except TimeoutError:
        return []
    return [(key, stated.label) for key, stated in found.items()]


async def _cited(case: Case) -> tuple[str, tuple[Source, ...], str]:
    subject = case.request.subject
    if subject.startswith("bri-"):
        briefing = await _briefing(case)
        return briefing.title, briefing.sources, briefing.timezone
    turn = await case.store.talk.document(subject, by=case.scope)
    if turn is None:
        raise InputError("That is not kept any more", hint="Ask again")
    document: Answer | LinkBrief = (
        from_plain(Answer, turn.document)
        if turn.topic is Topic.ANSWER
        else from_plain(LinkBrief, turn.document)
    )
    return turn.question, document.sources, document.timezone
