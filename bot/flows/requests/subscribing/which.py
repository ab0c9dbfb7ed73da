"""Find the subscription that a request means, and whether its asker may act on it; if several match, the asker chooses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Concatenate, ParamSpec

from bot.errors import InputError
from bot.flows.requests.context import RequestContext
from bot.model.chat import Channel, Subscription
from bot.model.message import Action
from bot.model.talk import Verb

MAX_OFFERED_SUBSCRIPTIONS = 20  # briefings that a person is asked to choose from
P = ParamSpec("P")


class _SeveralError(Exception):
    """Several subscriptions may be meant: the person is asked which."""

    def __init__(self, found: Sequence[Subscription]) -> None:
        super().__init__("several subscriptions")
        self.found = found


def asks_which(
    work: Callable[Concatenate[RequestContext, P], Awaitable[None]],
) -> Callable[Concatenate[RequestContext, P], Awaitable[None]]:
    """Return ``work`` wrapped: if several subscriptions may be meant, the asker gets a button for each."""

    async def asking(context: RequestContext, /, *args: P.args, **more: P.kwargs) -> None:
        try:
            await work(context, *args, **more)
        except _SeveralError as several:
            # "now all" posts a briefing, as its button does.
            verb = Verb.TEST if context.request.verb is Verb.NOW else context.request.verb
            await context.say(
                "Which briefing?",
                actions=tuple(
                    Action(verb=verb, label=s.title or s.when, subject=s.id)
                    for s in several.found[:MAX_OFFERED_SUBSCRIPTIONS]
                ),
            )

    return asking


async def one_subscription(context: RequestContext, name: str | None = None) -> Subscription:
    """Return the subscription that a request means: of this channel, or another that the asker may see."""
    name = context.named if name is None else name
    found = await context.subscriptions()
    if name.startswith("sub-"):
        one = await context.store.subscriptions.get(name)
        if one and await may_reach(context, one.channel):
            return one
        if context.request.subject == name:
            # Of a button only what it names is meant: somebody else may have ended it.
            raise InputError(
                "This briefing was ended meanwhile", hint="Set up a new one with /brief subscribe"
            )
        matching = [s for s in found if s.id.startswith(name)]
    elif name:
        folded = name.lower()
        matching = [
            s
            for s in found
            if folded in {s.title.lower(), s.times.lower()} or s.id.startswith(f"sub-{folded}")
        ]
    else:
        matching = found
    if len(matching) == 1:
        return matching[0]
    if not found:
        raise InputError("There is no briefing in this channel", hint="Add one with /brief subscribe")
    raise _SeveralError(found)


async def may_reach(context: RequestContext, channel: Channel) -> bool:
    """Return whether the asker may act on ``channel``: the present one, or another of the workspace that they see."""
    here = context.request.channel
    if channel == here:
        return True
    if (channel.platform, channel.workspace) != (here.platform, here.workspace):
        return False
    return await context.conversation.sees(channel)
