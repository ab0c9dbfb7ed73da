"""What every language model promises, over all of them: the endpoint's client, the budget, the fallback chain, the script."""

from __future__ import annotations

import asyncio
import copy
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.config import Budget, Config, Model
from bot.errors import ModelError
from bot.llm.budget import BudgetedModel
from bot.llm.build import open_model
from bot.llm.client import OpenAIModel
from bot.llm.fallback_chain import FallbackChain
from bot.llm.offline.scripted import ScriptedModel
from bot.store import open_store
from tests.llm.asked import Pauses, request
from tests.servers.model import ModelServer, says, stalls

pytestmark = pytest.mark.slow
NOW = datetime(2025, 7, 7, tzinfo=UTC)


@pytest.fixture(params=["client", "budget", "fallback chain", "configured", "scripted"])
async def make(request):
    """Return a function that makes the model: ``make(answer)``, or ``make(None)`` for one that never answers."""
    async with AsyncExitStack() as stack:

        async def client(answer):
            behaviour = (
                stalls if answer is None else says(lambda body: answer(body["messages"][1]["content"]))
            )
            server = await stack.enter_async_context(ModelServer(behaviour))
            return server, Model(name="m", base_url=server.base)

        async def build(answer):
            if request.param == "scripted":
                return ScriptedModel(lambda asked: answer(asked.user))
            _, settings = await client(answer)
            store = await stack.enter_async_context(open_store("sqlite:///"))
            if request.param == "configured":
                config = Config(model=settings, budget=Budget(daily_cost=1.0))
                return await stack.enter_async_context(
                    open_model(
                        config,
                        open_client=OpenAIModel,
                        usage_ledger=store.model_calls,
                        now=lambda: NOW,
                    )
                )
            model = await stack.enter_async_context(OpenAIModel(settings, pause=Pauses()))
            if request.param == "budget":
                return BudgetedModel(
                    model=model,
                    usage_ledger=store.model_calls,
                    budget=Budget(),
                    prices=settings,
                    now=lambda: NOW,
                )
            return FallbackChain([model]) if request.param == "fallback chain" else model

        build.name = request.param
        yield build


async def test_it_answers_with_an_object_its_text_and_its_usage(make):
    model = await make(lambda user: {"echo": user})
    answer = await model.complete(request(user="Grüße 你好 🚀"))
    assert answer.data == {"echo": "Grüße 你好 🚀"}
    assert answer.text.startswith("{")
    assert answer.model
    assert answer.usage.calls == 1
    assert answer.usage.input_tokens > 0


async def test_it_does_not_change_the_request(make):
    model = await make(lambda _: {})
    asked = request()
    before = copy.deepcopy(asked)
    await model.complete(asked)
    assert asked == before


async def test_calls_at_the_same_time_get_their_own_answers(make):
    model = await make(lambda user: {"echo": user})
    answers = await asyncio.gather(*(model.complete(request(user=str(i))) for i in range(20)))
    assert [a.data["echo"] for a in answers] == [str(i) for i in range(20)]


async def test_what_does_not_fit_the_schema_comes_through_unjudged(make):
    model = await make(lambda _: {"other": [1]})
    assert (await model.complete(request())).data == {"other": [1]}


async def test_a_failure_is_a_model_error_within_the_deadline(make):
    def broken(_user):
        raise RuntimeError("no answer")

    model = await make(broken if make.name == "scripted" else None)
    async with asyncio.timeout(120):
        with pytest.raises(ModelError) as caught:
            await model.complete(request(deadline=0.2))
    assert caught.value.reason
    assert caught.value.message
