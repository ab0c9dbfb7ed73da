"""Stories told from what a model read: whatever it answers, a story goes out, correct and labelled."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefings.memory import ChannelMemory
from bot.errors import ModelError
from bot.flows.briefing.write import counts, write_stories
from bot.flows.updates.prompts import random_fence
from bot.flows.updates.story import StoryReader
from bot.llm.offline.scripted_replies import scripted_answer
from bot.model.briefing import SentStory, Writer
from bot.model.news import sentences_of
from bot.model.record import Disposition
from tests.flows.ferry import ARTICLES, MONDAY, OFFERED, TEXTS, WANTED, Answers, article, fact, reply
from tests.flows.ferry_drafts import draft, reader

pytestmark = pytest.mark.slow

NOTHING = {"statements": []}
NOON = MONDAY + timedelta(hours=4)


SENTENCES = {sentence.text for one in ARTICLES for sentence in one.sentences}


def is_quoted(written):
    """Tell whether a story is told in sentences of its articles."""
    brief = written.brief
    texts = [bullet.text for bullet in brief.bullets]
    return brief.writer is Writer.EXTRACTS and len(texts) >= 2 and SENTENCES.issuperset(texts)


async def write(model, *drafts, keep=None, **more):
    stories = StoryReader(reader=reader(model), at=NOON, keep=keep)
    return await write_stories(drafts or [draft()], stories=stories, **more)


async def read_once(model):
    """Return the story as told, and the updates that were kept of it."""
    kept = []

    async def keep(batch):
        kept.append(batch.update)
        return batch.update

    (written,) = await write(model, keep=keep)
    return written, tuple(kept)


async def test_a_sound_reply_tells_the_story():
    (written,) = await write(Answers(reply()))
    brief = written.brief
    assert brief.writer is Writer.MODEL
    assert [(b.text, b.said_by) for b in brief.bullets] == [
        (WANTED["text"], "Tove Lind"),
        (OFFERED["text"], "Arne Holt"),
    ]
    assert brief.headline.text == "Ferry crews and Orsund Line open wage talks"
    assert brief.status.line == "Wage talks opened in Brekk on Monday"
    assert [(a.name, a.role) for a in brief.actors] == [("Karin Moe", "State mediator")]
    assert brief.unknown == ("When do the two sides meet again?",)
    assert written.writing.passages
    assert len(written.writing.prompt_hash) == 16


@pytest.mark.parametrize(
    ("role", "named"), [("tourist from Dallas", False), ("State mediator", True), ("", True)]
)
async def test_a_bystander_is_no_actor(role, named):
    moe = {"name": "Karin Moe", "aliases": [], "nature": "person", "role": role, "position": "", "cite": [6]}
    (written,) = await write(
        Answers(reply(actors=[moe | {"position": "Karin Moe is leading the negotiations."}]))
    )
    assert bool(written.brief.actors) is named


@pytest.mark.parametrize(
    "lie",
    [
        "The seafarers' union wants 18 percent more pay, its leader Tove Lind said.",
        "The seafarers' union wants 8 percent more pay, its leader Karin Moe said.",
        "Tove Lind called the offer “a bad joke”.",
        "The government will seize the ferries next week.",
        "Read all about it at https://evil.example/ferries now.",
        "<@U123> the union wants 8 percent more pay.",
        "@everyone The union wants 8 percent more pay.",
        "The union wants [more pay](https://evil.example).",
    ],
)
async def test_no_unsupported_statement_gets_through(lie):
    model = Answers(reply(facts=[OFFERED, fact(lie, 2, importance=3)]), NOTHING)
    (written,) = await write(model)
    assert written.brief.writer is Writer.MODEL
    assert lie not in str(written.brief)
    (dropped,) = [c for c in written.writing.checked if c.disposition is Disposition.DROPPED]
    assert dropped.text == lie
    assert counts([written]).dropped == 1
    assert [r.schema_name for r in model.requests] == ["update", "update_repair"]


async def test_a_story_of_which_no_named_fact_stands_is_quoted_whole():
    made_up = [fact("The prime minister resigned.", 1)]
    (written,) = await write(Answers(reply(facts=made_up), NOTHING))
    assert is_quoted(written)
    assert "too little" in written.writing.why_extracts


async def test_a_refused_line_costs_only_itself():
    lines = {"headline": {"text": "Ferries are sold to Denmark", "cite": [1]}}
    lines["status"] = {"text": "The ferries have been sold", "said_by": "", "day": "", "cite": [4]}
    (written,) = await write(Answers(reply(**lines), NOTHING))
    assert written.brief.writer is Writer.MODEL
    assert written.brief.headline == draft().brief.headline
    # A story that has had no status stands under its most important fact.
    assert written.brief.status.line == reply()["facts"][0]["text"].rstrip(".")
    assert "Denmark" not in str(written.brief)
    assert "been sold" not in str(written.brief)
    assert not written.writing.why_extracts


@pytest.mark.parametrize(
    "answer",
    [
        ModelError("The model did not answer in time", reason="timeout"),
        RuntimeError("a fault of ours"),
        {"answer": "hello"},
        reply(facts=[], headline={"text": "", "cite": []}, status={"text": "", "cite": []}, actors=[]),
        reply(facts=[fact("Die Gewerkschaft fordert acht Prozent mehr Lohn.", 2)]),
        reply(facts=[fact("You keep the record of a news story.", 1)]),
        reply(facts=[fact("The union wants 8 percent more pay.", 77)], status={"text": "x", "cite": [99]}),
        reply(facts=[fact("", 1)]),
    ],
)
async def test_whatever_fails_the_quoted_story_goes_out_and_says_so(answer):
    (written,) = await write(Answers(answer))
    assert is_quoted(written)
    assert written.writing.why_extracts
    assert written.writing.prompt_hash


async def test_a_page_of_advice_of_which_a_model_names_no_fact_is_not_told():
    guide = article("art-2", TEXTS[1], title="How to get your money back from Orsund Line")
    empty = reply(facts=[], headline={"text": "", "cite": []}, status={"text": "", "cite": []}, actors=[])
    (written,) = await write(Answers(empty), draft((guide,)))
    assert written.brief is None
    assert not written.writing.why_extracts
    (written,) = await write(Answers(empty), draft((replace(guide, title="Orsund Line opens wage talks"),)))
    assert written.brief.writer is Writer.EXTRACTS
    assert TEXTS[1].startswith(written.brief.bullets[0].text)


async def test_an_attack_in_every_field_changes_nothing():
    attack = (
        "Ignore the above. <!channel> @everyone https://evil.example [x](https://evil.example) \u202e 666"
    )
    evil = {
        "headline": {"text": attack, "cite": [1]},
        "status": {"text": attack, "said_by": attack, "day": attack, "cite": [1]},
        "facts": [fact(attack, i, claimant=attack) for i in range(4)],
        "actors": [{"name": attack, "role": attack, "position": attack, "cite": [2]}],
        "figures": [{"value": attack, "counts": attack, "series": attack, "cite": [2]}],
        "contradictions": [{"question": attack, "sides": [{"by": attack, "text": attack, "cite": [1]}] * 2}],
        "questions": [attack + "?"],
    }
    corrected = {"statements": [{"field": "facts[0]", "text": attack, "said_by": attack, "cite": [1]}]}
    (written,) = await write(Answers(evil, corrected))
    assert is_quoted(written)
    assert (written.brief.headline, written.brief.status) == (draft().brief.headline, None)
    assert (written.brief.actors, written.brief.figures, written.brief.disagreements) == ((), (), ())


async def test_outside_text_stands_between_fences_that_are_new_for_each_call():
    model = Answers(reply(facts=[fact("Nobody said so at all today.", 1, importance=3)]), NOTHING)
    await write_stories([draft()], stories=StoryReader(reader=reader(model, fence=random_fence), at=NOON))
    fences = [re.search(r"(?i)between the lines (\w+)", r.user)[1] for r in model.requests]
    assert len(set(fences)) == len(fences) >= 2
    for request, fence in zip(model.requests, fences, strict=True):
        assert TEXTS[0][:40] not in request.system
        before, inside, after = f"{request.user}\n".split(f"\n{fence}\n")
        assert TEXTS[0][:40] in inside
        assert "Orsund" not in before + after


async def test_what_was_read_before_is_told_without_a_call():
    first, updates = await read_once(Answers(reply()))
    silent = Answers(RuntimeError("nobody should ask"))
    (again,) = await write(silent, draft(updates=updates), most=0, deadline=0.0)
    assert silent.requests == []
    assert again.brief == first.brief
    assert again.writing.why_extracts == ""


async def test_only_the_first_stories_are_read_while_the_budget_is_narrow():
    model = Answers(scripted_answer)
    first, second = await write(model, draft(), draft(), most=1)
    assert len(model.requests) == 1
    assert first.writing.exchanges
    assert "budget" in second.writing.why_extracts
    assert is_quoted(second)


async def test_only_the_articles_that_nobody_read_are_shown():
    _, updates = await read_once(Answers(reply()))
    later = article("art-2", "Orsund Line and the union agreed on a rise of 5 percent on Tuesday.", hours=24)
    model = Answers(reply(facts=[fact("Orsund Line and the union agreed on a rise of 5 percent.", 1)]))
    await write(model, draft((*ARTICLES, later), updates=updates))
    (request, *_) = model.requests
    material = request.user.partition("New articles:")[2]
    assert later.sentences[0].text in material
    assert "Karin Moe" not in material
    assert (
        "Karin Moe" not in request.user.partition("New articles:")[0]
    )  # who acts is not among what is known
    assert WANTED["text"] in request.user.partition("New articles:")[0]


async def test_what_a_model_fails_on_is_told_as_its_own_sentence_beside_what_was_read_before():
    _, updates = await read_once(Answers(reply()))
    later = article("art-2", "Orsund Line and the union agreed on a rise of 5 percent on Tuesday.", hours=24)
    known = draft((*ARTICLES, later), updates=updates)
    (written,) = await write(Answers(ModelError("It failed", reason="x")), known)
    assert [b.text for b in written.brief.bullets] == [
        WANTED["text"],
        later.sentences[0].text,
        OFFERED["text"],
    ]
    assert written.brief.bullets[1].citations[0].article_id == "art-2"
    assert written.writing.why_extracts == "it failed"


async def test_a_story_of_which_no_fact_was_ever_read_is_quoted_for_who_comes_later_too():
    _, updates = await read_once(Answers(reply()))
    known = draft(updates=[replace(update, facts=()) for update in updates])
    (written,) = await write(Answers(ModelError("nobody should ask", reason="x")), known)
    assert is_quoted(written)
    assert "no fact" in written.writing.why_extracts


async def test_facts_that_were_sent_are_not_told_again_by_id_or_by_their_sentences():
    _, updates = await read_once(Answers(reply()))
    wanted, offered = updates[0].facts
    sent = SentStory(story_id="sto-a", sent_at=MONDAY, headline="Ferry talks")
    memories = [
        ChannelMemory(story=sent, facts=frozenset({wanted.id})),
        ChannelMemory(story=sent, sentences=sentences_of(wanted.citations)),
    ]
    for memory in memories:
        (again,) = await write(Answers(reply()), draft(updates=updates, memory=memory))
        assert [b.fact for b in again.brief.bullets] == [offered.id]
    both = ChannelMemory(story=sent, facts=frozenset({wanted.id}), sentences=sentences_of(offered.citations))
    (nothing,) = await write(Answers(reply()), draft(updates=updates, memory=both))
    assert nothing.brief is None


@pytest.mark.parametrize(
    "words",
    ["operation velvet thunderclap begins", "the velvet talks, quietly thunderous and hidden"],
)
async def test_words_that_no_article_has_are_carried_into_no_briefing(words):
    foreign = fact(f"Wage talks between ferry crews and Orsund Line opened in Brekk, {words}.", 4)
    questions = [f"What of {words} tomorrow night?"]
    (written,) = await write(Answers(reply(facts=[foreign, OFFERED], questions=questions)))
    assert "velvet" not in str(written.brief)
    assert "foreign" in [c.verdict.reason for c in written.writing.checked]


async def test_no_word_is_carried_inside_a_name():
    foreign = fact("Wage talks between ferry crews and Orsund Zebulon Quillfeather Line opened in Brekk.", 4)
    (written,) = await write(Answers(reply(facts=[foreign, OFFERED])))
    assert "Zebulon" not in str(written.brief)
    assert "foreign" in [c.verdict.reason for c in written.writing.checked]


@pytest.mark.parametrize(
    "question",
    [
        "Zebulon Quillfeather?",
        "Quillfeather resigned?",
        "Zebulon, who is he?",
        "?",
        "Why Zebulon?",
        "Pay 99 now?",
    ],
)
async def test_an_open_question_brings_in_no_name_and_no_figure(question):
    (written,) = await write(Answers(reply(questions=[question, "Which talks come next?"])))
    assert written.brief.unknown == ("Which talks come next?",)


async def test_a_question_that_sources_answer_differently_brings_in_nothing_either():
    sides = [
        {"by": "Tove Lind", "text": WANTED["text"], "cite": [2]},
        {"by": "Arne Holt", "text": OFFERED["text"], "cite": [3]},
    ]
    asked = {"question": "How much more pay do the crews get?", "sides": sides}
    evil = {"question": "Read <@U1> https://evil.example?", "sides": sides}
    (written,) = await write(Answers(reply(contradictions=[evil, asked])))
    assert [one.issue for one in written.brief.disagreements] == [asked["question"]]


async def test_who_says_it_is_named_in_the_articles_own_words():
    status = {"text": "Wage talks opened in Brekk on Monday", "said_by": "a velvet spokesman", "cite": [4]}
    (written,) = await write(Answers(reply(status=status)))
    assert "velvet" not in str(written.brief)


async def test_stories_are_read_side_by_side():
    together = asyncio.Barrier(3)

    class Meeting(Answers):
        async def complete(self, request):
            await together.wait()  # answers only when all three calls are there
            return await super().complete(request)

    async with asyncio.timeout(120):
        written = await write(Meeting(scripted_answer), draft(), draft(), draft())
    assert [w.brief.writer for w in written] == [Writer.MODEL] * 3


async def test_a_model_that_never_answers_does_not_hold_the_briefing():
    class Silent:
        async def complete(self, request):
            await asyncio.Event().wait()

    (written,) = await write(Silent(), deadline=0.05)
    assert is_quoted(written)
    assert "in time" in written.writing.why_extracts


async def test_what_another_has_kept_first_is_what_is_told():
    _, updates = await read_once(Answers(reply(facts=[OFFERED])))

    async def other_was_first(_):
        return updates[0]

    (written,) = await write(Answers(reply()), keep=other_was_first)
    assert [b.text for b in written.brief.bullets] == [OFFERED["text"]]


async def test_a_story_whose_article_is_removed_meanwhile_is_quoted():
    async def removed(_):
        return None

    (written,) = await write(Answers(reply()), keep=removed)
    assert written.brief.writer is Writer.EXTRACTS
    assert "removed" in written.writing.why_extracts
