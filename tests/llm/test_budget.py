"""The budget: reserved before a call, booked after it, never passed, whoever calls at the same time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import Budget, Model
from bot.errors import ModelError, OverBudget
from bot.llm.budget import BudgetedModel
from bot.llm.offline.scripted import ScriptedModel
from bot.model.record import ModelUsage
from bot.ports import ModelReply
from bot.store import open_store
from tests.llm.asked import request

pytestmark = pytest.mark.slow
NOON = datetime(2025, 7, 31, 12, tzinfo=UTC)
PRICES = Model(name="m1", input_price=1.0, output_price=10.0)


class Costly:
    """A model whose every answer costs ``cost``."""

    def __init__(self, cost=1000, tokens=100, fails=""):
        self.usage = ModelUsage(calls=1, input_tokens=tokens, cost=cost)
        self.calls = 0
        self.fails = fails

    async def complete(self, asked):
        self.calls += 1
        await asyncio.sleep(0)
        if self.fails:
            raise ModelError("It failed", reason=self.fails)
        return ModelReply(data={}, text="{}", model="m1", usage=self.usage)


@pytest.fixture
async def books(engine_url):
    async with open_store(engine_url) as store:
        yield store.model_calls


def budgeted(books, model, *, clock=None, **ceilings):
    return BudgetedModel(
        model=model,
        usage_ledger=books,
        budget=Budget(**ceilings),
        prices=PRICES,
        now=lambda: clock[0] if clock else NOON,
    )


async def test_a_call_is_booked_with_what_it_did_cost(books):
    model = budgeted(books, Costly(cost=1234), daily_cost=1.0)
    await model.complete(request(workspace="acme"))
    total = await books.total(NOON - timedelta(days=1))
    assert (total.calls, total.input_tokens, total.cost) == (1, 100, 1234)
    assert await books.total(NOON - timedelta(days=1), workspace="other") == ModelUsage()
    assert await model.share_spent() == pytest.approx(0.001234)


@pytest.mark.parametrize(
    "ceiling",
    [{"daily_cost": 0.03}, {"monthly_cost": 0.03}, {"daily_tokens": 3200}, {"workspace_daily_tokens": 3200}],
)
async def test_calls_at_once_never_pass_a_ceiling_together(books, ceiling):
    costly = Costly(cost=15_015, tokens=1506)
    model = budgeted(books, costly, **ceiling)
    results = await asyncio.gather(*(model.complete(request()) for _ in range(12)), return_exceptions=True)
    assert costly.calls <= 2
    assert sum(isinstance(r, OverBudget) for r in results) == 12 - costly.calls
    assert costly.calls == sum(isinstance(r, ModelReply) for r in results)


async def test_over_budget_says_which_and_makes_no_call(books):
    costly = Costly()
    with pytest.raises(OverBudget, match="daily budget is reached"):
        await budgeted(books, costly, daily_cost=0.000001).complete(request())
    assert costly.calls == 0


async def test_a_new_day_and_a_new_month_open_the_budget_again(books):
    clock = [NOON]
    model = budgeted(books, Costly(cost=20_000), clock=clock, daily_cost=0.03, monthly_cost=0.045)
    await model.complete(request())
    with pytest.raises(OverBudget):
        await model.complete(request())
    clock[0] = NOON + timedelta(days=1)  # 1 August: a new month too
    await model.complete(request())
    clock[0] = NOON + timedelta(days=2)
    await model.complete(request())
    clock[0] = NOON + timedelta(days=3)
    with pytest.raises(OverBudget, match="monthly"):
        await model.complete(request())


async def test_questions_cannot_eat_the_briefings_share(books):
    model = budgeted(books, Costly(cost=15_000), daily_cost=0.1, questions_share=0.4)
    for _ in range(2):
        await model.complete(request(purpose="question"))
    with pytest.raises(OverBudget, match="questions' share"):
        await model.complete(request(purpose="question"))
    await model.complete(request(purpose="briefing"))


async def test_workspaces_have_ceilings_of_their_own(books):
    model = budgeted(books, Costly(cost=20_000), workspace_daily_cost=0.03)
    await model.complete(request(workspace="a"))
    with pytest.raises(OverBudget, match="workspace"):
        await model.complete(request(workspace="a"))
    await model.complete(request(workspace="b"))


@pytest.mark.parametrize(
    ("reason", "charged"), [("rate_limited", False), ("timeout", True), ("not_json", True)]
)
async def test_a_failed_call_counts_unless_nothing_was_done(books, reason, charged):
    model = budgeted(books, Costly(fails=reason), daily_cost=1.0)
    with pytest.raises(ModelError):
        await model.complete(request())
    assert ((await books.total(NOON - timedelta(days=1))).cost > 0) is charged


async def test_a_call_that_never_came_back_stays_reserved(books):
    called = asyncio.Event()

    class Hanging:
        async def complete(self, asked):
            called.set()
            await asyncio.Event().wait()

    model = budgeted(books, Hanging(), daily_cost=0.03)
    task = asyncio.create_task(model.complete(request()))
    async with asyncio.timeout(120):
        await called.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await model.share_spent() > 0.5


@pytest.mark.parametrize("moment", ["reserve", "reconcile"])
async def test_whoever_is_cancelled_while_a_call_is_booked_goes_once_it_is_booked(moment):
    begun, ended = asyncio.Event(), asyncio.Event()
    booked = []

    class Books:
        async def _book(self, what):
            if what == moment:
                begun.set()
                await ended.wait()
            booked.append(what)
            return ""

        async def reserve(self, *_):
            return await self._book("reserve")

        async def reconcile(self, *_, **__):
            await self._book("reconcile")

    task = asyncio.create_task(budgeted(Books(), Costly()).complete(request()))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    ended.set()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert booked[-1] == moment


async def test_without_ceilings_everything_is_allowed_and_booked(books):
    model = budgeted(books, ScriptedModel(lambda _: {}))
    for _ in range(5):
        await model.complete(request())
    assert (await books.total(NOON)).calls == 5
    assert await model.share_spent() == 0
