"""The grammar of ``/brief``, one for every platform. Pure.

"ask what did Anna Berg say" ──▶ verb and words          verb ──▶ its form, whether it is private, its help
"""

from __future__ import annotations

from bot.model.talk import Verb

OPENS_FORM = frozenset({Verb.SUBSCRIBE, Verb.WRONG})
"""Verbs that open a form at once when they come without values: platforms give three seconds for it."""

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
        Verb.SOURCES,
        Verb.STATUS,
        Verb.FORGET,
        Verb.HELP,
        Verb.CITED,
        Verb.MANAGE,
        Verb.USEFUL,
        Verb.WRONG,
        Verb.TEST,
    }
)
"""Verbs whose answers only the asker sees; all others are answered for everybody in the place."""

TYPED = tuple(Verb)[: tuple(Verb).index(Verb.HELP) + 1]
"""Verbs that people type."""


def read_command(text: str) -> tuple[Verb, str]:
    """Return the verb of ``text`` and what stands behind it; anything that begins with no verb is a question."""
    words = text.strip()
    first, _, rest = words.partition(" ")
    verb = next((v for v in TYPED if v.value == first.lower()), None)
    if verb:
        return verb, rest.strip()
    return (Verb.ASK, words) if words else (Verb.HELP, "")
