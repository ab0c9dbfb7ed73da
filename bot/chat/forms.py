"""The forms that people fill in, platform-neutral. Pure.

verb, request ──form_for──▶ Form ──the platform asks──▶ Request.values
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.conversation.answer import MAX_QUESTION_CHARS
from bot.model.talk import Field, FieldInput, Form, Request, Verb

MAX_CHOICES = 25  # of one field, on every platform
ANOTHER = "another"  # the statement is none of those listed

QUESTION = "question"
STATEMENT, WHAT = ("statement", "what")
ADDRESS = "address"


def form_for(request: Request, *, choices: Sequence[tuple[str, str]] = ()) -> Form:
    """Return the form that ``request`` opens; ``choices`` are the statements that may be reported, key and words."""
    if request.verb is Verb.WRONG:
        return _wrong(request, choices)
    if request.verb is Verb.FEEDS:
        return _feed(request)
    return _ask(request)


def _feed(request: Request) -> Form:
    field = Field(name=ADDRESS, label="Address", hint="Of a feed, or of a news site that has one", most=2000)
    return Form(verb=Verb.FEEDS, title="Add a feed", subject=request.subject, send="Add", fields=(field,))


def _ask(request: Request) -> Form:
    field = Field(
        name=QUESTION,
        label="Your question",
        kind=FieldInput.TEXT,
        hint="Answered from the articles, with sources",
        most=MAX_QUESTION_CHARS,
    )
    return Form(verb=Verb.ASK, title="Ask", subject=request.subject, send="Ask", fields=(field,))


def _wrong(request: Request, choices: Sequence[tuple[str, str]]) -> Form:
    listed = [(key, _label(text)) for key, text in choices[: MAX_CHOICES - 1]]
    which = Field(
        name=STATEMENT,
        label="Which statement?",
        kind=FieldInput.CHOICE,
        value=ANOTHER if len(listed) != 1 else listed[0][0],
        options=(*listed, (ANOTHER, "Another statement (named below)")),
    )
    what = Field(
        name=WHAT,
        label="What is wrong with it?",
        kind=FieldInput.TEXT,
        hint="The admins get your words and the statement",
        most=1000,
    )
    fields = (which, what) if listed else (what,)
    return Form(
        verb=Verb.WRONG, title="Report an error", subject=request.subject, send="Report", fields=fields
    )


def _label(text: str) -> str:
    return text if len(text) <= 75 else f"{text[:74].rstrip()}…"
