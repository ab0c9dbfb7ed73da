"""The bot's short replies: one sentence, the help, a failure with what to do."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import USAGES, Usage
from bot.errors import WirebriefError
from bot.model.message import Action, Line, Message, Part
from bot.model.talk import Verb

NAME = "Wirebrief"
GROUPS: tuple[tuple[str, tuple[Verb, ...]], ...] = (
    ("Ask", (Verb.ASK, Verb.LINK, Verb.STORY, Verb.NOW, Verb.CATCHUP)),
    ("Stories", (Verb.FOLLOW, Verb.MUTE, Verb.UNMUTE)),
    ("Briefings", (Verb.SUBSCRIBE, Verb.LIST, Verb.PAUSE, Verb.RESUME, Verb.UNSUBSCRIBE, Verb.FEEDS)),
    ("Other", (Verb.START, Verb.STATUS, Verb.REPLIES, Verb.FORGET, Verb.HELP)),
)


_TITLES = {
    "Subscriptions": (
        Verb.SUBSCRIBE,
        Verb.LIST,
        Verb.PAUSE,
        Verb.RESUME,
        Verb.UNSUBSCRIBE,
        Verb.MANAGE,
        Verb.TEST,
        Verb.EDIT,
        Verb.KEEP,
        Verb.PREVIEW,
    ),
    "Stories": (Verb.STORY, Verb.FOLLOW, Verb.MUTE, Verb.UNMUTE),
    "Briefing": (Verb.NOW, Verb.DETAILS, Verb.CITED, Verb.EXAMPLE, Verb.MENU, Verb.MORE),
    "What changed": (Verb.CATCHUP,),
    "Answer": (Verb.ASK, Verb.FURTHER, Verb.SAID),
    "Watch": (Verb.WATCH,),
    "Links": (Verb.LINK,),
    "Feeds": (Verb.FEEDS,),
    "Drafts": (Verb.APPROVE, Verb.REJECT),
    "Report": (Verb.USEFUL, Verb.WRONG),
    "Forget": (Verb.FORGET,),
    "Status": (Verb.STATUS, Verb.HOME),
    "Getting started": (Verb.START, Verb.INVITED),
    "Help": (Verb.HELP,),
    "Replies": (Verb.REPLIES,),
    "Hello": (Verb.GREETING,),
    "Thanks": (Verb.THANKS,),
}
_TITLE_OF = {verb: title for title, verbs in _TITLES.items() for verb in verbs}

SET_UP = Action(verb=Verb.SUBSCRIBE, label="Set up a briefing", style="primary")


def title_of(verb: Verb) -> str:
    """Return the title of a short reply to ``verb``."""
    return _TITLE_OF.get(verb, NAME)


def sentence(text: str, *, title: str, actions: tuple[Action, ...] = ()) -> Message:
    """Return a message of one notice."""
    return Message(title=title, dateline="", notice=text, actions=actions)


def with_notice(message: Message, *sentences: str) -> Message:
    """Return ``message`` with the non-empty ``sentences`` above it."""
    return replace(message, notice=" ".join(s for s in (*sentences, message.notice) if s))


def failure_message(error: WirebriefError, *, title: str) -> Message:
    """Return what went wrong and what to do, in the error's own words."""
    return sentence(" ".join(map(_ended, filter(None, (error.message, error.hint)))), title=title)


def help_message() -> Message:
    """Return what can be typed, with examples, and what can be said."""
    by_verb = {usage.verb: usage for usage in USAGES}
    parts = [
        Part(
            title=title,
            lines=tuple(
                Line(lead=f"/brief {verb} {by_verb[verb].words}".rstrip(), text=by_verb[verb].does)
                for verb in verbs
            ),
        )
        for title, verbs in GROUPS
    ]
    said = (
        Line(text="Mention me with a question or with links; in a direct message just write."),
        Line(text="In the thread of a briefing, story or answer, questions are about it."),
        Line(
            text=" · ".join(
                f"/brief {by_verb[verb].example}" for verb in (Verb.ASK, Verb.CATCHUP, Verb.SUBSCRIBE)
            ),
            label="Examples",
        ),
    )
    return Message(
        title="What you can ask",
        dateline="",
        parts=(*parts, Part(title="Without commands", lines=said)),
        actions=(
            Action(verb=Verb.ASK, label="Ask a question", style="primary"),
            Action(verb=Verb.STATUS, label="Status"),
        ),
    )


def usage_message(usage: Usage) -> Message:
    """Return how one verb is typed, with a button that does the same if there is one."""
    pressed = (SET_UP,) if usage.verb is Verb.SUBSCRIBE else ()
    return sentence(
        f"Type {f'/brief {usage.verb} {usage.words}'.rstrip()}: it {usage.does}.",
        title=title_of(usage.verb),
        actions=pressed,
    )


def greeting_message() -> Message:
    """Return a greeting that says what to ask for."""
    return sentence(
        "Hello. Ask me about the news I read, give me a link, or ask “What changed today?”.",
        title="Hello",
        actions=(
            Action(verb=Verb.ASK, label="Ask a question", style="primary"),
            Action(verb=Verb.CATCHUP, label="What changed?"),
            Action(verb=Verb.HELP, label="Help"),
        ),
    )


def near_command_message(typed: str, usage: Usage, words: str) -> Message:
    """Return that ``typed`` is no command, with the one that was perhaps meant, ready to press where it has its words."""
    meant = f"/brief {usage.verb} {words}".rstrip()
    whole = bool(words) == bool(usage.words) or usage.words.startswith("[")
    return sentence(
        f"“{typed}” is not a command. Did you mean {meant}? That command {usage.does}.",
        title=title_of(Verb.HELP),
        actions=(Action(verb=usage.verb, label=meant[:70], subject=words[:200]),)
        if whole and usage.verb not in _ASKED_IN_WORDS
        else (),
    )


_ASKED_IN_WORDS = frozenset({Verb.ASK, Verb.LINK, Verb.FORGET, Verb.UNSUBSCRIBE, Verb.REPLIES, Verb.FEEDS})


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
