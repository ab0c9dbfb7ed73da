"""Long private answers come page by page: nothing is lost, and each page has the sources it cites."""

from __future__ import annotations

from bot.chat.replies.pages import PAGE_LINES, pages, with_more
from bot.model.message import Action, Cite, Line, Message, Part, StoryBlock
from bot.model.talk import Verb
from tests.support.hostile import source


def lines(count):
    return tuple(
        Line(text=f"line {n}", cites=(Cite(source=n % 9 + 1, sentences=(1,)),)) for n in range(count)
    )


LONG = Message(
    title="Feeds",
    dateline="today",
    notice="Mind this.",
    parts=(
        Part(
            title="New",
            stories=tuple(StoryBlock(story_id=f"s{n}", headline=Line(text=f"story {n}")) for n in range(7)),
        ),
        Part(title="Many", lines=lines(150)),
        Part(title="Few", lines=lines(2)),
    ),
    coverage="4 feeds",
    sources=tuple(source(n) for n in range(1, 10)),
    actions=(Action(verb=Verb.ASK, label="Ask"),),
)


def test_a_short_answer_is_one_page_as_it_was():
    short = Message(title="Note", dateline="", parts=(Part(title="", lines=lines(5)),))
    assert pages(short) == [short]


def test_every_line_and_story_stands_on_one_page_in_order():
    found = pages(LONG)
    assert len(found) > 3
    assert [line for page in found for part in page.parts for line in part.lines] == [*lines(150), *lines(2)]
    assert [s.story_id for page in found for part in page.parts for s in part.stories] == [
        f"s{n}" for n in range(7)
    ]
    assert all(sum(len(part.lines) for part in page.parts) <= PAGE_LINES for page in found)


def test_the_notice_stands_on_the_first_page_and_coverage_and_buttons_on_the_last():
    first, *_, last = pages(LONG)
    assert (first.notice, first.coverage, first.actions) == ("Mind this.", "", ())
    assert (last.notice, last.coverage, last.actions) == ("", "4 feeds", LONG.actions)
    assert last.dateline == f"{len(pages(LONG))} / {len(pages(LONG))}"


def test_a_page_has_the_sources_that_it_cites():
    for page in pages(LONG):
        cited = {cite.source for part in page.parts for line in part.lines for cite in line.cites}
        assert {s.number for s in page.sources} == cited


def test_the_button_says_how_many_pages_are_left():
    assert [with_more(LONG, "pag-1", left=n).actions[0].label for n in (1, 3)] == ["More", "More (3)"]
