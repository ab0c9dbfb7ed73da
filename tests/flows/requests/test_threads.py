"""Threads: a question in one is about what it is about, on every platform's way of threading."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.chat.commands import SPOKEN, TYPED_VERBS
from bot.model.talk import Verb
from tests.flows.talk import ADMIN, GUEST, MEMBER, NEWS, OTHER, Said, pressed, recorded_world

pytestmark = pytest.mark.slow
TRUCE = "gaza truce talks"


@pytest.fixture
async def asked(talk):
    """Return the questions that reached the archive, in order."""
    questions = []
    ask = talk.app.ask

    async def noted(question, *, emit=None):
        questions.append(question)
        return await ask(question, emit=emit)

    object.__setattr__(talk.dispatcher.services, "ask", noted)
    return questions


async def story_id(talk, name):
    return pressed((await talk.ask(Verb.STORY, name)).message, Verb.ASK)


async def test_a_question_in_the_thread_of_a_briefing_is_about_its_stories(talk, asked):
    await talk.subscribe()
    briefing = await talk.deliver()
    (root,) = talk.chat.posted
    said = await talk.ask(Verb.SAID, "What did the union Velmora say?", thread=root, addressed=False)
    told = {story.story_id for story in briefing.stories}
    assert set(asked[0].stories) == told
    assert asked[0].stories[0] == await story_id(talk, "velmora")
    assert said.message.parts[0].title == "Answer"


async def test_a_question_in_the_thread_of_a_story_is_about_it(talk, asked):
    shown = await talk.ask(Verb.STORY, TRUCE)
    ((root, message, _),) = shown.replies
    await talk.ask(Verb.SAID, "What comes next?", thread=root, addressed=False)
    assert asked[0].stories == (pressed(message, Verb.ASK),)


async def test_a_question_behind_the_button_of_a_story_is_about_it(talk, asked):
    subject = await story_id(talk, TRUCE)
    opened = await talk.ask(Verb.ASK, subject=subject, message="m1")
    (form,) = opened.forms
    assert form.subject == subject
    await talk.ask(Verb.ASK, subject=subject, message="m1", values={"question": "What comes next?"})
    assert asked[0].stories == (subject,)


async def test_a_follow_up_knows_the_turns_before_it(talk, asked):
    first = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    ((root, message, _),) = first.replies
    talk.later(seconds=5)
    await talk.ask(Verb.SAID, "And who is expected there?", thread=root)
    (turn,) = asked[1].turns
    assert turn.question == "Where do the Gaza truce talks take place?"
    assert "Doha" in turn.answer
    assert asked[1].stories[0] == turn.story_id == await story_id(talk, TRUCE)
    talk.later(seconds=5)
    # The button under the first answer leads to the same thread.
    await talk.ask(Verb.ASK, subject=pressed(message, Verb.ASK), values={"question": "When?"}, asker=ADMIN)
    assert [t.question for t in asked[2].turns] == [asked[0].text, asked[1].text]


async def test_a_mention_is_followed_up_in_its_own_thread(talk, asked):
    """Where an answer stands in the thread of the mention, follow-ups name the mention as their thread."""
    await talk.ask(Verb.SAID, "Where do the Gaza truce talks take place?", message="mention1")
    said = await talk.ask(Verb.SAID, "Who is expected?", thread="mention1")
    assert said.replies
    assert [turn.question for turn in asked[1].turns] == [asked[0].text]


async def test_a_follow_up_is_answered_by_the_stories_of_its_thread_alone(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, day=3) as talk:
        await talk.ask(Verb.SAID, "whos the velmora ceo", message="mention1")
        said = await talk.ask(Verb.SAID, "what about the union?", thread="mention1", addressed=False)
    assert "Marta Quill" in said.text
    assert "Calder" not in said.text


@pytest.mark.parametrize(
    ("words", "titled"),
    [
        ("how many ppl died in storm ilsa", "Answer"),
        ("Wie viele Menschen sind beim Sturm Ilsa gestorben?", "Antwort"),
        ("combien de morts dans la tempête Ilsa ?", "Réponse"),
        ("¿Cuántas personas murieron en la tormenta Ilsa?", "Respuesta"),
    ],
)
async def test_a_question_in_another_language_is_answered_in_it_from_english_news(talk, words, titled):
    said = await talk.ask(Verb.SAID, words)
    assert said.message.parts[0].title == titled
    assert re.search(r"\b(?:14|nine|19)\b", said.message.parts[0].lines[0].text)


async def test_one_word_is_answered_by_itself_and_by_no_other_for_it(talk):
    assert "Storm Ilsa" in (await talk.ask(Verb.SAID, "storm")).text
    assert "/brief pause" in (await talk.ask(Verb.SAID, "stop")).text
    assert "Not found" in (await talk.ask(Verb.SAID, "cancel?")).text


async def test_turns_of_another_channel_are_not_known_under_the_same_message_id(talk, asked):
    first = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    ((root, _, _),) = first.replies
    said = await talk.ask(Verb.SAID, "And who?", thread=root, addressed=False, channel=OTHER)
    assert not said.replies
    await talk.ask(Verb.SAID, "And who?", thread=root, channel=OTHER)
    assert asked[1].turns == ()


async def test_a_link_that_is_said_is_read_and_the_rest_of_many_is_named(talk):
    base = talk.news.at("continental")
    words = " ".join(f"look <{base}/page{n}|page {n}>," for n in range(150))
    said = await talk.ask(Verb.SAID, words)
    assert len(said.replies) == 1  # none of them can be read: one note, to who asked
    assert said.private
    assert "5 of the links could not be read" in said.text
    assert "the first 5 of 150 links" in said.text
    assert said.progress == ["Reading 5 pages …"]


async def test_a_link_is_summarised_and_its_thread_is_about_it(talk, asked):
    page = next(s.url for s in (await talk.ask(Verb.STORY, TRUCE)).message.sources if s.url)
    said = await talk.ask(Verb.LINK, page)
    ((root, message, _),) = said.replies
    assert ".localhost) · " in message.dateline
    assert sum(len(part.lines) for part in message.parts) <= 2
    whole = await talk.ask(Verb.DETAILS, subject=pressed(message, Verb.DETAILS))
    assert "Compared with the archive" in whole.text
    assert whole.private
    await talk.ask(Verb.SAID, "Who says so?", thread=root, addressed=False)
    assert asked[0].turns[0].question == page


async def test_an_answer_is_shown_while_it_is_written_and_whole_at_the_end(talk):
    ask, shown = talk.app.ask, asyncio.Event()

    class Reading(Said):
        async def show(self, message):
            await Said.show(self, message)
            shown.set()

    async def slowly(question, *, emit):
        answer = await ask(question)
        emit(answer.statements[0])
        await shown.wait()
        return answer

    object.__setattr__(talk.dispatcher.services, "ask", slowly)
    said = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?", said=Reading())
    first = said.message.parts[0].lines[0]
    assert said.progress == [
        "Looking through the articles …",
        # Its sources come with the whole, and with them the dates of the days it names.
        f"{said.message.title}\nAnswer\n{first.text.replace('Sunday 6 July', 'Sunday')}",
    ]
    assert "Sunday 6 July" in first.text
    assert first.cites


async def test_one_word_of_command_is_a_command_and_more_words_are_a_question(talk, asked):
    assert "What you can ask" in (await talk.ask(Verb.SAID, "Help!")).text
    assert "No problems" in (await talk.ask(Verb.SAID, "status?")).text
    await talk.ask(Verb.SAID, "status of the Gaza talks?")
    assert [question.text for question in asked] == ["status of the Gaza talks?"]


@pytest.mark.parametrize("verb", sorted({*TYPED_VERBS} - SPOKEN))
async def test_a_command_that_cannot_be_said_is_answered_with_how_to_type_it(talk, asked, verb):
    said = await talk.ask(Verb.SAID, verb.value)
    assert f"Type /brief {verb}" in said.text
    assert said.private
    assert not asked


async def test_nothing_said_is_answered_with_how_things_stand(talk):
    assert "No briefing is scheduled" in (await talk.ask(Verb.SAID, "  ", asker=GUEST)).text


async def test_a_question_of_4000_characters_is_cut_with_a_word_about_it(talk, asked):
    said = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place? " + "so and so " * 400)
    assert len(asked[0].text) <= 600
    assert "Your question has 4,0" in said.message.notice


async def test_a_question_is_asked_for_the_place_it_is_answered_in(talk, asked):
    await talk.own_news("The glass harbour of Quillon was closed on Monday, the port said.", channel=NEWS)
    here = await talk.ask(Verb.ASK, "What happened to the glass harbour of Quillon?")
    assert "closed on Monday" in here.text
    there = await talk.ask(Verb.ASK, "What happened to the glass harbour of Quillon?", channel=OTHER)
    assert "closed on Monday" not in there.text
    assert [question.scope for question in asked] == [NEWS.scope, OTHER.scope]


async def test_nothing_comes_back_of_a_channel_that_is_forgotten_while_a_question_is_at_work(talk):
    ask = talk.app.ask

    async def meanwhile(question, *, emit=None):
        await talk.app.store.forget(channel=NEWS.name)
        return await ask(question, emit=emit)

    object.__setattr__(talk.dispatcher.services, "ask", meanwhile)
    said = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    ((root, _, _),) = said.replies
    assert not await talk.app.store.conversations.turns(NEWS.name, root, most=5)


async def test_what_was_asked_is_kept_with_its_asker_and_scope_and_no_longer_than_configured(talk):
    said = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    ((root, _, _),) = said.replies
    (turn,) = await talk.app.store.conversations.turns(NEWS.name, root, most=5)
    assert (turn.asker, turn.scope) == (MEMBER.id, NEWS.scope)
    talk.later(days=31)
    await talk.app.prune()
    assert not await talk.app.store.conversations.turns(NEWS.name, root, most=5)
