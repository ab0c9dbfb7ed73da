"""First contact: the welcome, an example of a briefing, and the next step in a place."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.replies.translated import message_in
from bot.chat.replies.welcome import ChannelState, example_message, start_message, welcome_message
from bot.errors import InputError
from bot.flows.requests.briefings import now
from bot.flows.requests.context import RequestContext
from bot.flows.requests.subscribing.manage import subscription_statuses
from bot.model.ids import derive_id

EXAMPLE_NEWS_TIME = timedelta(days=2)  # age of news that can be used as an example


async def invited(context: RequestContext) -> None:
    """Tell a channel what the bot does and how to begin."""
    await context.reply(welcome_message(), private=False)


async def start(context: RequestContext) -> None:
    """Show the state of this place, with buttons for the next step."""
    await context.reply(start_message(await channel_state(context)))


async def example(context: RequestContext) -> None:
    """Show an example of a briefing: of present news if there is any, else invented."""
    if await context.store.stories.titles(context.at - EXAMPLE_NEWS_TIME, by=context.scope, most=1):
        await now(context)
    else:
        await context.reply(example_message())


async def more(context: RequestContext) -> None:
    """Show the next page of an answer to its asker."""
    waiting = context.services.pages.get((context.request.subject, context.request.asker.id))
    if not waiting:
        raise InputError("The rest is not kept any more", hint="Ask again")
    first, *others = waiting
    if others:
        first = context.behind_button(first, others, name=derive_id("pag", context.request.subject))
    await context.conversation.reply(message_in(first, context.language), private=True)


async def channel_state(context: RequestContext) -> ChannelState:
    """Return the state of the place of a request."""
    found = await context.subscriptions()
    return ChannelState(
        feeds=len(await context.feeds()),
        # In a direct message there is no channel to check.
        obstacles=() if context.request.direct else await context.obstacles(context.request.channel),
        subscriptions=await subscription_statuses(context, found, linked=False),
        admin=context.request.asker.admin,
    )
