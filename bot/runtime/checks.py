"""Test what is configured: platforms, channels, model, encoder; each result is a mark and a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from bot.config.time_limits import TimeLimits
from bot.errors import ConfigError, ModelError, WirebriefError
from bot.model.chat import Channel
from bot.ports import Chat, InteractiveChat, LanguageModel, ModelRequest
from bot.runtime.app import App


async def examine_chats(app: App, chats: Mapping[str, Chat]) -> AsyncIterator[tuple[str, str]]:
    """Yield the state and the problems of platforms and channels, a mark and a sentence each."""
    for chat in chats.values():
        if isinstance(chat, InteractiveChat):
            try:
                async for line in chat.self_check():
                    yield line
            except WirebriefError as error:
                yield "✗", str(error)
    names = {s.channel.name: s.channel for s in await app.store.subscriptions.all()}
    if app.admin_channel:
        names[app.admin_channel.name] = app.admin_channel
    for name, channel in names.items():
        wrong = await obstacles(channel, chats)
        for sentence in wrong:
            yield "✗", f"{name}: {sentence}"
        if not wrong:
            yield "✓", name


async def obstacles(channel: Channel, chats: Mapping[str, Chat], *, near: bool = False) -> tuple[str, ...]:
    """Return the problems of ``channel``; with ``near``, only those known without a call to its platform."""
    chat = chats.get(channel.platform)
    if chat is None:
        return (f"There is no platform {channel.platform!r} here",)
    return () if near and isinstance(chat, InteractiveChat) else await chat.check(channel)


async def examine_encoder(app: App) -> list[tuple[str, str]]:
    """Return whether the configured encoder works, as a mark and a sentence; nothing if none is configured."""
    if app.encoder is None:
        return []
    try:
        encoder = await app.encoder.load()
    except ConfigError as error:
        return [("✗", str(error))]
    return [("✓", f"answers.encoder: {encoder.id}")]


async def examine_model(app: App) -> list[tuple[str, str]]:
    """Return whether each configured model answers, as a mark and a sentence; this costs about twenty tokens each."""
    return [await _examined(name, model, app) for name, model in app.each_model.items()]


async def _examined(section: str, model: LanguageModel, app: App) -> tuple[str, str]:
    settings = app.config.fallback_model if section == "fallback_model" else app.config.model
    request = ModelRequest(
        purpose="check",
        system='Reply with {"ready": true}.',
        user="Are you there?",
        schema_name="ready",
        schema={
            "type": "object",
            "properties": {"ready": {"type": "boolean"}},
            "required": ["ready"],
            "additionalProperties": False,
        },
        deadline=TimeLimits(deadline=settings.deadline).check,
    )
    try:
        reply = await model.complete(request)
    except ModelError as error:
        return "✗", f"{section}: {error.for_operator}"
    return "✓", f"{section}: {reply.model} answers"
