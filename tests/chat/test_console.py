"""The console: outside text can neither move the cursor nor disguise a line."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.chat.console import print_message
from bot.chat.document.plain import plain
from bot.model.message import Line, Message, Part, StoryBlock


def printed(message: Message) -> str:
    out = io.StringIO()
    print_message(message, Console(file=out, width=80))
    return out.getvalue()


def test_escapes_and_direction_marks_never_reach_the_terminal():
    hostile = "\x1b[2J\x9b31m\u202eevil\u200b\x07"
    story = StoryBlock(
        story_id="s", headline=Line(text=hostile), bullets=(Line(text="[bold]not markup[/bold]"),)
    )
    text = printed(Message(title=hostile, dateline="d", parts=(Part(title="New", stories=(story,)),)))
    assert not set(text) & set("\x1b\x9b\u202e\u200b\x07")
    assert "[bold]not markup[/bold]" in text


@given(st.text(max_size=200))
def test_plain_text_is_printable(text):
    assert all(c.isprintable() or c in "\u2028\u2029" or not c.isascii() for c in plain(text))


def test_headings_stand_as_they_are_written():
    text = printed(
        Message(
            title="Briefings here",
            dateline="",
            parts=(Part(title="weekdays 07:30 Europe/Berlin", lines=(Line(text="all feeds"),)),),
        )
    )
    assert "weekdays 07:30 Europe/Berlin\n" in text
