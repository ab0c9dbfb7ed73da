"""The feeds of a channel; admins add a feed to their workspace or private channel, and remove it."""

from __future__ import annotations

from bot.chat.forms import ADDRESS, form_for
from bot.chat.replies.feeds import feed_name, feed_names, feeds_message
from bot.errors import InputError, as_clause
from bot.flows.ingest.named_feed import feeds_named, named_feed
from bot.flows.requests.context import RequestContext
from bot.language.cleaning.links import links_in, safe_link, typed_address
from bot.language.locale.en import counted
from bot.model.news import Feed
from bot.model.scope import Scope, Visibility

MAX_OWN_FEEDS = 200  # that one workspace or channel may add
ADD, REMOVE, HEALTH = ("add", "remove", "health")


async def feeds(context: RequestContext) -> None:
    """List, add or remove feeds, or show the health of each."""
    what, _, rest = (context.request.words or context.request.subject).strip().partition(" ")
    if what.lower() == ADD and context.request.values:
        await _add(context, context.request.values.get(ADDRESS, ""))
    elif what.lower() == ADD and context.request.subject == ADD:
        await context.open(form_for(context.request))
    elif what.lower() == ADD:
        await _add(context, rest.strip())
    elif what.lower() == REMOVE:
        await _remove(context, rest.strip())
    elif what.lower() in {"", HEALTH}:
        await context.reply(
            feeds_message(
                await context.feeds(),
                await context.store.feeds.health(),
                in_full=what.lower() == HEALTH,
                timezone=await context.zone(),
            )
        )
    else:
        raise InputError(
            f"“{what[:40]}” is not an action of /brief feeds",
            hint="Write add URL, remove NAME, health, or nothing",
        )


async def _add(context: RequestContext, text: str) -> None:
    word = next(iter(text.split()), "")
    # As it was written: whether its https was is asked for later.
    urls = [word] if safe_link(typed_address(word)) else links_in(text, most=1)[0]
    if not urls:
        raise InputError("There is no address in that", hint="Write /brief feeds add https://…")
    scope = _scope(context)
    await context.working("Looking at the feed …")
    last = text.rsplit(maxsplit=1)[-1]
    found = await context.services.find_feed(
        urls[0], scope, int(last) if last.isdecimal() and len(last) < 3 else 0
    )
    if found.problem:
        problem, hint = ([*found.problem.split(". ", 1), ""])[:2]
        raise InputError(f"It was not added: {as_clause(problem)}", hint=hint)
    known = await context.feeds()
    for feed in known:
        if found.feed.url in {feed.url, feed.moved_to}:
            await context.say(f"“{feed_names(known)[feed.id]}” is read here already.")
            return
    if sum(feed.scope == scope for feed in known) >= MAX_OWN_FEEDS:
        raise InputError(
            f"There are {MAX_OWN_FEEDS} feeds of your own already",
            hint="Remove one with /brief feeds remove NAME",
        )
    await context.store.feeds.add([found.feed])
    whose = "this channel alone" if scope.visibility is Visibility.CHANNEL else "this workspace"
    entries = counted(found.entries, "entry", "entries")
    minutes = context.services.config.run.ingest_minutes
    await context.say(
        f"Added for {whose}: “{feed_name(found.feed)}” ({entries}). It is read within {minutes} minutes."
    )


async def _remove(context: RequestContext, name: str) -> None:
    if not name:
        raise InputError("Which feed?", hint="Write /brief feeds remove NAME, by title or address")
    feeds = await context.feeds()
    found = feeds_named(name, feeds)
    own = [f for f in found if _own(f, context)]
    if found and not own:
        raise InputError(
            f"“{feed_names(feeds)[found[0].id]}” cannot be removed by this channel",
            hint="Feeds that everybody reads are removed by whoever runs me: wirebrief feeds remove",
        )
    feed = own[0] if len(own) == 1 else named_feed(name, feeds, lists="/brief feeds")
    await context.store.feeds.remove(feed.id)
    await context.say(f"“{feed_names(feeds)[feed.id]}” is no longer read here; its articles stay.")


def _scope(context: RequestContext) -> Scope:
    """Return whose a feed is that is added here: the channel's where it is private, else the workspace's."""
    request = context.request
    if request.private or request.direct or not request.channel.workspace:
        return context.scope
    return Scope(workspace=request.channel.workspace, visibility=Visibility.WORKSPACE)


def _own(feed: Feed, context: RequestContext) -> bool:
    # A workspace's feed is removed from any of its channels, a channel's own only in it.
    return feed.scope.visibility is Visibility.WORKSPACE or feed.scope == context.scope
