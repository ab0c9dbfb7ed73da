"""Delta: a channel hears what changed, never the same twice, and each story says why it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.briefings.delta import against_sent, due_on
from bot.language.similarity import is_restated, similarity
from bot.model.briefing import Section, SentStory, Statement, StoryBrief
from bot.model.news import Citation
from bot.model.story import Corroboration, Expectation, Outcome, Status, StoryKind, StorySupport

NOW = datetime(2025, 7, 8, 6, tzinfo=UTC)
HERE = Citation(article_id="a", sentences=(1,))


def status(state, line="The talks are where they are", at=NOW):
    return Status(kind=StoryKind.NEGOTIATION, state=state, line=line, as_of=at, since=at, citation=HERE)


def brief(*bullets, state="under way", at=NOW):
    return StoryBrief(
        story_id="s",
        headline=Statement(text="Talks in Doha", citations=(HERE,)),
        status=status(state, at=at),
        bullets=tuple(Statement(text=b, citations=(HERE,)) for b in bullets),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )


def sent(*statements, state="under way"):
    return {
        "s": SentStory(
            story_id="s",
            told_at=NOW,
            headline="Talks",
            status=status(state, at=NOW - timedelta(days=1)),
            statements=statements,
        )
    }


def test_a_story_never_told_is_new():
    (story,) = against_sent([brief("The talks began in Doha on Sunday.")], {}).stories
    assert story.section is Section.NEW


def test_a_changed_state_shows_both_lines_and_says_so():
    (story,) = against_sent([brief(state="stalled")], sent()).stories
    assert story.section is Section.CHANGED
    assert (story.previous_status.state, story.status.state) == ("under way", "stalled")
    assert story.why == "its status changed"


def test_an_older_article_never_takes_a_status_back():
    delta = against_sent([brief(state="proposed", at=NOW - timedelta(days=3))], sent())
    assert delta.stories == ()


def test_what_was_told_is_dropped_and_what_is_new_stays():
    old, new = "The two delegations met in Doha on Sunday.", "Mediators proposed a truce of 60 days."
    (story,) = against_sent([brief(old, new)], sent(old)).stories
    assert [b.text for b in story.bullets] == [new]
    assert story.why == "1 statement is new"


def test_a_story_with_nothing_new_is_one_line():
    old = "The two delegations met in Doha on Sunday."
    delta = against_sent([brief(old)], sent(old))
    assert delta.stories == ()
    assert [u.story_id for u in delta.unchanged] == ["s"]


@pytest.mark.parametrize(
    ("statement", "known", "expected"),
    [
        ("Rescuers found 19 bodies in the valley.", "Rescuers found 16 bodies in the valley.", False),
        ("Rescuers found 16 bodies in the valley.", "In the valley, rescuers found 16 bodies.", True),
        ("The minister denied the report.", "The minister confirmed the report.", False),
        ("Ten thousand people left Selin.", "Some 10,000 people left Selin.", True),
        ("Judge Ada Lind freed the captain.", "The court in Selin heard the captain.", False),
        ("Anything at all.", "", False),
    ],
)
def test_numbers_names_and_negation_decide_what_is_new(statement, known, expected):
    assert is_restated(statement, [known] if known else []) is expected


@example(bullets=["0", "001"])
@given(st.lists(st.text(alphabet="abc dxyz1290.", min_size=1, max_size=60), max_size=6))
def test_telling_the_same_again_gives_nothing(bullets):
    first = against_sent([brief(*bullets)], {}).stories[0]
    known = sent(*(b.text for b in first.bullets))
    again = against_sent([brief(*bullets)], known)
    assert [b for s in again.stories for b in s.bullets if similarity(b.text, b.text) > 0] == []


def test_announcements_are_watched_on_their_day_alone():
    def announced(what, due, end=None, outcome=Outcome.OPEN):
        return Expectation(what=what, due=due, due_end=end, citation=HERE, as_of=NOW, outcome=outcome)

    today = date(2025, 7, 8)
    expectations = [
        announced("The board holds a hearing today", today),
        announced("Parliament votes on the budget tomorrow", today + timedelta(1)),
        announced("The envoy arrives later this week", today, today + timedelta(4)),
        announced("The bridge opened", today, outcome=Outcome.HAPPENED),
    ]
    found = due_on(today, {"s": expectations}, {"s": "Talks"})
    assert [w.expectation.what for w in found] == ["The board holds a hearing today"]
