"""Briefings asked for in chats: one of this moment, the cited sentences, feedback of readers, an editor's decision."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.briefings.amend import statements
from bot.briefings.assemble import citations_of
from bot.chat.document.message import to_message
from bot.chat.forms import ANOTHER, STATEMENT, WHAT, form_for
from bot.chat.replies.buttons import cited_message, menu_message, under_briefing
from bot.chat.replies.link import link_message
from bot.chat.replies.status import moment_line
from bot.codec import from_plain
from bot.errors import InputError
from bot.flows.answer.offered import with_questions
from bot.flows.briefing.brief import make_briefing
from bot.flows.briefing.gather import gather
from bot.flows.briefing.request import BriefingRequest
from bot.flows.briefing.session import ModelSession
from bot.flows.briefing.subscription_filter import NO_FILTER, filter_for, settings_of
from bot.flows.delivery.approvals import Decision, apply_decision
from bot.flows.notify import notify_of_omitted_stories
from bot.flows.requests.access.rights import ALL_CHANNELS
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.manage import send_now
from bot.flows.requests.subscribing.open_form import FORM_TIMEOUT_SECONDS
from bot.language.locale.phrases import phrases
from bot.model.briefing import Briefing, Source, StoryBrief
from bot.model.chat import State
from bot.model.conversation.answer import Answer
from bot.model.conversation.link import LinkBrief
from bot.model.conversation.reader import Report, Topic
from bot.model.ids import derive_id
from bot.model.scope import SHARED
from bot.model.talk import Verb
from bot.schedule import is_zone

MAX_REPORT_CHARS = 1000  # characters, as the form allows


async def now(context: RequestContext) -> None:
    """Send the asker a briefing as of now, unseen by the channel; with "all", post it for everybody."""
    if context.request.words.strip().lower() == ALL_CHANNELS:
        await send_now(context, name="")
        return
    await context.working("Preparing a briefing …")
    store, ours = context.store, context.services.config.briefings
    subscription = next((s for s in await context.subscriptions() if not s.paused), None)
    settings = settings_of(subscription, ours) if subscription else ours
    covered = await store.deliveries.covered_until(subscription.id) if subscription else None
    since = covered or context.at - timedelta(hours=ours.window_hours)
    session = await _session(context)
    asked = BriefingRequest(
        sent=await store.briefings.sent_stories(context.destination),
        since=since,
        horizon=None if covered else since,
        at=context.at,
        settings=settings,
        by=context.scope,
        subscription_filter=filter_for(subscription, await context.feeds()) if subscription else NO_FILTER,
        choices=tuple((await store.readers.choices(context.destination)).values()),
        waiting=await store.briefings.named_only(context.destination, since=since),
    )
    inputs = await gather(asked, store=store, rules=context.services.rules)
    made = await make_briefing(
        inputs,
        store=store,
        channel=f"{context.destination} {context.request.id}",
        settings=settings,
        session=session,
        rules=context.services.rules,
    )
    await notify_of_omitted_stories(
        made.faults, notify=context.services.notify, version=store.database.version
    )
    offered = await with_questions(
        _for_asker(made.briefing, context),
        store=store,
        settings=context.services.config.answers,
        by=context.scope,
        rules=context.services.rules,
    )
    briefing = replace(made.briefing, questions=offered.questions)
    if await context.may_keep():
        # Kept, so that its buttons work and it can be accounted for; its channel was sent nothing.
        await store.briefings.save(
            briefing,
            destination=context.destination,
            scope=context.scope,
            slot=f"now {context.request.id}",
            sent=None,
            record=made.record,
        )
    shown = _for_asker(briefing, context)
    await context.reply(under_briefing(to_message(shown), shown))


async def menu(context: RequestContext) -> None:
    """Show the actions for one story of a briefing to the person who chose it."""
    briefing = await _briefing(context)
    story = _story_in(briefing, context)
    if story is None:
        raise InputError("That story is not kept any more", hint="Ask for it with /brief story NAME")
    await context.reply(
        menu_message(
            story.headline.text,
            story.story_id,
            briefing.id,
            say=phrases(_for_asker(briefing, context).language),
        )
    )


async def cited(context: RequestContext) -> None:
    """Show the cited sentences of a briefing, an answer or a link to the asker."""
    title, sources, zone = await _cited(context)
    await context.reply(cited_message(sources, title=title, timezone=zone))


async def details(context: RequestContext) -> None:
    """Show the details of a briefing or a link."""
    if context.request.subject.startswith("lnk-"):
        turn = await context.store.conversations.document(context.request.subject, by=context.scope)
        if turn is None or turn.topic is not Topic.LINK:
            raise InputError("That is not kept any more", hint="Ask again with /brief link URL")
        brief = replace(from_plain(LinkBrief, turn.document), timezone=await context.zone())
        await context.reply(link_message(brief, say=phrases(context.language)))
        return
    await context.reply(to_message(_for_asker(await _briefing(context), context)))


async def useful(context: RequestContext) -> None:
    """Store that a reader found a briefing useful."""
    briefing = await _briefing(context)
    await context.store.readers.report(
        Report(
            id=derive_id("rep", briefing.id, context.destination, context.request.asker.id, "useful"),
            at=context.at,
            destination=context.destination,
            asker=context.request.asker.id,
            briefing_id=briefing.id,
            useful=True,
            scope=context.scope,
        )
    )
    await context.say("Thank you: noted as useful.")


async def wrong(context: RequestContext) -> None:
    """Ask what is wrong, or store the report and notify the admins."""
    values = context.request.values
    if not values:
        await context.open(form_for(context.request, choices=await _choices(context)))
        return
    briefing = await _briefing(context)
    text = values.get(WHAT, "").strip()[:MAX_REPORT_CHARS]
    if not text:
        raise InputError("The report is empty", hint="Write what is wrong")
    story_id, statement = "", ""
    if (key := values.get(STATEMENT, ANOTHER)) != ANOTHER:
        found = statements(briefing).get(key)
        story_id, statement = (found.story_id, found.label) if found else ("", "")
    report = Report(
        id=derive_id("rep", briefing.id, context.destination, context.request.asker.id, statement, text),
        at=context.at,
        destination=context.destination,
        asker=context.request.asker.id,
        briefing_id=briefing.id,
        story_id=story_id,
        statement=statement,
        text=text,
        scope=context.scope,
    )
    await context.store.readers.report(report)
    # Texts of a private channel, and texts that a person may delete later, must not be copied into a notice.
    record = await context.store.briefings.record(briefing.id)
    about = f"“{statement}”" if statement and record and record.by == SHARED else "a statement"
    await context.services.notify(
        f"report {report.id}",
        f"A reader in {context.request.channel.shown} reports {about} of a briefing as wrong. "
        f"wirebrief reports says which and why; wirebrief correct {briefing.id} corrects it",
    )
    await context.say("Thank you: the admins have your report, with the statement and its sources.")


async def approve_or_reject(context: RequestContext) -> None:
    """Approve a draft, or reject it."""
    found = await context.store.deliveries.get(context.request.subject)
    here = context.request.channel
    theirs = found and (found.channel.platform, found.channel.workspace) == (here.platform, here.workspace)
    subscription = await context.store.subscriptions.get(found.subscription_id) if found and theirs else None
    if (
        found is None
        or subscription is None
        or not (
            here in {subscription.approval, found.channel} or await context.conversation.sees(found.channel)
        )
    ):
        raise InputError("There is no such draft here", hint="It may have been posted or ended already")
    decision = Decision.APPROVE if context.request.verb is Verb.APPROVE else Decision.REJECT
    # Of two editors who press at once, the second learns that it was decided.
    async with context.services.turns.of(found.id):
        now_is = await context.store.deliveries.get(found.id)
        if now_is is None or now_is.state is not State.AWAITING:
            rejected = now_is is not None and now_is.state is State.REJECTED
            await context.say(
                f"This draft was {'rejected' if rejected else 'approved'} already; nothing was changed."
            )
            return
        await apply_decision(found.id, decision, store=context.store, now=context.at)
    await context.services.wake()
    approved = decision is Decision.APPROVE
    await context.say(
        f"{'Approved, it is posted in a moment' if approved else 'Rejected, it is not posted'}: "
        f"the briefing of {moment_line(found.due_at, subscription.zone)} for {found.channel.shown}."
    )


async def _briefing(context: RequestContext) -> Briefing:
    """Return the briefing that a button is about, where this place may read it."""
    name = context.request.subject.partition(" ")[0]
    found = await context.store.briefings.readable(name, by=context.scope)
    if found is None:
        raise InputError("That briefing is not kept any more", hint="Ask for a new one with /brief now")
    return found


def _for_asker(briefing: Briefing, context: RequestContext) -> Briefing:
    """Return ``briefing`` with the words beside its news and its times in the language and zone of who asks, where these are known."""
    asker = context.request.asker
    return replace(
        briefing,
        language=context.language if asker.language else briefing.language,
        timezone=asker.zone if is_zone(asker.zone) else briefing.timezone,
    )


def _story_named(context: RequestContext) -> str:
    """Return the story that a menu is about; nothing where it is about the whole briefing."""
    return context.request.subject.partition(" ")[2]


async def _session(context: RequestContext) -> ModelSession | None:
    """Return the model, unless its remaining budget is reserved for briefings."""
    session = await context.services.session()
    if session is None or session.used >= context.services.config.budget.questions_share:
        return None
    return replace(session, workspace=context.scope.workspace)


async def _choices(context: RequestContext) -> list[tuple[str, str]]:
    # A form cannot wait: without the statements it asks for the words alone.
    try:
        async with asyncio.timeout(FORM_TIMEOUT_SECONDS):
            found = statements(await _briefing(context))
    except TimeoutError:
        return []
    story_id = _story_named(context)
    return [(key, s.label) for key, s in found.items() if s.story_id == story_id or not story_id]


def _story_in(briefing: Briefing, context: RequestContext) -> StoryBrief | None:
    named = _story_named(context)
    return next((story for story in briefing.stories if story.story_id == named), None)


async def _cited(context: RequestContext) -> tuple[str, tuple[Source, ...], str]:
    subject = context.request.subject
    if subject.startswith("bri-"):
        briefing = await _briefing(context)
        zone = await context.zone()
        story = _story_in(briefing, context)
        if story is None:
            return briefing.title, briefing.sources, zone
        cites = {(c.article_id, c.revision) for c in citations_of([story])}
        of_story = tuple(s for s in briefing.sources if (s.article_id, s.revision) in cites)
        return story.headline.text, of_story, zone
    turn = await context.store.conversations.document(subject, by=context.scope)
    if turn is None:
        raise InputError("That is not kept any more", hint="Ask again")
    document: Answer | LinkBrief = (
        from_plain(Answer, turn.document)
        if turn.topic is Topic.ANSWER
        else from_plain(LinkBrief, turn.document)
    )
    return turn.question, document.sources, document.timezone
