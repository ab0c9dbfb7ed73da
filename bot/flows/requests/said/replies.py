"""Replies: the setting of which messages in its threads the bot answers, shown, set, and applied."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import InputError, StoreError
from bot.flows.requests.context import RequestContext
from bot.flows.requests.said.intent import answers, meant_by
from bot.flows.requests.threads import MAX_TURNS, thread_of
from bot.model.conversation.reader import Topic
from bot.model.message import Action
from bot.model.talk import Replies, Verb

_MEANS = {
    Replies.MENTIONS: "I answer only where I am mentioned, in commands, and in direct messages",
    Replies.QUESTIONS: "in my threads I also answer questions whose answer I have; everything else I leave alone",
    Replies.ALL: "in my threads I answer whatever asks for news; where I have no answer, I tell only the person who asked",
}


async def replies(context: RequestContext) -> None:
    """Show which messages are answered here, or set it."""
    wanted = context.named.lower()
    if wanted and wanted not in {one.value for one in Replies}:
        raise InputError(
            f"“{wanted[:40]}” is not one of the settings",
            hint="Write /brief replies mentions, questions or all",
        )
    if wanted:
        await context.store.readers.set_replies(
            context.destination, Replies(wanted), at=context.at, scope=context.scope
        )
    kept = await replies_of(context)
    await context.say(
        f"Replies in this channel: {kept.value}. That means: {_MEANS[kept]}.",
        actions=tuple(
            Action(verb=Verb.REPLIES, label=one.value.capitalize(), subject=one.value)
            for one in Replies
            if one is not kept and context.request.asker.admin
        ),
    )


async def replies_of(context: RequestContext) -> Replies:
    """Return which messages the channel wants answered: its own setting, else the configured one."""
    kept = await context.store.readers.replies(context.destination)
    return kept or Replies(context.services.config.answers.replies)


async def meant_here(context: RequestContext) -> bool:
    """Interpret the request by its place; return False for messages between people, which are left alone."""
    if context.overheard:
        kept = await _setting_in_thread(context)
        if kept is None:
            return False
        if kept is Replies.ALL:
            context.request = replace(context.request, addressed=True)
    if context.request.verb is Verb.CATCHUP and not context.request.words and await _in_story(context):
        context.request = replace(context.request, verb=Verb.ASK, words=context.said)
    if context.request.verb is Verb.CITED and context.said:
        subject = await _answered_before(context)
        cited = replace(context.request, subject=subject, words="")
        context.request = cited if subject else replace(context.request, verb=Verb.ASK, words=context.said)
    return True


async def _answered_before(context: RequestContext) -> str:
    """Return what was last answered, read or briefed in this thread; nothing where there is none."""
    thread = await thread_of(context)
    if thread is None:
        return ""
    turns = await context.store.conversations.turns(context.destination, thread.kept_under, most=MAX_TURNS)
    answered = (turn.subject for turn in reversed(turns) if turn.stories or turn.topic is Topic.LINK)
    return next(answered, thread.subject if thread.topic is Topic.BRIEFING else "")


async def _setting_in_thread(context: RequestContext) -> Replies | None:
    """Return the setting by which words that do not name the bot are answered in its thread; None where they are not."""
    try:
        kept = await replies_of(context)
        meant = meant_by(context.request.words, addressed=False)
        return kept if answers(kept, meant) and await thread_of(context) else None
    except StoreError:
        return None


async def _in_story(context: RequestContext) -> bool:
    """Tell whether it was said in the thread of one story: then "what is new?" means that story."""
    thread = await thread_of(context) if context.said else None
    return thread is not None and thread.topic is not Topic.BRIEFING and len(thread.stories) == 1
