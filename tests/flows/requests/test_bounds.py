"""Whatever a person says to whichever command: what is looked at is short, and what is done for it is little.

Lengths and steps are counted by a tracing hook, never times: the milliseconds are measured in ``benchmarks``.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import CodeType

import pytest

from bot.chat.commands import MAX_ADDRESS_CHARS, MAX_ARGUMENT_CHARS, MAX_FIELD_CHARS, MAX_SAID_CHARS
from bot.chat.forms import QUESTION, STATEMENT, WHAT
from bot.chat.subscription_form import TIMES, TITLE, WORDS
from bot.flows.requests.dispatch import HANDLERS
from bot.flows.requests.suggest import MAX_COMPARED_INPUT_CHARS, suggest
from bot.language.cleaning.links import MAX_LINK_CHARS
from bot.model.conversation.answer import MAX_QUESTION_CHARS
from bot.model.talk import Asker, Verb
from tests.flows.talk import ADMIN, NEWS
from tests.support.sizes import sized

pytestmark = pytest.mark.slow
# Cutting and cleaning see what comes in, and so does what takes a question or a message with links apart.
ENTRANCE = (
    "chat/commands.py",
    "flows/requests/dispatch.py",
    "language/cleaning/clean.py",
    "language/cleaning/invisible.py",
    "urls.py",
)
APART = ("flows/requests/ask.py", "flows/requests/said/intent.py", "language/cleaning/links.py")
SAID = {
    Verb.ASK: MAX_QUESTION_CHARS,
    Verb.SAID: MAX_QUESTION_CHARS,
    Verb.LINK: MAX_LINK_CHARS,
    Verb.FEEDS: MAX_ADDRESS_CHARS,
}
ROOM = 100  # characters of our own sentence around what was asked
ARGUMENTS = {
    "accents": "é",
    "a word that was never ended": "y",
    "words": "eed ",
    "marks": "e\u0301",
    "brackets": "[",
    "dates": "3 May ",
    "digits": "1",
    "quotes": "“",
    "commas": "a,",
    "addresses": "https://[",
    "joiners": "می\u200c",
    "halves": "\ud83d",
    "NUL": "a\x00",
}
SHARE = sized(7, 1)  # each command is given every seventh argument, or each of them: all are given to some
VERBS = [verb for verb in Verb if verb in HANDLERS and verb is not Verb.GONE] + [Verb.SAID]


@dataclass(slots=True)
class Steps:
    """What was called of ours: how often, and the longest text that each place was given of what was asked."""

    calls: int = 0
    longest: dict[str, int] = field(default_factory=dict)

    def beyond(self, verb: Verb) -> dict[str, int]:
        """Return the places that were given more than they may."""
        inner = SAID.get(verb, MAX_ARGUMENT_CHARS) + ROOM
        allowed = dict.fromkeys(ENTRANCE, 10**9) | dict.fromkeys(
            APART, MAX_SAID_CHARS + ROOM if verb in SAID else inner
        )
        return {
            at: length for at, length in self.longest.items() if length > allowed.get(at.split(":")[0], inner)
        }


@cache
def _given(code: CodeType) -> tuple[str, ...] | None:
    """Return the names of what a function of ours is given, None for one of others."""
    ours = "/bot/" in code.co_filename
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if ours else None


@contextmanager
def counted(unit: str):
    """Yield the steps that the body of the ``with`` takes; texts count that hold ``unit`` many times."""
    steps, mark = Steps(), unit * 30

    def seen(frame, _event, _argument):
        code = frame.f_code
        if (names := _given(code)) is None:
            return
        steps.calls += 1
        values = frame.f_locals if names else {}
        for name in names:
            value = values.get(name)
            if type(value) is str and len(value) > MAX_ARGUMENT_CHARS and mark in value:
                at = f"{code.co_filename.rpartition('/bot/')[2]}:{code.co_name}"
                steps.longest[at] = max(steps.longest.get(at, 0), len(value))

    before = sys.gettrace()
    sys.settrace(seen)  # it returns nothing, so it is told of calls alone
    try:
        yield steps
    finally:
        sys.settrace(before)


async def steps_of(talk, verb, unit, length, **what):
    with counted(unit) as steps:
        said = await talk.ask(verb, (unit * length)[:length], asker=ADMIN, **what)
    assert "Something broke" not in said.text
    assert (
        said.replies or said.forms or verb is Verb.SAID
    )  # to words that want nothing of the bot it is silent
    return steps


@pytest.mark.parametrize("verb", VERBS)
async def test_no_command_looks_at_more_or_does_more_for_a_long_argument(talk, verb):
    failed = {}
    for name in list(ARGUMENTS)[VERBS.index(verb) % SHARE :: SHARE]:
        unit = ARGUMENTS[name]
        talk.later(hours=1)
        usual = await steps_of(talk, verb, unit, MAX_ARGUMENT_CHARS)
        for length in (MAX_SAID_CHARS, 300_000):
            talk.later(hours=1)
            steps = await steps_of(talk, verb, unit, length)
            if steps.beyond(verb) or steps.calls > 3 * usual.calls + 2 * MAX_SAID_CHARS:
                failed[name, length] = (steps.beyond(verb), steps.calls, usual.calls)
    assert failed == {}


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        (Verb.ASK, (QUESTION,)),
        (Verb.SUBSCRIBE, (TIMES, WORDS, TITLE)),
        (Verb.WRONG, (STATEMENT, WHAT)),
    ],
)
async def test_no_form_looks_at_more_or_does_more_for_a_long_field(talk, verb, fields):
    failed = {}
    for name, unit in ARGUMENTS.items():
        for length in (MAX_FIELD_CHARS, 300_000):
            talk.later(hours=1)
            with counted(unit) as steps:
                values = dict.fromkeys((*fields, *map(str, range(5000))), (unit * length)[:length])
                said = await talk.ask(verb, asker=ADMIN, values=values)
            assert "Something broke" not in said.text
            beyond = {
                at: n
                for at, n in steps.longest.items()
                if at.split(":")[0] not in ENTRANCE and n > MAX_FIELD_CHARS + ROOM
            }
            if beyond or steps.calls > 80_000:
                failed[name, length] = (beyond, steps.calls)
    assert failed == {}


async def test_who_asks_and_where_are_bounded_too(talk):
    long = "é" * 300_000
    with counted("é") as steps:
        said = await talk.ask(
            Verb.STATUS,
            id=long,
            asker=Asker(id=long, name=long, admin=True, language=long),
            subject=long,
            thread=long,
            message=long,
        )
    assert "too long" in said.text
    assert {
        at: n
        for at, n in steps.longest.items()
        if at.split(":")[0] not in ENTRANCE and n > 2 * MAX_ARGUMENT_CHARS
    } == {}


async def test_what_is_typed_in_a_list_of_choices_is_bounded(talk):
    with counted("a ") as steps:
        await suggest("story", "a " * 100_000, NEWS, store=talk.app.store, now=lambda: talk.clock[0])
    assert max(steps.longest.values()) == 200_000
    assert MAX_COMPARED_INPUT_CHARS <= 100
    assert steps.calls < 5000
