"""The promises of ``bot.ports.Chat``, on every platform."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.chat.document.plain import plain_line
from bot.chat.rate_limit import wait_for_rate_limit
from bot.errors import DeliveryReason, PostRefused, PostUnclear
from bot.language.cleaning.links import link_target
from bot.model.message import Line, Message, Part, StoryBlock
from tests.contracts.stages import STAGES, TALKING, posts
from tests.support import hostile

pytestmark = pytest.mark.slow
LONG = 40  # stories of an over-long briefing


@pytest.fixture(params=STAGES)
async def stage(request, tmp_path):
    async with STAGES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture(params=TALKING)
async def talking(request, tmp_path):
    async with TALKING[request.param](tmp_path) as opened:
        yield opened


def long_message():
    stories = tuple(
        StoryBlock(
            story_id=f"sto-{number}",
            headline=Line(text=f"Headline {number:03}"),
            bullets=(Line(text=f"Fact {number:03} " + "and what follows from it " * 7),),
        )
        for number in range(LONG)
    )
    return Message(
        title="Long day", dateline="Tuesday, 07:30 UTC", parts=(Part(title="New", stories=stories),)
    )


def short_message(text="Talks resume."):
    return Message(title="Note", dateline="", parts=(Part(title="", lines=(Line(text=text),)),))


async def post_all(stage, message, *, key="wb-key"):
    """Post ``message`` as a deliverer does; return the ids of its parts."""
    ids = []
    for post in posts(stage, stage.chat.render(message, stage.channel), key=key):
        await wait_for_rate_limit(stage.chat, stage.channel)
        ids.append(await stage.chat.post(replace(post, parent=ids[0] if ids else "")))
    return ids


async def test_a_message_is_seen_once_and_whole(stage):
    await post_all(stage, short_message("Talks resume on Monday."))
    assert [one.reading.text.count("Talks resume on Monday.") for one in await stage.seen()] == [1]


async def test_a_key_whose_answer_was_lost_is_found_and_not_posted_again(stage):
    chat = stage.chat
    first = posts(stage, chat.render(short_message(), stage.channel))[0]
    stage.lose_answer()
    try:
        message_id = await chat.post(first)
    except PostUnclear:
        await asyncio.sleep(chat.settle_seconds)
        message_id = await chat.find(first)
    assert message_id
    assert await chat.find(first) == message_id
    assert len(await stage.seen()) == 1


async def test_a_key_that_was_never_posted_is_not_found(stage):
    await post_all(stage, short_message(), key="one")
    other = posts(stage, stage.chat.render(short_message(), stage.channel), key="other")[0]
    assert await stage.chat.find(other) is None


async def test_an_overlong_briefing_arrives_whole_and_in_order(stage):
    await post_all(stage, long_message())
    seen = await stage.seen()
    text = "\n".join(one.reading.text for one in seen)
    places = [text.find(f"Headline {number:03}") for number in range(LONG)]
    assert places == sorted(places)
    assert min(places) >= 0
    assert all(f"Fact {number:03} " in text for number in range(LONG))


async def test_the_first_part_stands_in_the_channel_and_the_thread_is_its_own(stage):
    ids = await post_all(stage, long_message())
    seen = await stage.seen()
    assert not seen[0].thread
    assert {one.thread for one in seen} <= {"", ids[0], seen[0].id}


async def test_nothing_hostile_is_live_on_the_platform(stage):
    texts = [text for text in hostile.TEXTS if plain_line(text)]
    lines = tuple(Line(text=text, label=text, lead=text) for text in texts)
    message = replace(hostile.message_of("@everyone <!channel> <@1>"), parts=(Part(title="x", lines=lines),))
    await post_all(stage, message)
    seen = await stage.seen()
    assert [mention for one in seen for mention in one.reading.mentions] == []
    assert {link for one in seen for link in one.reading.links} <= {link_target(hostile.OURS), hostile.OURS}


async def test_an_unknown_channel_is_named(stage):
    async def post_there():
        (post,) = posts(stage, stage.chat.render(short_message(), stage.unknown))
        await stage.chat.post(replace(post, channel=stage.unknown))

    with pytest.raises(PostRefused) as refused:
        await post_there()
    assert stage.unknown.id in f"{refused.value.message} {refused.value.hint}"


async def test_a_check_is_silent_where_all_is_well_and_speaks_where_it_is_not(stage):
    assert await stage.chat.check(stage.channel) == ()
    assert all(sentence.strip() for sentence in await stage.chat.check(stage.unknown))
    assert await stage.chat.check(stage.unknown)


async def test_a_call_that_comes_too_late_is_not_made(stage):
    post = posts(stage, stage.chat.render(short_message(), stage.channel))[0]
    with pytest.raises(PostRefused):
        await stage.chat.post(replace(post, latest=time.monotonic() - 1.0))
    assert await stage.seen() == []


async def test_a_message_is_amended_in_its_place_or_the_refusal_says_so(stage):
    (message_id,) = await post_all(stage, short_message("Nine dead."))
    (corrected,) = posts(stage, stage.chat.render(short_message("Eight dead."), stage.channel))
    if not stage.amends:
        with pytest.raises(PostRefused) as refused:
            await stage.chat.amend(corrected, message_id)
        assert refused.value.reason == DeliveryReason.CANNOT_EDIT
        return
    await stage.chat.amend(corrected, message_id)
    (seen,) = await stage.seen()
    assert "Eight dead." in seen.reading.text
    assert "Nine dead." not in seen.reading.text


class Answering:
    """A handler that answers everything, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    async def __call__(self, request, conversation):
        self.asked.append(request)
        await conversation.reply(short_message(f"Answer {len(self.asked)}"))


async def test_the_bot_never_answers_itself(talking):
    handler = Answering()
    await talking.listen(handler)
    await talking.ask("what happened?")
    for one in await talking.seen():
        await talking.echo(one.id)
    assert [request.words for request in handler.asked] == ["what happened?"]


async def test_a_question_in_a_thread_is_answered_there(talking):
    handler = Answering()
    await talking.listen(handler)
    (parent,) = await post_all(talking, short_message())
    await talking.ask("and then?", thread=parent)
    (answer,) = [one for one in await talking.seen() if "Answer 1" in one.reading.text]
    assert answer.thread == parent
    assert handler.asked[0].thread == parent
