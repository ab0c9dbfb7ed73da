"""Turn a message into a request: a command, a catch-up, a question, a link, or nothing for the bot. Pure.

"@bot pls follow the harbour strike" ──rules──▶ follow, "the harbour strike"
"agreed, will call Sam at 10", said in a thread ──▶ None: people talk to each other
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.chat.commands import nearest_command, read_said, read_typed
from bot.language.cleaning.links import links_in
from bot.language.dates.since import read_since
from bot.language.intents import (
    MAX_INTENT_CHARS,
    Intent,
    Meant,
    command_words,
    read_intent,
    without_courtesies,
)
from bot.language.misspelt import MIN_RESPELLED_CHARS
from bot.language.question_language import question_language
from bot.model.talk import Replies, Request, Verb

# Commands that need a form, or take something away: words alone get how to type them.
ONLY_TYPED = frozenset({Verb.SUBSCRIBE, Verb.UNSUBSCRIBE, Verb.FORGET})
_COMMAND_WORDS = command_words()
_ASKS = frozenset({Intent.QUESTION, Intent.STATUS, Intent.NEW})
_ALWAYS: dict[Intent, Verb] = {
    Intent.GREETING: Verb.GREETING,
    Intent.THANKS: Verb.THANKS,
    Intent.HELP: Verb.HELP,
}


def read_request(request: Request, *, now: datetime) -> Request | None:
    """Return ``request`` as it is meant; None for plain words that are not for the bot."""
    if request.verb is not Verb.SAID:
        return request
    words = request.words.strip()
    addressed = request.addressed or request.direct
    if request.tagged and not addressed:
        return None  # what is asked is asked of who is mentioned
    meant = meant_by(words, addressed=addressed)
    if request.replied and not addressed and (asked := _asked_of_us(words, meant)):
        request, addressed, meant = replace(request, addressed=True), True, asked
    linked = bool(links_in(words, most=1)[1]) and meant.intent is not Intent.COMMAND
    if not addressed:
        return None if linked or not answers(Replies.ALL, meant) else replace(request, verb=Verb.ASK)
    if typed := read_typed(words):
        return _as_typed(request, *typed)
    if linked:
        return replace(request, verb=Verb.LINK)
    if said := read_said(words):
        return replace(request, verb=said[0], words=said[1])
    return _addressed(request, meant, now=now)


def _asked_of_us(words: str, meant: Meant) -> Meant | None:
    """Return what is asked by a reply to the bot, in which "you" is the bot; None where it asks nothing."""
    if meant.intent in _ASKS:
        return meant
    asked = meant_by(words, addressed=True)
    return asked if meant.intent is Intent.NONE and asked.intent in _ASKS and asked.asks else None


def nearest_typed(words: str) -> tuple[Verb, str] | None:
    """Return the command of which the first of ``words`` may be a misspelling, in any language with verbs of its own."""
    return nearest_command(words, others=_COMMAND_WORDS)


def _mistyped(words: str, meant: Meant) -> str:
    """Return the words from a mistyped command on, without polite ones; nothing where a question is meant."""
    bare = without_courtesies(words)
    first = bare.partition(" ")[0]
    if len(bare.split()) == len(words.split()):
        return bare if not meant.asks and nearest_typed(bare) else ""
    # "Can you folow it?" has the form of a question only by its courtesy; short words are no slips there.
    meant_typed = len(first) >= MIN_RESPELLED_CHARS and nearest_typed(bare)
    return bare if meant_typed and not meant_by(bare, addressed=True).asks else ""


def meant_by(words: str, *, addressed: bool) -> Meant:
    """Return the intent of ``words``; of a long text only its beginning, and whether it ends with a question, are considered."""
    asks = "?" if words.rstrip().endswith("?") else ""
    shown = words if len(words) <= MAX_INTENT_CHARS else words[:MAX_INTENT_CHARS] + asks
    meant = read_intent(shown, addressed=addressed)
    if not addressed and meant.verb == Verb.CITED:
        # What an answer rests on is asked among people as well.
        return replace(meant, intent=Intent.QUESTION, verb="", words=words.strip(), asks=True)
    return meant


def spoken_language(request: Request) -> str:
    """Return the language of a person's own words; English if it is unknown, and for commands and buttons."""
    if request.verb not in {Verb.SAID, Verb.ASK}:
        return "en"
    said = request.words or request.values.get("question", "")
    words = " ".join(word for word in said[:MAX_INTENT_CHARS].split() if "/" not in word)
    meant = meant_by(words, addressed=True)
    return meant.language if meant.language != "en" else question_language(words)


def answers(replies: Replies, meant: Meant) -> bool:
    """Return whether a channel with this setting wants answers to messages not addressed to the bot."""
    if replies is Replies.MENTIONS:
        return False
    asks = meant.intent in _ASKS and meant.asks
    # What no rule knows keeps its words; chatter, greetings and thanks have none.
    unknown = meant.intent is Intent.NONE and bool(meant.words)
    return asks or (replies is Replies.ALL and unknown)


def _as_typed(request: Request, verb: Verb, words: str) -> Request:
    """Return ``request`` as this command; how one is typed where words alone must not do it."""
    if verb in ONLY_TYPED:
        return replace(request, verb=Verb.HELP, words=verb.value)
    return replace(request, verb=verb, words=words)


def _addressed(request: Request, meant: Meant, *, now: datetime) -> Request | None:
    if meant.intent in _ALWAYS:
        return replace(request, verb=_ALWAYS[meant.intent], words="")
    if meant.intent is Intent.NONE:
        return None
    if meant.intent is Intent.COMMAND:
        return _as_typed(request, Verb(meant.verb), meant.words)
    if meant.intent is Intent.NEW and (not meant.words or read_since(meant.words, now=now, zone="UTC")):
        return replace(request, verb=Verb.CATCHUP, words=meant.words)
    if meant.intent is Intent.QUESTION:
        typed = _mistyped(request.words, meant)
        if typed:
            return replace(request, verb=Verb.HELP, words=typed)
    # A greeting beside a question is left out of it.
    alone = meant.intent is Intent.QUESTION and len(request.words) <= MAX_INTENT_CHARS
    return replace(request, verb=Verb.ASK, words=meant.words if alone else request.words)
