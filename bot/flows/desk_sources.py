"""Sources: the feeds read for a place; admins add a feed to their workspace or private channel, and remove it."""

from __future__ import annotations

from bot.chat.feeds import feed_name, feeds_message
from bot.errors import InputError
from bot.flows.desk_case import Case
from bot.model.news import Feed
from bot.model.scope import Scope, Visibility
from bot.text.links import links_in

MOST_FEEDS = 200  # that one workspace or channel may add
ADD, REMOVE, HEALTH = ("add", "remove", "health")


async def sources(case: Case) -> None:
    """List, add, remove, or show how each feed answers."""
    what, _, rest = case.request.words.strip().partition(" ")
    if what.lower() == ADD:
        await _add(case, rest.strip())
    elif what.lower() == REMOVE:
        await _remove(case, rest.strip())
    elif what.lower() in {"", HEALTH}:
        await case.reply(
            feeds_message(
                await case.feeds(),
                await case.store.feeds.health(),
                in_full=what.lower() == HEALTH,
                timezone=await case.zone(),
            )
        )
    else:
        raise InputError(
            f"“{what[:40]}” is nothing that sources can do",
            hint="Write add URL, remove NAME, health, or nothing",
        )


async def _add(case: Case, text: str) -> None:
    urls, _ = links_in(text, most=1)
    if not urls:
        raise InputError("There is no address in that", hint="Write /brief sources add https://…")
    scope = _scope(case)
    await case.conversation.working("Looking at the feed …")
    found = await case.means.look_at(urls[0], scope)
    if found.problem and not found.entries:
        problem, hint = ([*found.problem.split(". ", 1), ""])[:2]
        raise InputError(f"It was not added: {problem[:1].lower()}{problem[1:]}", hint=hint)
    known = await case.feeds()
    for feed in known:
        if found.feed.url in {feed.url, feed.moved_to}:
            await case.say(f"“{feed_name(feed)}” is read here already.")
            return
    if sum(feed.scope == scope for feed in known) >= MOST_FEEDS:
        raise InputError(
            f"There are {MOST_FEEDS} feeds of your own already",
            hint="Remove one with /brief sources remove NAME",
        )
    await case.store.feeds.add([found.feed])
    whose = "this channel alone" if scope.visibility is Visibility.CHANNEL else "this workspace"
    entries = f"{found.entries:,} {'entry' if found.entries == 1 else 'entries'}"
    minutes = case.means.config.run.ingest_minutes
    await case.say(
        f"Added for {whose}: “{found.title or feed_name(found.feed)}” ({entries}). It is read within {minutes} minutes."
    )


async def _remove(case: Case, name: str) -> None:
    if not name:
        raise InputError("Which feed?", hint="Write /brief sources remove NAME, by title or address")
    folded = name.lower()
    found = [f for f in await case.feeds() if name in {f.id, f.url, f.moved_to} or folded == f.title.lower()]
    own = [f for f in found if _own(f, case)]
    if len(own) == 1:
        await case.store.feeds.remove(own[0].id)
        await case.say(f"“{feed_name(own[0])}” is read here no more; its articles stay.")
        return
    if found:
        raise InputError(
            f"“{name[:80]}” is not this channel's to remove",
            hint="Feeds that everybody reads are removed by whoever runs me: wirebrief feeds remove",
        )
    raise InputError(f"No feed here is called “{name[:80]}”", hint="/brief sources lists them")


def _scope(case: Case) -> Scope:
    """Return whose a feed is that is added here: the channel's where it is private, else the workspace's."""
    request = case.request
    if request.private or request.direct or not request.channel.workspace:
        return case.scope
    return Scope(workspace=request.channel.workspace, visibility=Visibility.WORKSPACE)


def _own(feed: Feed, case: Case) -> bool:
    # A workspace's feed is removed from any of its channels, a channel's own only in it.
    return feed.scope.visibility is Visibility.WORKSPACE or feed.scope == case.scope
