"""Questions offered under an answer: each was tried before, and is answered when it is pressed."""

from __future__ import annotations

import pytest

from bot.model.talk import Verb
from tests.flows.talk import Said, recorded_world

pytestmark = pytest.mark.slow
QUESTIONS = (
    "Where do the Gaza truce talks take place?",
    "How many people died in Storm Ilsa?",
    "How much will Velmora pay for Tessel Power?",
)


def offered(said: Said) -> list[str]:
    return [action.subject for action in said.message.actions if action.verb is Verb.FURTHER]


async def test_every_question_that_is_offered_is_answered_when_it_is_pressed(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=3) as world:
        tried = 0
        for question in QUESTIONS:
            world.later(minutes=2)
            asked = await world.ask(Verb.ASK, question)
            first = {line.text for line in asked.message.parts[0].lines}
            for subject in offered(asked):
                pressed = await world.ask(Verb.FURTHER, subject=subject, message="m1")
                assert pressed.message.parts[0].title == "Answer"
                assert not pressed.private
                assert {line.text for line in pressed.message.parts[0].lines} - first
                tried += 1
        assert tried


async def test_a_storys_page_offers_questions_that_are_answered_with_more_than_it_says(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=3) as world:
        tried = 0
        for name in ("gaza truce talks", "storm ilsa", "velmora", "calder"):
            world.later(minutes=2)
            shown = await world.ask(Verb.STORY, name)
            listed = {line.text for part in shown.message.parts for line in part.lines}
            for subject in offered(shown):
                pressed = await world.ask(Verb.FURTHER, subject=subject, message="m1")
                assert pressed.message.parts[0].title == "Answer"
                assert {line.text for line in pressed.message.parts[0].lines} - listed
                tried += 1
        assert tried


async def test_nothing_is_offered_where_nothing_was_answered_or_the_button_is_no_longer_known(talk):
    asked = await talk.ask(Verb.ASK, "Who painted the ceiling of the chapel?")
    assert offered(asked) == []
    assert "not offered any more" in (await talk.ask(Verb.FURTHER, subject="why ans-1")).text
