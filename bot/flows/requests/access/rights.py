"""Rights: who may do what, decided at every request from what the platform says of the asker. Pure."""

from __future__ import annotations

from enum import IntEnum

from bot.model.talk import Replies, Request, Verb


class Right(IntEnum):
    """What a request needs; each includes the ones before it."""

    READ = 1  # everybody who is in the place, guests and outsiders too
    TAKE_PART = 2  # what the place's own people choose and report
    RUN = 3  # admins: subscriptions, feeds, what is kept, what is posted


_TAKE_PART_VERBS = frozenset({Verb.FOLLOW, Verb.MUTE, Verb.UNMUTE, Verb.USEFUL, Verb.WRONG})
_RUN_VERBS = frozenset(
    {
        Verb.SUBSCRIBE,
        Verb.PAUSE,
        Verb.RESUME,
        Verb.UNSUBSCRIBE,
        Verb.APPROVE,
        Verb.REJECT,
        Verb.TEST,
        Verb.EDIT,
        Verb.KEEP,
        Verb.PREVIEW,
    }
)
ALL_CHANNELS, THIS_CHANNEL, THIS_WORKSPACE = ("all", "channel", "workspace")
_RIGHT_BY_WORD = {
    (Verb.FEEDS, "add"): Right.RUN,
    (Verb.FEEDS, "remove"): Right.RUN,
    (Verb.FORGET, THIS_CHANNEL): Right.RUN,
    (Verb.FORGET, THIS_WORKSPACE): Right.RUN,
    (Verb.NOW, ALL_CHANNELS): Right.RUN,
    **{(Verb.REPLIES, one.value): Right.RUN for one in Replies},
}


def needed(request: Request) -> Right:
    """Return the right that ``request`` needs, by its verb and the first word after it or its button."""
    if request.verb in _RUN_VERBS:
        return Right.RUN
    if request.verb in _TAKE_PART_VERBS:
        return Right.TAKE_PART
    said = (*request.words.split()[:1], *request.subject.split()[:1])
    return max(
        (_RIGHT_BY_WORD.get((request.verb, word.lower()), Right.READ) for word in said), default=Right.READ
    )


def refusal(request: Request) -> str:
    """Return why the asker may not do what ``request`` asks, and what to do; empty if they may."""
    right = needed(request)
    asker = request.asker
    if right is Right.RUN and (not asker.admin or asker.guest):
        return "Only admins can do that: ask one of them to."
    if right is Right.TAKE_PART and asker.guest:
        return "Guests can read and ask here: a member can do that."
    return ""
