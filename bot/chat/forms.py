"""The forms that people fill in, platform-neutral. Pure.

verb, request ──form_for──▶ Form ──the platform asks──▶ Request.values
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.chat import Length, QuietDay
from bot.model.talk import Field, FieldInput, Form, Request, Verb

MAX_QUESTION_CHARS = 600  # characters
MAX_CHOICES = 25  # of one field, on every platform
ANOTHER = "another"  # the statement is none of those listed

CHANNEL, TIMES, ABOUT, LENGTH, QUIET = ("channel", "times", "about", "length", "quiet_day")
QUESTION = "question"
STATEMENT, WHAT = ("statement", "what")
ADDRESS = "address"


def form_for(request: Request, *, choices: Sequence[tuple[str, str]] = ()) -> Form:
    """Return the form that ``request`` opens; ``choices`` are the statements that may be reported, key and words."""
    if request.verb is Verb.SUBSCRIBE:
        return _subscribe(request)
    if request.verb is Verb.WRONG:
        return _wrong(request, choices)
    if request.verb is Verb.SOURCES:
        return _feed(request)
    return _ask(request)


def _feed(request: Request) -> Form:
    field = Field(name=ADDRESS, label="Address", hint="Of a feed, or of a news site that has one", most=2000)
    return Form(verb=Verb.SOURCES, title="Add a feed", subject=request.subject, send="Add", fields=(field,))


def _subscribe(request: Request) -> Form:
    return Form(
        verb=Verb.SUBSCRIBE,
        title="New briefing",
        subject=request.subject,
        send="Subscribe",
        fields=(
            Field(
                name=CHANNEL,
                label="Channel",
                kind=FieldInput.CHANNEL,
                value="" if request.verb is Verb.HOME else request.channel.name,
                hint="Where briefings are posted; you must be able to see it",
            ),
            Field(
                name=TIMES,
                label="Times, with time zone",
                value=request.words or "weekdays 07:30",
                hint="Such as weekdays 07:30 Europe/Berlin, or Mon, Thu 9:00 UTC",
                most=200,
            ),
            Field(
                name=ABOUT,
                label="Feeds, packs or words",
                hint="Separated by commas; empty for all feeds",
                required=False,
                most=1000,
            ),
            Field(
                name=LENGTH,
                label="Length",
                kind=FieldInput.CHOICE,
                value=Length.STANDARD.value,
                options=(
                    (Length.SHORT.value, "Short: 3 stories"),
                    (Length.STANDARD.value, "Standard: 7 stories"),
                    (Length.LONG.value, "Long: 12 stories"),
                ),
            ),
            Field(
                name=QUIET,
                label="When nothing changed",
                kind=FieldInput.CHOICE,
                value=QuietDay.POST.value,
                options=(
                    (QuietDay.POST.value, "Post a short notice"),
                    (QuietDay.SILENT.value, "Post nothing"),
                ),
            ),
        ),
    )


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
