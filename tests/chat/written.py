"""Messages of any shape, for properties that hold of all."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.model.message import Action, Cite, Line, Message, Part, StoryBlock
from bot.model.talk import Field, FieldInput, Form, Verb
from tests.support.hostile import OURS, TEXTS, source

_SHORT = st.text(max_size=40) | st.sampled_from(TEXTS)
_LONG = st.builds(lambda text, times: f"{text} " * times, _SHORT, st.integers(1, 40))
TEXT = st.one_of(_SHORT, _SHORT, _LONG)
_CITES = st.lists(st.integers(0, 9), max_size=4).map(
    lambda numbers: tuple(Cite(source=n, sentences=(1,)) for n in dict.fromkeys(numbers))
)
_URLS = st.sampled_from(
    [OURS, "", "javascript:x", "https://a.example/" + "p" * 490, f"https://b.example/{'q' * 3000}"]
)
LINES = st.lists(st.builds(Line, text=TEXT, label=_SHORT, lead=_SHORT, cites=_CITES), max_size=3).map(tuple)
_ACTIONS = st.builds(
    Action,
    verb=st.sampled_from(Verb),
    label=TEXT,
    subject=st.from_regex(r"\A[a-z]{3}-[a-z0-9]{16}\Z") | st.just(""),
    style=st.sampled_from(["", "primary", "danger", "odd"]),
)
_STORIES = st.builds(
    StoryBlock,
    story_id=st.just("sto-1"),
    headline=st.builds(Line, text=TEXT, cites=_CITES),
    label=_SHORT,
    chip=_SHORT,
    changed=st.booleans(),
    status=LINES,
    bullets=LINES,
    actors=LINES,
    figures=LINES,
    disagreements=LINES,
    next=LINES,
    unknown=LINES,
    footer=TEXT,
    menu=st.lists(_ACTIONS, max_size=7).map(tuple),
    subject=st.from_regex(r"\A[a-z]{3}-[a-z0-9]{16} [a-z]{3}-[a-z0-9]{16}\Z") | st.just(""),
)
_PARTS = st.builds(
    Part,
    title=_SHORT,
    stories=st.lists(_STORIES, max_size=2).map(tuple),
    lines=LINES,
    actions=st.lists(_ACTIONS, max_size=4).map(tuple),
)
_INLINE = st.builds(Part, title=_SHORT, lines=LINES, inline=st.just(True))
MESSAGES = st.builds(
    Message,
    title=TEXT,
    dateline=TEXT,
    notice=TEXT,
    parts=st.lists(_PARTS | _INLINE, max_size=3).map(tuple),
    coverage=TEXT,
    sources=st.lists(_URLS, max_size=9).map(
        lambda urls: tuple(
            source(number, text=f"Outlet {number}", url=url) for number, url in enumerate(urls, 1)
        )
    ),
    actions=st.lists(_ACTIONS, max_size=30).map(tuple),
    language=st.sampled_from(["en", "de", "fr", "es", "ja", ""]),
)
FORMS = st.builds(
    Form,
    verb=st.sampled_from(Verb),
    title=TEXT.filter(str.strip),
    subject=st.from_regex(r"\A[a-z]{3}-[a-z0-9]{16}\Z"),
    send=_SHORT,
    fields=st.lists(
        st.builds(
            Field,
            name=st.from_regex(r"\A[a-z]{1,20}\Z"),
            label=TEXT,
            kind=st.sampled_from([FieldInput.LINE, FieldInput.TEXT, FieldInput.CHOICE]),
            value=TEXT,
            hint=TEXT,
            options=st.lists(
                st.tuples(st.from_regex(r"\A[a-z]{1,20}\Z"), TEXT),
                min_size=1,
                max_size=130,
                unique_by=lambda o: o[0],
            ).map(tuple),
            required=st.booleans(),
            most=st.integers(1, 6000),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda field: field.name,
    ).map(tuple),
)


def said(message: Message) -> list[str]:
    """Return every text of ``message`` that readers are to see, in reading order of the parts."""
    texts = [message.title, message.notice, message.coverage]
    for part in message.parts:
        texts += [part.title] if part.stories or part.lines else []
        for story in part.stories:
            lists = (
                story.status,
                story.bullets,
                story.actors,
                story.figures,
                story.disagreements,
                story.next,
                story.unknown,
            )
            texts += [story.label, story.headline.text, story.footer]
            texts += [text for lines in lists for line in lines for text in (line.lead, line.text)]
        texts += [text for line in part.lines for text in (line.label, line.lead, line.text)]
    return texts
