"""Questions offered under a briefing: each was tried before, and is answered when it is pressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefings.amend import statements
from bot.briefings.questions import possible_questions
from bot.flows.answer.offered import MAX_OFFERED_QUESTIONS
from bot.flows.maintenance.correct import correct
from bot.flows.requests.briefings import under_briefing
from bot.model.briefing import OfferedQuestion
from bot.model.message import Message
from bot.model.talk import Verb
from tests.flows.talk import NEWS, OTHER, elsewhere, recorded_world

pytestmark = pytest.mark.slow
LANGUAGES = ("en", "de", "fr", "es")
SAYS = "Harbour master Oswin Prell said the quay of Vantry would be closed for a year."
DAY = timedelta(days=1)


def under(message: Message) -> list[tuple[str, str]]:
    """Return label and subject of the questions that ``message`` offers."""
    return [(a.label, a.subject) for a in message.actions if a.verb is Verb.FURTHER]


async def briefed(world, **subscription):
    """Return the briefing that the news channel is sent in a minute."""
    await world.subscribe(**subscription)
    return await world.deliver()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_question_under_a_briefing_is_answered_with_more_than_it_says(
    mornings, tmp_path, language
):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        briefing = await briefed(world, language=language)
        said = {s.text for source in briefing.sources for s in source.sentences}
        assert 0 < len(briefing.questions) <= MAX_OFFERED_QUESTIONS
        for label, subject in under(posted_message(briefing)):
            pressed = await world.ask(Verb.FURTHER, subject=subject, message="p1")
            assert pressed.message.title == label
            assert not pressed.private
            answer = pressed.message.parts[0]
            assert answer.title in {"Answer", "Antwort", "Réponse", "Respuesta"}
            assert {line.text for line in answer.lines} - said


def posted_message(briefing) -> Message:
    return under_briefing(Message(title="", dateline=""), briefing)


async def test_a_second_question_about_a_story_comes_after_those_about_others(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        asked = [question.story_id for question in (await briefed(world)).questions]
        assert len(set(asked)) > 1
        assert len(set(asked[: len(set(asked))])) == len(set(asked))


async def test_a_briefing_that_was_asked_for_offers_questions_in_the_language_of_who_asked(
    mornings, tmp_path
):
    async with recorded_world(mornings, tmp_path, day=1) as world:
        shown = await world.ask(Verb.NOW)
        assert "What did Teodora Banks say?" in [label for label, _ in under(shown.message)]
        for label, subject in under(shown.message):
            pressed = await world.ask(Verb.FURTHER, subject=subject, message="m1")
            assert (pressed.message.title, pressed.private) == (label, False)


async def test_no_question_is_offered_or_answered_from_another_channels_feed(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=1) as world:
        await world.own_news(SAYS, channel=OTHER)
        world.later(minutes=1)
        briefing = await briefed(world)
        seen = await world.app.store.stories.titles(briefing.made_at - DAY, by=OTHER.scope, most=50)
        (private,) = [story_id for story_id, title in seen.items() if title == SAYS]
        first = briefing.stories[0]
        speaker = replace(first.actors[0], name="Oswin Prell")
        story = replace(first, story_id=private, actors=(speaker,), figures=())
        about = replace(briefing, stories=(story,), more=(), questions=())
        there = await world.app.with_questions(about, OTHER.scope)
        assert "What did Oswin Prell say?" in [one.text for one in there.questions]
        here = await world.app.with_questions(about, NEWS.scope)
        assert here.questions == ()
        # Nor is one answered from it that was offered where it may be read.
        await world.app.store.briefings.amend(
            replace(there, id=briefing.id), story_id=private, repair=lambda sent: sent
        )
        for _, subject in under(posted_message(there)):
            pressed = await world.ask(Verb.FURTHER, subject=subject, message="p1")
            assert SAYS not in pressed.text
            assert pressed.private


async def test_a_question_of_another_workspace_or_one_that_is_unknown_is_not_answered(talk):
    briefing = await briefed(talk)
    (_, subject), *_ = under(posted_message(briefing))
    for asked in ("9 " + briefing.id, "x " + briefing.id, f"{'9' * 50} bri-1"):
        assert "not offered any more" in (await talk.ask(Verb.FURTHER, subject=asked)).text
    foreign = await talk.ask(Verb.FURTHER, subject=subject, channel=elsewhere(NEWS))
    assert "not offered any more" in foreign.text


async def test_nothing_is_offered_in_a_language_without_rules_or_about_a_headline_in_one(talk):
    briefing = await briefed(talk)
    assert possible_questions(briefing)
    assert possible_questions(replace(briefing, language="pt")) == ()
    foreign = tuple(
        replace(story, headline=replace(story.headline, text="Шторм обрушился на побережье"))
        for story in briefing.stories
    )
    assert possible_questions(replace(briefing, stories=foreign, more=())) == ()


async def test_a_corrected_story_offers_no_question_and_the_others_keep_theirs(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=2) as world:
        briefing = await briefed(world)
        first = briefing.questions[0]
        others = [one for one in briefing.questions if one.story_id != first.story_id]
        assert others
        stated = next(s for s in statements(briefing).values() if s.story_id == first.story_id)
        done = await correct(
            briefing.id,
            stated,
            instead="It was not so.",
            reason="an error",
            store=world.app.store,
            chats={"talk": world.chat},
            now=world.clock[0],
        )
        assert done.briefing.questions == tuple(others)
        ((_, payload),) = world.chat.amended
        assert first.text not in payload
        assert all(one.text in payload for one in others)


async def test_what_cannot_be_tried_is_not_offered_and_stops_no_briefing(talk, monkeypatch):
    async def broken(*_args, **_what):
        raise ZeroDivisionError

    monkeypatch.setattr("bot.flows.answer.offered.ask", broken)
    briefing = await briefed(talk)
    assert briefing.stories
    assert briefing.questions == ()


async def test_a_question_that_no_longer_has_an_answer_is_declined_to_who_pressed_it(talk):
    briefing = await briefed(talk)
    nobody = OfferedQuestion(
        number=1, story_id="sto-none", text="What did Nobody Atall say?", asks="What did Nobody Atall say?"
    )
    await talk.app.store.briefings.amend(
        replace(briefing, questions=(nobody,)), story_id="sto-none", repair=lambda sent: sent
    )
    pressed = await talk.ask(Verb.FURTHER, subject=f"1 {briefing.id}", message="p1")
    assert pressed.private
    assert pressed.message.title == nobody.text
