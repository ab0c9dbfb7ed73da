"""Post a draft to the editors' channel, where an editor decides."""

from __future__ import annotations

from bot.chat.document.message import to_message
from bot.chat.document.notices import draft_line
from bot.chat.replies.buttons import under_draft
from bot.errors import DeliveryError
from bot.flows.delivery.work import Work
from bot.flows.notify import post_all
from bot.model.briefing import Briefing
from bot.model.chat import Channel
from bot.ports import InteractiveChat


async def show_draft(work: Work, editors: Channel, briefing: Briefing) -> str:
    """Post the draft of a delivery to ``editors`` and return its place; admins are notified if it cannot be posted."""
    delivery = work.delivery
    buttons = isinstance(work.context.chats.get(editors.platform), InteractiveChat)
    how = draft_line(delivery.id, channel=delivery.channel.shown, buttons=buttons, language=briefing.language)
    message = under_draft(to_message(briefing, late=how), delivery.id)
    try:
        await post_all(work.context.chat(editors), editors, message, key=f"draft {delivery.id}")
    except DeliveryError as error:
        await work.notify(
            f"draft {delivery.id}",
            f"The draft for {editors.shown} may not have been posted: {error.message.rstrip('. ')}. The briefing for "
            f"{delivery.channel.shown} waits: wirebrief approve {delivery.id} posts it",
        )
    return f"draft in {editors.name}"
