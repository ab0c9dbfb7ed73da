"""Texts that would like to be more than text, and messages that hold one in every field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.model.briefing import Source
from bot.model.message import Action, Cite, Line, Message, Part, StoryBlock
from bot.model.news import DateSource, TextSource
from bot.model.talk import Verb

_FILE = Path(__file__).parents[1] / "golden" / "hostile_texts.json"
OURS = "https://news.example/story?id=1&part=2"
NOON = datetime(2025, 7, 8, 10, tzinfo=UTC)

TEXTS: tuple[str, ...] = tuple(json.loads(_FILE.read_text("utf-8")))
HUGE: tuple[str, ...] = (
    "@everyone " * 400,
    "<!channel>" * 500,
    "[" * 3000,
    "*" * 3000,
    "`" * 3000,
    "\\" * 3000,
    "[x](https://evil.example)" * 200,
    "https://evil.example/" + "a" * 4000,
    "日" * 3000,
    "\U0001f600" * 2000,
    "word " * 2500,
    "e\u0301" * 2000,
)
UNCLEAN: tuple[str, ...] = (
    "half a character \ud83d",
    "\udc00 the other half",
    "the wrong way round \udc00\ud83d",
    "NUL \x00 in a word\x00s",
    "\x1b[31mred\x1b[0m\x07\x08\x7f",
    "\x80\x85\x9b\x9f",
    "no characters \ufffe\uffff\ufdd0\U0001ffff\U0010fffe",
    "t" + "\u0301\u0489" * 200 + "ower",
    "\u202eright to left\u2066\u200b\ufeff\u00ad",
    "hidden\U000e0049\U000e0067\U000e006e words",
    "line\r\n ends\u2028\u2029\x0b\x0c",
    "\u200d" * 300,
)
"""Texts that no database, platform or reader may be given as they are."""
BROKEN_ADDRESSES: tuple[str, ...] = (
    "http://[",
    "//]",
    "http://℀.com/",
    "http://[127.0.0.1]/",
    "http://[::1",
    "http://]::1[/",
    "http://[v1.x]/",
    "http://[fe80::1%25eth0]/",
    "//[",
    "http://a.example:99999/",
    "http://a.example:-1/",
    "http://a.example:8o/",
    "http://a.example:٣/",
    "http://／a.example",
    "http://a／b.example/",
    "http://a＠b.example/",
    "http://a：80/",
    "https://",
    "http:///x",
    "http://./",
    "http://..../",
    "http://xn--/",
    "http://-/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 200 + "example/",
    "http://\\\\[/",
    "http://%5B/",
    "http://a b.example/",
    "http://\u202e.example/",
    "http://b\ufdd0.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "about:blank",
    "gopher://[",
    "http:",
    ":",
    "http://0x7f.1/",
    "http://user:secret@a.example/",
    "http://[::ffff:127.0.0.1]/",
)
"""Addresses, most of which the standard library raises for, and none of which may be read."""


def source(number: int, *, text: str = "", url: str = OURS) -> Source:
    """Return a source whose every word is ``text``."""
    return Source(
        number=number,
        article_id=f"art-{number}",
        revision=1,
        outlet=text,
        title=text,
        url=url,
        author=text,
        published_at=NOON,
        date_source=DateSource.FEED,
        text_source=TextSource.FEED,
        text_note=text,
        originator=text,
        sentences=(),
    )


def message_of(text: str, *, url: str = OURS) -> Message:
    """Return a message that says ``text`` in every field that can hold words from outside."""
    cites = (Cite(source=1, sentences=(1,)), Cite(source=2, sentences=(2, 3)))
    line = Line(text=text, label=text, lead=text, cites=cites)
    said = Line(text=text, cites=cites)
    story = StoryBlock(
        story_id="sto-1",
        headline=said,
        chip=text,
        changed=True,
        status=(line, said),
        bullets=(said, line, said, line),
        actors=(line, said),
        figures=(line,),
        disagreements=(line,),
        next=(line, said),
        unknown=(said,),
        footer=text,
    )
    return Message(
        title=text,
        dateline=text,
        notice=text,
        parts=(Part(title=text, stories=(story, story)), Part(title=text, lines=(line,) * 7)),
        coverage=text,
        sources=(source(1, text=text, url=url), source(2, text=text, url=url)),
        actions=(
            Action(verb=Verb.ASK, label=text, subject="bri-1", style="primary"),
            Action(verb=Verb.WRONG, label=text, subject="bri-1", style=text),
        ),
    )
