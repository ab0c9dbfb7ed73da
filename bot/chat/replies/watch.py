"""The message at the end of a watched question: the answer, or that there was none in time."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chat.document.lines import long_date
from bot.chat.replies.answer import answer_message
from bot.chat.replies.short import with_notice
from bot.language.locale.phrases import phrases
from bot.model.conversation.answer import Answer
from bot.model.conversation.reader import QuestionWatch
from bot.model.message import Action, Message
from bot.model.talk import Verb


def known_message(watch: QuestionWatch, answer: Answer) -> Message:
    """Return the answer to a watched question, with who asked it when."""
    message = with_notice(answer_message(answer, say=phrases(watch.language)), "This is known now.")
    # Follow-ups under it are asked in a thread: its button would refer to a turn that is not stored.
    story = tuple(action for action in message.actions if action.verb is Verb.STORY)
    return replace(message, dateline=_asked(watch), actions=story)


def expired_message(watch: QuestionWatch) -> Message:
    """Return the message that a watched question got no answer."""
    return Message(
        title=watch.question,
        dateline=_asked(watch),
        notice="No article since then answers this. It is no longer watched; ask again to go on.",
        actions=(Action(verb=Verb.ASK, label="Ask a question"),),
    )


def watching(watch: QuestionWatch) -> str:
    """Return the sentence that says that a question is watched, where its answer goes, and until when."""
    until = watch.expires_at.astimezone(ZoneInfo(watch.timezone))
    return (
        "I will answer it once, where you asked, as soon as an article says it; "
        f"if none comes by {long_date(until)}, I will say so."
    )


def _asked(watch: QuestionWatch) -> str:
    local = watch.asked_at.astimezone(ZoneInfo(watch.timezone))
    by = f" by {watch.name}" if watch.name else ""
    return f"asked{by} on {long_date(local)}"
