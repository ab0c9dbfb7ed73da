"""What a question goes on with is told from its words and from the thread before it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.answers.follow_up import MAX_EARLIER_QUESTIONS, context, elliptic, goes_on
from bot.model.conversation.answer import Turn

FIRST = "How many people died in the plane crash in Costa Rica?"


def turns(*questions):
    return tuple(Turn(at=datetime(2025, 7, 8, tzinfo=UTC), question=q, answer="") for q in questions)


@pytest.mark.parametrize(
    "text", ["And the family from Florida?", "Who was he?", "What did they say?", "Why?"]
)
def test_pronouns_and_beginnings_go_on(text):
    assert goes_on(text, turns(FIRST))


@pytest.mark.parametrize("text", ["Who won the World Series?", "What did Kim Jong Un say about his button?"])
def test_a_question_with_names_of_its_own_stands_alone(text):
    assert not goes_on(text, turns(FIRST))


def test_without_a_thread_nothing_goes_on():
    assert not goes_on("And then?", ())


def test_a_chain_of_follow_ups_leads_back_to_what_it_began_with():
    found = context(turns("Who won the World Series?", FIRST, "And the pilots?"))
    assert found == ("And the pilots?", FIRST)


def test_not_the_whole_thread_is_read():
    assert len(context(turns(FIRST, *["And then?"] * 9))) == MAX_EARLIER_QUESTIONS


@pytest.mark.parametrize(
    ("text", "asks_again"),
    [("And in Britain?", True), ("What about Carson Palmer?", True), ("And who paid for it?", False)],
)
def test_asking_the_same_of_something_else_is_told_from_asking_anew(text, asks_again):
    assert elliptic(text) is asks_again
