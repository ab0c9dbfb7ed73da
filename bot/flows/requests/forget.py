"""Forget: delete what a person asked, or all data of a channel or workspace, after a confirmation."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.replies.short import sentence, title_of
from bot.errors import InputError
from bot.flows.maintenance.uninstall import delete_data_of
from bot.flows.requests.access.limits import in_words
from bot.flows.requests.access.rights import THIS_CHANNEL, THIS_WORKSPACE
from bot.flows.requests.context import RequestContext
from bot.model.message import Action
from bot.model.talk import Verb

CONFIRMED = "yes"
_TABLE_NAMES = {
    "subscription": "subscriptions",
    "briefing": "briefings",
    "turn": "questions and links",
    "feed": "feeds",
    "article": "articles",
    "report": "reports",
}


async def forget(context: RequestContext) -> None:
    """Delete what the asker asked here; for admins, all data of the channel or workspace, after a confirmation."""
    what, _, sure = context.named.lower().partition(" ")
    if what not in {"", "me", THIS_CHANNEL, THIS_WORKSPACE}:
        raise InputError(
            f"“{what[:40]}” cannot be forgotten",
            hint="Write /brief forget, forget channel or forget workspace",
        )
    if what in {THIS_CHANNEL, THIS_WORKSPACE} and not (context.request.subject and sure == CONFIRMED):
        await _ask_back(context, what)
        return
    if what == THIS_WORKSPACE and not context.scope.workspace:
        raise InputError("This conversation belongs to no workspace", hint="Write /brief forget channel")
    asker = context.request.asker.id
    whose = {THIS_CHANNEL: context.destination, THIS_WORKSPACE: context.scope.workspace}.get(what, asker)
    wait = context.services.forgotten.begin(
        f"{context.scope.workspace} {what} {whose}", now=context.at.timestamp()
    )
    if wait:
        raise InputError("That was done a moment ago", hint=f"Ask again in {in_words(wait)}")
    await context.working("Forgetting …")
    if what == THIS_CHANNEL:
        counts = await context.store.forget(channel=context.destination)
    elif what == THIS_WORKSPACE:
        counts = await context.store.forget(workspace=context.scope.workspace)
    elif context.scope.workspace:
        counts = await context.store.forget(user=asker, workspace=context.scope.workspace)
    else:
        counts = await context.store.forget(user=asker, channel=context.destination)
    named = {
        THIS_CHANNEL: "all of this channel's own",
        THIS_WORKSPACE: f"all of this {_called(context, what)}'s own",
    }
    await context.say(f"Forgotten: {named.get(what, 'what you asked and reported')}{_counted(counts)}.")


async def remove_data(context: RequestContext) -> None:
    """Delete all data of a channel or workspace from which the bot was removed."""
    await delete_data_of(context.request.channel, store=context.store)


async def _ask_back(context: RequestContext, what: str) -> None:
    place = _called(context, what)
    button = Action(
        verb=Verb.FORGET, label=f"Forget this {place}", subject=f"{what} {CONFIRMED}", style="danger"
    )
    await context.reply(
        sentence(
            f"This removes every subscription, briefing, question, report and feed of this {place}. It cannot be undone.",
            title=title_of(Verb.FORGET),
            actions=(button,),
        )
    )


def _called(context: RequestContext, what: str) -> str:
    """Return what people on the platform call a channel or workspace."""
    return "server" if what == THIS_WORKSPACE and context.request.channel.platform == "discord" else what


def _counted(counts: Mapping[str, int]) -> str:
    named = [f"{counts[table]:,} {name}" for table, name in _TABLE_NAMES.items() if counts.get(table)]
    return f" ({', '.join(named)})" if named else ""
