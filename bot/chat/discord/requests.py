"""Turn events and interactions of Discord into requests. Pure; returns None for what is no request.

A thread under a channel's message is part of that channel; a private thread is a place of its own, so that what is its
own stays in it. A reply to a message of the bot counts as said in the thread of that message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import discord

from bot.chat.discord.protocol import ComponentType
from bot.model.chat import Channel
from bot.model.ids import derive_id
from bot.model.talk import MAX_REQUEST_CHARS, VERBS_BY_NAME, Asker, Request, Verb

MAX_REQUEST_SUBJECT_CHARS = 100
PLATFORM = "discord"
PRESSED = r"wb:(?P<verb>[a-z]+):(?P<subject>[^\n]*?)(?::(?P<nonce>wb-[a-z2-7]{16}))?"
_PRESSED = re.compile(PRESSED)

Where = discord.abc.Messageable | discord.abc.GuildChannel | discord.abc.PrivateChannel | None
"""What the library may say a channel is."""


def from_command(interaction: discord.Interaction, verb: Verb, words: str, *, admin_role: str) -> Request:
    """Read a command, or a message's menu."""
    return _request(interaction, verb, admin_role=admin_role, words=words)


def from_button(
    interaction: discord.Interaction, verb: str, subject: str, *, admin_role: str
) -> Request | None:
    """Read a pressed button."""
    known = VERBS_BY_NAME.get(verb)
    if known is None:
        return None
    return _request(
        interaction, known, admin_role=admin_role, subject=subject[:MAX_REQUEST_SUBJECT_CHARS], pressed=True
    )


def from_select(interaction: discord.Interaction, *, admin_role: str) -> Request | None:
    """Read what was chosen from a menu of ours."""
    data: Any = interaction.data or {}
    verb, _ = _pressed(data)
    chosen = [str(value) for value in data.get("values") or ()]
    if verb is None or data.get("component_type") != ComponentType.SELECT or not chosen:
        return None
    return _request(
        interaction, verb, admin_role=admin_role, subject=chosen[0][:MAX_REQUEST_SUBJECT_CHARS], pressed=True
    )


def from_form(interaction: discord.Interaction, *, admin_role: str) -> Request | None:
    """Read a form that was sent; its subject is in its ``custom_id``, so it survives a restart."""
    data: Any = interaction.data or {}
    verb, subject = _pressed(data)
    if verb is None:
        return None
    values = dict(_values(data.get("components") or (), guild=interaction.guild_id))
    return _request(
        interaction,
        verb,
        admin_role=admin_role,
        subject=subject[:MAX_REQUEST_SUBJECT_CHARS],
        values=values,
        pressed=True,
    )


def _pressed(data: Mapping[str, Any]) -> tuple[Verb | None, str]:
    """Return what the ``custom_id`` of something of ours asks for, and about what."""
    found = _PRESSED.fullmatch(str(data.get("custom_id") or ""))
    return (VERBS_BY_NAME.get(found["verb"]), found["subject"]) if found else (None, "")


def from_message(
    message: discord.Message, *, channel: Where, me: discord.ClientUser, admin_role: str
) -> Request | None:
    """Read a message in ``channel``: a mention, a reply to the bot, or a message in a thread or a direct message."""
    author = message.author
    if author.bot or message.webhook_id or message.type not in _SAID:
        return None
    direct = message.guild is None
    replied = _replied_to(message, me)
    # Discord adds a mention of the replied-to author by itself: only a mention in the text counts.
    named = me in message.mentions and (not replied or _names(message.content, me))
    inside = isinstance(channel, discord.Thread)  # whether it is a thread of ours, the handler knows
    words = _words(message.content, me)
    if not (direct or named or replied or inside) or (not words and not named):
        return None
    place, thread = _channel_and_thread(channel, message.guild.id if message.guild else None)
    return Request(
        id=derive_id("req", PLATFORM, "message", str(message.id)),
        verb=Verb.SAID,
        asker=_asker(
            author,
            admin_role=admin_role,
            permissions=_permissions(author),
            # Discord does not give the language of a message's author, so the server's language is used.
            language=str(message.guild.preferred_locale) if message.guild else "",
        ),
        channel=place,
        words=words,
        thread=thread or replied,
        message=str(message.id),
        direct=direct,
        private=_private(channel, message.guild),
        addressed=direct or named,
        replied=bool(replied),
        tagged=_is_for_others(message, me),
    )


def from_removal(*, guild: int, channel: int | None, at: datetime) -> Request:
    """Read that the bot was removed: from a channel, or, with an empty id of the channel, from a server."""
    return Request(
        id=derive_id("req", PLATFORM, "gone", str(guild), str(channel), f"{at:%Y-%m-%dT%H}"),
        verb=Verb.GONE,
        asker=Asker(id=""),
        channel=Channel(platform=PLATFORM, workspace=str(guild), id=str(channel) if channel else ""),
    )


def from_invitation(*, guild: discord.Guild, channel: int, at: datetime) -> Request:
    """Read that the bot was added to a server, to be greeted in ``channel``; a repeated event gives the same request."""
    return Request(
        id=derive_id("req", PLATFORM, "invited", str(guild.id), joined_at(guild, default=at).isoformat()),
        verb=Verb.INVITED,
        asker=Asker(id="", language=str(guild.preferred_locale)),
        channel=Channel(platform=PLATFORM, workspace=str(guild.id), id=str(channel)),
    )


def joined_at(guild: discord.Guild, *, default: datetime) -> datetime:
    """Return when the bot was added to ``guild``; ``default`` if Discord does not say."""
    found: datetime | None = getattr(guild.me, "joined_at", None)
    return found or default


def words_of(message: discord.Message) -> str:
    """Return the text of the message on which a menu was opened, with the addresses of its embeds."""
    embedded = [embed.url for embed in message.embeds if embed.url]
    missing = [url for url in embedded if url not in message.content]
    return " ".join([message.content, *missing])[:MAX_REQUEST_CHARS].strip()


def channel_of_interaction(interaction: discord.Interaction) -> Channel:
    """Return the channel of an interaction, without its thread."""
    return _channel_and_thread(interaction.channel, interaction.guild_id, fallback=interaction.channel_id)[0]


_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})


def _request(
    interaction: discord.Interaction,
    verb: Verb,
    *,
    admin_role: str,
    words: str = "",
    subject: str = "",
    values: Mapping[str, str] | None = None,
    pressed: bool = False,
) -> Request:
    place, thread = _channel_and_thread(
        interaction.channel, interaction.guild_id, fallback=interaction.channel_id
    )
    return Request(
        id=derive_id("req", PLATFORM, "interaction", str(interaction.id)),
        verb=verb,
        asker=_asker(
            interaction.user,
            admin_role=admin_role,
            permissions=interaction.permissions if interaction.guild_id else None,
            language=str(interaction.locale),
        ),
        channel=place,
        words=words.strip()[:MAX_REQUEST_CHARS],
        subject=subject,
        values=values or {},
        thread=thread,
        message=str(interaction.message.id) if interaction.message else "",
        direct=interaction.guild_id is None,
        private=_private(interaction.channel, interaction.guild),
        pressed=pressed,
    )


def _channel_and_thread(
    channel: Where, guild: int | None, *, fallback: int | None = None
) -> tuple[Channel, str]:
    """Return the channel, and the id of the thread's first message."""
    number = getattr(channel, "id", None) or fallback or 0
    workspace = str(guild) if guild else ""
    if not isinstance(channel, discord.Thread):
        return Channel(platform=PLATFORM, workspace=workspace, id=str(number)), ""
    inside = channel.id if channel.is_private() else channel.parent_id
    return Channel(platform=PLATFORM, workspace=workspace, id=str(inside)), str(channel.id)


def _asker(
    user: discord.User | discord.Member,
    *,
    admin_role: str,
    permissions: discord.Permissions | None,
    language: str = "",
) -> Asker:
    member = user if isinstance(user, discord.Member) else None
    by_role = bool(admin_role) and member is not None and admin_role in {str(r.id) for r in member.roles}
    by_right = permissions is not None and (permissions.manage_guild or permissions.administrator)
    # In a server, a person who is not a full member is a guest; a direct message has no guests.
    outside = permissions is not None and (member is None or member.pending or member.flags.guest)
    return Asker(
        id=str(user.id),
        name=user.display_name,
        admin=(by_right or by_role) and not outside,
        guest=outside,
        language=language,
    )


def _permissions(user: discord.User | discord.Member) -> discord.Permissions | None:
    return user.guild_permissions if isinstance(user, discord.Member) else None


def _private(channel: Where, guild: discord.Guild | None) -> bool:
    """Return whether the channel is hidden from some members of the server; true if that cannot be known."""
    if guild is None:
        return True
    if isinstance(channel, discord.Thread):
        if channel.is_private() or channel.parent is None:
            return True
        channel = channel.parent
    if not isinstance(channel, discord.abc.GuildChannel) or not guild.roles:
        return True
    return not channel.permissions_for(guild.default_role).view_channel


def _replied_to(message: discord.Message, me: discord.ClientUser) -> str:
    """Return the id of the bot's own message that ``message`` replies to, else nothing."""
    first = _first_of_reply(message)
    return str(first.id) if first and first.author.id == me.id else ""


def _first_of_reply(message: discord.Message) -> discord.Message | None:
    """Return the message that ``message`` replies to, where Discord sends it along."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.resolved if isinstance(reference.resolved, discord.Message) else None


def _is_for_others(message: discord.Message, me: discord.ClientUser) -> bool:
    """Tell whether ``message`` mentions somebody else, a role or everybody, or replies to somebody else."""
    first = _first_of_reply(message)
    mentioned = any(user != me for user in message.mentions) or bool(message.role_mentions)
    return mentioned or message.mention_everyone or (first is not None and first.author.id != me.id)


def _names(content: str, me: discord.ClientUser) -> bool:
    return f"<@{me.id}>" in content or f"<@!{me.id}>" in content


def _words(content: str, me: discord.ClientUser) -> str:
    """Return what was said, the bot's own name left out."""
    text = content[:MAX_REQUEST_CHARS]
    for mention in (f"<@{me.id}>", f"<@!{me.id}>"):
        text = text.replace(mention, " ")
    return text.strip()


def _values(components: Any, *, guild: int | None) -> Any:
    """Yield the name and the value of every field of a form."""
    for component in components:
        inner = component.get("component")
        if inner is not None:
            yield from _values([inner], guild=guild)
        yield from _values(component.get("components") or (), guild=guild)
        name = component.get("custom_id")
        if not name:
            continue
        chosen = [str(value) for value in component.get("values") or ()]
        if component.get("type") == ComponentType.CHANNEL_SELECT and guild:
            chosen = [Channel(platform=PLATFORM, workspace=str(guild), id=value).name for value in chosen]
        yield str(name), str(component.get("value") or ",".join(chosen))
