"""The grammar of ``/brief``, one for every platform. Pure.

"ask what did Anna Berg say" ──▶ verb and words          verb ──▶ its form, whether it is private, its help
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice

from bot.language.cleaning.links import links_in
from bot.language.misspelt import MIN_REPLACED_CHARS, folded, one_slip
from bot.model.talk import VERBS_BY_NAME, Replies, Request, Verb

OPENS_FORM = frozenset({Verb.SUBSCRIBE, Verb.EDIT, Verb.WRONG, Verb.ASK})
"""Verbs that may open a form; ``opens_form`` tells whether a request does."""

PRIVATE = frozenset(
    {
        Verb.NOW,
        Verb.FOLLOW,
        Verb.MUTE,
        Verb.UNMUTE,
        Verb.CATCHUP,
        Verb.SUBSCRIBE,
        Verb.LIST,
        Verb.PAUSE,
        Verb.RESUME,
        Verb.UNSUBSCRIBE,
        Verb.FEEDS,
        Verb.STATUS,
        Verb.REPLIES,
        Verb.FORGET,
        Verb.HELP,
        Verb.CITED,
        Verb.DETAILS,
        Verb.MANAGE,
        Verb.USEFUL,
        Verb.WRONG,
        Verb.APPROVE,
        Verb.REJECT,
        Verb.TEST,
        Verb.WATCH,
        Verb.MENU,
        Verb.MORE,
        Verb.EDIT,
        Verb.KEEP,
        Verb.PREVIEW,
        Verb.EXAMPLE,
        Verb.START,
        Verb.HOME,
    }
)
"""Verbs whose answers only the asker sees; all others are answered for everybody in the place."""

TYPED_VERBS = tuple(Verb)[: tuple(Verb).index(Verb.HELP) + 1]
"""Verbs that people type."""

_TYPED = {name: verb for name, verb in VERBS_BY_NAME.items() if verb in TYPED_VERBS}

MAX_SAID_CHARS = 12_000  # characters of a question or of a message with links
MAX_ADDRESS_CHARS = 4_200  # characters of a line on a feed: an address and a word
MAX_ARGUMENT_CHARS = 200  # characters of every other argument: names, times, ids
MAX_FIELD_CHARS = 4_000  # characters of one field of a form
MAX_VALUES = 20
MIN_SLIP_CHARS = 3  # letters of a word that may be a slip: "no" is no "now"
MIN_COMMAND_SIMILARITY = 0.75  # likeness from which a word is offered as a command

_MAX_CHARS: Mapping[Verb, int] = {
    Verb.ASK: MAX_SAID_CHARS,
    Verb.LINK: MAX_SAID_CHARS,
    Verb.SAID: MAX_SAID_CHARS,
    Verb.FEEDS: MAX_ADDRESS_CHARS,
}

_FOR_WHOM = frozenset({"us", "me"})  # between a verb and its argument: "subscribe us daily 9:00"

SPOKEN = frozenset({Verb.HELP, Verb.START, Verb.STATUS, Verb.LIST, Verb.FEEDS, Verb.CATCHUP, Verb.NOW})
"""Verbs that are meant where they are all that is said to the bot; more words are a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How a verb is typed: its arguments, what it does, and an example."""

    verb: Verb
    words: str = ""
    does: str
    example: str = ""


USAGES: tuple[Usage, ...] = (
    Usage(
        verb=Verb.ASK,
        words="QUESTION",
        does="answers a question from the articles, with sources",
        example="ask What did the harbour union ask for?",
    ),
    Usage(
        verb=Verb.LINK,
        words="URL …",
        does="summarises pages and compares them with the archive; “fresh” reads a page again",
        example="link https://news.example/talks",
    ),
    Usage(
        verb=Verb.STORY,
        words="NAME",
        does="shows a story: status, timeline, who says what",
        example="story harbour strike",
    ),
    Usage(
        verb=Verb.NOW,
        words="[all]",
        does="gives you a briefing now; “all” posts it for everyone (admins)",
        example="now",
    ),
    Usage(
        verb=Verb.CATCHUP,
        words="[SINCE]",
        does="shows where your stories stand since you last looked, or since a time",
        example="catchup since yesterday",
    ),
    Usage(
        verb=Verb.FOLLOW,
        words="STORY",
        does="keeps a story in this channel's briefings and ranks it higher",
        example="follow harbour strike",
    ),
    Usage(
        verb=Verb.MUTE,
        words="STORY",
        does="leaves a story out until its status changes",
        example="mute harbour strike",
    ),
    Usage(
        verb=Verb.UNMUTE,
        words="STORY",
        does="stops muting or following a story",
        example="unmute harbour strike",
    ),
    Usage(
        verb=Verb.SUBSCRIBE,
        words="[TIMES]",
        does="sets up scheduled briefings for this channel (admins)",
        example="subscribe weekdays 07:30 Europe/Berlin",
    ),
    Usage(verb=Verb.LIST, does="lists this channel's briefings and their next times", example="list"),
    Usage(verb=Verb.PAUSE, words="[NAME]", does="pauses a briefing (admins)", example="pause"),
    Usage(verb=Verb.RESUME, words="[NAME]", does="resumes a briefing (admins)", example="resume"),
    Usage(verb=Verb.UNSUBSCRIBE, words="[NAME]", does="ends a briefing (admins)", example="unsubscribe"),
    Usage(
        verb=Verb.FEEDS,
        words="[add URL | remove NAME | health]",
        does="lists the feeds of this channel; admins add and remove them",
        example="feeds add https://news.example/feed.xml",
    ),
    Usage(
        verb=Verb.STATUS,
        does="shows problems here and how to solve them",
        example="status",
    ),
    Usage(
        verb=Verb.REPLIES,
        words="[mentions | questions | all]",
        does="shows or sets which messages in its threads the bot answers (admins set it)",
        example="replies mentions",
    ),
    Usage(
        verb=Verb.FORGET,
        words="[channel | workspace]",
        does="deletes your questions; admins: the data of the channel or workspace",
        example="forget",
    ),
    Usage(verb=Verb.START, does="shows where things stand here and what to do next", example="start"),
    Usage(
        verb=Verb.HELP, words="[COMMAND]", does="shows this help, or the help for one command", example="help"
    ),
)


def usage_of(verb: Verb) -> Usage | None:
    """Return how ``verb`` is typed; None for a button."""
    return _USAGE.get(verb)


_USAGE: Mapping[Verb, Usage] = {usage.verb: usage for usage in USAGES}


def opens_form(request: Request) -> bool:
    """Return whether the first answer to ``request`` may be a form, for which platforms give three seconds.

    A question without words, from a button, opens a form. A person without the right gets a reply instead.
    """
    if request.verb is Verb.FEEDS:
        return request.subject == "add" and not request.values
    if request.values or request.verb not in OPENS_FORM:
        return False
    return request.verb is not Verb.ASK or not request.words.strip()


def bounded(request: Request) -> Request:
    """Return ``request`` with every text cut to one character more than its limit, so that nothing longer is processed."""
    asker, most = request.asker, MAX_ARGUMENT_CHARS + 1
    return replace(
        request,
        id=request.id[:most],
        asker=replace(asker, id=asker.id[:most], name=asker.name[:most], language=asker.language[:most]),
        words=request.words[: MAX_SAID_CHARS + 1],
        subject=request.subject[:most],
        values={
            name[:most]: value[: MAX_FIELD_CHARS + 1]
            for name, value in islice(request.values.items(), MAX_VALUES)
        },
        thread=request.thread[:most],
        message=request.message[:most],
    )


def too_long(request: Request) -> str:
    """Return an error sentence if a text of ``request`` is too long (it is not cut: half of a name is another name), else an empty one."""
    most = _MAX_CHARS.get(request.verb, MAX_ARGUMENT_CHARS)
    if len(request.words) > most or len(request.subject) > MAX_ARGUMENT_CHARS:
        return f"That is too long: at most {most:,} characters are allowed here."
    if any(len(value) > MAX_FIELD_CHARS for value in request.values.values()):
        return f"A field is too long: at most {MAX_FIELD_CHARS:,} characters are allowed."
    return ""


def read_command(text: str) -> tuple[Verb, str]:
    """Return the verb of ``text`` and its argument; an empty text means "start", one that begins with no verb is a message."""
    words = text.strip()
    first, rest = ([*words.split(None, 1), "", ""])[:2]
    verb = _TYPED.get(first.lower())
    if verb:
        return verb, rest.strip()
    return (Verb.SAID, words) if words else (Verb.START, "")


def read_typed(text: str) -> tuple[Verb, str] | None:
    """Return an unambiguous command with argument, such as "replies all" or "feeds health"; else None."""
    verb, rest = read_command(_without_slash(text[: MAX_SAID_CHARS + 1]))
    first, _, more = rest.partition(" ")
    word = first.lower().rstrip("?!.")
    match verb:
        case Verb.REPLIES:
            meant = rest.lower() in {one.value for one in Replies}
        case Verb.FEEDS:
            meant = (word == "health" and not more) or (word in {"add", "remove"} and bool(more))
        case Verb.NOW:
            meant = word == "all" and not more
        case Verb.FORGET:
            meant = word in {"channel", "workspace"} and not more
        case Verb.HELP:
            meant = not more and word in _TYPED
        case Verb.ASK | Verb.UNSUBSCRIBE:
            meant = bool(rest)
        case Verb.LINK:
            meant = bool(links_in(rest, most=1)[1])
        case _:
            meant = False
    # A text that begins with a slash is always a command.
    slashed = verb is not Verb.SAID and text.lstrip().startswith("/")
    return (verb, rest) if meant or slashed else None


def _without_slash(text: str) -> str:
    """Return ``text`` without a "/brief" before it: typed in a message, it runs nothing by itself."""
    words = text.strip()
    return words[1:].removeprefix("brief").strip() if words.startswith("/") else words


def nearest_command(text: str, *, others: Mapping[str, str] | None = None) -> tuple[Verb, str] | None:
    """Return the verb of which the first word of ``text`` may be a misspelling, with its argument.

    ``others`` are verbs of other languages, without accents, with the commands they name.
    """
    first, rest = ([*text[: MAX_ARGUMENT_CHARS + 1].split(None, 1), "", ""])[:2]
    if first.lower() in _TYPED:
        return None  # it is a verb: the words after it show that no command is meant
    word = first.lower().lstrip("/")
    plain = folded(word)
    other = next((name for known, name in (others or {}).items() if one_slip(plain, known)), "")
    verb = _nearest_verb(word) or _TYPED.get(other)
    whom, _, more = rest.partition(" ")
    return (verb, (more if whom.lower() in _FOR_WHOM else rest).strip()) if verb else None


def _nearest_verb(word: str) -> Verb | None:
    near = get_close_matches(word, [v.value for v in TYPED_VERBS], n=1, cutoff=MIN_COMMAND_SIMILARITY)
    # A short word with one other letter is usually a different word: "storm" does not mean "story".
    other = bool(near) and len(word) == len(near[0]) < MIN_REPLACED_CHARS and sorted(word) != sorted(near[0])
    return Verb(near[0]) if near and not other and len(word) >= MIN_SLIP_CHARS else None


def read_said(text: str) -> tuple[Verb, str] | None:
    """Return the verb if ``text`` is only its name, or help for one that must be typed; else None."""
    verb, rest = read_command(text.rstrip("?!. "))
    if rest or verb is Verb.SAID:
        return None
    return (verb, "") if verb in SPOKEN else (Verb.HELP, verb.value)
