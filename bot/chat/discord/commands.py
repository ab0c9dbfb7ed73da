"""Discord's command tree: one command ``/brief`` with a subcommand for every verb, and a menu on messages.

Discord lets an admin hide a whole command, never one word of it: who may do what is checked when it is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord
import structlog
from discord import app_commands

from bot.chat.discord.requests import channel_of_interaction, words_of
from bot.model.chat import Channel
from bot.model.talk import Replies, Verb

Take = Callable[[discord.Interaction, Verb, str], Awaitable[None]]
"""Gets what was typed: the verb, and the words behind it."""
Suggest = Callable[[str, str, Channel], Awaitable[Sequence[tuple[str, str]]]]
"""Gets "story", "subscription" or "feed", what was typed so far, and where; returns values with their labels."""

MAX_COMMAND_CHOICES, MAX_COMMAND_CHOICE_CHARS = 25, 100
SUGGEST_TIMEOUT_SECONDS = 2.0  # seconds for suggestions: Discord waits three
MENU = "Summarise link"

_log = structlog.get_logger()
Choices = list[app_commands.Choice[str]]


class Brief(app_commands.Group):
    """The command ``/brief``; every word of it is a verb."""

    def __init__(self, take: Take, suggest: Suggest | None) -> None:
        super().__init__(
            name="brief",
            description="News briefings, answers and sources of this channel",
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._take = take
        self._suggest = suggest

    @app_commands.command(description="A briefing now, only for you")
    @app_commands.describe(everybody="Post it for everyone (admins)")
    async def now(self, interaction: discord.Interaction, everybody: bool = False) -> None:  # noqa: FBT001, FBT002 - an option
        """Brief the asker."""
        await self._take(interaction, Verb.NOW, "all" if everybody else "")

    @app_commands.command(description="Ask the archive; the answer cites its sources")
    @app_commands.describe(question="What you want to know")
    async def ask(self, interaction: discord.Interaction, question: str) -> None:
        """Answer a question."""
        await self._take(interaction, Verb.ASK, question)

    @app_commands.command(description="Summarise a page and compare it with the archive")
    @app_commands.describe(url="The page's address", fresh="Read it again")
    async def link(self, interaction: discord.Interaction, url: str, fresh: bool = False) -> None:  # noqa: FBT001, FBT002
        """Summarise a link."""
        await self._take(interaction, Verb.LINK, f"fresh {url}" if fresh else url)

    @app_commands.command(description="A story: status, timeline, who says what")
    @app_commands.describe(story="The story's name")
    async def story(self, interaction: discord.Interaction, story: str) -> None:
        """Show a story."""
        await self._take(interaction, Verb.STORY, story)

    @app_commands.command(description="Keep a story in this channel's briefings")
    @app_commands.describe(story="The story's name")
    async def follow(self, interaction: discord.Interaction, story: str) -> None:
        """Follow a story."""
        await self._take(interaction, Verb.FOLLOW, story)

    @app_commands.command(description="Leave a story out until its status changes")
    @app_commands.describe(story="The story's name")
    async def mute(self, interaction: discord.Interaction, story: str) -> None:
        """Mute a story."""
        await self._take(interaction, Verb.MUTE, story)

    @app_commands.command(description="Stop following or muting a story")
    @app_commands.describe(story="The story's name")
    async def unmute(self, interaction: discord.Interaction, story: str) -> None:
        """End it."""
        await self._take(interaction, Verb.UNMUTE, story)

    @app_commands.command(description="What changed since you last looked, or since a time")
    @app_commands.describe(since="Such as yesterday, Monday, 6h, 2026-03-01")
    async def catchup(self, interaction: discord.Interaction, since: str = "") -> None:
        """Catch up."""
        await self._take(interaction, Verb.CATCHUP, since)

    @app_commands.command(description="Set up scheduled briefings for a channel (admins)")
    @app_commands.describe(times="Such as weekdays 07:30 Europe/Berlin; empty for a form")
    async def subscribe(self, interaction: discord.Interaction, times: str = "") -> None:
        """Open the form."""
        await self._take(interaction, Verb.SUBSCRIBE, times)

    @app_commands.command(name="list", description="This channel's briefings and their next times")
    async def listed(self, interaction: discord.Interaction) -> None:
        """List subscriptions."""
        await self._take(interaction, Verb.LIST, "")

    @app_commands.command(description="Pause a briefing (admins)")
    @app_commands.describe(briefing="Which one")
    async def pause(self, interaction: discord.Interaction, briefing: str = "") -> None:
        """Pause a subscription."""
        await self._take(interaction, Verb.PAUSE, briefing)

    @app_commands.command(description="Resume a briefing (admins)")
    @app_commands.describe(briefing="Which one")
    async def resume(self, interaction: discord.Interaction, briefing: str = "") -> None:
        """Resume a subscription."""
        await self._take(interaction, Verb.RESUME, briefing)

    @app_commands.command(description="End a briefing (admins)")
    @app_commands.describe(briefing="Which one")
    async def unsubscribe(self, interaction: discord.Interaction, briefing: str = "") -> None:
        """End a subscription."""
        await self._take(interaction, Verb.UNSUBSCRIBE, briefing)

    @app_commands.command(description="The feeds of this channel; admins add and remove them")
    @app_commands.describe(
        action="What to do; empty lists them", feed="An address to add, or a feed to remove"
    )
    @app_commands.choices(
        action=[app_commands.Choice(name=name, value=name) for name in ("add", "remove", "health")]
    )
    async def feeds(self, interaction: discord.Interaction, action: str = "", feed: str = "") -> None:
        """Show or change the feeds."""
        await self._take(interaction, Verb.FEEDS, f"{action} {feed}".strip())

    @app_commands.command(description="Problems here and how to solve them")
    async def status(self, interaction: discord.Interaction) -> None:
        """Diagnose."""
        await self._take(interaction, Verb.STATUS, "")

    @app_commands.command(description="Which words in its threads the bot answers here")
    @app_commands.describe(what="Set it (admins); empty: how it is set")
    @app_commands.choices(
        what=[app_commands.Choice(name=one.value, value=one.value) for one in Replies],
    )
    async def replies(self, interaction: discord.Interaction, what: str = "") -> None:
        """Show or set the replies."""
        await self._take(interaction, Verb.REPLIES, what)

    @app_commands.command(description="Delete your questions; admins: the data of this channel or server")
    @app_commands.describe(what="Empty: your own questions")
    @app_commands.choices(
        what=[
            app_commands.Choice(name=name, value=value)
            for name, value in (("this channel", "channel"), ("this server", "workspace"))
        ]
    )
    async def forget(self, interaction: discord.Interaction, what: str = "") -> None:
        """Forget."""
        await self._take(interaction, Verb.FORGET, what)

    @app_commands.command(description="Where things stand here and what to do next")
    async def start(self, interaction: discord.Interaction) -> None:
        """Lead on."""
        await self._take(interaction, Verb.START, "")

    @app_commands.command(description="What I can do, with examples")
    async def help(self, interaction: discord.Interaction) -> None:
        """Explain."""
        await self._take(interaction, Verb.HELP, "")

    @story.autocomplete("story")
    @follow.autocomplete("story")
    @mute.autocomplete("story")
    @unmute.autocomplete("story")
    async def _stories(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._choices("story", interaction, typed)

    @pause.autocomplete("briefing")
    @resume.autocomplete("briefing")
    @unsubscribe.autocomplete("briefing")
    async def _briefings(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._choices("subscription", interaction, typed)

    @feeds.autocomplete("feed")
    async def _feeds(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await self._choices("feed", interaction, typed)

    async def _choices(self, kind: str, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the suggestions; none if that takes too long, since the typed text is accepted anyway."""
        if self._suggest is None:
            return []
        try:
            async with asyncio.timeout(SUGGEST_TIMEOUT_SECONDS):
                found = await self._suggest(kind, typed, channel_of_interaction(interaction))
        except Exception as error:  # noqa: BLE001 - a suggestion is a courtesy
            _log.warning("no suggestions", kind=kind, error=type(error).__name__)
            return []
        return [
            app_commands.Choice(name=label[:MAX_COMMAND_CHOICE_CHARS] or value, value=value)
            for value, label in list(found)[:MAX_COMMAND_CHOICES]
            if 0 < len(value) <= MAX_COMMAND_CHOICE_CHARS
        ]


def link_menu(take: Take) -> app_commands.ContextMenu:
    """Return the menu on a message that summarises its links."""

    async def summarise(interaction: discord.Interaction, message: discord.Message) -> None:
        await take(interaction, Verb.LINK, words_of(message))

    return app_commands.ContextMenu(
        name=MENU,
        callback=summarise,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
