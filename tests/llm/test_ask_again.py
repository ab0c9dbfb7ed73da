"""What comes back empty or cut off is asked again, within bounds, and every call is booked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Budget, Model
from bot.errors import ModelError, OverBudget
from bot.llm.ask_again import MAX_REASONING_TOKENS, AskingModel
from bot.llm.budget import BudgetedModel
from bot.llm.client import OpenAIModel
from bot.store import open_store
from tests.llm.asked import Pauses, request
from tests.servers.model import ModelServer, completion, limited, raw, says, streams

pytestmark = pytest.mark.slow
GOOD = says({"answer": "yes"})
SAID = json.dumps({"answer": "yes " * 100})
NOON = datetime(2031, 7, 8, 12, tzinfo=UTC)


async def ask(server, *, times=1, asked=None, model_settings=None, **settings):
    values = Model(name="m1", base_url=server.base, **(model_settings or {}))
    async with OpenAIModel(values, pause=Pauses()) as client:
        model = AskingModel(client, limit=60.0, **settings)
        for _ in range(times):
            reply = await model.complete(request(**(asked or {})))
    return reply


def limits(server):
    return [r["max_completion_tokens"] for r in server.requests]


@pytest.mark.parametrize(
    "empty",
    [
        says(""),
        says(None),
        says("  \n"),
        says("<think>hm</think>"),
        says([]),
        raw(b'{"choices": []}'),
        says("<think>hm"),
    ],
)
async def test_an_empty_reply_is_asked_again_once(empty):
    async with ModelServer(empty, GOOD) as server:
        assert (await ask(server)).data == {"answer": "yes"}
    async with ModelServer(empty, empty, GOOD) as server:
        with pytest.raises(ModelError) as caught:
            await ask(server)
    assert caught.value.reason == "empty"
    assert len(server.requests) == 2


async def test_a_reply_cut_off_at_its_limit_is_asked_again_with_more_room():
    async with ModelServer(limited(SAID, tokens=1900)) as server:
        reply = await ask(server, asked={"max_output_tokens": 1000})
    assert reply.data == json.loads(SAID)
    assert limits(server) == [1000, 2000]
    assert reply.usage.calls == 2
    assert reply.usage.output_tokens == 1000 + 1900


async def test_the_room_has_an_end():
    async with ModelServer(limited(SAID, tokens=100_000)) as server:
        with pytest.raises(ModelError) as caught:
            await ask(server, asked={"max_output_tokens": 1000})
    assert caught.value.reason == "truncated"
    assert limits(server) == [1000, 2000, 4000]


async def test_thinking_does_not_count_against_the_reply():
    async with ModelServer(limited(SAID, tokens=900, thinks=3000)) as server:
        reply = await ask(server, asked={"max_output_tokens": 1000}, reasoning_tokens=3000)
    assert reply.data == json.loads(SAID)
    assert limits(server) == [4000]


async def test_how_much_a_model_thinks_is_learned_and_kept():
    async with ModelServer(limited(SAID, tokens=900, thinks=3000)) as server:
        await ask(server, asked={"max_output_tokens": 1000}, times=2)
    assert limits(server) == [1000, 5000, 5000]


async def test_the_room_for_thinking_has_an_end():
    async with ModelServer(limited(SAID, tokens=900, thinks=10**6)) as server:
        with pytest.raises(ModelError) as caught:
            await ask(server, asked={"max_output_tokens": 1000}, times=1)
    assert caught.value.reason == "truncated"
    assert len(server.requests) == 3
    assert max(limits(server)) <= 1000 * 4 + MAX_REASONING_TOKENS


async def test_thoughts_in_the_text_of_a_reply_count_as_thinking():
    cut = says("<think>" + "hm " * 900, finish="length")
    async with ModelServer(cut, GOOD) as server:
        assert (await ask(server)).data == {"answer": "yes"}
    assert limits(server)[1] >= 1500 + 4000


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": '{"answer": '}, {"type": "text", "text": '"yes"}'}],
        [{"type": "thinking", "thinking": "{}"}, {"type": "text", "text": '{"answer": "yes",}'}],
        '<think>{"answer": "no"}</think>{"answer": "yes"}',
    ],
)
async def test_a_reply_in_another_shape_is_read(content):
    async with ModelServer(raw(json.dumps(completion(content)).encode())) as server:
        assert (await ask(server)).data == {"answer": "yes"}


async def test_parts_that_come_piece_by_piece_are_joined_and_thoughts_are_not_told():
    heard = []
    text = '<think>perhaps {"answer": "no"}</think>{"answer": "yes"}'
    async with ModelServer(streams(text, parts=True)) as server:
        reply = await ask(server, asked={"on_text": heard.append})
    assert reply.data == {"answer": "yes"}
    assert heard[-1] == '{"answer": "yes"}'
    assert all("no" not in each and "think" not in each for each in heard)


async def test_a_text_that_recites_the_instructions_is_not_told_piece_by_piece_either():
    heard = []
    told = "You are the editor of a news briefing here"
    text = json.dumps({"answer": told, "more": "yes"})
    async with ModelServer(streams(text)) as server:
        reply = await ask(server, asked={"on_text": heard.append, "system": told + ". Be brief."})
    assert reply.data == {"answer": "", "more": "yes"}
    assert json.loads(heard[-1]) == {"answer": "", "more": "yes"}
    assert not any(told in each for each in heard)


async def test_another_failure_is_not_asked_again():
    async with ModelServer(says("I cannot help with that.")) as server:
        with pytest.raises(ModelError):
            await ask(server)
    assert len(server.requests) == 1


@pytest.fixture
async def books(engine_url):
    async with open_store(engine_url) as store:
        yield store.model_calls


def budgeted(client, books, **ceilings):
    return AskingModel(
        BudgetedModel(
            model=client,
            usage_ledger=books,
            budget=Budget(**ceilings),
            prices=client.settings,
            now=lambda: NOON,
        ),
        limit=60.0,
    )


async def test_every_call_is_booked_with_what_it_took(books):
    async with (
        ModelServer(limited(SAID, tokens=1900)) as server,
        OpenAIModel(Model(name="m1", base_url=server.base), pause=Pauses()) as client,
    ):
        reply = await budgeted(client, books).complete(request(max_output_tokens=1000))
    total = await books.total(NOON - timedelta(days=1))
    assert (total.calls, total.output_tokens) == (2, 2900)
    assert reply.usage.output_tokens == 2900


async def test_room_for_thinking_is_reserved_before_the_call(books):
    async with (
        ModelServer(limited(SAID, tokens=900, thinks=3000)) as server,
        OpenAIModel(Model(name="m1", base_url=server.base), pause=Pauses()) as client,
    ):
        with pytest.raises(OverBudget):
            await budgeted(client, books, daily_tokens=4000).complete(request(max_output_tokens=1000))
    assert limits(server) == [1000]
