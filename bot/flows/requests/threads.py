"""Threads: which belong to the bot, their subject, and the earlier questions in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.flows.requests.context import RequestContext
from bot.language.words import content_terms
from bot.model.conversation.answer import Turn
from bot.model.conversation.reader import Thread, ThreadTurn, Topic
from bot.model.message import Message

MAX_TURNS = 6  # of one thread that a question is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The thread of a question: its stories, the likeliest first, and the earlier turns."""

    thread: Thread | None = None
    stories: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()


async def thread_of(context: RequestContext) -> Thread | None:
    """Return the bot's thread in which ``context`` was asked: a stored one, or one under a briefing."""
    request = context.request
    if not request.thread:
        return None
    return await _known(context, request.thread)


async def about(context: RequestContext, question: str) -> About:
    """Return the thread of ``question``, by its place or by the button that asked for it."""
    thread = await thread_of(context) or await _of_button(context)
    if thread is None:
        return About()
    kept = thread.kept_under
    turns = await context.store.conversations.turns(context.destination, kept, most=MAX_TURNS) if kept else []
    # What was just talked about comes before what the thread began with.
    recent = [story_id for turn in reversed(turns) for story_id in turn.stories]
    stories = await _likeliest(context, tuple(dict.fromkeys((*recent, *thread.stories))), question)
    return About(
        thread=thread,
        stories=stories,
        turns=tuple(
            Turn(at=turn.at, question=turn.question, answer=turn.answer, story_id=_first(turn))
            for turn in turns
        ),
    )


async def reply_with(
    context: RequestContext, thread: Thread | None, turn: ThreadTurn, message: Message, *, private: bool
) -> None:
    """Post ``message``, which answers ``turn``, and record the subject of its thread; a new thread begins with it.

    The turn is stored before its buttons are visible, and again when the reply has an id under which a thread can be.
    """
    request = context.request
    root = (thread.kept_under if thread else "") or request.thread or request.message
    keeps = await context.may_keep()
    if keeps:
        await context.store.conversations.keep(replace(turn, root=root or request.id))
    replied = await context.reply(message, private=private)
    if not keeps or not await context.may_keep():
        return
    if not root:
        root = replied or request.id
        await context.store.conversations.keep(replace(turn, root=root))
    # A thread that had its subject keeps it: what was said in it is known by its turns.
    opened = {replied} if thread else {replied, root}
    await _open(context, opened, topic=turn.topic, subject=turn.subject, stories=turn.stories, root=root)


async def open_story(context: RequestContext, story_id: str, *, replied: str) -> None:
    """Store that the thread under the reply is about a story."""
    if not await context.may_keep():
        return
    await _open(context, {replied}, topic=Topic.STORY, subject=story_id, stories=(story_id,), root=replied)


async def _open(
    context: RequestContext,
    opened: set[str],
    *,
    topic: Topic,
    subject: str,
    stories: tuple[str, ...],
    root: str,
) -> None:
    for name in opened - {""}:
        await context.store.conversations.open(
            Thread(
                destination=context.destination,
                root=name,
                topic=topic,
                subject=subject,
                stories=stories,
                kept_under=root,
                at=context.at,
                scope=context.scope,
            )
        )


async def _known(context: RequestContext, root: str) -> Thread | None:
    kept = await context.store.conversations.thread(context.destination, root)
    if kept:
        return kept
    delivery = await context.store.deliveries.of_message(context.destination, root)
    if delivery is None:
        return None
    return await _of_briefing(context, delivery.briefing_id, root=root)


async def _of_button(context: RequestContext) -> Thread | None:
    """Return what a button's or form's subject is about, with the thread under the button's message."""
    request = context.request
    if request.subject.startswith("bri-"):
        return await _of_briefing(context, request.subject, root=request.thread or request.message)
    if request.subject.startswith("sto-"):
        root = request.thread or request.message
        return Thread(
            destination=context.destination,
            root=root,
            kept_under=root,
            topic=Topic.STORY,
            subject=request.subject,
            stories=(request.subject,),
            at=context.at,
        )
    turn = (
        await context.store.conversations.document(request.subject, by=context.scope)
        if request.subject
        else None
    )
    if turn is None:
        return None
    return Thread(
        destination=context.destination,
        root=turn.root,
        kept_under=turn.root,
        topic=turn.topic,
        subject=turn.subject,
        stories=turn.stories,
        at=turn.at,
    )


async def _of_briefing(context: RequestContext, briefing_id: str, *, root: str) -> Thread | None:
    briefing = await context.store.briefings.readable(briefing_id, by=context.scope)
    if briefing is None:
        return None
    listed = [story.story_id for story in briefing.stories]
    listed += [item.story_id for item in (*briefing.watch, *briefing.settled)]
    listed += [item.story_id for item in briefing.unchanged]
    listed += [item.story_id for item in briefing.more]
    return Thread(
        destination=context.destination,
        root=root,
        kept_under=root,
        topic=Topic.BRIEFING,
        subject=briefing.id,
        stories=tuple(dict.fromkeys(listed)),
        at=briefing.made_at,
    )


async def _likeliest(context: RequestContext, stories: tuple[str, ...], question: str) -> tuple[str, ...]:
    """Return ``stories`` with those first whose names share most words with ``question``; else as they were."""
    asked = set(content_terms(question))
    sent = await context.store.briefings.sent_stories(context.destination)
    shared = {}
    for story in await context.store.stories.get(stories, by=context.scope):
        headline = sent[story.id].headline if story.id in sent else ""
        shared[story.id] = len(asked & set(content_terms(f"{story.title} {headline}")))
    return tuple(sorted((s for s in stories if s in shared), key=lambda s: -shared[s]))


def _first(turn: ThreadTurn) -> str:
    return turn.stories[0] if turn.stories else ""
