"""Corrections: the briefing, its posts, its thread and what its channel knows are put right together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.briefings.amend import statements
from bot.errors import InputError, PostUnclear
from bot.flows.maintenance.correct import correct, find_statement, update_posts
from bot.model.briefing import TranslatedLine
from tests.flows.talk import NEWS

pytestmark = pytest.mark.slow
WHY = "the agency withdrew its report"


@pytest.fixture
async def briefed(talk):
    """Return a briefing that was posted, and one bullet of it."""
    await talk.subscribe()
    briefing = await talk.deliver()
    talk.later(minutes=30)
    bullet = briefing.stories[0].bullets[0].text
    return briefing, next(s for s in statements(briefing).values() if s.text == bullet)


async def put_right(talk, briefing, stated, *, instead=""):
    return await correct(
        briefing.id,
        stated,
        instead=instead,
        reason=WHY,
        store=talk.app.store,
        chats={"talk": talk.chat},
        now=talk.clock[0],
    )


async def test_a_replaced_statement_is_edited_in_the_post_with_the_time_and_noted_in_its_thread(
    talk, briefed
):
    briefing, stated = briefed
    done = await put_right(talk, briefing, stated, instead="The port reopened on Sunday.")
    (root,) = [name for name, (post, _) in talk.chat.posted.items() if not post.parent]
    ((edited, payload),) = talk.chat.amended
    assert edited == root
    line = f"Corrected 08:01: “The port reopened on Sunday.” instead of “{stated.text[:40]}"
    assert line in payload
    assert WHY in payload
    (note,) = [post for post, _ in talk.chat.posted.values() if post.parent == root]
    assert line in note.payload
    assert done.outcome == (f"{NEWS.name}: 1 of 1 message edited", f"{NEWS.name}: a note was posted")


async def test_a_statement_is_found_by_the_words_of_its_translation(talk, briefed):
    briefing, stated = briefed
    line = TranslatedLine(original=stated.text, text="Der Hafen ist wieder offen.", language="en")
    await talk.app.store.briefings.amend(
        replace(briefing, translations=(line,)), story_id=stated.story_id, repair=lambda sent: sent
    )
    for words in (line.text, "wieder offen", stated.text):
        assert await find_statement(briefing.id, words, store=talk.app.store) == (briefing.id, stated)


async def test_a_dropped_statement_is_kept_nowhere_but_in_the_correction(talk, briefed):
    briefing, stated = briefed
    await put_right(talk, briefing, stated)
    kept = await talk.app.store.briefings.get(briefing.id)
    assert stated.text not in {s.text for s in statements(kept).values()}
    (correction,) = kept.corrections
    assert (correction.was, correction.now, correction.reason, correction.at) == (
        stated.text,
        "",
        WHY,
        talk.clock[0],
    )


async def test_what_the_channel_knows_follows_the_correction(talk, briefed):
    briefing, stated = briefed
    await put_right(talk, briefing, stated, instead="The port reopened on Sunday.")
    told = (await talk.app.store.briefings.sent_stories(NEWS.name))[stated.story_id]
    assert stated.text not in told.statements
    assert "The port reopened on Sunday." in told.statements


async def test_where_messages_stay_as_they_are_the_note_alone_is_posted(talk, briefed):
    briefing, stated = briefed
    talk.chat.editable = False
    done = await put_right(talk, briefing, stated)
    assert not talk.chat.amended
    assert done.outcome == (
        f"{NEWS.name}: messages stay as they are there",
        f"{NEWS.name}: a note was posted",
    )


async def test_an_edit_of_unknown_outcome_is_tried_again_and_can_be_asked_for_later(
    talk, briefed, monkeypatch
):
    briefing, stated = briefed
    calls = []

    async def lost(post, message_id):
        calls.append(message_id)
        raise PostUnclear("No answer came", reason="timeout")

    monkeypatch.setattr(type(talk.chat), "amend", lambda _chat, post, name: lost(post, name))
    done = await put_right(talk, briefing, stated)
    assert len(calls) == 3
    assert "it is not known whether the post was edited" in done.outcome[0]
    monkeypatch.undo()
    kept = await talk.app.store.briefings.get(briefing.id)
    again = await update_posts(kept, store=talk.app.store, chats={"talk": talk.chat})
    assert "1 of 1 message edited" in again.outcome[0]
    assert len(talk.chat.amended) == 1


async def test_a_statement_is_found_by_its_id_and_by_words_that_only_it_has(talk, briefed):
    briefing, stated = briefed
    key = next(key for key, s in statements(briefing).items() if s == stated)
    for words in (key, stated.text, stated.text[:60].upper()):
        assert await find_statement(briefing.id, words, store=talk.app.store) == (briefing.id, stated)
    for words in ("the", "no such words anywhere"):
        with pytest.raises(InputError, match="statement"):
            await find_statement(briefing.id, words, store=talk.app.store)


async def test_a_correction_without_a_reason_is_refused(talk, briefed):
    briefing, stated = briefed
    with pytest.raises(InputError, match="needs its reason"):
        await correct(
            briefing.id,
            stated,
            instead="x",
            reason=" ",
            store=talk.app.store,
            chats={},
            now=talk.clock[0],
        )


async def test_a_briefing_that_was_not_posted_yet_is_posted_as_corrected(talk):
    """A draft that waits for its editors is amended, and so is what its channel will know."""
    await talk.subscribe(approval="talk:W1/other")
    briefing = await talk.deliver()
    stated = next(iter(statements(briefing).values()))
    done = await put_right(talk, briefing, stated, instead="A better headline")
    assert done.outcome == (f"{NEWS.name}: not posted there, it is awaiting approval",)
    await talk.app.store.briefings.mark_sent(briefing.id)
    told = (await talk.app.store.briefings.sent_stories(NEWS.name))[stated.story_id]
    assert told.headline == "A better headline"
